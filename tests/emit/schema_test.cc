// The statements for an empty SQL store make what the application itself makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "generator/emit/sql/sqlite_schema.h"
#include "tests/emit/mappings.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

using twoway::test::Row;
using twoway::test::SqliteFile;

std::string described(const std::vector<Row>& rows) {
  std::string out;
  for (const Row& row : rows) {
    for (const auto& cell : row) out += cell.describe() + " | ";
    out += "\n";
  }
  return out;
}

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

void make(SqliteFile& file, const MappingModel& model) {
  for (const std::string& statement : sqlite_schema(model)) file.execute(statement);
}

void expect_same_table(SqliteFile& own, SqliteFile& made, const std::string& table) {
  const std::string columns =
      "SELECT name, upper(type), \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?) ORDER BY cid";
  ASSERT_FALSE(own.rows(columns, {table}).empty());
  EXPECT_EQ(described(own.rows(columns, {table})), described(made.rows(columns, {table}))) << table;
  EXPECT_EQ(indexes(own, table), indexes(made, table)) << table;
  const std::string keys =
      "SELECT \"table\", \"from\", \"to\", on_update, on_delete, match FROM pragma_foreign_key_list(?) "
      "ORDER BY 1, 2, 3";
  EXPECT_EQ(described(own.rows(keys, {table})), described(made.rows(keys, {table}))) << table;
}

TEST(SqliteSchema, IsTheApplicationsOwn) {
  const twoway::test::TemporaryDirectory scratch("schema");
  SqliteFile own(twoway::test::fresh(scratch.path()), SqliteFile::Mode::read);
  SqliteFile made(scratch / "made.db", SqliteFile::Mode::create);
  make(made, compiled(flagship_directory()));
  ASSERT_EQ(own.tables(), made.tables());
  ASSERT_GT(own.tables().size(), 40U);
  ASSERT_GT(own.integer("SELECT count(*) FROM sqlite_master WHERE type = 'index'"), 100);
  for (const std::string& table : own.tables()) expect_same_table(own, made, table);
  const std::string version = "SELECT * FROM alembic_version";
  EXPECT_EQ(described(own.rows(version)), described(made.rows(version)));
}

TEST(SqliteSchema, ChecksRefuseWhatTheApplicationsRefuse) {
  const twoway::test::TemporaryDirectory scratch("schema");
  SqliteFile own(twoway::test::fresh(scratch.path()));
  SqliteFile made(scratch / "made.db", SqliteFile::Mode::create);
  make(made, compiled(flagship_directory()));
  const auto refuses = [](SqliteFile& file, const std::string& values) {
    try {
      file.execute("INSERT INTO channel_member (id, channel_id, user_id, app_id) VALUES (" + values + ")");
    } catch (const std::runtime_error&) {
      return true;
    }
    return false;
  };
  for (const std::string values : {"'1', 'c', 'u', NULL", "'2', 'c', NULL, 'a'", "'3', 'c', NULL, NULL",
                                   "'4', 'c', 'u', 'a'", "'1', 'c', 'v', NULL"}) {
    EXPECT_EQ(refuses(own, values), refuses(made, values)) << values;
  }
}

TEST(SqliteSchema, OfTheSmallMappingHoldsItsConstraints) {
  const twoway::test::TemporaryDirectory scratch("schema");
  SqliteFile file(scratch / "library.db", SqliteFile::Mode::create);
  make(file, compiled(library_directory()));
  file.execute("PRAGMA foreign_keys = ON; INSERT INTO author (id, name) VALUES (1, 'a'), (2, 'b');"
               "UPDATE author SET mentor_id = 1 WHERE id = 2;"
               "INSERT INTO book (isbn, copy, author_id) VALUES ('x', 1, 1), ('x', 2, 2);"
               "DELETE FROM author WHERE id = 1");
  EXPECT_EQ(file.integer("SELECT count(*) FROM book"), 1);
  EXPECT_TRUE(file.cell("SELECT mentor_id FROM author").storage == twoway::test::Cell::Class::null);
  EXPECT_THROW(file.execute("INSERT INTO book (isbn, copy, author_id, price) VALUES ('y', 1, 2, -1)"),
               std::runtime_error);
  EXPECT_THROW(file.execute("INSERT INTO book (isbn, copy, author_id) VALUES ('x', 2, 2)"), std::runtime_error);
  EXPECT_EQ(file.text("SELECT revision FROM schema_version"), "7");
}

}  // namespace
}  // namespace twowayc::test
