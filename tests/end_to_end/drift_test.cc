// `twoway drift` on the databases of Open WebUI's releases: whole texts, in tests/end_to_end/drift/. Where one has
// changed on purpose: UPDATE_EXPECTED=1 build/bin/end_to_end_tests --gtest_filter='*Drift*', then look at the
// difference.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>

#include "tests/end_to_end/mapping_copy.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

ProcessResult drift(const std::string& store, std::vector<std::string> more = {}, const fs::path& in = "/") {
  std::vector<std::string> arguments{program("twoway").string(), "drift", store};
  arguments.insert(arguments.end(), more.begin(), more.end());
  ProcessOptions options;
  options.working_directory = in;
  return run(arguments, options);
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

void expect_text(const std::string& name, const std::string& printed) {
  const fs::path expected = source_directory() / "tests/end_to_end/drift" / (name + ".txt");
  if (std::getenv("UPDATE_EXPECTED") != nullptr) write_file(expected, printed);
  EXPECT_EQ(read_file(expected), printed) << name;
}

std::string of_sqlite(const ProcessResult& result) {
  return replaced(result.output, fmt::format("SQLite {}", sqlite3_libversion()), "SQLite VERSION");
}

struct Database {
  std::string_view name;
  int status;
};

TEST(Drift, OfEachSqliteDatabase) {
  const TemporaryDirectory directory("drift");
  for (const auto& [name, status] : std::initializer_list<Database>{{"fresh-0.12.4", 0},
                                                                    {"real-0.12.4", 0},
                                                                    {"real-0.5.20", 1},
                                                                    {"real-0.5.20-to-0.12.4", 0},
                                                                    {"born-0.6.43", 1},
                                                                    {"born-0.6.43-to-0.12.4", 0},
                                                                    {"born-0.9.6", 1},
                                                                    {"born-0.9.6-to-0.12.4", 0}}) {
    const std::string before = read_file(unpack(name, directory.path()));
    const std::string file = std::string(name) + ".db";
    const ProcessResult result = drift(file, {}, directory.path());
    EXPECT_EQ(result.status, status) << result.describe();
    EXPECT_EQ(result.errors, "");
    expect_text(std::string(name), of_sqlite(result));
    EXPECT_EQ(read_file(directory / file), before) << name;
  }
  expect_text("real-0.5.20-to-0.12.4.verbose",
              of_sqlite(drift("real-0.5.20-to-0.12.4.db", {"--verbose"}, directory.path())));
  expect_text("born-0.9.6.suggest", of_sqlite(drift("born-0.9.6.db", {"--suggest"}, directory.path())));
}

TEST(Drift, OfEachPostgresqlDatabase) {
  const PostgresqlCluster& cluster = shared_cluster();
  for (const auto& [name, status] :
       std::initializer_list<Database>{{"real-pg-0.12.4", 0}, {"born-pg-0.6.43", 1}, {"born-pg-0.6.43-to-0.12.4", 0}}) {
    const std::string database = shared_cluster().create_database();
    cluster.load(database, source_directory() / "tests/data/openwebui" / (std::string(name) + ".sql.zst"));
    const ProcessResult result = drift(cluster.url(database));
    EXPECT_EQ(result.status, status) << result.describe();
    EXPECT_EQ(result.errors, "");
    std::string text = replaced(result.output, std::to_string(cluster.port()), "PORT");
    text = replaced(text, database, "DATABASE");
    const std::string version = cluster.sql(database, "SHOW server_version");
    text = replaced(text, "PostgreSQL " + version.substr(0, version.find(' ')), "PostgreSQL VERSION");
    expect_text(std::string(name), text);
    EXPECT_EQ(cluster.sql(database, "SELECT count(*) FROM pg_class WHERE relpersistence = 't'"), "0");
  }
}

// What a new release could do to a database, all at once.
constexpr const char* changes =
    "ALTER TABLE chat ADD COLUMN digest TEXT;"
    "ALTER TABLE chat ADD COLUMN rating REAL NOT NULL DEFAULT 0.5;"
    "ALTER TABLE chat ADD COLUMN seen_at BIGINT;"
    "ALTER TABLE chat ADD COLUMN \"odd name\" VARCHAR(12) DEFAULT 'a''b: #c';"
    "ALTER TABLE chat ADD COLUMN created TEXT;"
    "ALTER TABLE chat ADD COLUMN model_of TEXT REFERENCES model (id) ON DELETE SET NULL;"
    "ALTER TABLE chat ADD COLUMN copied_from VARCHAR REFERENCES chat (id) ON DELETE CASCADE;"
    "ALTER TABLE chat ADD COLUMN picture BLOB;"
    "ALTER TABLE auth ADD COLUMN passkey JSON;"
    "CREATE INDEX chat_digest ON chat (digest DESC, lower(title)) WHERE digest <> '';"
    "CREATE UNIQUE INDEX chat_seen ON chat (seen_at, id);"
    "ALTER TABLE note RENAME COLUMN title TO heading;"
    "DROP INDEX is_global_idx; CREATE INDEX is_global_idx ON function (is_global, id);"
    "CREATE TABLE poll (id TEXT NOT NULL, chat_id VARCHAR NOT NULL REFERENCES chat (id) ON DELETE CASCADE, "
    "open BOOLEAN NOT NULL DEFAULT 1, ends DATE, votes INTEGER, UNIQUE (chat_id, ends), PRIMARY KEY (id));"
    "CREATE TABLE log (line TEXT); CREATE VIEW talk AS SELECT id FROM chat";

/// A database of 0.12.4 that has changed since.
fs::path changed(const fs::path& directory) {
  const fs::path file = fresh(directory);
  SqliteFile(file).execute(changes);
  return file;
}

TEST(Drift, OfChangesAtTheSameRevision) {
  const TemporaryDirectory directory("drift");
  changed(directory.path());
  const ProcessResult result = drift("fresh-0.12.4.db", {}, directory.path());
  EXPECT_EQ(result.status, 1) << result.describe();
  expect_text("changed", of_sqlite(result));
  expect_text("changed.suggest", of_sqlite(drift("fresh-0.12.4.db", {"--suggest"}, directory.path())));
}

TEST(Drift, WhatIsSuggestedCompiles) {
  const TemporaryDirectory directory("drift");
  const fs::path file = changed(directory.path());
  MappingCopy copy(directory / "openwebui-pocketbase");
  const json::value document = json::parse(drift(file.string(), {"--json"}).output);
  copy.apply(document.at("suggestions").as_array());
  const ProcessResult built = copy.build(directory / "generated");
  EXPECT_EQ(built.status, 0) << built.describe();
  // What the mapping now makes of an empty database is what was found.
  const fs::path made = directory / "made.db";
  SqliteFile(made, SqliteFile::Mode::create).execute(copy.sqlite_schema(directory / "generated"));
  const std::string columns =
      "SELECT m.name, c.name, upper(c.type), c.\"notnull\", c.pk, c.dflt_value FROM sqlite_schema m JOIN "
      "pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'log' ORDER BY 1, 2";
  EXPECT_EQ(SqliteFile(made).rows(columns), SqliteFile(file).rows(columns));
  const std::string indexes =
      "SELECT m.name, i.name, i.\"unique\", i.partial FROM sqlite_schema m JOIN pragma_index_list(m.name) i WHERE "
      "m.type = 'table' AND i.origin = 'c' ORDER BY 1, 2";
  EXPECT_EQ(SqliteFile(made).rows(indexes), SqliteFile(file).rows(indexes));
}

TEST(Drift, WhatIsSuggestedForPostgresqlCompiles) {
  const TemporaryDirectory directory("drift");
  const std::string database = shared_cluster().create_database();
  shared_cluster().load(database, source_directory() / "tests/data/openwebui/schema-postgres-0.12.4.sql");
  shared_cluster().sql(
      database,
      "INSERT INTO alembic_version VALUES ('1234567890ab');"
      "ALTER TABLE chat ADD COLUMN extra JSONB, ADD COLUMN short VARCHAR(7) DEFAULT 'x', ADD COLUMN small SMALLINT, "
      "ADD COLUMN since TIMESTAMP DEFAULT now(), ADD COLUMN flag BOOLEAN NOT NULL DEFAULT true, "
      "ADD COLUMN bytes BYTEA, ADD COLUMN ratio DOUBLE PRECISION, ADD COLUMN key UUID DEFAULT gen_random_uuid();"
      "CREATE INDEX chat_key ON chat (lower(title), key DESC) WHERE flag");
  const ProcessResult looked = drift(shared_cluster().url(database), {"--json"});
  EXPECT_EQ(looked.status, 1) << looked.describe();
  MappingCopy copy(directory / "openwebui-pocketbase");
  copy.apply(json::parse(looked.output).at("suggestions").as_array());
  const ProcessResult built = copy.build(directory / "generated");
  EXPECT_EQ(built.status, 0) << built.describe();
  EXPECT_NE(read_file(copy.path() / "sql/openwebui.yaml").find("value: \"1234567890ab\""), std::string::npos);
}

TEST(Drift, ForMachines) {
  const TemporaryDirectory directory("drift");
  changed(directory.path());
  const ProcessResult result = drift("fresh-0.12.4.db", {"--json"}, directory.path());
  EXPECT_EQ(result.status, 1);
  const json::value document = json::parse(result.output);
  EXPECT_EQ(document.at("store").as_string(), "fresh-0.12.4.db");
  EXPECT_EQ(document.at("status").as_int64(), 1);
  EXPECT_EQ(document.at("revision").as_string(), "0bd252b206fb");
  EXPECT_EQ(document.at("mapped_revision").as_string(), "0bd252b206fb");
  EXPECT_EQ(document.at("mapped_version").as_string(), "Open WebUI 0.12.4");
  EXPECT_TRUE(document.at("age").as_array().empty());
  EXPECT_EQ(document.at("renamed").as_array().at(0).at("found").as_string(), "heading");
  const json::array& differences = document.at("differences").as_array();
  const auto rating = std::find_if(differences.begin(), differences.end(),
                                   [](const json::value& one) { return one.at("name") == "rating"; });
  ASSERT_NE(rating, differences.end());
  EXPECT_EQ(json::serialize(*rating), R"({"change":"new","kind":"column","table":"chat","name":"rating","mapped":null,)"
                                      R"("found":"REAL NOT NULL DEFAULT 0.5","position":null,"note":null})");
}

TEST(Drift, WhatCannotBeLookedAt) {
  const TemporaryDirectory directory("drift");
  write_file(directory / "text.db",
             "this is no database, whatever its name says, as it is only some words in a row. "
             "They go on until there are a hundred bytes.");
  const auto expect = [&](std::vector<std::string> arguments, const std::string& words) {
    arguments.insert(arguments.begin(), {program("twoway").string(), "drift"});
    ProcessOptions options;
    options.working_directory = directory.path();
    const ProcessResult result = run(arguments, options);
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_EQ(result.errors, words);
    EXPECT_EQ(result.output, "");
  };
  expect({"missing.db"}, "error: missing.db does not exist\nhint: Check the path.\n");
  expect({"text.db"},
         "error: text.db is not a SQLite database: its first bytes are not 'SQLite format 3'\nhint: Name the file that "
         "the application uses. An encrypted database must be decrypted first.\n");
  const std::string database = shared_cluster().create_database();
  shared_cluster().sql(
      database, fmt::format("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC, {}", database, PostgresqlCluster::user));
  expect({shared_cluster().url(database)},
         fmt::format("error: no temporary tables can be made: postgresql://***@127.0.0.1:{}/{}: permission denied to "
                     "create temporary tables in database \"{}\" (SQLSTATE 42501)\nhint: They are needed for a moment, "
                     "to see how the server words what the mapping declares. Look at the primary, as a role that has "
                     "the privilege TEMPORARY.\n",
                     shared_cluster().port(), database, database));
  expect({}, "error: STORE is missing\nhint: twoway drift --help lists the options\n");
}

}  // namespace
}  // namespace twoway::test
