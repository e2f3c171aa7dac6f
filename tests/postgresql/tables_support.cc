#include "tests/postgresql/tables_support.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/transform/residue.h"
#include "tests/support/places.h"

namespace twoway::postgresql {

std::string tagged_text(const Value& value) {
  std::string tagged, out;
  append_tagged(tagged, value);
  for (const char c : tagged) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

Settlement Opened::write(std::string_view table, const std::vector<std::vector<Value>>& rows) {
  const auto writer = tables.write(shape(table), false);
  Settlement total;
  for (const std::vector<Value>& row : rows) {
    const Outcome outcome = writer->write(row);
    if (outcome.what == Written::rejected) total.rejected.push_back({{}, outcome.column, outcome.reason});
  }
  Settlement settled = writer->settle(true);
  settled.rejected.insert(settled.rejected.end(), total.rejected.begin(), total.rejected.end());
  return settled;
}

std::vector<std::string> Opened::read(std::string_view table) {
  std::vector<std::string> out;
  const auto reader = tables.read(shape(table));
  while (reader->next()) {
    std::string line;
    for (const Value& value : reader->values()) line += (line.empty() ? "" : "|") + tagged_text(value);
    out.push_back(std::move(line));
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::vector<std::string> Opened::refused() {
  std::vector<std::string> out;
  for (const Refused& refused : tables.refused()) {
    out.push_back(fmt::format("{} {}: {} ({})", refused.table, refused.column, refused.reason, refused.count));
  }
  return out;
}

Settlement copy_all(PostgresqlTables& from, PostgresqlTables& to) {
  Settlement total;
  for (const TableShape& shape : from.shapes()) {
    const auto reader = from.read(shape);
    const auto writer = to.write(shape, false);
    while (reader->next()) {
      const Outcome outcome = writer->write(reader->values());
      if (outcome.what == Written::rejected) total.rejected.push_back({{}, outcome.column, outcome.reason});
    }
    const Settlement settled = writer->settle(true);
    total.inserted += settled.inserted;
    total.updated += settled.updated;
    total.unchanged += settled.unchanged;
    total.rejected.insert(total.rejected.end(), settled.rejected.begin(), settled.rejected.end());
  }
  return total;
}

std::string real_database(test::PostgresqlCluster& cluster) {
  const std::string name = cluster.create_database();
  cluster.load(name, test::source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
  return name;
}

std::string empty_copy_of_real(test::PostgresqlCluster& cluster) {
  const std::string name = real_database(cluster);
  std::string tables = cluster.sql(
      name, "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables WHERE schemaname = 'public'");
  cluster.sql(name, "TRUNCATE " + tables + " RESTART IDENTITY");
  return name;
}

std::string digest(test::PostgresqlCluster& cluster, const std::string& database) {
  const std::string queries = cluster.sql(
      database,
      "SELECT format('SELECT %L, count(*), coalesce(md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\")), "
      "''-'') FROM %I AS t;', tablename, tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE "
      "'twoway%' ORDER BY tablename");
  return cluster.sql(database, queries);
}

}  // namespace twoway::postgresql
