#include "runtime/store/postgresql/live_schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/model/error.h"
#include "runtime/store/postgresql/schema.h"

namespace twoway::postgresql {

namespace {

using Table = twoway::LiveTable;
using Index = twoway::LiveIndex;

twoway::LiveColumn described(const LiveTable& table, const LiveColumn& column) {
  twoway::LiveColumn out;
  out.name = column.name;
  out.declared_type = column.type;
  out.not_null = column.not_null;
  if (!column.generated) out.default_text = column.default_expression;
  const auto place = std::find(table.primary_key.begin(), table.primary_key.end(), column.name);
  if (place != table.primary_key.end()) {
    out.primary_key_position = static_cast<int>(place - table.primary_key.begin()) + 1;
  }
  out.generated = column.generated;
  out.numbered = column.identity != '\0' ||
                 std::any_of(table.sequences.begin(), table.sequences.end(),
                             [&](const LiveSequence& sequence) { return sequence.column == column.name; });
  return out;
}

Table described(const LiveTable& table) {
  Table out;
  out.name = table.name;
  for (const LiveColumn& column : table.columns) out.columns.push_back(described(table, column));
  out.primary_key = table.primary_key;
  out.sql = table.sql();
  return out;
}

/// The table of this name; null where there is none.
Table* find(twoway::LiveSchema& schema, const std::string& name) {
  const auto found =
      std::find_if(schema.tables.begin(), schema.tables.end(), [&](const Table& table) { return table.name == name; });
  return found == schema.tables.end() ? nullptr : &*found;
}

/// Calls take(table, rows, row) for each row whose first column names a table of the schema.
template <class Take>
void for_tables(Connection& connection, twoway::LiveSchema& schema, const std::string& sql, Take take) {
  const Result rows = connection.query(sql);
  for (int i = 0; i < rows.rows(); ++i) {
    if (Table* table = find(schema, rows.text(i, 0)); table != nullptr) take(*table, rows, i);
  }
}

constexpr std::string_view in_schema =
    " c.relnamespace = pg_catalog.quote_ident(pg_catalog.current_schema())::pg_catalog.regnamespace ";

void read_indexes(Connection& connection, twoway::LiveSchema& schema) {
  // One row for each part of a key. The collation is named where it is not the column's own.
  const std::string sql = fmt::format(
      "SELECT c.relname::text, i.relname::text, x.indisunique, x.indisprimary, EXISTS (SELECT FROM "
      "pg_catalog.pg_constraint k WHERE k.conindid = x.indexrelid AND k.contype IN ('p', 'u', 'x')), "
      "coalesce(pg_catalog.pg_get_expr(x.indpred, x.indrelid, true), '')::text, coalesce(a.attname, '')::text, "
      "pg_catalog.pg_get_indexdef(x.indexrelid, p.place, true)::text, x.indoption[p.place - 1] & 1, "
      "coalesce(l.collname, '')::text "
      "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON "
      "i.oid = x.indexrelid CROSS JOIN LATERAL generate_series(1, x.indnkeyatts::integer) AS p(place) "
      "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[p.place - 1] AND a.attnum > 0 "
      "LEFT JOIN pg_catalog.pg_collation l ON l.oid = x.indcollation[p.place - 1] AND l.oid <> "
      "coalesce(a.attcollation, 'pg_catalog.default'::pg_catalog.regcollation::pg_catalog.oid) "
      "WHERE {} ORDER BY 1, 2, p.place",
      in_schema);
  for_tables(connection, schema, sql, [](Table& table, const Result& rows, int i) {
    const std::string name = rows.text(i, 1);
    if (table.indexes.empty() || table.indexes.back().name != name) {
      Index index;
      index.name = name;
      index.unique = rows.integer(i, 2) != 0;
      const bool primary = rows.integer(i, 3) != 0, constraint = rows.integer(i, 4) != 0;
      if (constraint) index.origin = primary ? Index::Origin::primary_key : Index::Origin::unique_constraint;
      index.where = rows.text(i, 5);
      table.indexes.push_back(std::move(index));
    }
    LiveIndexPart part;
    part.column = rows.text(i, 6);
    if (part.column.empty()) part.expression = rows.text(i, 7);
    part.descending = rows.integer(i, 8) != 0;
    part.collation = rows.text(i, 9);
    table.indexes.back().columns.push_back(std::move(part));
  });
}

void read_foreign_keys(Connection& connection, const LiveSchema& from, twoway::LiveSchema& schema) {
  for (const LiveTable& table : from.tables) {
    for (const LiveForeignKey& key : table.foreign_keys) {
      find(schema, table.name)->foreign_keys.push_back({key.columns, key.referenced_table, key.referenced_columns, {}});
    }
  }
  const std::string sql = fmt::format(
      "SELECT c.relname::text, k.confrelid::pg_catalog.regclass::text, (SELECT f.relname::text FROM "
      "pg_catalog.pg_class f WHERE f.oid = k.confrelid AND f.relnamespace = c.relnamespace), CASE k.confdeltype WHEN "
      "'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' ELSE 'NO "
      "ACTION' END, k.conname::text FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
      "WHERE k.contype = 'f' AND {}",
      in_schema);
  for_tables(connection, schema, sql, [&](Table& table, const Result& rows, int i) {
    const std::vector<LiveForeignKey>& keys = from.find(table.name)->foreign_keys;
    for (std::size_t k = 0; k < keys.size(); ++k) {
      if (keys[k].name != rows.text(i, 4)) continue;
      if (!rows.is_null(i, 2)) table.foreign_keys[k].table = rows.text(i, 2);
      table.foreign_keys[k].on_delete = rows.text(i, 3);
    }
  });
}

void read_views(Connection& connection, twoway::LiveSchema& schema) {
  const Result rows = connection.query(fmt::format(
      "SELECT c.relname::text, a.attname::text, pg_catalog.format_type(a.atttypid, a.atttypmod)::text "
      "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT "
      "a.attisdropped WHERE c.relkind IN ('v', 'm') AND {} ORDER BY 1, a.attnum",
      in_schema));
  for (int i = 0; i < rows.rows(); ++i) {
    Table* view = find(schema, rows.text(i, 0));
    if (view == nullptr) {
      view = &schema.tables.emplace_back();
      view->name = rows.text(i, 0);
      view->kind = Table::Kind::view;
    }
    twoway::LiveColumn column;
    column.name = rows.text(i, 1);
    column.declared_type = rows.text(i, 2);
    view->columns.push_back(std::move(column));
  }
}

void read_enums(Connection& connection, twoway::LiveSchema& schema) {
  const Result rows = connection.query(
      "SELECT pg_catalog.format_type(t.oid, NULL)::text, 'CREATE TYPE ' || pg_catalog.quote_ident(t.typname) || ' AS "
      "ENUM (' || pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) || ')' "
      "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid JOIN pg_catalog.pg_namespace n ON "
      "n.oid = t.typnamespace WHERE n.nspname = pg_catalog.current_schema() GROUP BY t.oid, t.typname ORDER BY 1");
  for (int i = 0; i < rows.rows(); ++i) schema.enums.push_back({rows.text(i, 0), rows.text(i, 1)});
}

}  // namespace

twoway::LiveSchema read_live_schema(Connection& connection, const RevisionPlace& revision) {
  const LiveSchema from = read_schema(connection);
  twoway::LiveSchema schema;
  schema.dialect = "postgresql";
  schema.version = fmt::format("{}.{}", connection.server_version() / 10000, connection.server_version() % 10000);
  for (const LiveTable& table : from.tables) schema.tables.push_back(described(table));
  read_indexes(connection, schema);
  read_foreign_keys(connection, from, schema);
  read_views(connection, schema);
  read_enums(connection, schema);
  for (const LiveObject& object : from.objects) {
    Table* table = object.type == "trigger" ? find(schema, object.table) : nullptr;
    if (table != nullptr) table->triggers.push_back(object.name);
    Table* view = object.type == "view" ? find(schema, object.name) : nullptr;
    if (view != nullptr) view->sql = object.sql;
  }
  std::sort(schema.tables.begin(), schema.tables.end(), [](const Table& a, const Table& b) { return a.name < b.name; });
  const Table* versions = schema.find(revision.table);
  if (versions != nullptr && versions->find(revision.column) != nullptr) {
    schema.revision = connection.text(
        fmt::format("SELECT {}::text FROM {}", quoted_name(revision.column), quoted_name(revision.table)));
  }
  return schema;
}

twoway::LiveSchema mapped_schema(const Mapping& mapping, const Address& address) {
  Connection connection(address, Access::read_write);
  try {
    connection.execute("BEGIN; SET LOCAL search_path = pg_temp");
    for (const std::string_view statement : mapping.postgresql_schema) connection.execute(std::string(statement));
  } catch (const StatementError& failure) {
    throw cannot_start(fmt::format("no temporary tables can be made: {}", failure.what()),
                       "They are needed for a moment, to see how the server words what the mapping declares. Look at "
                       "the primary, as a role that has the privilege TEMPORARY.");
  }
  twoway::LiveSchema schema = read_live_schema(connection, {});
  connection.execute("ROLLBACK");
  return schema;
}

}  // namespace twoway::postgresql
