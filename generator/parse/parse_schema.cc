#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "generator/parse/map_reader.h"
#include "generator/parse/parse.h"

namespace twowayc {

syntax::Option<SqlType> parse_sql_type(const Node& node, std::size_t& length, DiagnosticSink& sink) {
  if (node.kind == Node::Kind::scalar && node.text.starts_with("varchar(") && node.text.ends_with(")")) {
    const char* begin = node.text.data() + 8;
    const char* end = node.text.data() + node.text.size() - 1;
    const auto [stop, error] = std::from_chars(begin, end, length);
    const bool whole = error == std::errc() && stop == end && length > 0;
    if (whole) return syntax::Located<SqlType>{SqlType::varchar, node.position};
    length = 0;
  }
  return read_word<SqlType>(node, "type",
                            {{"text", SqlType::text},
                             {"varchar", SqlType::varchar},
                             {"bigint", SqlType::bigint},
                             {"integer", SqlType::integer},
                             {"boolean", SqlType::boolean},
                             {"json", SqlType::json},
                             {"date", SqlType::date},
                             {"datetime", SqlType::datetime},
                             {"real", SqlType::real},
                             {"numeric", SqlType::numeric},
                             {"blob", SqlType::blob}},
                            sink);
}

namespace {

/// `only: DIALECT`
std::optional<Dialect> parse_only(MapReader& reader) {
  const auto only = reader.word<Dialect>("only", {{"sqlite", Dialect::sqlite}, {"postgresql", Dialect::postgresql}});
  return only ? std::optional(only->value) : std::nullopt;
}

/// `postgresql: { default: ..., sequence: ..., after: ... }`
void parse_postgresql_column(const Node& node, syntax::Column& column, DiagnosticSink& sink) {
  MapReader reader(node, "'postgresql' of a column", sink);
  if (const auto text = reader.text("default")) column.postgresql_default = text->value;
  column.sequence = reader.text("sequence");
  column.after = reader.text("after");
  reader.finish();
  if (!column.sequence) return;
  const Position position = column.sequence->position;
  if (column.postgresql_default) {
    sink.error(DiagnosticId::option_value, position, "a column takes its default from 'default' or from 'sequence'");
  }
  if (column.type != SqlType::integer && column.type != SqlType::bigint) {
    sink.error(DiagnosticId::option_value, position, "a sequence gives whole numbers: the type is integer or bigint");
  }
}

/// `null: true`, `false`, or `never`: allowed, but the application neither writes nor reads it.
void parse_null(const Node& node, syntax::Column& column, DiagnosticSink& sink) {
  const auto word = read_word<int>(node, "null", {{"true", 1}, {"false", 0}, {"never", 2}}, sink);
  if (!word) return;
  column.nullable = word->value != 0;
  column.never_null = word->value == 2;
}

syntax::Column parse_column(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Column column;
  column.name = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a column", sink);
  if (const Node* type = reader.require("type")) {
    if (const auto word = parse_sql_type(*type, column.length, sink)) column.type = word->value;
  }
  if (const Node* null = reader.find("null")) parse_null(*null, column, sink);
  column.holds = reader.text("holds");
  column.secret = reader.flag("secret");
  if (const auto text = reader.text("default")) column.default_sql = text->value;
  if (const Node* own = reader.find("postgresql")) parse_postgresql_column(*own, column, sink);
  reader.finish();
  return column;
}

void require_columns(const std::vector<syntax::Text>& columns, std::string_view what, Position position,
                     DiagnosticSink& sink) {
  if (columns.empty()) sink.error(DiagnosticId::option_value, position, fmt::format("{} needs a column", what));
}

/// `[a, b]` or `{ name: x, on: [a, b] }`; `further` reads what else the map may have.
syntax::Constraint parse_constraint(const Node& node, std::string_view what, DiagnosticSink& sink,
                                    const std::function<void(MapReader&, syntax::Constraint&)>& further) {
  syntax::Constraint constraint;
  constraint.position = node.position;
  if (node.kind == Node::Kind::list) {
    constraint.columns = read_texts(node, sink);
    require_columns(constraint.columns, what, node.position, sink);
    return constraint;
  }
  if (node.kind != Node::Kind::map) {
    report_kind(node, "a list of columns", sink);
    return constraint;
  }
  MapReader reader(node, std::string(what), sink);
  constraint.name = reader.plain_text("name");
  if (const Node* on = reader.require("on")) constraint.columns = read_texts(*on, sink);
  require_columns(constraint.columns, what, node.position, sink);
  further(reader, constraint);
  reader.finish();
  return constraint;
}

/// A primary key is in all dialects, but PostgreSQL has a name for one that is not named.
syntax::Constraint parse_primary_key(const Node& node, DiagnosticSink& sink) {
  return parse_constraint(node, "a primary key", sink, [&](MapReader& reader, syntax::Constraint& key) {
    const Node* own = reader.find("postgresql");
    if (own == nullptr) return;
    MapReader postgresql(*own, "'postgresql' of a primary key", sink);
    key.postgresql_name = postgresql.required_text("name").value;
    postgresql.finish();
  });
}

syntax::Constraint parse_unique(const Node& node, DiagnosticSink& sink) {
  return parse_constraint(node, "a unique constraint", sink,
                          [](MapReader& reader, syntax::Constraint& unique) { unique.only = parse_only(reader); });
}

syntax::ForeignKey parse_foreign_key(const Node& node, DiagnosticSink& sink) {
  syntax::ForeignKey key;
  MapReader reader(node, "a foreign key", sink);
  key.name = reader.plain_text("name");
  if (const Node* on = reader.require("on")) key.columns = read_texts(*on, sink);
  key.table = reader.required_text("to");
  if (const Node* columns = reader.require("columns")) key.target_columns = read_texts(*columns, sink);
  const auto on_delete = reader.word<std::string_view>(
      "on_delete",
      {{"cascade", "cascade"}, {"set null", "set null"}, {"set default", "set default"}, {"restrict", "restrict"}});
  if (on_delete) key.on_delete = on_delete->value;
  key.only = parse_only(reader);
  reader.finish();
  require_columns(key.columns, "a foreign key", node.position, sink);
  if (key.columns.size() != key.target_columns.size()) {
    sink.error(DiagnosticId::option_value, node.position, "a foreign key has as many columns as it refers to");
  }
  return key;
}

syntax::Check parse_check(const Node& node, DiagnosticSink& sink) {
  MapReader reader(node, "a check", sink);
  syntax::Check check;
  check.name = reader.plain_text("name");
  check.sql = reader.required_text("sql").value;
  check.only = parse_only(reader);
  reader.finish();
  return check;
}

syntax::Index parse_index(const Node& node, DiagnosticSink& sink) {
  syntax::Index index;
  MapReader reader(node, "an index", sink);
  index.name = reader.required_text("name");
  if (const Node* on = reader.require("on")) index.terms = read_texts(*on, sink);
  require_columns(index.terms, "an index", node.position, sink);
  if (const auto unique = reader.flag("unique")) index.unique = unique->value;
  index.where = reader.plain_text("where");
  index.only = parse_only(reader);
  reader.finish();
  return index;
}

/// `{ on: [parts of the target's key], to: TABLE }`
syntax::KnownReference parse_reference(const Node& node, DiagnosticSink& sink) {
  syntax::KnownReference reference;
  MapReader reader(node, "a reference", sink);
  if (const Node* on = reader.require("on")) reference.on = read_texts(*on, sink);
  require_columns(reference.on, "a reference", node.position, sink);
  reference.table = reader.required_text("to");
  reader.finish();
  return reference;
}

/// `create: { sqlite: "CREATE TABLE ...", postgresql: ... }`
void parse_create(const Node& node, syntax::Table& table, DiagnosticSink& sink) {
  MapReader reader(node, "'create' of a table", sink);
  table.sqlite_create = reader.plain_text("sqlite");
  table.postgresql_create = reader.plain_text("postgresql");
  reader.finish();
}

syntax::Table parse_table(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Table table;
  table.name = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a table", sink);
  if (reader.require("columns") != nullptr) {
    reader.entries("columns", [&](const Node::Entry& column) { table.columns.push_back(parse_column(column, sink)); });
  }
  if (table.columns.empty()) require_columns({}, "a table", entry.key_position, sink);
  if (const Node* key = reader.find("primary_key")) table.primary_key = parse_primary_key(*key, sink);
  if (const Node* create = reader.find("create")) parse_create(*create, table, sink);
  reader.items("unique", [&](const Node& item) { table.uniques.push_back(parse_unique(item, sink)); });
  reader.items("foreign_keys", [&](const Node& item) { table.foreign_keys.push_back(parse_foreign_key(item, sink)); });
  reader.items("references", [&](const Node& item) { table.references.push_back(parse_reference(item, sink)); });
  reader.items("checks", [&](const Node& item) { table.checks.push_back(parse_check(item, sink)); });
  reader.items("indexes", [&](const Node& item) { table.indexes.push_back(parse_index(item, sink)); });
  reader.finish();
  return table;
}

}  // namespace

syntax::SchemaFile parse_schema_file(const Node& root, DiagnosticSink& sink) {
  syntax::SchemaFile file;
  MapReader reader(root, "the SQL file", sink);
  file.name = reader.required_text("schema").value;
  if (const Node* node = reader.find("version")) {
    MapReader version(*node, "'version'", sink);
    file.version = syntax::Version{version.required_text("table"), version.required_text("column"),
                                   version.required_text("value").value, version.plain_text("name")};
    version.finish();
  }
  reader.entries("leftovers", [&](const Node::Entry& entry) {
    if (const auto reason = parse_reason(entry.value, sink)) {
      file.leftovers.push_back({{entry.key, entry.key_position}, reason->value});
    }
  });
  if (const Node* node = reader.find("before")) {
    MapReader before(*node, "'before'", sink);
    for (const syntax::Text& statement : before.texts("postgresql")) file.postgresql_before.push_back(statement.value);
    before.finish();
  }
  if (reader.require("tables") != nullptr) {
    reader.entries("tables", [&](const Node::Entry& entry) { file.tables.push_back(parse_table(entry, sink)); });
  }
  reader.finish();
  std::sort(file.leftovers.begin(), file.leftovers.end(),
            [](const syntax::Leftover& a, const syntax::Leftover& b) { return a.name.value < b.name.value; });
  std::sort(file.tables.begin(), file.tables.end(),
            [](const syntax::Table& a, const syntax::Table& b) { return a.name.value < b.name.value; });
  return file;
}

}  // namespace twowayc
