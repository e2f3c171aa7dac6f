// What `twowayc init` writes: as it is checked in, and for every schema that a database accepts a mapping that
// compiles.
#include "generator/init/draft.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "generator/init/read_store.h"
#include "generator/plan/compile.h"
#include "tests/init/databases.h"
#include "tests/init/drafted_files.h"
#include "tests/support/temporary_directory.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;
using twoway::test::ProcessResult;
using twoway::test::SqliteFile;
using twoway::test::TemporaryDirectory;

/// What the compiler says about a draft; empty where it compiles without a word.
std::string compiled(const FileTree& files) {
  const TemporaryDirectory scratch("draft");
  write_files(scratch / "drafted", files);
  DiagnosticSink sink;
  SourceSet sources;
  const bool whole = compile(scratch / "drafted", sink, sources).has_value();
  const std::string said = sink.print(sources);
  return whole || !said.empty() ? said : "nothing came of it";
}

FileTree drafted(const std::string& sql) {
  const TemporaryDirectory scratch("draft");
  SqliteFile(scratch / "x.db", SqliteFile::Mode::create).execute(sql);
  return draft_mapping(read_store((scratch / "x.db").string()).schema, "drafted").files;
}

class Draft : public testing::TestWithParam<const char*> {};

TEST_P(Draft, IsWhatIsCheckedIn) {
  const std::string name = GetParam();
  const TemporaryDirectory scratch("draft");
  const fs::path database = twoway::test::make_database(scratch.path(), name);
  const FileTree files = draft_mapping(read_store(database.string()).schema, name).files;
  expect_checked_in(name, files);
}

INSTANTIATE_TEST_SUITE_P(Databases, Draft, testing::Values("shop", "music", "oddities"));

// Words of SQL, PocketBase, C++ and YAML, and what no identifier holds.
const std::vector<std::string> hard_names{
    "select",  "order",        "group",   "table",    "id",       "created",  "residue",
    "expand",  "null",         "true",    "y",        "no",       "~",        "1",
    "1e3",     "0x1F",         "class",   "operator", "int",      "std",      "Value",
    "twoway",  "users",        "_x",      "__",       "a b",      " a",       "a ",
    "a-b",     "a.b",          "a:b",     "a: b",     "a #b",     "#a",       "- a",
    "[a]",     "{a}",          "a,b",     "a'b",      "a\"b",     "a\\b",     "a/b",
    "a%b",     "a&b",          "*a",      "!a",       "|",        ">",        "@a",
    "`a`",     "a\tb",         "a\nb",    "größe",    "日本",     "🙂",       "é",
    "e",       "collectionId", "x_via_y", "_via_",    "password", "tokenKey", "passwordConfirm",
    "_rowid_", "rowid",        "?",       "=",        "a_b",      "A_b2",     "residue_",
    "id_",     "twoway_attic"};

TEST(DraftOfHardNames, AsColumnsCompiles) {
  std::string columns;
  std::set<std::string> taken;
  for (const std::string& name : hard_names) {
    columns += fmt::format(", {} TEXT", twoway::test::identifier(name));
  }
  const FileTree files = drafted("CREATE TABLE t (key INTEGER PRIMARY KEY" + columns + ")");
  EXPECT_EQ(compiled(files), "");
  EXPECT_EQ(files.size(), 3U);
}

TEST(DraftOfHardNames, AsTablesKeysAndReferencesCompiles) {
  std::string sql;
  for (const std::string& name : hard_names) {
    const std::string id = twoway::test::identifier(name);
    sql += fmt::format(
        "CREATE TABLE {0} ({0} TEXT PRIMARY KEY, \"other of {1}\" TEXT REFERENCES {0} ({0}), more TEXT);\n"
        "CREATE INDEX \"i {1}\" ON {0} ({0} DESC, more) WHERE {0} <> 'x';\n",
        id, id.substr(1, id.size() - 2));
  }
  const FileTree files = drafted(sql);
  EXPECT_EQ(compiled(files), "");
  EXPECT_EQ(files.size(), hard_names.size() + 1) << "all but twoway_attic, mapping.yaml and the schema";
}

TEST(DraftOfTypes, EveryWordCompilesInEveryPlace) {
  std::string sql;
  int number = 0;
  for (const char* type : {"",
                           "INT",
                           "TINYINT(1)",
                           "BIGINT",
                           "UNSIGNED BIG INT",
                           "CHARACTER(20)",
                           "NCHAR(55)",
                           "CLOB",
                           "BLOB",
                           "DOUBLE",
                           "NUMERIC",
                           "DECIMAL(10,5)",
                           "BOOLEAN",
                           "DATE",
                           "DATETIME",
                           "TIMESTAMP WITH TIME ZONE",
                           "JSONB",
                           "UUID",
                           "VARCHAR",
                           "VARCHAR(0)",
                           "VARCHAR(99999999999999999999)",
                           "varchar(12)",
                           "MONEY",
                           "POINT",
                           "\"odd (\"",
                           "ANY"}) {
    sql += fmt::format(
        "CREATE TABLE t{0} (a {1} PRIMARY KEY, b {1} REFERENCES t{0} (a), c {1} NOT NULL UNIQUE DEFAULT "
        "'0', d {1} DEFAULT (1 + 1), e {1} DEFAULT CURRENT_TIMESTAMP, f {1} DEFAULT x'00');\n",
        number++, type);
  }
  EXPECT_EQ(compiled(drafted(sql)), "");
}

TEST(DraftOfReferences, CyclesAndKeysOfSeveralParts) {
  const FileTree files = drafted(
      "CREATE TABLE a (x INTEGER, y TEXT, z TEXT, PRIMARY KEY (y, x), FOREIGN KEY (x, z) REFERENCES B (X, Y));"
      "CREATE TABLE b (x INTEGER, y TEXT, z TEXT, PRIMARY KEY (x, y), FOREIGN KEY (z, x) REFERENCES a (y, x),"
      "  FOREIGN KEY (x, y) REFERENCES c);"
      "CREATE TABLE c (p INTEGER, q TEXT, r TEXT, PRIMARY KEY (p, q), FOREIGN KEY (p, r) REFERENCES c (p, q),"
      "  FOREIGN KEY (q, p) REFERENCES nowhere (a, b), FOREIGN KEY (r) REFERENCES b (z))");
  EXPECT_EQ(compiled(files), "");
  const std::string& a = files.at("entities/a.yaml");
  EXPECT_NE(a.find("z:   { lens: reference, of: b, with: [x, \"[]\"], on_delete: clear"), std::string::npos) << a;
  const std::string& b = files.at("entities/b.yaml");
  EXPECT_NE(b.find("z:   { lens: reference, of: a, with: x, on_delete: clear"), std::string::npos) << b;
  const std::string& c = files.at("entities/c.yaml");
  EXPECT_NE(c.find("# The foreign key (r) to 'b' is no relation: it does not lead to that entity's key.\n"
                   "# The foreign key (q, p) to 'nowhere' is no relation: there is no such table.\n"),
            std::string::npos)
      << c;
}

ProcessResult init(const std::string& store, const std::string& out) {
  return twoway::test::run({twoway::test::program("twowayc").string(), "init", store, "--out", out});
}

TEST(InitCommand, IsStartedByTwowayc) {
  const ProcessResult alone = twoway::test::run({twoway::test::program("twowayc-init").string()});
  EXPECT_EQ(alone.status, 2);
  EXPECT_EQ(alone.errors, "twowayc-init: it is started by twowayc\nhint: twowayc init STORE --out DIR\n");
}

TEST(InitCommand, SaysWhatItDraftedAndOverwritesNothing) {
  const TemporaryDirectory scratch("init");
  const std::string database = twoway::test::make_database(scratch.path(), "shop").string();
  const std::string out = (scratch / "shop").string();
  const ProcessResult first = init(database, out);
  EXPECT_EQ(first.status, 0) << first.describe();
  EXPECT_EQ(first.output, "shop: 8 entities, 0 tables carried whole, 6 questions (grep -rn 'question:' " + out + ")\n");
  EXPECT_EQ(first.errors, "");
  const FileTree files = read_files(out);
  const ProcessResult again = init(database, out);
  EXPECT_EQ(again.status, 2);
  EXPECT_EQ(again.errors,
            "error: " + out + " is not empty\nhint: nothing is overwritten: name a folder that is new or empty\n");
  EXPECT_EQ(read_files(out), files);
}

TEST(InitCommand, SaysWhatItCannotDraftFrom) {
  const TemporaryDirectory scratch("init");
  const std::string database = (scratch / "keyless.db").string(), out = (scratch / "new").string();
  SqliteFile(database, SqliteFile::Mode::create).execute("CREATE TABLE t (a)");
  fs::create_directories(scratch / "pb_data");
  std::ofstream(scratch / "pb_data/data.db");
  const auto expect = [](const ProcessResult& result, const std::string& errors) {
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.output, "");
    EXPECT_EQ(result.errors, errors);
  };
  expect(init(database, out),
         "error: " + database +
             " has no table of which an entity could be made\nhint: an entity needs a primary key, "
             "or a unique constraint over columns that are NOT NULL\n");
  expect(init(database, (scratch / "a b").string()),
         "error: 'a b' is no name for a mapping\nhint: the folder's name becomes the mapping's: letters, digits, '-' "
         "and '_'\n");
  const std::string missing = (scratch / "missing.db").string(), pocketbase = (scratch / "pb_data").string();
  expect(init(missing, out), "error: " + missing + " does not exist\n");
  expect(init(pocketbase, out), "error: " + pocketbase +
                                    " is a PocketBase, and a mapping is drafted from the SQL side\nhint: name a SQLite "
                                    "file, or postgresql://USER@HOST/DATABASE\n");
  EXPECT_FALSE(fs::exists(out));
}

}  // namespace
}  // namespace twowayc
