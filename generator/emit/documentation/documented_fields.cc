#include <fmt/format.h>

#include "generator/check/describe.h"
#include "generator/emit/documentation/pages.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

/// A page says more than a diagnostic where PocketBase has no type of its own.
std::string_view field_type(PocketBaseType type) {
  switch (type) {
    case PocketBaseType::relations: return "relation, many";
    case PocketBaseType::token: return "text, secret";
    default: return describe(type);
  }
}

std::string described(const SqlColumn& column) {
  std::string out(describe(column.type));
  if (column.length != 0) out += fmt::format("({})", column.length);
  if (!column.nullable) out += ", not null";
  return out;
}

std::string link(const MappingModel& model, std::size_t entity) {
  const std::string& name = model.entities.at(entity).name;
  return fmt::format("[{0}]({0}.md)", name);
}

std::string_view deletion(OnDelete on_delete) {
  switch (on_delete) {
    case OnDelete::cascade: return "deleted with it";
    case OnDelete::clear: return "emptied when it is deleted";
    case OnDelete::restrict_: return "forbids its deletion";
  }
  return "";
}

/// A value of the mapping for people.
std::string shown(const Default& value, bool boolean) {
  if (value.kind == Default::Kind::null || value.kind == Default::Kind::none) return markdown_code("null");
  if (!boolean) return markdown_code(value.text);
  return markdown_code(value.text == "0" || value.text == "false" ? "false" : "true");
}

std::string default_note(const Default& fallback, bool boolean) {
  switch (fallback.kind) {
    case Default::Kind::none:
    case Default::Kind::null: return "";
    case Default::Kind::created: return "default: the time PocketBase made the record";
    case Default::Kind::integer:
    case Default::Kind::real:
    case Default::Kind::text: return "default: " + shown(fallback, boolean);
  }
  return "";
}

void add_note(std::string& notes, const std::string& note) {
  if (note.empty()) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

std::string key_part(const Entity& entity, const MappedField& field, const KeyPart& part) {
  switch (part.what) {
    case KeyPart::What::own_column: return entity.columns.at(field.column).qualified;
    case KeyPart::What::other_column: return entity.columns.at(part.column).qualified;
    case KeyPart::What::template_text: break;
  }
  std::string out;
  for (const KeyPart::Piece& piece : part.pieces) {
    out += piece.literal;
    if (piece.column) out += "{" + entity.columns.at(*piece.column).qualified + "}";
  }
  return out;
}

std::string notes_of(const MappingModel& model, const Entity& entity, const MappedField& field) {
  std::string notes;
  if (field.target) {
    std::vector<std::string> key;
    for (const KeyPart& part : field.target_key) key.push_back(key_part(entity, field, part));
    add_note(notes, fmt::format("-> {} by {}, {}", link(model, *field.target),
                                markdown_code(joined(key, ", ")), deletion(field.on_delete)));
  }
  if (field.repeats) add_note(notes, "repeats " + markdown_code(entity.columns.at(*field.repeats).qualified));
  if (!field.login.empty()) add_note(notes, "what PocketBase refuses is in " + markdown_code(field.login));
  const bool boolean = model.lenses.at(field.lens).pocketbase == PocketBaseType::boolean;
  add_note(notes, default_note(field.fallback, boolean));
  if (field.hidden) add_note(notes, "hidden");
  if (!field.lossy.empty()) add_note(notes, markdown_text(field.lossy));
  return notes;
}

DocumentedField documented(const MappingModel& model, const Entity& entity, const MappedField& field) {
  const Lens& lens = model.lenses.at(field.lens);
  const EntityColumn& column = entity.columns.at(field.column);
  DocumentedField out;
  out.column = column.qualified;
  out.column_type = described(model.schema.tables.at(column.table).columns.at(column.column));
  out.field = field.to;
  if (!field.to.empty()) out.field_type = field_type(lens.pocketbase);
  out.lens = lens.name;
  out.what = !field.lossy.empty() ? "lossy" : lens.fidelity == Fidelity::iso ? "iso" : "residue";
  out.note = notes_of(model, entity, field);
  out.position = field.position;
  return out;
}

void add_without_column(const MappingModel& model, const Entity& entity, std::vector<DocumentedField>& out) {
  for (const Mirror& mirror : entity.mirrors) {
    const std::string array = entity.columns.at(mirror.column).qualified + "." + mirror.path + "[]";
    out.push_back({array, "", mirror.field, "relation, many", "mirror", "mirror", "-> " + link(model, mirror.target),
                   mirror.position});
  }
  for (const Derived& derived : entity.derived) {
    std::string formula;
    for (const Derived::Piece& piece : derived.pieces) {
      formula += piece.literal;
      if (!piece.field.empty()) formula += "{" + piece.field + "}";
    }
    out.push_back({"", "", derived.field, "text", "derived", "derived", markdown_code(formula), derived.position});
  }
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
    out.push_back({"", "", only.field, std::string(field_type(only.type)), "only_in_pocketbase",
                   only.purge.empty() ? "residue" : "purge",
                   only.purge.empty() ? "from SQL: " + shown(only.value, only.type == PocketBaseType::boolean)
                                      : markdown_text(only.purge),
                   only.position});
  }
}

void add_files(const Entity& entity, std::vector<DocumentedField>& out) {
  for (const FileField& file : entity.files) {
    const std::string path = markdown_code(entity.columns.at(file.path).qualified);
    out.push_back({"", "", file.field, "file", "file", "mirror", fmt::format("the file that {} names", path),
                   file.position});
  }
}

std::string purged_type(const MappingModel& model, const Entity& entity, const std::string& qualified) {
  const std::size_t dot = qualified.find('.');
  const SqlTable* table = &model.schema.tables.at(entity.table);
  if (dot != std::string::npos) {
    for (const JoinedTable& join : entity.joins) {
      if (join.name == qualified.substr(0, dot)) table = &model.schema.tables.at(join.table);
    }
  }
  const SqlColumn* column = table->find(dot == std::string::npos ? qualified : qualified.substr(dot + 1));
  return column == nullptr ? "" : described(*column);
}

}  // namespace

std::vector<DocumentedField> documented_fields(const MappingModel& model, const Entity& entity) {
  std::vector<DocumentedField> out;
  for (const KeyColumn& key : entity.key) {
    if (!key.is_record_id) continue;
    const EntityColumn& column = entity.columns.at(key.column);
    out.push_back({column.qualified, described(model.schema.tables.at(column.table).columns.at(column.column)), "id",
                   "id", "record_id", "iso", "", key.position});
  }
  for (const MappedField& field : entity.fields) {
    out.push_back(documented(model, entity, field));
    if (field.login.empty()) continue;
    out.push_back({"", "", field.login, "text", "email", "iso", "see " + markdown_code(field.to), field.position});
  }
  add_without_column(model, entity, out);
  add_files(entity, out);
  for (const PurgedColumn& purged : entity.purged) {
    out.push_back({purged.qualified, purged_type(model, entity, purged.qualified), "", "", "", "purge",
                   markdown_text(purged.reason), purged.position});
  }
  return out;
}

}  // namespace twowayc
