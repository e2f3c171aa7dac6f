#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/check/facts.h"
#include "generator/resolve/lens_table.h"

namespace twowayc {
namespace {

std::vector<std::string> columns_of(const Entity& entity, const std::vector<std::size_t>& columns) {
  std::vector<std::string> names;
  for (const std::size_t column : columns) names.push_back(entity.columns[column].qualified);
  return names;
}

std::string target_table(const MappingModel& model, std::size_t target) {
  return model.schema.tables[model.entities[target].table].name;
}

/// `{chat_id}-{parent_id}`
std::string template_of(const Entity& entity, const KeyPart& part) {
  std::string text;
  for (const KeyPart::Piece& piece : part.pieces) {
    text += piece.column ? "{" + entity.columns[*piece.column].qualified + "}" : piece.literal;
  }
  return text;
}

/// The tables of an entity: its own, and those that are joined.
std::vector<std::size_t> tables_of(const Entity& entity) {
  std::vector<std::size_t> tables{entity.table};
  for (const JoinedTable& join : entity.joins) tables.push_back(join.table);
  return tables;
}

bool is_lens(const MappingModel& model, const std::string& name) {
  return find_built_in_lens(name) != nullptr ||
         std::any_of(model.lenses.begin(), model.lenses.end(), [&](const Lens& lens) { return lens.name == name; });
}

void check_holds(const MappingModel& model, const SqlColumn& column, const MappedField& field, DiagnosticSink& sink) {
  const Lens& lens = model.lenses[field.lens];
  if (column.holds.empty() || lens.name == column.holds || !is_lens(model, column.holds)) return;
  sink.error(DiagnosticId::column_holds, field.position,
             fmt::format("'{}' holds {}, but its lens is '{}'", column.name, column.holds, lens.name))
      .with_note(column.position, "the schema says so here")
      .with_hint(fmt::format("lens: {}", column.holds));
}

void check_null(const SqlColumn& column, const MappedField& field, DiagnosticSink& sink) {
  if (!column.never_null || field.repeats || gives_a_value(field)) return;
  sink.error(DiagnosticId::column_null, field.position,
             fmt::format("an empty field becomes NULL, which the application cannot read in '{}'", column.name))
      .with_note(column.position, "null: never, it says here")
      .with_hint("add default: VALUE, or empty: value where the empty value is one");
}

void report_secret(const SqlColumn& column, Position position, const std::string& shown, const char* hint,
                   DiagnosticSink& sink) {
  sink.error(DiagnosticId::column_secret, position, fmt::format("'{}' is a secret, but {}", column.name, shown))
      .with_note(column.position, "secret: true, it says here")
      .with_hint(hint);
}

/// Everything of a column that people see: its field, or one that repeats it.
void check_secret_fields(const MappingModel& model, const Entity& entity, DiagnosticSink& sink) {
  const auto column_of = [&](std::size_t column) -> const SqlColumn& {
    return sql_column(model, entity.columns[column]);
  };
  for (const MappedField& field : entity.fields) {
    const SqlColumn& column = column_of(field.column);
    const bool is_seen = !field.hidden && model.lenses[field.lens].pocketbase != PocketBaseType::password;
    if (!column.secret || !is_seen) continue;
    if (!field.repeats) {
      report_secret(column, field.position, fmt::format("people would see the field '{}'", field.to),
                    "add hidden: true, or purge the column", sink);
    } else if (const SqlColumn& other = column_of(*field.repeats); !other.secret) {
      report_secret(column, field.position, fmt::format("'{}', which holds the same, is not", other.name),
                    "say secret: true of both", sink);
    }
  }
}

/// Everything else of a column that people see: the record's id, the items of an array, a text that is made of fields.
void check_secret_parts(const MappingModel& model, const Entity& entity, DiagnosticSink& sink) {
  for (const KeyColumn& key : entity.key) {
    const SqlColumn& column = sql_column(model, entity.columns[key.column]);
    if (!column.secret || !key.is_record_id) continue;
    report_secret(column, key.position, "people would see it as the record's id",
                  "say field instead of record_id, and hide that field", sink);
  }
  for (const Mirror& mirror : entity.mirrors) {
    const SqlColumn& column = sql_column(model, entity.columns[mirror.column]);
    if (!column.secret) continue;
    report_secret(column, mirror.position, fmt::format("people would see its items in '{}'", mirror.field),
                  "remove the mirror", sink);
  }
  for (const Derived& derived : entity.derived) {
    for (const MappedField& field : entity.fields) {
      const SqlColumn& column = sql_column(model, entity.columns[field.column]);
      const bool is_in = std::any_of(derived.pieces.begin(), derived.pieces.end(), [&](const Derived::Piece& piece) {
        return !piece.field.empty() && (piece.field == field.to || piece.field == field.login);
      });
      if (!column.secret || !is_in) continue;
      report_secret(column, derived.position, fmt::format("people would see it in '{}'", derived.field),
                    "take its field out of the template", sink);
    }
  }
}

bool operator==(const ReferenceText& text, const SqlReference& known) {
  return text.on == known.on && text.table == known.table;
}

void check_known(const MappingModel& model, const Entity& entity, const SqlReference& known, DiagnosticSink& sink) {
  for (const MappedField& field : entity.fields) {
    if (field.target && reference_text(model, entity, field) == known) return;
  }
  for (const Mirror& mirror : entity.mirrors) {
    if (reference_text(model, entity, mirror) == known) return;
  }
  sink.error(DiagnosticId::column_refers, known.position,
             fmt::format("nothing in '{}' maps the reference of {} to '{}'", entity.name, fmt::join(known.on, ", "),
                         known.table))
      .with_note(entity.position, "the entity is declared here")
      .with_hint("map it with lens reference, or an array's items with mirrors");
}

/// `holds` names a lens.
void check_words(const MappingModel& model, DiagnosticSink& sink) {
  std::vector<std::string> names;
  for (const Lens& lens : built_in_lenses()) names.push_back(lens.name);
  for (const SqlTable& table : model.schema.tables) {
    for (const SqlColumn& column : table.columns) {
      if (column.holds.empty() || is_lens(model, column.holds)) continue;
      sink.error(DiagnosticId::lens_unknown, column.position, fmt::format("unknown lens '{}' in holds", column.holds))
          .with_suggestion(column.holds, names);
    }
  }
}

}  // namespace

ReferenceText reference_text(const MappingModel& model, const Entity& entity, const MappedField& field) {
  ReferenceText text{{}, target_table(model, *field.target)};
  for (const KeyPart& part : field.target_key) {
    const bool made = part.what == KeyPart::What::template_text;
    text.on.push_back(made ? template_of(entity, part) : entity.columns[part.column].qualified);
  }
  return text;
}

ReferenceText reference_text(const MappingModel& model, const Entity& entity, const Mirror& mirror) {
  ReferenceText text{columns_of(entity, mirror.with), target_table(model, mirror.target)};
  text.on.insert(text.on.begin(), entity.columns[mirror.column].qualified + "." + mirror.path + "[]");
  return text;
}

bool is_known(const MappingModel& model, const Entity& entity, const ReferenceText& reference) {
  for (const std::size_t index : tables_of(entity)) {
    const SqlTable& table = model.schema.tables[index];
    for (const SqlReference& known : table.references) {
      if (reference == known) return true;
    }
    for (const SqlForeignKey& key : table.foreign_keys) {
      const bool single = reference.on.size() == 1 && key.columns.size() == 1;
      if (single && key.columns == reference.on && key.table == reference.table) return true;
    }
  }
  return false;
}

bool is_plain(const SqlColumn& column, const Lens& lens) {
  switch (column.type) {
    case SqlType::text:
    case SqlType::varchar: return lens.name == "text";
    case SqlType::bigint:
    case SqlType::integer: return lens.name == "number";
    case SqlType::boolean: return lens.name == "boolean" || lens.name == "boolean_negated";
    case SqlType::json:
    case SqlType::date:
    case SqlType::datetime:
    case SqlType::real:
    case SqlType::numeric:
    case SqlType::blob: return lens.built_in;
  }
  return false;
}

bool gives_a_value(const MappedField& field) {
  const bool has_default = field.fallback.kind != Default::Kind::none && field.fallback.kind != Default::Kind::null;
  return has_default || field.empty == Empty::value;
}

void check_facts(const Resolution& resolution, DiagnosticSink& sink) {
  const MappingModel& model = resolution.model;
  check_words(model, sink);
  for (const Entity& entity : model.entities) {
    for (const MappedField& field : entity.fields) {
      const SqlColumn& column = sql_column(model, entity.columns[field.column]);
      check_holds(model, column, field, sink);
      check_null(column, field, sink);
    }
    check_secret_fields(model, entity, sink);
    check_secret_parts(model, entity, sink);
    for (const std::size_t table : tables_of(entity)) {
      for (const SqlReference& known : model.schema.tables[table].references) check_known(model, entity, known, sink);
    }
  }
}

}  // namespace twowayc
