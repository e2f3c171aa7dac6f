// Tables of a SQLite database: rows with keys of any kind, what the tables refuse, and what is kept beside them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/model/error.h"
#include "runtime/store/attic_entries.h"
#include "runtime/store/sql/sqlite_store.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

class TablesOfSqlite : public testing::Test {
 protected:
  TablesOfSqlite() {
    test::SqliteFile(file_, test::SqliteFile::Mode::create)
        .execute(
            "CREATE TABLE keyed (id TEXT NOT NULL PRIMARY KEY, a INT, b JSON NOT NULL, c BOOLEAN NOT NULL, "
            "d REAL NOT NULL, e TEXT NOT NULL CHECK (e <> 'bad'), f AS (a + 1));"
            "CREATE TABLE pair (x TEXT, y INT, z, PRIMARY KEY (x, y)) WITHOUT ROWID;"
            "CREATE TABLE loose (k TEXT PRIMARY KEY, v);"
            "CREATE TABLE only (k TEXT NOT NULL PRIMARY KEY);"
            "CREATE TABLE bare (a, b);"
            "CREATE TABLE child (id TEXT NOT NULL PRIMARY KEY, of TEXT REFERENCES only (k), n INT REFERENCES keyed "
            "(id));"
            "CREATE TABLE plain (of TEXT REFERENCES only (k));"
            "INSERT INTO child VALUES ('c1', 'none', NULL), ('c2', NULL, NULL); INSERT INTO plain VALUES ('none')");
    open();
  }
  void open() {
    store_.reset();
    store_ = std::make_unique<SqliteStore>(mapping_, file_, Use::target);
  }
  Tables& tables() { return store_->tables(); }
  TableShape shape(std::string_view name) {
    for (TableShape& one : tables().shapes()) {
      if (one.name == name) return std::move(one);
    }
    throw std::runtime_error("no such table");
  }
  /// Writes rows; what became of each.
  std::string written(std::string_view table, const std::vector<std::vector<Value>>& rows, bool dry_run = false) {
    const auto writer = tables().write(shape(table), dry_run);
    constexpr std::array<std::string_view, 5> words{"inserted", "updated", "unchanged", "rejected", "pending"};
    std::string text;
    for (const auto& row : rows) text += std::string(words[static_cast<std::size_t>(writer->write(row).what)]) + " ";
    return text;
  }
  /// All rows, tagged, in their order.
  std::string rows(std::string_view table) {
    std::string text;
    for (const auto reader = tables().read(shape(table)); reader->next();) {
      for (const Value& value : reader->values()) text += attic_entry::tagged(value) + " ";
      text += "\n";
    }
    return text;
  }
  std::string found(std::string_view table, const std::vector<Value>& key) {
    std::vector<Value> values;
    if (!tables().find(shape(table), key, values)) return "none";
    std::string text;
    for (const Value& value : values) text += attic_entry::tagged(value) + " ";
    return text;
  }
  std::string refused() {
    std::string text;
    for (const Refused& one : tables().refused()) {
      text += fmt::format("{} {}: {} ({})\n", one.table, one.column, one.reason, one.count);
    }
    return text;
  }

  test::TemporaryDirectory directory_{"tables"};
  std::filesystem::path file_ = directory_ / "a.db";
  Mapping mapping_{};
  std::unique_ptr<SqliteStore> store_;
};

std::vector<Value> keyed(const char* id, Value a, Value e = Value::text("x")) {
  return {Value::text(id), a, Value::text("{}"), Value::integer(1), Value::real(0.5), e};
}

TEST_F(TablesOfSqlite, RowsComeAndChangeAndStay) {
  EXPECT_EQ(
      written("keyed", {keyed("k", Value::integer(1)), keyed("k", Value::integer(1)), keyed("k", Value::integer(2))}),
      "inserted unchanged updated ");
  EXPECT_EQ(written("pair", {{Value::text("a"), Value::integer(1), Value::null()},
                             {Value::text("a"), Value::integer(1), Value::null()},
                             {Value::text("a"), Value::integer(1), Value::blob("z")}}),
            "inserted unchanged updated ");
  EXPECT_EQ(written("only", {{Value::text("a")}, {Value::text("a")}}), "inserted unchanged ");
  EXPECT_EQ(written("bare", {{Value::integer(1), Value::null()}, {Value::integer(1), Value::null()}}),
            "inserted inserted ");
  EXPECT_EQ(written("loose", {{Value::text("a"), Value::integer(1)}}), "inserted ");
  EXPECT_EQ(tables().count("keyed") + tables().count("bare") + tables().count("none"), 3u);
  EXPECT_EQ(written("keyed", {keyed("dry", Value::integer(1))}, true), "unchanged ");
  EXPECT_EQ(tables().count("keyed"), 1u);
}

TEST_F(TablesOfSqlite, ValuesThatItChangesAreKeptBeside) {
  // SQLite makes a number of the text, and has no NULL in a NOT NULL column.
  std::vector<Value> odd = keyed("k", Value::text("007"));
  for (std::size_t i = 2; i < 6; ++i) odd[i] = Value::null();
  EXPECT_EQ(written("keyed", {odd, odd}), "inserted unchanged ");
  const std::string kept = rows("keyed");
  EXPECT_EQ(found("keyed", {Value::text("k")}) + "\n", kept);
  EXPECT_NE(kept.find("007"), std::string::npos) << kept;
  EXPECT_NE(refused().find("keyed a: a form of number that SQLite does not keep (2)\n"), std::string::npos)
      << refused();
  EXPECT_NE(refused().find("keyed b: NULL in a NOT NULL column (2)\n"), std::string::npos) << refused();
  open();
  EXPECT_EQ(rows("keyed"), kept);
  EXPECT_EQ(written("keyed", {odd}), "unchanged ");
  EXPECT_EQ(written("keyed", {keyed("k", Value::integer(7))}), "updated ");
  EXPECT_EQ(rows("keyed").find("007"), std::string::npos);
  EXPECT_EQ(written("keyed", {keyed("other", Value::integer(7))}), "inserted ");
}

TEST_F(TablesOfSqlite, RowsThatItRefusesWait) {
  const std::vector<Value> bad = keyed("k", Value::integer(1), Value::text("bad"));
  EXPECT_EQ(found("keyed", {Value::text("k")}), "none");
  EXPECT_EQ(written("keyed", {bad, bad}), "inserted unchanged ");
  EXPECT_EQ(tables().count("keyed"), 1u) << "a row that waits is a row";
  EXPECT_NE(rows("keyed").find("bad"), std::string::npos);
  open();
  EXPECT_NE(found("keyed", {Value::text("k")}).find("bad"), std::string::npos);
  EXPECT_EQ(found("keyed", {Value::text("other")}), "none");
  EXPECT_EQ(written("keyed", {keyed("k", Value::integer(1))}), "inserted ") << "it found its place";
  EXPECT_EQ(tables().count("keyed"), 1u);
  EXPECT_EQ(written("keyed", {bad}), "updated ") << "the older state does not stand in the table while it waits";
  EXPECT_EQ(tables().erase(shape("keyed"), std::vector<Value>{Value::text("k")}), 1u);
  EXPECT_EQ(tables().erase(shape("keyed"), std::vector<Value>{Value::text("k")}), 0u);
  EXPECT_EQ(tables().count("keyed"), 0u);
}

TEST_F(TablesOfSqlite, KeysAreToldApartExactly) {
  written("pair", {{Value::text("1"), Value::integer(1), Value::null()}});
  EXPECT_EQ(found("pair", {Value::text("1"), Value::integer(2)}), "none");
  EXPECT_EQ(found("pair", {Value::text("1"), Value::text("1")}), "none") << "1 is not '1'";
  EXPECT_NE(found("pair", {Value::text("1"), Value::integer(1)}), "none");
  EXPECT_EQ(tables().erase(shape("pair"), std::vector<Value>{Value::text("1"), Value::integer(1)}), 1u);
  written("bare", {{Value::integer(1), Value::null()}});
  EXPECT_EQ(tables().erase(shape("bare"), {}), 1u);
  TableShape gone = shape("bare");
  gone.name = "gone";
  EXPECT_EQ(tables().erase(gone, {}), 0u);
}

TEST_F(TablesOfSqlite, TablesOfAnotherKindOfDatabaseAreMadePlain) {
  TableShape fork;
  fork.name = "fork";
  for (const auto& [name, type] : std::initializer_list<std::pair<const char*, SqlType>>{{"t", SqlType::text},
                                                                                         {"i", SqlType::integer},
                                                                                         {"b", SqlType::boolean},
                                                                                         {"j", SqlType::json},
                                                                                         {"d", SqlType::date},
                                                                                         {"dt", SqlType::datetime},
                                                                                         {"r", SqlType::real},
                                                                                         {"bl", SqlType::blob}}) {
    fork.columns.push_back({name, "of another kind", type, *name == 't'});
  }
  TableShape keyless = fork;
  keyless.name = "keyless";
  fork.key = {1, 0};
  tables().ensure(fork, true);
  tables().ensure(keyless, true);
  EXPECT_EQ(shape("fork").sql,
            "CREATE TABLE \"fork\" (\"t\" TEXT NOT NULL, \"i\" BIGINT, \"b\" BOOLEAN, \"j\" JSON, \"d\" DATE, \"dt\" "
            "DATETIME, \"r\" REAL, \"bl\" BLOB, PRIMARY KEY (\"i\", \"t\"))");
  EXPECT_TRUE(shape("keyless").sql.ends_with("\"bl\" BLOB)"));
  fork.columns.push_back({"more", "", SqlType::text, false});
  tables().ensure(fork, false);
  EXPECT_NE(shape("fork").find("more"), nullptr);
  TableShape own;
  own.name = "own";
  own.sql = "CREATE TABLE own (a)";
  tables().ensure(own, false);
  EXPECT_EQ(shape("own").columns.size(), 1u);
  const TableObject index{"index", "by_a", "own", "CREATE UNIQUE INDEX by_a ON own (a)"};
  EXPECT_EQ(tables().ensure(index).what, Written::inserted);
  EXPECT_EQ(tables().ensure(index).what, Written::unchanged);
  written("bare", {{Value::integer(1), Value::null()}, {Value::integer(1), Value::null()}});
  EXPECT_EQ(tables().ensure({"index", "by_b", "bare", "CREATE UNIQUE INDEX by_b ON bare (a)"}).what, Written::rejected);
}

TEST_F(TablesOfSqlite, ReferencesThatLeadNowhere) {
  std::string text;
  for (const Refused& one : tables().orphans())
    text += fmt::format("{}: {} ({})\n", one.table, one.reason, one.examples[0]);
  EXPECT_EQ(text, "plain: of names no row of only (row 1)\nchild: of names no row of only (c1)\n");
}

}  // namespace
}  // namespace twoway
