// The descriptor of an entity: tables of columns, fields, relations and reasons.
#include <algorithm>
#include <string_view>

#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

/// Emits the rows of one table. `name` is the table's name, or `{}` where it would be empty.
class Table {
 public:
  Table(const EntityView& view, std::string_view type, std::string_view what)
      : type_(type), name_(fmt::format("{}_{}", view.entity().name, what)) {}

  void add(std::string row) { rows_.push_back(std::move(row)); }
  std::string name() const { return rows_.empty() ? "{}" : name_; }
  void emit(Lines& out) const {
    if (rows_.empty()) return;
    if (rows_.size() == 1 && rows_[0].front() != '{') {
      out.add("constexpr {} {}[] = {{{}}};", type_, name_, rows_[0]);
      return;
    }
    out.add("constexpr {} {}[] = {{", type_, name_);
    for (const std::string& row : rows_) out.add("    {},", row);
    out.add("}};");
  }

 private:
  std::string type_;
  std::string name_;
  std::vector<std::string> rows_;
};

std::string position(const EntityView& view, const std::string& constant) {
  const std::size_t scope = constant.rfind(':');
  return positions_namespace(view.entity()) + "::" +
         (scope == std::string::npos ? constant : constant.substr(scope + 1));
}

Table columns(const EntityView& view) {
  Table table(view, "Column", "columns");
  for (const RowMember& member : view.row()) {
    table.add(fmt::format("{{{}, {}, {}, {}, {}, offsetof({}Row, {})}}", cpp_text(member.table),
                          cpp_text(member.column), member.kind, member.nullable, member.key, view.struct_name(),
                          member.name));
  }
  return table;
}

Table record_fields(const EntityView& view) {
  Table table(view, "RecordField", "fields");
  for (const RecordMember& member : view.record()) {
    table.add(fmt::format("{{{}, {}, {}, {}, offsetof({}Record, {})}}", cpp_text(member.field), member.kind,
                          member.hidden, member.insert_only, view.struct_name(), member.name));
  }
  return table;
}

Table key(const EntityView& view) {
  Table table(view, "std::uint16_t", "key");
  std::vector<std::string> columns;
  for (const KeyColumn& part : view.entity().key) columns.push_back(std::to_string(part.column));
  table.add(joined(columns, ", "));
  return table;
}

Table joins(const EntityView& view) {
  Table table(view, "Join", "joins");
  for (std::size_t i = 0; i < view.entity().joins.size(); ++i) {
    const JoinedTable& join = view.entity().joins[i];
    table.add(fmt::format("{{{}, {}, {}, offsetof({}Row, {})}}", cpp_text(join.name), cpp_text(join.column),
                          cpp_text(join.base_column), view.struct_name(), view.markers()[i]));
  }
  return table;
}

Table declared(const EntityView& view) {
  const Entity& entity = view.entity();
  Table table(view, "Declared", "declared");
  for (std::size_t i = 0; i < entity.purged.size(); ++i) {
    table.add(fmt::format("{{{}, FieldClass::purge, {}, {}}}", cpp_text(entity.purged[i].qualified),
                          cpp_text(entity.purged[i].reason), position(view, view.purged_names()[i])));
  }
  for (const MappedField& field : entity.fields) {
    if (field.lossy.empty()) continue;
    table.add(fmt::format("{{{}, FieldClass::lossy, {}, {}}}", cpp_text(entity.columns.at(field.column).qualified),
                          cpp_text(field.lossy), position(view, view.column_constant(field.column))));
  }
  return table;
}

/// `"{folder}", "{owner}"`: how the columns of a reference make its target's key.
std::string target_key(const Entity& entity, const MappedField& field) {
  std::vector<std::string> parts;
  const auto braced = [&](std::size_t column) { return "{" + entity.columns.at(column).qualified + "}"; };
  for (const KeyPart& part : field.target_key) {
    std::string text;
    if (part.what != KeyPart::What::template_text) {
      text = braced(part.what == KeyPart::What::own_column ? field.column : part.column);
    }
    for (const KeyPart::Piece& piece : part.pieces) text += piece.column ? braced(*piece.column) : piece.literal;
    parts.push_back(cpp_text(text));
  }
  return joined(parts, ", ");
}

Table relations(const EntityView& view) {
  const Entity& entity = view.entity();
  Table table(view, "RelationEdge", "relations");
  for (const MappedField& field : entity.fields) {
    if (!field.target) continue;
    table.add(fmt::format("{{{}, {}, {}, {}, false, {{{}}}}}", cpp_text(entity.columns.at(field.column).qualified),
                          cpp_text(field.to), cpp_text(view.model().entities.at(*field.target).name), field.deferred,
                          target_key(entity, field)));
  }
  for (const Mirror& mirror : entity.mirrors) {
    std::string key = cpp_text("[]");
    for (const std::size_t column : mirror.with)
      key += ", " + cpp_text("{" + entity.columns.at(column).qualified + "}");
    table.add(fmt::format("{{{}, {}, {}, true, true, {{{}}}}}", cpp_text(mirror_column(entity, mirror)),
                          cpp_text(mirror.field), cpp_text(view.model().entities.at(mirror.target).name), key));
  }
  return table;
}

/// `{3, "size"}`, or `{}` where the mapping names no member.
std::string json_member(const std::optional<FileField::Member>& member) {
  return member ? fmt::format("{{{}, {}}}", member->column, cpp_text(member->name)) : "{}";
}

Table files(const EntityView& view) {
  Table table(view, "FileField", "files");
  for (const FileField& file : view.entity().files) {
    const std::string member = view.record_value(file.field).substr(std::string_view("record.").size());
    table.add(fmt::format("{{{}, offsetof({}Record, {}), {}, {}, {}, {}, {}, {}, {}}}", cpp_text(file.field),
                          view.struct_name(), member, file.path, file.name, cpp_text(file.stored),
                          json_member(file.sha256), json_member(file.size), json_member(file.content_type),
                          position(view, view.field_constant(file.field))));
  }
  return table;
}

std::string field_class(const Lens& lens, const MappedField& field) {
  if (!field.lossy.empty()) return "FieldClass::lossy";
  return lens.fidelity == Fidelity::iso ? "FieldClass::iso" : "FieldClass::residue";
}

std::string field_note(const EntityView& view, const MappedField& field) {
  if (!field.lossy.empty()) return field.lossy;
  if (field.target) return view.model().entities.at(*field.target).name;
  if (field.repeats) return view.entity().columns.at(*field.repeats).qualified;
  if (!field.login.empty()) return field.login;
  return "";
}

std::string formula(const Derived& derived) {
  std::string out;
  for (const Derived::Piece& piece : derived.pieces) {
    out += piece.literal;
    if (!piece.field.empty()) out += "{" + piece.field + "}";
  }
  return out;
}

void explain_others(const EntityView& view, Table& table) {
  const Entity& entity = view.entity();
  for (const Mirror& mirror : entity.mirrors) {
    table.add(fmt::format("{{{}, {}, \"mirror\", FieldClass::mirror, {}, {}}}",
                          cpp_text(mirror_column(entity, mirror)), cpp_text(mirror.field),
                          cpp_text(view.model().entities.at(mirror.target).name),
                          position(view, view.field_constant(mirror.field))));
  }
  for (const Derived& derived : entity.derived) {
    table.add(fmt::format("{{\"\", {}, \"derived\", FieldClass::derived, {}, {}}}", cpp_text(derived.field),
                          cpp_text(formula(derived)), position(view, view.field_constant(derived.field))));
  }
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
    table.add(fmt::format("{{\"\", {}, \"only_in_pocketbase\", FieldClass::{}, {}, {}}}", cpp_text(only.field),
                          only.purge.empty() ? "residue" : "purge", cpp_text(only.purge),
                          position(view, view.field_constant(only.field))));
  }
  for (const FileField& file : entity.files) {
    table.add(fmt::format("{{\"\", {}, \"file\", FieldClass::mirror, {}, {}}}", cpp_text(file.field),
                          cpp_text(entity.columns.at(file.path).qualified),
                          position(view, view.field_constant(file.field))));
  }
  for (std::size_t i = 0; i < entity.purged.size(); ++i) {
    table.add(fmt::format("{{{}, \"\", \"\", FieldClass::purge, {}, {}}}", cpp_text(entity.purged[i].qualified),
                          cpp_text(entity.purged[i].reason), position(view, view.purged_names()[i])));
  }
}

Table explanations(const EntityView& view) {
  const Entity& entity = view.entity();
  Table table(view, "Explanation", "explanations");
  for (const KeyColumn& part : entity.key) {
    if (!part.is_record_id) continue;
    table.add(fmt::format("{{{}, \"id\", \"record_id\", FieldClass::iso, \"\", {}}}",
                          cpp_text(entity.columns.at(part.column).qualified),
                          position(view, view.column_constant(part.column))));
  }
  for (const MappedField& field : entity.fields) {
    table.add(fmt::format("{{{}, {}, {}, {}, {}, {}}}", cpp_text(entity.columns.at(field.column).qualified),
                          cpp_text(field.to), cpp_text(view.lens(field).name), field_class(view.lens(field), field),
                          cpp_text(field_note(view, field)), position(view, view.column_constant(field.column))));
  }
  explain_others(view, table);
  return table;
}

/// The constant that says who people are.
void emit_people(const EntityView& view, Lines& out) {
  if (!view.entity().people) return;
  const People& people = *view.entity().people;
  const auto row = [&](std::optional<std::size_t> column) {
    return column ? fmt::format("offsetof({}Row, {})", view.struct_name(), view.row().at(*column).name)
                  : std::string("People::none");
  };
  const auto record = [&](const std::string& field) {
    const std::string member = view.record_value(field);
    return fmt::format("offsetof({}Record, {})", view.struct_name(), member.substr(member.find('.') + 1));
  };
  const auto& only = view.entity().only_in_pocketbase;
  const bool verified = std::any_of(only.begin(), only.end(), [](const auto& o) { return o.field == "verified"; });
  const std::string identities = people.identities ? view.field_of(*people.identities).to : "";
  std::vector<std::string> except;
  for (const std::string& provider : people.except) except.push_back(cpp_text(provider));
  const std::string others = view.entity().name + "_other_providers";
  if (!except.empty()) out.add("constexpr std::string_view {}[] = {{{}}};", others, joined(except, ", "));
  out.add("constexpr People {}_people{{", view.entity().name);
  out.add("    .name = {},", row(people.name));
  out.add("    .address = {},", row(people.address));
  out.add("    .shown_address = {},", record(view.field_of(people.address).to));
  out.add("    .password = {},", row(people.password));
  out.add("    .shown_password = {},", record(view.field_of(people.password).to));
  out.add("    .password_column = {},", cpp_text(view.entity().columns.at(people.password).qualified));
  out.add("    .argon2 = {},", people.argon2);
  out.add("    .verified = {},", verified ? record("verified") : "People::none");
  out.add("    .identities = {},", row(people.identities));
  out.add("    .identities_field = {},", cpp_text(identities)).add("    .member = {},", cpp_text(people.member));
  out.add("    .other_providers = {},", except.empty() ? "{}" : others);
  out.add("    .sessions = {},", cpp_text(people.sessions));
  out.add("}};");
}

void emit_functions(const EntityView& view, Lines& out) {
  const std::string name = view.struct_name();
  out.add("    .to_pocketbase = [](const void* row, void* record, ToPocketBase& run) {{");
  out.add("      to_pocketbase(*static_cast<const {0}Row*>(row), *static_cast<{0}Record*>(record), run);", name);
  out.add("    }},");
  out.add("    .to_sql = [](const void* record, void* row, ToSql& run) {{");
  out.add("      to_sql(*static_cast<const {0}Record*>(record), *static_cast<{0}Row*>(row), run);", name);
  out.add("    }},");
}

}  // namespace

void emit_tables(const EntityView& view, Lines& out) {
  const Entity& entity = view.entity();
  const std::string name = view.struct_name();
  const Table tables[] = {columns(view),  record_fields(view), key(view),      joins(view),
                          declared(view), explanations(view),  relations(view), files(view)};
  out.add("namespace {{").blank();
  for (const Table& table : tables) table.emit(out);
  emit_people(view, out);
  out.blank().add("}}  // namespace").blank();
  out.add("static_assert(covers({}, {}, sizeof({}Row)));", tables[0].name(), tables[3].name(), name);
  out.add("static_assert(covers({}, sizeof({}Record)));", tables[1].name(), name).blank();
  out.add("constinit const Entity {}{{", view.constant());
  out.add("    .name = {},", cpp_text(entity.name));
  out.add("    .table = {},", cpp_text(view.model().schema.tables.at(entity.table).name));
  out.add("    .collection = {},", cpp_text(entity.collection));
  out.add("    .collection_id = {},", cpp_text(entity.collection_id));
  out.add("    .auth = {},", entity.auth);
  out.add("    .key_is_record_id = {},", entity.key.size() == 1 && entity.key[0].is_record_id);
  out.add("    .columns = {},", tables[0].name()).add("    .fields = {},", tables[1].name());
  out.add("    .key = {},", tables[2].name()).add("    .joins = {},", tables[3].name());
  out.add("    .declared = {},", tables[4].name()).add("    .explanations = {},", tables[5].name());
  out.add("    .relations = {},", tables[6].name());
  if (!entity.files.empty()) out.add("    .files = {},", tables[7].name());
  out.add("    .row_bytes = sizeof({}Row),", name).add("    .record_bytes = sizeof({}Record),", name);
  emit_functions(view, out);
  if (entity.people) out.add("    .people = &{}_people,", entity.name);
  out.add("}};").blank();
}

}  // namespace twowayc
