#include "generator/resolve/resolve_schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "generator/source/suggest.h"

namespace twowayc {
namespace {

std::vector<std::string> values(const std::vector<syntax::Text>& texts) {
  std::vector<std::string> result;
  for (const syntax::Text& text : texts) result.push_back(text.value);
  return result;
}

std::string value_of(const syntax::OptionalText& text) { return text ? text->value : std::string(); }

/// Reports names that SQL takes for one and the same.
template <class Part>
void check_case(const std::vector<Part>& parts, std::string_view what, DiagnosticSink& sink) {
  std::map<std::string, Position> seen;
  for (const Part& part : parts) {
    const auto [first, is_new] = seen.emplace(lower_case(part.name.value), part.name.position);
    if (is_new) continue;
    sink.error(DiagnosticId::sql_name_clash, part.name.position,
               fmt::format("SQL cannot tell this {} from another: case does not count", what))
        .with_note(first->second, "the other one");
  }
}

/// Tables and indexes share one name space, and so do sequences and the constraints that have an index in PostgreSQL.
class NameSpace {
 public:
  explicit NameSpace(DiagnosticSink& sink) : sink_(sink) {}

  /// `only`: the one dialect in which it has this name; none: all of them.
  void claim(const std::string& name, Position position, std::optional<Dialect> only) {
    if (name.empty()) return;
    const auto [begin, end] = taken_.equal_range(lower_case(name));
    for (auto other = begin; other != end; ++other) {
      if (only && other->second.only && only != other->second.only) continue;
      const bool postgresql = only == Dialect::postgresql || other->second.only == Dialect::postgresql;
      sink_.error(DiagnosticId::sql_name_clash, position,
                  fmt::format("'{}' is the name of another {}", name,
                              postgresql ? "index, table, constraint or sequence of PostgreSQL" : "index or table"))
          .with_note(other->second.position, "the other one");
      return;
    }
    taken_.emplace(lower_case(name), Claim{position, only});
  }

 private:
  struct Claim {
    Position position;
    std::optional<Dialect> only;
  };
  DiagnosticSink& sink_;
  std::multimap<std::string, Claim> taken_;
};

void claim_names(const syntax::Table& table, NameSpace& names) {
  for (const syntax::Column& column : table.columns) {
    if (column.sequence) names.claim(column.sequence->value, column.sequence->position, Dialect::postgresql);
  }
  if (table.primary_key) {
    const syntax::Constraint& key = *table.primary_key;
    names.claim(key.postgresql_name.empty() ? key.name : key.postgresql_name, key.position, Dialect::postgresql);
  }
  for (const syntax::Constraint& unique : table.uniques) {
    if (unique.only != Dialect::sqlite) names.claim(unique.name, unique.position, Dialect::postgresql);
  }
  for (const syntax::Index& index : table.indexes) names.claim(index.name.value, index.name.position, index.only);
}

/// Some names are taken by SQLite and by twoway itself.
void check_schema_names(const syntax::SchemaFile& file, DiagnosticSink& sink) {
  check_case(file.tables, "table", sink);
  for (const syntax::Table& table : file.tables) {
    const std::string name = lower_case(table.name.value);
    if (name != "twoway_residue" && name != "twoway_attic" && !name.starts_with("sqlite_")) continue;
    sink.error(DiagnosticId::sql_name_clash, table.name.position,
               fmt::format("'{}' is a table that SQLite or twoway needs itself", table.name.value));
  }
  NameSpace names(sink);
  std::set<std::string> tables;   // two that differ in case only were reported
  for (const syntax::Table& table : file.tables) {
    if (tables.insert(lower_case(table.name.value)).second) {
      names.claim(table.name.value, table.name.position, std::nullopt);
    }
  }
  for (const syntax::Table& table : file.tables) claim_names(table, names);
}

bool is_identifier(std::string_view text) {
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), word);
}

SqlTable resolve_table(const syntax::Table& table) {
  SqlTable result;
  result.name = table.name.value;
  result.position = table.name.position;
  result.sqlite_create = table.sqlite_create;
  result.postgresql_create = table.postgresql_create;
  for (const syntax::Column& column : table.columns) {
    result.columns.push_back(
        {column.name.value, column.type, column.length, column.nullable, column.default_sql,
         {column.postgresql_default, value_of(column.sequence), value_of(column.after)}, column.name.position,
         value_of(column.holds), column.never_null, column.secret && column.secret->value});
  }
  if (table.primary_key) {
    result.primary_key = {table.primary_key->name, values(table.primary_key->columns), std::nullopt};
    result.postgresql_primary_key = table.primary_key->postgresql_name;
  }
  for (const syntax::Constraint& unique : table.uniques) {
    result.uniques.push_back({unique.name, values(unique.columns), unique.only});
  }
  for (const syntax::ForeignKey& key : table.foreign_keys) {
    result.foreign_keys.push_back(
        {key.name, values(key.columns), key.table.value, values(key.target_columns), key.on_delete, key.only});
  }
  for (const syntax::KnownReference& reference : table.references) {
    result.references.push_back({values(reference.on), reference.table.value, reference.table.position});
  }
  for (const syntax::Check& check : table.checks) result.checks.push_back({check.name, check.sql, check.only});
  for (const syntax::Index& index : table.indexes) {
    result.indexes.push_back({index.name.value, values(index.terms), index.unique, index.where, index.only});
  }
  return result;
}

void check_columns(const SqlTable& table, const std::vector<syntax::Text>& columns, DiagnosticSink& sink) {
  for (const syntax::Text& column : columns) find_column(table, column, sink);
}

/// True for a column that stands behind itself, perhaps with others between.
bool comes_back(const SqlTable& table, const std::string& column) {
  const SqlColumn* at = table.find(column);
  for (std::size_t steps = 0; at != nullptr && steps < table.columns.size(); ++steps) {
    if (at->postgresql.after == column) return true;
    at = table.find(at->postgresql.after);
  }
  return false;
}

/// Binds the columns that others stand behind.
void check_order(const syntax::Table& syntax, const SqlTable& table, DiagnosticSink& sink) {
  for (const syntax::Column& column : syntax.columns) {
    if (!column.after || !find_column(table, *column.after, sink)) continue;
    if (!comes_back(table, column.name.value)) continue;
    sink.error(DiagnosticId::column_order, column.after->position,
               fmt::format("'{}' would stand behind itself", column.name.value));
  }
}

/// Binds what the constraints and indexes of a table name.
void check_constraints(const syntax::Table& syntax, const SqlSchema& schema, const SqlTable& table,
                       DiagnosticSink& sink) {
  check_order(syntax, table, sink);
  if (syntax.primary_key) check_columns(table, syntax.primary_key->columns, sink);
  for (const syntax::Constraint& unique : syntax.uniques) check_columns(table, unique.columns, sink);
  for (const syntax::ForeignKey& key : syntax.foreign_keys) {
    check_columns(table, key.columns, sink);
    if (const auto target = find_table(schema, key.table, sink)) {
      check_columns(schema.tables[*target], key.target_columns, sink);
    }
  }
  for (const syntax::KnownReference& reference : syntax.references) {
    find_table(schema, reference.table, sink);
    for (const syntax::Text& part : reference.on) {
      if (is_identifier(part.value)) find_column(table, part, sink);
    }
  }
  for (const syntax::Index& index : syntax.indexes) {
    for (const syntax::Text& term : index.terms) {
      if (is_identifier(term.value)) find_column(table, term, sink);
    }
  }
}

void resolve_version(const syntax::Version& version, SqlSchema& schema, DiagnosticSink& sink) {
  schema.version_table = version.table.value;
  schema.version_column = version.column.value;
  schema.version_value = version.value;
  schema.version_name = version.name;
  if (const auto table = find_table(schema, version.table, sink)) {
    find_column(schema.tables[*table], version.column, sink);
  }
}

/// What is declared is no leftover, and a column's table must be declared.
void resolve_leftover(const syntax::Leftover& leftover, SqlSchema& schema, DiagnosticSink& sink) {
  const std::string& name = leftover.name.value;
  const std::size_t dot = name.find('.');
  bool declared = schema.find(name) != nullptr;
  if (dot != std::string::npos) {
    const auto table = find_table(schema, {name.substr(0, dot), leftover.name.position}, sink);
    if (!table) return;
    declared = schema.tables[*table].find(name.substr(dot + 1)) != nullptr;
  }
  if (declared) {
    sink.error(DiagnosticId::option_value, leftover.name.position,
               fmt::format("'{}' is declared below: it is no leftover", name));
  }
  schema.leftovers.push_back({name, leftover.reason});
}

}  // namespace

std::vector<std::string> column_names(const SqlTable& table) {
  std::vector<std::string> names;
  for (const SqlColumn& column : table.columns) names.push_back(column.name);
  return names;
}

std::vector<std::string> table_names(const SqlSchema& schema) {
  std::vector<std::string> names;
  for (const SqlTable& table : schema.tables) names.push_back(table.name);
  return names;
}

std::optional<std::size_t> find_table(const SqlSchema& schema, const syntax::Text& name, DiagnosticSink& sink) {
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    if (schema.tables[i].name == name.value) return i;
  }
  sink.error(DiagnosticId::table_unknown, name.position, fmt::format("unknown table '{}'", name.value))
      .with_suggestion(name.value, table_names(schema));
  return std::nullopt;
}

std::optional<std::size_t> find_column(const SqlTable& table, const syntax::Text& name, DiagnosticSink& sink) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name.value) return i;
  }
  sink.error(DiagnosticId::column_unknown, name.position,
             fmt::format("table '{}' has no column '{}'", table.name, name.value))
      .with_suggestion(name.value, column_names(table));
  return std::nullopt;
}

SqlSchema resolve_schema(const syntax::SchemaFile& file, DiagnosticSink& sink) {
  SqlSchema schema;
  schema.name = file.name;
  schema.postgresql_before = file.postgresql_before;
  check_schema_names(file, sink);
  for (const syntax::Table& table : file.tables) {
    check_case(table.columns, "column", sink);
    schema.tables.push_back(resolve_table(table));
  }
  for (std::size_t i = 0; i < file.tables.size(); ++i) {
    check_constraints(file.tables[i], schema, schema.tables[i], sink);
  }
  if (file.version) resolve_version(*file.version, schema, sink);
  for (const syntax::Leftover& leftover : file.leftovers) resolve_leftover(leftover, schema, sink);
  return schema;
}

}  // namespace twowayc
