#include "runtime/store/sqlite/bulk_load.h"

#include <fmt/format.h>

namespace twoway::sqlite {

namespace {

std::vector<std::string> texts(Connection& connection, const std::string& query) {
  std::vector<std::string> out;
  Statement statement = connection.prepare(query);
  while (statement.step()) {
    const Value value = statement.column(0);
    if (value.is_text()) out.emplace_back(value.bytes());
  }
  return out;
}

bool exists(Connection& connection) {
  return connection.integer(fmt::format("SELECT count(*) FROM sqlite_schema WHERE name = '{}'", BulkLoad::table)) != 0;
}

}  // namespace

void BulkLoad::start(bool empty) {
  if (!exists(connection_)) {
    if (!empty) return;
    set_aside();
  }
  // A crash leaves a hot journal beside the file; whoever opens it next, rolls the unfinished batch back.
  connection_.text("PRAGMA journal_mode = TRUNCATE");
  connection_.execute("PRAGMA synchronous = NORMAL");
}

void BulkLoad::set_aside() {
  const std::string journal_mode = connection_.text("PRAGMA journal_mode");
  const auto names = texts(connection_,
                           "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND "
                           "upper(sql) NOT LIKE 'CREATE UNIQUE %' AND substr(tbl_name, 1, 1) != '_'");
  connection_.execute("BEGIN IMMEDIATE");
  connection_.execute(fmt::format("CREATE TABLE {} (sql TEXT NOT NULL)", table));
  for (const std::string& name : names) {
    Statement keep =
        connection_.prepare(fmt::format("INSERT INTO {} SELECT sql FROM sqlite_schema WHERE name = ?", table));
    keep.bind(0, Value::text(name));
    keep.execute();
    connection_.execute(fmt::format("DROP INDEX {}", quoted_name(name)));
  }
  connection_.execute(fmt::format("INSERT INTO {} VALUES ('PRAGMA journal_mode = {}')", table, journal_mode));
  connection_.execute("COMMIT");
}

void BulkLoad::finish() {
  if (!exists(connection_)) return;
  auto statements = texts(connection_, fmt::format("SELECT sql FROM {} ORDER BY rowid", table));
  const std::string journal_mode = statements.empty() ? std::string() : statements.back();
  if (!statements.empty()) statements.pop_back();
  connection_.execute("BEGIN IMMEDIATE");
  for (const std::string& statement : statements) connection_.execute(statement);
  connection_.execute(fmt::format("DROP TABLE {}", table));
  connection_.execute("COMMIT");
  if (!journal_mode.empty()) connection_.text(journal_mode);
}

}  // namespace twoway::sqlite
