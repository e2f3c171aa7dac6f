// Open WebUI's own code on PostgreSQL: it reads its own databases, and starts on what the mapping declares.
#include <gtest/gtest.h>

#include <string>

#include "generated/openwebui-pocketbase/mapping.h"
#include "tests/end_to_end/openwebui_reader.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

constexpr const char* people_have = "correct horse battery staple";

/// Filled by Open WebUI on PostgreSQL.
std::string filled() {
  const std::string database = shared_cluster().create_database();
  shared_cluster().load(database, source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
  return database;
}

/// Empty, made from the mapping.
std::string made() {
  const std::string database = shared_cluster().create_database();
  std::string script;
  for (const std::string_view statement : openwebui_pocketbase::mapping().postgresql_schema) {
    script.append(statement).append(";\n");
  }
  shared_cluster().sql(database, script);
  return database;
}

TEST(OpenWebuiOnPostgresql, ReadsADatabaseOfItsOwn) {
  const TemporaryDirectory directory("openwebui");
  const std::string dump = (directory / "dump.json").string();
  const std::string database = filled();
  const ProcessResult first = read_with_openwebui(shared_cluster(), database, {"--any-order", "--dump", dump});
  ASSERT_EQ(first.status, 0) << first.describe();
  // An account without its person, a session that another secret encrypted, a search in a chat with U+0000.
  EXPECT_EQ(unreadable(first), 3) << first.describe();
  const std::string settings = shared_cluster().sql(database, "SELECT count(*) FROM config");
  const ProcessResult second = read_with_openwebui(
      shared_cluster(), database,
      {"--any-order", "--expect", dump, "--check-schema", "--sign-in", "bob@example.com", people_have});
  EXPECT_EQ(second.status, 0) << second.describe();
  EXPECT_EQ(shared_cluster().sql(database, "SELECT count(*) FROM config"), settings) << "it was not a copy";
}

TEST(OpenWebuiOnPostgresql, StartsOnTheSchemaOfTheMapping) {
  const ProcessResult read = read_with_openwebui(shared_cluster(), made(), {"--check-schema"});
  EXPECT_EQ(read.status, 0) << read.describe();
}

TEST(OpenWebuiOnPostgresql, NoticesWhatIsWrong) {
  const TemporaryDirectory directory("openwebui");
  const std::string dump = (directory / "dump.json").string();
  const std::string database = filled();
  ASSERT_EQ(read_with_openwebui(shared_cluster(), database, {"--dump", dump}).status, 0);
  shared_cluster().sql(database,
                       "UPDATE note SET title = title || '!'; UPDATE alembic_version SET version_num = 'another';"
                       "ALTER TABLE memory DROP COLUMN path");
  const ProcessResult read =
      read_with_openwebui(shared_cluster(), database,
                          {"--expect", dump, "--check-schema", "--sign-in", "bob@example.com", "another password"});
  EXPECT_EQ(read.status, 1) << read.describe();
  for (const char* noticed : {"differs: rows: note", "differs: rows: memory", "revision ['another']",
                              "table memory lacks path", "bob@example.com cannot sign in"}) {
    EXPECT_NE(read.output.find(noticed), std::string::npos) << noticed << "\n" << read.describe();
  }
}

}  // namespace
}  // namespace twoway::test
