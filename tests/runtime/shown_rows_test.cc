// Rows for human eyes: what differs, what is covered, what a terminal must not see; and stores as people name them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <filesystem>

#include "runtime/cli/store_argument.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/migrate/stores.h"
#include "runtime/report/text.h"
#include "runtime/store/attic_entries.h"
#include "runtime/verify/compare.h"
#include "runtime/verify/sample.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

/// A table of its own with a joined one: title, secret, purged, address, and whether the joined row is there.
struct Row {
  Value title, secret, purged, address, joined = Value::integer(1);
};
struct Record {
  Value id, title, secret, address;
};

constexpr std::array<Column, 4> columns{{{"note", "title", SqlType::text, true, false, offsetof(Row, title)},
                                         {"note", "secret", SqlType::text, true, false, offsetof(Row, secret)},
                                         {"note", "purged", SqlType::text, true, false, offsetof(Row, purged)},
                                         {"auth", "address", SqlType::text, true, false, offsetof(Row, address)}}};
constexpr std::array<RecordField, 4> fields{
    {{"id", PocketBaseType::id, false, false, offsetof(Record, id)},
     {"title", PocketBaseType::text, false, false, offsetof(Record, title)},
     {"hash", PocketBaseType::text, true, false, offsetof(Record, secret)},
     {"address", PocketBaseType::email, false, false, offsetof(Record, address)}}};
constexpr std::array<Join, 1> joins{{{"auth", "id", "id", offsetof(Row, joined)}}};
constexpr std::array<Explanation, 5> lines{{{"title", "title", "text", FieldClass::iso, "", "note.yaml:3"},
                                            {"secret", "hash", "text", FieldClass::iso, "", "note.yaml:4"},
                                            {"purged", "", "", FieldClass::purge, "", "note.yaml:5"},
                                            {"auth.address", "address", "email", FieldClass::iso, "", "note.yaml:6"},
                                            {"", "nowhere", "", FieldClass::derived, "", ""}}};
constexpr std::array<Declared, 2> declared{
    {{"purged", FieldClass::purge, "ends", "note.yaml:5"}, {"title", FieldClass::lossy, "cut", "note.yaml:3"}}};

const Entity& note() {
  static const Entity entity = [] {
    Entity result{};
    result.name = result.table = "note";
    result.columns = columns;
    result.fields = fields;
    result.joins = joins;
    result.explanations = lines;
    result.declared = declared;
    return result;
  }();
  return entity;
}

const Mapping& mapping() {
  static const std::array<const Entity*, 1> entities{&note()};
  static const std::array<PurgedTable, 1> purged{{{"session", FieldClass::purge, "ends", ""}}};
  static const Mapping result = [] {
    Mapping made{};
    made.entities = entities;
    made.purged = purged;
    return made;
  }();
  return result;
}

std::string differences(const Row& expected, const Row& found, const UnknownValues& before = {},
                        const UnknownValues& after = {}, bool strict = true, std::size_t kept = 10) {
  std::vector<Difference> list;
  const std::size_t count = compare_rows(note(), "k", &expected, before, &found, after, strict, kept, list);
  std::string text = std::to_string(count) + "\n";
  for (const Difference& one : list) {
    text += fmt::format("{}: {} -> {} [{}]\n", one.column, one.expected, one.found, one.position);
  }
  return text;
}

TEST(RowsCompared, NameWhatDiffersWithoutSayingWhatItIs) {
  Row a, b;
  a.title = Value::text("abc"), b.title = Value::blob("abc");
  a.address = Value::integer(1), b.address = Value::real(1.5);
  b.joined = Value::integer(0);
  EXPECT_EQ(differences(a, b),
            "3\ntitle: text of 3 bytes (hash 78af5f94892f3950) -> blob of 3 bytes (hash 78af5f94892f3950) "
            "[note.yaml:3]\nauth.address: 1 -> 1.5 [note.yaml:6]\ntable auth: a row -> no row []\n");
  EXPECT_EQ(differences(b, a, {}, {}, true, 0), "3\n") << "no more than are wanted";
  EXPECT_EQ(differences(a, a), "0\n");
}

TEST(RowsCompared, UnknownColumns) {
  const Row row;
  const UnknownValues one{{"x", Value::integer(1)}}, two{{"x", Value::integer(2)}}, other{{"y", Value::null()}};
  EXPECT_EQ(differences(row, row, one, one), "0\n");
  EXPECT_EQ(differences(row, row, one, two), "1\nx: 1 -> 2 []\n");
  EXPECT_EQ(differences(row, row, one, other), "2\nx: 1 -> no such column []\ny: nothing -> NULL []\n");
  EXPECT_EQ(differences(row, row, {}, other, false), "0\n");
}

std::string shown_lines(const SampleRow& row) {
  std::string text;
  for (const SampleRow::Line& line : row.lines)
    text += fmt::format("{}: {} | {}\n", line.name, line.source, line.target);
  return text;
}

TEST(SamplesSideBySide, CoverWhatIsSecret) {
  Row row;
  Record record;
  row.title = record.title = Value::text("a");
  row.secret = record.secret = Value::text("$2b$12$");
  row.purged = Value::integer(7);
  row.address = record.address = Value::blob("x");
  const UnknownValues unknown{{"odd", Value::text("")}};
  EXPECT_EQ(shown_lines(side_by_side(note(), "k", &row, unknown, &record, true)),
            "title: 'a' | 'a'\nsecret / hash: 7 bytes, covered | 7 bytes, covered\npurged: a number, covered | \n"
            "auth.address / address: blob of 1 bytes (hash eaf06c6480b2cd11) | blob of 1 bytes (hash "
            "eaf06c6480b2cd11)\nodd: '' | in the residue\n");
  EXPECT_EQ(shown_lines(side_by_side(note(), "k", nullptr, {}, &record, false)).substr(0, 12), "title: 'a' |");
  EXPECT_EQ(shown_lines(side_by_side(note(), "k", &row, {}, nullptr, true)).substr(0, 14), "title: 'a' | \n");
  record.id = Value::text("r1");
  EXPECT_EQ(shown_lines(sample_of(note(), &record)).substr(0, 26), "id: 'r1' | \ntitle: 'a' | \n");
}

TEST(SamplesSideBySide, OfTables) {
  TableShape shape;
  const Value values[] = {Value::text("a"), Value::text("b")};
  const auto shown = [&](std::string table, std::string first, std::span<const Value> target) {
    shape.name = std::move(table);
    shape.columns = {{std::move(first), "", SqlType::text, false}, {"unknown", "", SqlType::text, false}};
    return shown_lines(side_by_side(mapping(), shape, "k", values, target));
  };
  EXPECT_EQ(shown("note", "title", values), "title: 'a' | 'a'\nunknown: 1 bytes, covered | 1 bytes, covered\n");
  EXPECT_EQ(shown("note", "secret", {}), "secret: 1 bytes, covered | none\nunknown: 1 bytes, covered | none\n");
  EXPECT_EQ(shown("auth", "address", {}), "address: 'a' | none\nunknown: 1 bytes, covered | none\n");
  EXPECT_EQ(shown("elsewhere", "title", {}), "title: 1 bytes, covered | none\nunknown: 1 bytes, covered | none\n");
}

TEST(RejectedRowsShown, CoverWhatIsSecret) {
  Row row;
  row.title = Value::text("a");
  row.secret = row.purged = Value::text("b");
  row.address = Value::text("ada@example.com");
  const std::vector<std::pair<std::string_view, Value>> unknown{{"api_token", Value::text("x")},
                                                                {"pin_hash", Value::text("x")},
                                                                {"old_key_value", Value::text("x")},
                                                                {"note", Value::text("$argon2id$x")},
                                                                {"meta", Value::text(" {\"password\": 1}")},
                                                                {"list", Value::text("[\"plain\"]")},
                                                                {"none", Value::null()},
                                                                {"raw", Value::blob("$2y$x")}};
  const std::string text = shown_row(mapping(), note(), &row, unknown);
  for (const char* covered : {"secret", "purged", "api_token", "pin_hash", "old_key_value", "note", "meta", "raw"}) {
    EXPECT_NE(text.find(fmt::format("\"{}\":\"*\"", covered)), std::string::npos) << covered << text;
  }
  for (const char* open : {"title", "auth.address", "list", "none"}) {
    EXPECT_EQ(text.find(fmt::format("\"{}\":\"*\"", open)), std::string::npos) << open << text;
  }
}

TEST(RejectedRowsShown, OfTablesRecordsAndEntries) {
  TableShape shape;
  shape.name = "session";
  shape.columns = {{"id", "", SqlType::text, false}};
  const Value values[] = {Value::text("a")};
  EXPECT_EQ(shown_row(mapping(), shape, values), "{\"id\":\"*\"}") << "purged as a whole";
  shape.name = "auth";
  shape.columns[0].name = "address";
  EXPECT_EQ(shown_row(mapping(), shape, values).find('*'), std::string::npos);
  EXPECT_EQ(shown_row(mapping(), shape, {}), "");
  Record record;
  record.secret = Value::text("b");
  const std::string text = shown_record(note(), &record, Value::text("{}"));
  EXPECT_NE(text.find("\"hash\":\"*\""), std::string::npos);
  EXPECT_NE(text.find("\"residue\":\"*\""), std::string::npos) << "it may hold the secret";
  const AtticEntry entry{AtticEntry::What::row,
                         "note",
                         "0",
                         {{"title", attic_entry::tagged(Value::text("a"))},
                          {"secret", attic_entry::tagged(Value::text("b"))},
                          {"broken", "untagged"}}};
  const std::string shown = shown_entry(mapping(), entry);
  EXPECT_NE(shown.find("\"secret\":\"*\""), std::string::npos) << shown;
  EXPECT_NE(shown.find("\"broken\":\"*\""), std::string::npos) << shown;
  EXPECT_EQ(shown.find("\"title\":\"*\""), std::string::npos) << shown;
}

TEST(PrintableText, HasNothingThatATerminalObeys) {
  using report::printable;
  for (const char* good : {"a", "\u00e9", "\u20ac", "\U0001F600", "\ud7ff", "\ue000", "\U0010FFFF", "\u2027", "\u202f",
                           "\u2065", "\u206a", "\ufefe"}) {
    EXPECT_EQ(printable(good), good);
  }
  for (const char* bad : {"\x1b", "\x7f", "\u0085", "\u009f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2066",
                          "\u2069", "\u200e", "\u200f", "\u061c", "\ufeff"}) {
    EXPECT_EQ(printable(bad), "\uFFFD") << bad;
  }
  for (const char* broken : {"\xff", "\xc1\xbf", "\xe0\x80\xaf", "\xf0\x80\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                             "\xe2\x82", "\xe2(\xac"}) {
    EXPECT_EQ(printable(broken).substr(0, 3), "\uFFFD");
  }
  EXPECT_EQ(report::redacted("at http://u:p@h/x and http://h/a@b, token=abc"),
            "at http://***@h/x and http://***@b, token=***");
}

std::string refused(std::string_view store) {
  try {
    return cli::store_path(store);
  } catch (const Error& error) {
    return std::string("refused: ") + error.what();
  }
}

TEST(StoreArguments, AreTakenOrRefused) {
  EXPECT_EQ(refused(""), "refused: a STORE is empty");
  EXPECT_EQ(refused("env:"), "refused: env:: the environment has no ");
  EXPECT_EQ(refused("env:TWOWAY_NO_SUCH"), "refused: env:TWOWAY_NO_SUCH: the environment has no TWOWAY_NO_SUCH");
  ::setenv("TWOWAY_EMPTY", "", 1);
  EXPECT_EQ(refused("env:TWOWAY_EMPTY"), "refused: env:TWOWAY_EMPTY: the environment has no TWOWAY_EMPTY");
  for (const char* url : {"postgresql://h/d", "postgres+psycopg2://h/d", "http://h", "https://h"}) {
    EXPECT_EQ(refused(url), url);
  }
  EXPECT_EQ(refused("sqlite+sqlcipher:///a"), "refused: an encrypted SQLite file (SQLCipher) is not supported");
  EXPECT_EQ(refused("mysql://h/d"), "refused: stores of the kind mysql:// are not supported");
  EXPECT_EQ(refused("sqlite+pysqlite:////a.db?x=1"), "/a.db");
  EXPECT_EQ(refused("sqlite://a.db"),
            "refused: a SQLite URL has three slashes and a path: sqlite:///webui.db, sqlite:////data/webui.db");
  for (const char* memory : {"sqlite:///", "sqlite:///:memory:"}) {
    EXPECT_EQ(refused(memory), "refused: a SQLite database in memory holds nothing to migrate");
  }
  for (const char* uri : {"sqlite:///file:a.db", "sqlite:///a.db?uri=true"}) {
    EXPECT_EQ(refused(uri), "refused: SQLite URIs (file:...?uri=true) are not supported");
  }
  EXPECT_EQ(refused("a b://c//"), "a b://c");
  EXPECT_EQ(refused("://"), ":");
  EXPECT_EQ(refused("/"), "/");
}

TEST(StoreArguments, StateDirectoriesAreNamedWithoutSecrets) {
  using cli::default_state_directory;
  EXPECT_EQ(default_state_directory("postgresql://u:p@db.example:5432/app?x=y"),
            "postgresql-db.example-5432-app.twoway");
  EXPECT_EQ(default_state_directory("http://Z-9_[a]/~{}/"), "http-Z-9--a-----.twoway");
  EXPECT_EQ(default_state_directory("pb_data"), "pb_data.twoway");
  const std::string here = std::filesystem::current_path().string();
  EXPECT_EQ(default_state_directory("."), here + ".twoway");
  EXPECT_EQ(default_state_directory(".."), std::filesystem::path(here).parent_path().string() + ".twoway");
}

TEST(StoresNamed, AreOfTheKindThatTheirNameSays) {
  const auto kind = [](const std::string& name) {
    try {
      return static_cast<int>(parse_store(name).kind);
    } catch (const Error&) {
      return -1;
    }
  };
  for (const char* file : {"/none/a.db", "/none/a.sqlite", "/none/a.sqlite3", "sqlite:////none/a"}) {
    EXPECT_EQ(kind(file), static_cast<int>(StoreKind::sqlite_file)) << file;
  }
  EXPECT_EQ(kind("/none/pb_data"), static_cast<int>(StoreKind::pocketbase_directory));
  for (const char* server : {"http://h", "https://h"}) {
    EXPECT_EQ(kind(server), static_cast<int>(StoreKind::pocketbase_server));
  }
  EXPECT_EQ(kind("postgresql://h/d"), static_cast<int>(StoreKind::postgresql));
  EXPECT_EQ(kind("postgresql:///?service=webui"), static_cast<int>(StoreKind::postgresql));
  for (const char* none : {"", "sqlite:///", "mysql://h/d"}) EXPECT_EQ(kind(none), -1) << none;
  const test::TemporaryDirectory directory("stores");
  EXPECT_EQ(identity_of(parse_store(directory.path().string() + "/")), identity_of(parse_store(directory.path())));
}

}  // namespace
}  // namespace twoway
