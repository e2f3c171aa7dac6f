#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/check/key_types.h"
#include "generator/model/dialect.h"

namespace twowayc {
namespace {

using Columns = std::vector<std::string>;

bool contains_all(const Columns& all, const Columns& part) {
  return std::all_of(part.begin(), part.end(),
                     [&](const std::string& name) { return std::find(all.begin(), all.end(), name) != all.end(); });
}

bool all_not_null(const SqlTable& table, const Columns& columns) {
  return std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const SqlColumn* column = table.find(name);
    return column != nullptr && !column->nullable;
  });
}

/// No two rows can agree in these columns: they cover the primary key, or a unique constraint in which no NULL can be.
bool is_unique_there(const SqlTable& table, const Columns& columns) {
  const Columns& primary = table.primary_key.columns;
  if (!primary.empty() && contains_all(columns, primary)) return true;
  const auto covers = [&](const Columns& constraint) {
    return !constraint.empty() && contains_all(columns, constraint) && all_not_null(table, constraint);
  };
  for (const SqlUnique& unique : table.uniques) {
    if (covers(unique.columns)) return true;
  }
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const SqlIndex& index) {
    return index.unique && index.where.empty() && covers(index.terms);
  });
}

/// Unique whichever database it is.
bool is_unique(const SqlTable& table, const Columns& columns) {
  return is_unique_there(in_dialect(table, Dialect::sqlite), columns) &&
         is_unique_there(in_dialect(table, Dialect::postgresql), columns);
}

void check_key(const Resolution& resolution, std::size_t index, DiagnosticSink& sink) {
  const MappingModel& model = resolution.model;
  const Entity& entity = model.entities[index];
  const EntitySource& source = resolution.sources[index];
  const SqlTable& table = model.schema.tables[entity.table];
  Columns columns;
  for (const KeyColumn& part : entity.key) columns.push_back(entity.columns[part.column].qualified);
  const bool complete = columns.size() == source.file->key.size();   // else a name was reported, as for `declared`
  const bool declared = std::all_of(table.primary_key.columns.begin(), table.primary_key.columns.end(),
                                    [&](const std::string& name) { return table.find(name) != nullptr; });
  if (complete && declared && !is_unique(table, columns)) {
    Diagnostic& error = sink.error(DiagnosticId::key_not_unique, source.file->key_position,
                                   fmt::format("two rows of '{}' may have the same key", table.name));
    error.with_note(table.position, "the table is declared here");
    if (!table.primary_key.columns.empty()) {
      error.with_hint(
          fmt::format("the key must cover the primary key: {}", fmt::join(table.primary_key.columns, ", ")));
    } else {
      error.with_hint("the key must cover a unique constraint over NOT NULL columns");
    }
  }
  for (const KeyColumn& part : entity.key) {
    const SqlColumn& column = sql_column(model, entity.columns[part.column]);
    if (!fits_key(column.type)) {
      sink.error(DiagnosticId::key_field, part.position,
                 fmt::format("a record id is made from text, whole numbers, dates and bytes; '{}' is {}", column.name,
                             describe(column.type)))
          .with_note(column.position, "the column is declared here");
    }
  }
}

/// A key column that is no record id must have a field, or its value would be lost.
void check_key_fields(const Resolution& resolution, std::size_t index, DiagnosticSink& sink) {
  const Entity& entity = resolution.model.entities[index];
  for (const KeyColumn& part : entity.key) {
    if (part.is_record_id) continue;
    const std::string& name = entity.columns[part.column].qualified;
    for (const PurgedColumn& purged : entity.purged) {
      if (purged.qualified != name) continue;
      sink.error(DiagnosticId::key_field, part.position, fmt::format("key column '{}' is purged", name))
          .with_note(purged.position, "purged here");
    }
    for (const MappedField& field : entity.fields) {
      if (field.column != part.column || !field.repeats) continue;
      sink.error(DiagnosticId::key_field, part.position, fmt::format("key column '{}' has no field of its own", name))
          .with_note(field.position, "it only repeats another one here");
    }
  }
}

void check_join(const Resolution& resolution, const Entity& entity, const JoinedTable& join,
                const syntax::Join& syntax, DiagnosticSink& sink) {
  const SqlTable& joined = resolution.model.schema.tables[join.table];
  const SqlTable& base = resolution.model.schema.tables[entity.table];
  const auto require_unique = [&](const SqlTable& table, const syntax::Text& column) {
    if (table.find(column.value) == nullptr || is_unique(table, {column.value})) return;
    sink.error(DiagnosticId::join_not_unique, column.position,
               fmt::format("several rows of '{}' may have the same '{}'", table.name, column.value))
        .with_note(table.position, "the table is declared here")
        .with_hint("a join is one to one: join over primary keys or unique columns that are NOT NULL");
  };
  require_unique(joined, syntax.column);
  require_unique(base, syntax.base_column);
}

}  // namespace

void check_keys(const Resolution& resolution, DiagnosticSink& sink) {
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) {
    check_key(resolution, i, sink);
    check_key_fields(resolution, i, sink);
    for (const JoinedTable& join : resolution.model.entities[i].joins) {
      for (const syntax::Join& syntax : resolution.sources[i].file->joins) {
        if (syntax.table.value == join.name) check_join(resolution, resolution.model.entities[i], join, syntax, sink);
      }
    }
  }
}

}  // namespace twowayc
