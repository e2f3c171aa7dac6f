// The statements for an empty SQL store make what the application itself makes.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "generator/emit/sql/sqlite_schema.h"
#include "tests/emit/mappings.h"
#include "tests/emit/schema_catalog.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

using twoway::test::SqliteFile;

void make(SqliteFile& file, const MappingModel& model) {
  for (const std::string& statement : sqlite_schema(model)) file.execute(statement);
}

TEST(SqliteSchema, IsTheApplicationsOwn) {
  const twoway::test::TemporaryDirectory scratch("schema");
  SqliteFile own(twoway::test::fresh(scratch.path()), SqliteFile::Mode::read);
  SqliteFile made(scratch / "made.db", SqliteFile::Mode::create);
  make(made, compiled(flagship_directory()));
  ASSERT_EQ(own.tables(), made.tables());
  ASSERT_GT(own.tables().size(), 40U);
  ASSERT_GT(own.integer("SELECT count(*) FROM sqlite_master WHERE type = 'index'"), 100);
  EXPECT_EQ(sqlite_catalog(own), sqlite_catalog(made));
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
