// Rows that SQLite holds and PostgreSQL does not: all of them arrive, and all of them come back bit by bit.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fmt/format.h>

#include <algorithm>

#include "tests/postgresql/tables_support.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/temporary_directory.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::shared_cluster;

/// A SQLite file, read as it is.
class File {
 public:
  explicit File(const std::filesystem::path& path) {
    if (sqlite3_open_v2(path.c_str(), &file_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(file_));
    }
  }
  ~File() { sqlite3_close(file_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  /// Calls `take` for each row of a query.
  template <class Take>
  void read(const std::string& sql, Take take) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(file_, sql.c_str(), -1, &statement, nullptr) != SQLITE_OK) {
      throw std::runtime_error(sqlite3_errmsg(file_));
    }
    std::vector<Value> values(static_cast<std::size_t>(sqlite3_column_count(statement)));
    while (sqlite3_step(statement) == SQLITE_ROW) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = value(statement, static_cast<int>(i));
      take(values);
    }
    sqlite3_finalize(statement);
  }

 private:
  static Value value(sqlite3_stmt* statement, int column) {
    const auto bytes = [&](const void* data) {
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return std::string_view(size == 0 ? "" : static_cast<const char*>(data), size);
    };
    switch (sqlite3_column_type(statement, column)) {
      case SQLITE_INTEGER: return Value::integer(sqlite3_column_int64(statement, column));
      case SQLITE_FLOAT: return Value::real(sqlite3_column_double(statement, column));
      case SQLITE_TEXT: return Value::text(bytes(sqlite3_column_text(statement, column)));
      case SQLITE_BLOB: return Value::blob(bytes(sqlite3_column_blob(statement, column)));
      default: return Value::null();
    }
  }

  sqlite3* file_ = nullptr;
};

SqlType type_of(const std::string& declared) {
  if (declared == "BOOLEAN") return SqlType::boolean;
  if (declared == "JSON") return SqlType::json;
  if (declared.find("INT") != std::string::npos) return SqlType::integer;
  if (declared == "REAL" || declared == "FLOAT") return SqlType::real;
  return declared == "BLOB" || declared.empty() ? SqlType::blob : SqlType::text;
}

/// The shape of a table in the file.
TableShape shape_in(File& file, const std::string& table) {
  TableShape shape;
  shape.name = table;
  file.read(fmt::format("SELECT name, type, \"notnull\", pk FROM pragma_table_info('{}')", table),
            [&](const std::vector<Value>& row) {
              const std::string type(row[1].bytes());
              if (row[3].as_integer() > 0) shape.key.push_back(shape.columns.size());
              shape.columns.push_back({std::string(row[0].bytes()), type, type_of(type), row[2].as_integer() != 0});
            });
  return shape;
}

std::string line_of(std::span<const Value> values) {
  std::string line;
  for (const Value& value : values) line += (line.empty() ? "" : "|") + tagged_text(value);
  return line;
}

/// Copies all tables; returns the settlement. `rows`: each table's rows as text.
Settlement copy(File& file, Opened& opened, std::map<std::string, std::vector<std::string>>& rows) {
  Settlement total;
  std::vector<std::string> tables;
  file.read("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name",
            [&](const std::vector<Value>& row) { tables.emplace_back(row[0].bytes()); });
  for (const std::string& table : tables) {
    const TableShape shape = shape_in(file, table);
    opened.tables.ensure(shape, true);
    // The key is the target's where it has the table already.
    TableShape wanted = shape;
    wanted.key.clear();
    const TableShape live = opened.shape(table);
    for (const std::size_t index : live.key) {
      const auto found = std::find_if(shape.columns.begin(), shape.columns.end(), [&](const TableColumn& column) {
        return column.name == live.columns[index].name;
      });
      wanted.key.push_back(static_cast<std::size_t>(found - shape.columns.begin()));
    }
    std::string select = "SELECT ";
    for (const TableColumn& column : wanted.columns) {
      select += (select.size() > 7 ? ", " : "") + quoted_name(column.name);
    }
    if (wanted.key.empty()) opened.tables.erase(wanted, {});
    const auto writer = opened.tables.write(wanted, false);
    std::vector<std::string>& lines = rows[table];
    file.read(select + " FROM " + quoted_name(table), [&](const std::vector<Value>& row) {
      lines.push_back(line_of(row));
      EXPECT_EQ(writer->write(row).what, Written::pending);
    });
    const Settlement settled = writer->settle(true);
    total.inserted += settled.inserted;
    total.updated += settled.updated;
    total.unchanged += settled.unchanged;
    EXPECT_EQ(settled.rejected.size(), 0U) << table;
    std::sort(lines.begin(), lines.end());
    std::vector<std::string> back;
    const auto reader = opened.tables.read(wanted);
    while (reader->next()) back.push_back(line_of(reader->values()));
    std::sort(back.begin(), back.end());
    EXPECT_TRUE(back == lines) << table << ": " << back.size() << " rows for " << lines.size();
    EXPECT_EQ(opened.tables.count(table), lines.size()) << table;
  }
  return total;
}

TEST(Hard, AllRowsComeBackBitByBit) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = empty_copy_of_real(cluster);
  const test::TemporaryDirectory directory("hard");
  File file(test::hard(directory.path()));
  Opened opened(cluster, name);
  opened.tables.start_load();
  std::map<std::string, std::vector<std::string>> rows;
  const Settlement first = copy(file, opened, rows);
  EXPECT_EQ(first.updated + first.unchanged, 0U);
  EXPECT_GT(first.inserted, 600U);
  opened.tables.finish_load();
  for (const std::string& line : opened.refused()) EXPECT_EQ(line.find("SQLSTATE"), std::string::npos) << line;
  EXPECT_EQ(cluster.sql(name, "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"), "19");
  std::uint64_t total = 0;
  for (const auto& [table, lines] : rows) {
    total += opened.tables.count(table);
    EXPECT_EQ(opened.tables.count(table), lines.size()) << table;
  }
  EXPECT_EQ(total, first.inserted);
  rows.clear();
  const Settlement second = copy(file, opened, rows);
  EXPECT_EQ(second.updated, 0U);
}

}  // namespace
}  // namespace twoway::postgresql
