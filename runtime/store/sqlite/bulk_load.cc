#include "runtime/store/sqlite/bulk_load.h"

#include <fmt/format.h>

namespace twoway::sqlite {

namespace {

constexpr std::string_view journal_mode_pragma = "PRAGMA journal_mode = ";

/// The first column of a query with at most one parameter.
std::vector<std::string> texts(Connection& connection, const std::string& query, std::string_view parameter = {}) {
  std::vector<std::string> out;
  Statement statement = connection.prepare(query);
  if (!parameter.empty()) statement.bind(0, Value::text(parameter));
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

void BulkLoad::start(bool empty, const std::vector<std::string_view>& many_small_rows) {
  if (!exists(connection_)) {
    if (!empty) return;
    set_aside(many_small_rows);
  }
  // A crash leaves a hot journal beside the file; whoever opens it next, rolls the unfinished batch back.
  connection_.text("PRAGMA journal_mode = TRUNCATE");
  connection_.execute("PRAGMA synchronous = NORMAL");
  connection_.text("PRAGMA secure_delete = OFF");  // there is nothing old to overwrite
}

void BulkLoad::set_aside(const std::vector<std::string_view>& tables) {
  const std::string journal_mode = connection_.text("PRAGMA journal_mode");
  connection_.execute("BEGIN IMMEDIATE");
  connection_.execute(fmt::format("CREATE TABLE {} (sql TEXT NOT NULL)", table));
  for (const std::string_view name : tables) {
    for (const std::string& index : texts(connection_,
                                          "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND "
                                          "upper(sql) NOT LIKE 'CREATE UNIQUE %' AND tbl_name = ?",
                                          name)) {
      texts(connection_, fmt::format("INSERT INTO {} SELECT sql FROM sqlite_schema WHERE name = ?", table), index);
      connection_.execute(fmt::format("DROP INDEX {}", quoted_name(index)));
    }
  }
  connection_.execute(fmt::format("INSERT INTO {} VALUES ('{}{}')", table, journal_mode_pragma, journal_mode));
  connection_.execute("COMMIT");
}

void BulkLoad::finish() {
  if (!exists(connection_)) return;
  auto statements = texts(connection_, fmt::format("SELECT sql FROM {} ORDER BY rowid", table));
  const std::string journal_mode = statements.empty() ? std::string() : statements.back();
  if (!statements.empty()) statements.pop_back();
  connection_.execute("BEGIN IMMEDIATE");
  for (const std::string& statement : statements) connection_.execute(statement);
  connection_.execute(fmt::format("DELETE FROM {0} WHERE rowid < (SELECT max(rowid) FROM {0})", table));
  connection_.execute("COMMIT");
  // No transaction can hold this one: until it is done, the table stays for a run that comes after a kill.
  if (!journal_mode.empty()) connection_.set_journal_mode(journal_mode.substr(journal_mode_pragma.size()));
  connection_.execute(fmt::format("DROP TABLE {}", table));
}

}  // namespace twoway::sqlite
