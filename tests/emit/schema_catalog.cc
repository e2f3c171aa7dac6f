#include "tests/emit/schema_catalog.h"

#include <algorithm>
#include <regex>
#include <sstream>

#include "tests/support/postgresql_cluster.h"

namespace twowayc::test {
namespace {

using twoway::test::PostgresqlCluster;
using twoway::test::Row;
using twoway::test::shared_cluster;
using twoway::test::SqliteFile;

/// Each index with its columns, sorted; an automatic one is named by what it is for, not by its number.
std::vector<std::string> indexes(SqliteFile& file, const std::string& table) {
  std::vector<std::string> out;
  for (const Row& index : file.rows("SELECT name, \"unique\", origin, partial FROM pragma_index_list(?)", {table})) {
    const std::string name = index[0].bytes;
    const std::string shown = name.starts_with("sqlite_autoindex_") ? "automatic" : name;
    out.push_back(shown + described({{index[1], index[2], index[3]}}) +
                  described(file.rows("SELECT name, \"desc\", coll, key FROM pragma_index_xinfo(?)", {name})) +
                  file.text("SELECT lower(substr(sql, instr(upper(sql), ' WHERE '))) FROM sqlite_master WHERE name = ? "
                            "AND instr(upper(sql), ' WHERE ') > 0", {name}));
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// The conditions of CHECK, which no pragma tells: without spaces and quotes, in lower case.
std::vector<std::string> checks(SqliteFile& file, const std::string& table) {
  std::string text = file.text("SELECT lower(sql) FROM sqlite_master WHERE type = 'table' AND name = ?", {table});
  std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\t' || c == '"'; });
  std::vector<std::string> out;
  const std::regex condition(R"(check(\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)))");
  for (std::sregex_iterator at(text.begin(), text.end(), condition), end; at != end; ++at) out.push_back((*at)[1]);
  std::sort(out.begin(), out.end());
  return out;
}

struct CatalogQuery {
  const char* what;
  const char* sql;  ///< all of it belongs to the first schema of the search path
};
constexpr CatalogQuery catalog_queries[] = {
    {"relation", R"(SELECT relname, relkind, relpersistence, reloptions, relreplident, relrowsecurity, relispartition,
        pg_get_userbyid(relowner) FROM pg_class WHERE relnamespace = current_schema::regnamespace)"},
    {"column", R"(SELECT relname, attnum, attname, format_type(atttypid, atttypmod), attnotnull,
        pg_get_expr(adbin, adrelid), attcollation, attidentity, attgenerated, attstorage, attcompression,
        ARRAY(SELECT option FROM unnest(attoptions) AS option WHERE option NOT LIKE 'pg\_attver=%')
      FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
        LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
      WHERE relnamespace = current_schema::regnamespace AND relkind = 'r' AND attnum > 0)"},
    {"constraint", R"(SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid), condeferrable,
        condeferred, convalidated, confrelid::regclass, confupdtype, confdeltype, confmatchtype, connoinherit,
        conindid::regclass
      FROM pg_constraint WHERE connamespace = current_schema::regnamespace)"},
    {"index", R"(SELECT indrelid::regclass, indexrelid::regclass,
        replace(pg_get_indexdef(indexrelid), current_schema || '.', ''), indisunique, indisprimary, indisvalid,
        indnullsnotdistinct, indimmediate, indisclustered
      FROM pg_index JOIN pg_class ON pg_class.oid = indrelid
      WHERE relnamespace = current_schema::regnamespace)"},
    {"sequence", R"(SELECT seqrelid::regclass, format_type(seqtypid, NULL), seqstart, seqincrement, seqmax, seqmin,
        seqcache, seqcycle, deptype, refobjid::regclass, attname
      FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
        LEFT JOIN pg_depend ON objid = seqrelid AND refclassid = 'pg_class'::regclass AND refobjsubid > 0
        LEFT JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE relnamespace = current_schema::regnamespace)"},
    {"trigger", R"(SELECT tgrelid::regclass, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
      WHERE relnamespace = current_schema::regnamespace AND NOT tgisinternal)"},
    {"function", "SELECT proname FROM pg_proc WHERE pronamespace = current_schema::regnamespace"},
    {"type", R"(SELECT typname, typtype FROM pg_type
      WHERE typnamespace = current_schema::regnamespace AND typtype NOT IN ('c', 'b'))"},
};

}  // namespace

std::string described(const std::vector<Row>& rows) {
  std::string out;
  for (const Row& row : rows) {
    for (const auto& cell : row) out += cell.describe() + " | ";
    out += "\n";
  }
  return out;
}

std::vector<std::string> sqlite_catalog(SqliteFile& file) {
  std::vector<std::string> out;
  const std::string columns =
      "SELECT name, upper(type), \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid";
  const std::string keys =
      "SELECT \"table\", \"from\", \"to\", on_update, on_delete, match FROM pragma_foreign_key_list(?) "
      "ORDER BY 1, 2, 3";
  for (const std::string& table : file.tables()) {
    out.push_back(table + " columns " + described(file.rows(columns, {table})));
    for (const std::string& index : indexes(file, table)) out.push_back(table + " index " + index);
    out.push_back(table + " foreign keys " + described(file.rows(keys, {table})));
    for (const std::string& check : checks(file, table)) out.push_back(table + " check " + check);
  }
  return out;
}

std::vector<std::string> postgresql_catalog(const std::string& database, const std::string& schema) {
  std::vector<std::string> out;
  for (const CatalogQuery& query : catalog_queries) {
    std::istringstream lines(
        shared_cluster().sql(database, "SET search_path TO " + schema + ";" + query.sql, PostgresqlCluster::superuser));
    for (std::string line; std::getline(lines, line);) out.push_back(std::string(query.what) + " " + line);
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace twowayc::test
