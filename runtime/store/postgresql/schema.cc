#include "runtime/store/postgresql/schema.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twoway::postgresql {

namespace {

/// `character varying(255)` says 255 by a modifier that counts four bytes more.
constexpr std::int32_t length_offset = 4;
constexpr std::uint32_t bpchar_oid = 1042;

// The schema, and not what an extension brought along. Names are compared byte by byte, so that the order is the same
// everywhere.
constexpr std::string_view ours =
    " c.relnamespace = pg_catalog.quote_ident(pg_catalog.current_schema())::pg_catalog.regnamespace AND NOT EXISTS "
    "(SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND "
    "e.objid = c.oid AND e.deptype = 'e') ";

using ByOid = std::map<std::int64_t, LiveTable*>;

void read_tables(Connection& connection, LiveSchema& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT c.oid, c.relname::text FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') AND NOT "
                  "c.relispartition AND {} ORDER BY c.relname::text COLLATE \"C\"",
                  ours));
  for (int i = 0; i < rows.rows(); ++i) {
    LiveTable table;
    table.oid = static_cast<std::uint32_t>(rows.integer(i, 0));
    table.name = rows.text(i, 1);
    schema.has_side_table = schema.has_side_table || table.name == side_table_name;
    schema.has_unfinished = schema.has_unfinished || table.name == unfinished_table_name;
    if (table.name != side_table_name && table.name != unfinished_table_name) schema.tables.push_back(std::move(table));
  }
}

/// Calls take(table, rows, row) for each row of a query whose first column is a table's oid.
template <class Take>
void for_tables(Connection& connection, const ByOid& tables, const std::string& sql, Take take) {
  const Result rows = connection.query(sql);
  for (int i = 0; i < rows.rows(); ++i) {
    const auto found = tables.find(rows.integer(i, 0));
    if (found != tables.end()) take(*found->second, rows, i);
  }
}

void read_columns(Connection& connection, const ByOid& tables) {
  const std::string sql =
      fmt::format("SELECT c.oid, a.attname::text, a.attnum, a.atttypid, a.atttypmod, "
                  "pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, "
                  "pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attgenerated::text, a.attidentity::text "
                  "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
                  "AND NOT a.attisdropped LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = "
                  "a.attnum "
                  "WHERE {} ORDER BY c.oid, a.attnum",
                  ours);
  for_tables(connection, tables, sql, [](LiveTable& table, const Result& rows, int i) {
    LiveColumn column;
    column.name = rows.text(i, 1);
    column.number = static_cast<int>(rows.integer(i, 2));
    column.type_oid = static_cast<std::uint32_t>(rows.integer(i, 3));
    column.transport = transport_of(column.type_oid);
    const auto modifier = static_cast<std::int32_t>(rows.integer(i, 4));
    if (column.transport == Transport::text && modifier >= length_offset) column.limit = modifier - length_offset;
    if (column.transport == Transport::timestamp) column.limit = modifier;
    column.padded = column.type_oid == bpchar_oid;
    column.type = rows.text(i, 5);
    column.not_null = rows.integer(i, 6) != 0;
    if (!rows.is_null(i, 7)) column.default_expression = rows.text(i, 7);
    column.generated = !rows.text(i, 8).empty();
    const std::string identity = rows.text(i, 9);
    if (!identity.empty()) column.identity = identity[0];
    table.columns.push_back(std::move(column));
  });
}

/// `ARRAY` of the names of columns whose numbers stand in an array of the catalog.
std::string names_of(std::string_view relation, std::string_view numbers, std::string_view limit = "32767") {
  return fmt::format("ARRAY(SELECT coalesce(a.attname::text, '') FROM unnest({1}) WITH ORDINALITY AS u(number, place) "
                     "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = {0} AND a.attnum = u.number AND u.number > 0 "
                     "WHERE u.place <= {2} ORDER BY u.place)",
                     relation, numbers, limit);
}

void read_indexes(Connection& connection, const ByOid& tables) {
  const std::string sql = fmt::format(
      "SELECT c.oid, i.relname::text, pg_catalog.pg_get_indexdef(x.indexrelid, 0, true), {}, "
      "ARRAY(SELECT DISTINCT a.attname::text FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_attribute a ON a.attrelid "
      "= p.refobjid AND a.attnum = p.refobjsubid WHERE p.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND "
      "p.objid = x.indexrelid AND p.refobjid = c.oid AND p.refobjsubid > 0 AND p.refobjsubid <> ALL (x.indkey::int2[]) "
      "ORDER BY 1), x.indisunique, x.indisprimary, EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.conindid = "
      "x.indexrelid AND k.contype IN ('p', 'u', 'x')), x.indpred IS NOT NULL, x.indimmediate, x.indisvalid "
      "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class c ON c.oid = x.indrelid JOIN pg_catalog.pg_class i ON i.oid "
      "= x.indexrelid WHERE {} ORDER BY c.oid, i.relname::text COLLATE \"C\"",
      names_of("x.indrelid", "x.indkey", "x.indnkeyatts"), ours);
  for_tables(connection, tables, sql, [](LiveTable& table, const Result& rows, int i) {
    LiveIndex index;
    index.name = rows.text(i, 1);
    index.definition = rows.text(i, 2);
    index.columns = rows.texts(i, 3);
    index.evaluated = rows.texts(i, 4);
    index.unique = rows.integer(i, 5) != 0;
    index.primary = rows.integer(i, 6) != 0;
    index.constraint = rows.integer(i, 7) != 0;
    index.partial = rows.integer(i, 8) != 0;
    index.immediate = rows.integer(i, 9) != 0;
    index.valid = rows.integer(i, 10) != 0;
    if (index.primary) table.primary_key = index.columns;
    table.indexes.push_back(std::move(index));
  });
}

void read_constraints(Connection& connection, const ByOid& tables) {
  const std::string sql = fmt::format(
      "SELECT c.oid, k.conname::text, pg_catalog.pg_get_constraintdef(k.oid), k.contype = 'f', k.convalidated, {}, "
      "CASE WHEN k.contype = 'f' THEN k.confrelid::pg_catalog.regclass::text ELSE '' END, {} "
      "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid WHERE k.contype IN ('p', 'u', "
      "'c', 'x', 'f') AND k.conparentid = 0 AND {} ORDER BY c.oid, k.contype = 'f', k.contype <> 'p', k.conname::text "
      "COLLATE \"C\"",
      names_of("k.conrelid", "k.conkey"), names_of("k.confrelid", "k.confkey"), ours);
  for_tables(connection, tables, sql, [](LiveTable& table, const Result& rows, int i) {
    std::string definition = rows.text(i, 2);
    if (rows.integer(i, 3) == 0) {
      table.constraints.push_back({rows.text(i, 1), std::move(definition)});
      return;
    }
    constexpr std::string_view not_valid = " NOT VALID";
    if (definition.ends_with(not_valid)) definition.resize(definition.size() - not_valid.size());
    table.foreign_keys.push_back({rows.text(i, 1), rows.texts(i, 5), rows.text(i, 6), rows.texts(i, 7),
                                  std::move(definition), rows.integer(i, 4) != 0, false});
  });
}

void read_sequences(Connection& connection, const ByOid& tables) {
  const std::string sql = fmt::format(
      "SELECT c.oid, s.oid::pg_catalog.regclass::text, a.attname::text FROM pg_catalog.pg_depend p JOIN "
      "pg_catalog.pg_class s ON s.oid = p.objid AND s.relkind = 'S' JOIN pg_catalog.pg_class c ON c.oid = p.refobjid "
      "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.refobjsubid WHERE p.classid = "
      "'pg_catalog.pg_class'::pg_catalog.regclass AND p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND "
      "p.deptype IN ('a', 'i') AND {} ORDER BY 2",
      ours);
  for_tables(connection, tables, sql, [](LiveTable& table, const Result& rows, int i) {
    table.sequences.push_back({rows.text(i, 1), rows.text(i, 2)});
  });
}

/// Columns that check constraints and generated columns compute with.
void read_evaluated_columns(Connection& connection, const ByOid& tables) {
  const std::string sql = fmt::format(
      "SELECT c.oid, p.refobjsubid FROM pg_catalog.pg_depend p JOIN pg_catalog.pg_class c ON c.oid = p.refobjid WHERE "
      "p.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND p.refobjsubid > 0 AND ((p.classid = "
      "'pg_catalog.pg_constraint'::pg_catalog.regclass AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.oid "
      "= p.objid AND k.contype = 'c')) OR (p.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND EXISTS (SELECT "
      "FROM pg_catalog.pg_attrdef d WHERE d.oid = p.objid AND d.adnum <> p.refobjsubid))) AND {}",
      ours);
  for_tables(connection, tables, sql, [](LiveTable& table, const Result& rows, int i) {
    for (LiveColumn& column : table.columns) {
      if (column.number == rows.integer(i, 1)) column.evaluated = true;
    }
  });
  for (const auto& [oid, table] : tables) {
    for (const LiveIndex& index : table->indexes) {
      for (LiveColumn& column : table->columns) {
        const auto& used = index.evaluated;
        if (std::find(used.begin(), used.end(), column.name) != used.end()) column.evaluated = true;
      }
    }
  }
}

void read_set_aside(Connection& connection, LiveSchema& schema) {
  const Result rows = connection.query(
      fmt::format("SELECT kind, table_name, name, definition, columns, referenced_table, referenced_columns FROM {} "
                  "WHERE kind IN ('index', 'foreign key') ORDER BY place",
                  unfinished_table_name));
  for (int i = 0; i < rows.rows(); ++i) {
    const std::string name = rows.text(i, 1);
    const auto table = std::find_if(schema.tables.begin(), schema.tables.end(),
                                    [&](const LiveTable& candidate) { return candidate.name == name; });
    if (table == schema.tables.end()) continue;
    if (rows.text(i, 0) == "index") {
      LiveIndex index;
      index.name = rows.text(i, 2);
      index.definition = rows.text(i, 3);
      index.evaluated = rows.texts(i, 4);
      index.set_aside = true;
      const bool there = std::any_of(table->indexes.begin(), table->indexes.end(),
                                     [&](const LiveIndex& other) { return other.name == index.name; });
      if (!there) table->indexes.push_back(std::move(index));
    } else {
      LiveForeignKey key{rows.text(i, 2), rows.texts(i, 4), rows.text(i, 5), rows.texts(i, 6),
                         rows.text(i, 3), false,            true};
      const bool there = std::any_of(table->foreign_keys.begin(), table->foreign_keys.end(),
                                     [&](const LiveForeignKey& other) { return other.name == key.name; });
      if (!there) table->foreign_keys.push_back(std::move(key));
    }
  }
}

void read_objects(Connection& connection, LiveSchema& schema) {
  for (const LiveTable& table : schema.tables) {
    for (const LiveIndex& index : table.indexes) {
      if (!index.constraint) schema.objects.push_back({"index", index.name, table.name, index.definition});
    }
  }
  const Result rows = connection.query(fmt::format(
      "SELECT 'trigger', t.tgname::text, c.relname::text, pg_catalog.pg_get_triggerdef(t.oid, true) FROM "
      "pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND {0} UNION "
      "ALL SELECT 'view', c.relname::text, c.relname::text, CASE c.relkind WHEN 'v' THEN 'CREATE VIEW ' ELSE 'CREATE "
      "MATERIALIZED VIEW ' END || quote_ident(c.relname) || ' AS' || chr(10) || pg_catalog.pg_get_viewdef(c.oid, true) "
      "FROM pg_catalog.pg_class c WHERE c.relkind IN ('v', 'm') AND {0}",
      ours));
  for (int i = 0; i < rows.rows(); ++i) {
    schema.objects.push_back({rows.text(i, 0), rows.text(i, 1), rows.text(i, 2), rows.text(i, 3)});
  }
  std::sort(schema.objects.begin(), schema.objects.end(), [](const LiveObject& a, const LiveObject& b) {
    return std::tie(a.type, a.name, a.table) < std::tie(b.type, b.name, b.table);
  });
}

}  // namespace

const LiveColumn* LiveTable::find(std::string_view column) const {
  for (const LiveColumn& candidate : columns) {
    if (candidate.name == column) return &candidate;
  }
  return nullptr;
}

std::vector<std::string> LiveTable::key() const {
  const auto usable = [&](const LiveIndex& index) {
    if (!index.unique || index.partial || !index.immediate || !index.valid || !index.evaluated.empty()) return false;
    return std::all_of(index.columns.begin(), index.columns.end(), [&](const std::string& part) {
      const LiveColumn* column = find(part);
      return column != nullptr && column->not_null && !column->generated;
    });
  };
  for (const bool primary : {true, false}) {
    for (const LiveIndex& index : indexes) {
      if (index.primary == primary && usable(index)) return index.columns;
    }
  }
  return {};
}

bool LiveTable::has_unique_index(const std::vector<std::string>& wanted) const {
  return std::any_of(indexes.begin(), indexes.end(), [&](const LiveIndex& index) {
    return index.unique && !index.partial && index.immediate && index.valid && !index.set_aside &&
           index.columns.size() == wanted.size() &&
           std::is_permutation(index.columns.begin(), index.columns.end(), wanted.begin());
  });
}

std::string LiveTable::sql() const {
  std::vector<std::string> parts;
  for (const LiveColumn& column : columns) {
    std::string part = fmt::format("{} {}", quoted_name(column.name), column.type);
    const bool numbered = std::any_of(sequences.begin(), sequences.end(), [&](const LiveSequence& sequence) {
      return sequence.column == column.name;
    });
    if (column.generated) {
      part += fmt::format(" GENERATED ALWAYS AS ({}) STORED", column.default_expression.value_or("NULL"));
    } else if (column.identity == 'a') {
      part += " GENERATED ALWAYS AS IDENTITY";
    } else if (column.identity != '\0' || numbered) {
      part += " GENERATED BY DEFAULT AS IDENTITY";
    } else if (column.default_expression) {
      part += " DEFAULT " + *column.default_expression;
    }
    if (column.not_null) part += " NOT NULL";
    parts.push_back(std::move(part));
  }
  for (const LiveConstraint& constraint : constraints) {
    parts.push_back(fmt::format("CONSTRAINT {} {}", quoted_name(constraint.name), constraint.definition));
  }
  return fmt::format("CREATE TABLE {} (\n  {}\n)", quoted_name(name), fmt::join(parts, ",\n  "));
}

const LiveTable* LiveSchema::find(std::string_view table) const {
  for (const LiveTable& candidate : tables) {
    if (candidate.name == table) return &candidate;
  }
  return nullptr;
}

LiveSchema read_schema(Connection& connection) {
  LiveSchema schema;
  read_tables(connection, schema);
  ByOid tables;
  for (LiveTable& table : schema.tables) tables[table.oid] = &table;
  read_columns(connection, tables);
  read_indexes(connection, tables);
  read_constraints(connection, tables);
  read_sequences(connection, tables);
  if (schema.has_unfinished) read_set_aside(connection, schema);
  read_evaluated_columns(connection, tables);
  read_objects(connection, schema);
  return schema;
}

}  // namespace twoway::postgresql
