// The two functions of an entity: one line a field and direction.
#include <cstddef>

#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::string braced(const std::vector<std::string>& parts) { return "{" + joined(parts, ", ") + "}"; }

std::string literal_value(const std::string& text) { return "Value::text(" + cpp_text(text) + ")"; }

/// The pieces of a template as values of the row; `own` tells whether the last one, the column itself, is among them.
std::vector<std::string> template_pieces(const EntityView& view, const KeyPart& part, bool own) {
  std::vector<std::string> out;
  for (const KeyPart::Piece& piece : part.pieces) {
    if (!own && &piece == &part.pieces.back()) {
      if (!piece.literal.empty()) out.push_back(literal_value(piece.literal));
      break;
    }
    if (!piece.literal.empty()) out.push_back(literal_value(piece.literal));
    if (piece.column) out.push_back(view.row_value(*piece.column));
  }
  return out;
}

std::string target_key(const EntityView& view, const MappedField& field) {
  std::vector<std::string> parts;
  for (const KeyPart& part : field.target_key) {
    switch (part.what) {
      case KeyPart::What::own_column: parts.push_back(view.row_value(field.column)); break;
      case KeyPart::What::other_column: parts.push_back(view.row_value(part.column)); break;
      case KeyPart::What::template_text:
        parts.push_back("run.join(" + braced(template_pieces(view, part, true)) + ")");
        break;
    }
  }
  return braced(parts);
}

/// `OWN`, `OWN, {PREFIX}` or `OWN, {PREFIX}, {WITH}`: which part of the target's key is the column, what stands before
/// it, and this row's values for the key's other parts.
std::string own_part(const EntityView& view, const MappedField& field) {
  std::size_t own = 0;
  std::vector<std::string> prefix, with;
  for (std::size_t i = 0; i < field.target_key.size(); ++i) {
    const KeyPart& part = field.target_key[i];
    if (part.what == KeyPart::What::other_column) {
      with.push_back(view.row_value(part.column));
      continue;
    }
    own = i;
    if (part.what == KeyPart::What::template_text) prefix = template_pieces(view, part, false);
  }
  if (!with.empty()) return fmt::format("{}, {}, {}", own, braced(prefix), braced(with));
  return prefix.empty() ? std::to_string(own) : fmt::format("{}, {}", own, braced(prefix));
}

/// Casts between typed cells where the column's declared type is not the lens's own one.
bool same_type(const EntityView& view, const MappedField& field) {
  const Lens& lens = view.lens(field);
  return !lens.sql_types.empty() && cpp_sql_type(lens.sql_types.front()) == view.row_type(field.column);
}

void field_to_pocketbase(const EntityView& view, const MappedField& field, Lines& out) {
  const std::string constant = view.column_constant(field.column);
  const std::string value = view.row_value(field.column);
  if (field.repeats) {
    out.add("  run.same_as({}, {}, {});", constant, value, view.row_value(*field.repeats));
  } else if (field.target) {
    out.add("  {} = run.reference({}, {}, {}, {});", view.record_value(field.to), constant,
            view.constant_of(*field.target), value, target_key(view, field));
  } else if (!field.login.empty()) {
    out.add("  run.email({}, {}, {}, {});", constant, value, view.record_value(field.to),
            view.record_value(field.login));
  } else {
    out.add("  {} = run.get<{}>({}, {});", view.record_value(field.to), cpp_lens(view.lens(field)), constant,
            same_type(view, field) ? value : "{" + value + "}");
  }
}

void field_to_sql(const EntityView& view, const MappedField& field, Lines& out) {
  const std::string constant = view.column_constant(field.column);
  const std::string value = view.row_value(field.column);
  if (field.repeats) {
    out.add("  {} = {{run.same_as({}, {})}};", value, constant, view.row_value(*field.repeats));
  } else if (field.target) {
    out.add("  {} = {{run.referenced({}, {}, {}, {})}};", value, constant, view.constant_of(*field.target),
            view.record_value(field.to), own_part(view, field));
  } else if (!field.login.empty()) {
    out.add("  {} = {{run.email({}, {}, {})}};", value, constant, view.record_value(field.to),
            view.record_value(field.login));
  } else {
    const std::string put = fmt::format("run.put<{}>({}, {})", cpp_lens(view.lens(field)), constant,
                                        view.record_value(field.to));
    out.add("  {} = {};", value, same_type(view, field) ? put : "{" + put + "}");
  }
}

std::string key_values(const EntityView& view) {
  std::vector<std::string> parts;
  for (const KeyColumn& key : view.entity().key) parts.push_back(view.row_value(key.column));
  return braced(parts);
}

std::string mirror_with(const EntityView& view, const Mirror& mirror) {
  std::vector<std::string> parts;
  for (const std::size_t column : mirror.with) parts.push_back(view.row_value(column));
  return braced(parts);
}

std::string derived_pieces(const EntityView& view, const Derived& derived) {
  std::vector<std::string> parts;
  for (const Derived::Piece& piece : derived.pieces) {
    if (!piece.literal.empty()) parts.push_back(literal_value(piece.literal));
    if (!piece.field.empty()) parts.push_back(view.record_value(piece.field));
  }
  return braced(parts);
}

std::string declared_value(const PocketBaseOnly& only) {
  return cpp_value(only.value, only.type == PocketBaseType::boolean);
}

/// A document of another type than sql::Json is passed and taken as one.
std::string as_json(const EntityView& view, std::size_t column, const std::string& expression) {
  return view.row_type(column) == "sql::Json" ? expression : "{" + expression + "}";
}

/// The columns of a joined table that somebody can have given a value: not those that repeat another column.
std::string joined_values(const EntityView& view, const JoinedTable& join) {
  std::vector<std::string> parts;
  for (const MappedField& field : view.entity().fields) {
    if (view.entity().columns.at(field.column).table == join.table && !field.repeats) {
      parts.push_back(view.row_value(field.column));
    }
  }
  return braced(parts);
}

void emit_to_pocketbase(const EntityView& view, Lines& out) {
  const Entity& entity = view.entity();
  out.add("void to_pocketbase(const {0}Row& row, {0}Record& record, ToPocketBase& run) {{", view.struct_name());
  out.add("  record.id = run.record_id({});", key_values(view));
  for (const MappedField& field : entity.fields) field_to_pocketbase(view, field, out);
  for (const Mirror& mirror : entity.mirrors) {
    out.add("  {} = run.mirror({}, {}, {}, {}, {});", view.record_value(mirror.field),
            view.field_constant(mirror.field), view.constant_of(mirror.target),
            as_json(view, mirror.column, view.row_value(mirror.column)), cpp_text(mirror.path),
            mirror_with(view, mirror));
  }
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    out.add("  run.joined({}, row.{});", cpp_text(entity.joins[i].name), view.markers()[i]);
  }
  for (const Derived& derived : entity.derived) {
    out.add("  {} = run.derived({}, {});", view.record_value(derived.field), view.field_constant(derived.field),
            derived_pieces(view, derived));
  }
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
    const std::string value = view.record_value(only.field);
    if (only.type == PocketBaseType::token) {
      out.add("  {} = {{run.token()}};", value);
    } else if (!only.purge.empty()) {
      out.add("  {} = {{{}}};", value, declared_value(only));
    } else {
      out.add("  {} = {{run.only_in_pocketbase({}, {})}};", value, view.field_constant(only.field),
              declared_value(only));
    }
  }
  for (const FileField& file : entity.files) out.add("  {} = {{Value::text(\"\")}};", view.record_value(file.field));
  out.add("}}").blank();
}

void emit_to_sql(const EntityView& view, Lines& out) {
  const Entity& entity = view.entity();
  out.add("void to_sql(const {0}Record& record, {0}Row& row, ToSql& run) {{", view.struct_name());
  for (std::size_t i = 0; i < entity.key.size(); ++i) {
    if (!entity.key[i].is_record_id) continue;
    out.add("  {} = {{run.key({}, record.id, {})}};", view.row_value(entity.key[i].column),
            view.column_constant(entity.key[i].column), i);
  }
  for (const std::size_t index : entity.to_sql_order) field_to_sql(view, entity.fields.at(index), out);
  for (const Mirror& mirror : entity.mirrors) {
    const std::string document = view.row_value(mirror.column);
    const MappedField& mirrored = view.field_of(mirror.column);
    const std::string merged =
        fmt::format("run.merge({}, {}, {}, {}, {}, {}, {}, {})", view.field_constant(mirror.field),
                    view.column_constant(mirror.column), view.constant_of(mirror.target),
                    view.record_value(mirror.field), view.record_value(mirrored.to),
                    as_json(view, mirror.column, document), cpp_text(mirror.path), mirror_with(view, mirror));
    out.add("  {} = {};", document, as_json(view, mirror.column, merged));
  }
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    out.add("  row.{} = {{run.joined({}, {})}};", view.markers()[i], cpp_text(entity.joins[i].name),
            joined_values(view, entity.joins[i]));
  }
  for (const Derived& derived : entity.derived) {
    out.add("  run.derived({}, {}, {});", view.field_constant(derived.field), view.record_value(derived.field),
            derived_pieces(view, derived));
  }
  for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
    if (only.type == PocketBaseType::token || !only.purge.empty()) continue;
    out.add("  run.only_in_pocketbase({}, {}, {});", view.field_constant(only.field), view.record_value(only.field),
            declared_value(only));
  }
  out.add("  run.check_record_id(record.id, {});", key_values(view));
  out.add("}}").blank();
}

}  // namespace

void emit_transforms(const EntityView& view, Lines& out) {
  emit_to_pocketbase(view, out);
  emit_to_sql(view, out);
}

}  // namespace twowayc
