// What a target would refuse, tried on a temporary database.
#include "runtime/store/constraint_rehearsal.h"

#include <gtest/gtest.h>

namespace twoway {
namespace {

struct PersonRow {
  Value id, email, note;
};
constexpr Column columns[] = {
    {"person", "id", SqlType::text, false, true, offsetof(PersonRow, id)},
    {"person", "email", SqlType::text, true, false, offsetof(PersonRow, email)},
    {"person", "note", SqlType::text, false, false, offsetof(PersonRow, note)},
};
constexpr RecordField fields[] = {
    {"id", PocketBaseType::id, false, false, offsetof(PersonRow, id)},
    {"email", PocketBaseType::text, false, false, offsetof(PersonRow, email)},
    {"note", PocketBaseType::text, false, false, offsetof(PersonRow, note)},
};
constexpr std::uint16_t key[] = {0};
constexpr Entity person{.name = "person",
                        .table = "person",
                        .collection = "people",
                        .collection_id = "p",
                        .auth = false,
                        .key_is_record_id = true,
                        .columns = columns,
                        .fields = fields,
                        .key = key,
                        .joins = {},
                        .declared = {},
                        .explanations = {},
                        .relations = {},
                        .row_bytes = sizeof(PersonRow),
                        .record_bytes = sizeof(PersonRow),
                        .to_pocketbase = nullptr,
                        .to_sql = nullptr};
constexpr const Entity* entities[] = {&person};

Mapping mapping() {
  Mapping mapping{};
  mapping.entities = entities;
  return mapping;
}

std::string tried(ConstraintRehearsal& rehearsal, std::string_view id, Value email, Value note) {
  const PersonRow row{Value::text(id), email, note};
  const auto refusal = rehearsal.add(person, &row, id);
  return refusal ? refusal->reason + " / " + refusal->like : "";
}

TEST(ConstraintRehearsal, UniqueIndexesOfCollectionsAlsoByCase) {
  const auto rehearsal = ConstraintRehearsal::of_collections(
      mapping(), {"CREATE UNIQUE INDEX `a` ON `people` (`email` COLLATE NOCASE) WHERE `email` != ''",
                  "CREATE UNIQUE INDEX `b` ON `others` (`note`)", "CREATE INDEX `c` ON `people` (`note`)"});
  EXPECT_EQ(tried(*rehearsal, "1", Value::text("A@x"), Value::text("n")), "");
  EXPECT_EQ(tried(*rehearsal, "2", Value::text(""), Value::text("n")), "");
  EXPECT_EQ(tried(*rehearsal, "3", Value::text(""), Value::text("n")), "") << "the index leaves empty texts out";
  EXPECT_EQ(tried(*rehearsal, "4", Value::text("a@X"), Value::text("n")), "UNIQUE constraint failed: people.email / 1");
  EXPECT_EQ(tried(*rehearsal, "5", Value::text("b@x"), Value::text("n")), "");
}

TEST(ConstraintRehearsal, ConstraintsOfTables) {
  const auto rehearsal = ConstraintRehearsal::of_tables(
      mapping(),
      {"CREATE TABLE person (id TEXT PRIMARY KEY, email TEXT UNIQUE, note TEXT NOT NULL CHECK (note <> 'bad'))",
       "CREATE UNIQUE INDEX by_case ON person (lower(note))"});
  EXPECT_EQ(tried(*rehearsal, "1", Value::null(), Value::text("n")), "");
  EXPECT_EQ(tried(*rehearsal, "2", Value::null(), Value::null()), "NOT NULL constraint failed: person.note / ");
  EXPECT_EQ(tried(*rehearsal, "3", Value::null(), Value::text("bad")), "CHECK constraint failed: note <> 'bad' / ");
  EXPECT_EQ(tried(*rehearsal, "4", Value::null(), Value::text("N")), "UNIQUE constraint failed: index 'by_case' / ");
  EXPECT_EQ(tried(*rehearsal, "1", Value::null(), Value::text("m")), "UNIQUE constraint failed: person.id / 1");
}

TEST(ConstraintRehearsal, LongValuesAreEqualWhereTheyAre) {
  const auto rehearsal = ConstraintRehearsal::of_tables(
      mapping(), {"CREATE TABLE person (id TEXT PRIMARY KEY, email TEXT UNIQUE, note TEXT)"});
  const std::string first(100'000, 'x'), second = first + "y";
  EXPECT_EQ(tried(*rehearsal, "1", Value::text(first), Value::null()), "");
  EXPECT_EQ(tried(*rehearsal, "2", Value::text(second), Value::null()), "");
  EXPECT_TRUE(tried(*rehearsal, "3", Value::text(first), Value::null()).starts_with("UNIQUE constraint failed"));
}

TEST(ConstraintRehearsal, ColumnsInQuotesOfAnyKind) {
  for (const char* list :
       {"(`email`)", "(\"email\")", "([email])", "(email)", "(email, note)", "(note, email, id)", "(note, email)"}) {
    const auto rehearsal =
        ConstraintRehearsal::of_collections(mapping(), {"CREATE UNIQUE INDEX a ON people " + std::string(list)});
    EXPECT_EQ(tried(*rehearsal, "1", Value::text("x"), Value::text("n")), "") << list;
    EXPECT_NE(tried(*rehearsal, "1", Value::text("x"), Value::text("n")), "") << list;
  }
  const auto odd = ConstraintRehearsal::of_collections(
      mapping(),
      {"CREATE UNIQUE INDEX nowhere", "CREATE UNIQUE INDEX a ON  (x)", "CREATE UNIQUE INDEX a ON ``(email)"});
  EXPECT_EQ(tried(*odd, "1", Value::text("x"), Value::text("n")), "");
}

TEST(ConstraintRehearsal, LongBlobsToo) {
  const auto rehearsal = ConstraintRehearsal::of_tables(
      mapping(), {"CREATE TABLE person (id TEXT PRIMARY KEY, email BLOB, note TEXT, UNIQUE (email, note))"});
  const std::string bytes(1000, 'x');
  EXPECT_EQ(tried(*rehearsal, "1", Value::blob(bytes), Value::text("n")), "");
  EXPECT_EQ(tried(*rehearsal, "2", Value::text(bytes), Value::text("n")), "") << "a text is no blob";
  EXPECT_EQ(tried(*rehearsal, "3", Value::blob(bytes), Value::text("n")),
            "UNIQUE constraint failed: person.email, person.note / ")
      << "the other one's value was shortened";
  EXPECT_EQ(tried(*rehearsal, "4", Value::text("a"), Value::text("n")), "");
  EXPECT_EQ(tried(*rehearsal, "5", Value::text("a"), Value::text("n")),
            "UNIQUE constraint failed: person.email, person.note / 4");
}

TEST(ConstraintRehearsal, IndexesOfMigrations) {
  const Mapping::MigrationFile files[] = {
      {"1.js", "indexes: [\"CREATE UNIQUE INDEX `a` ON `people` (`e\\\"x`)\", \"CREATE INDEX b\"]"},
      {"2.js", "\"CREATE UNIQUE INDEX cut\\"}};
  Mapping with = mapping();
  with.pocketbase_migrations = files;
  EXPECT_EQ(unique_indexes_in(with),
            (std::vector<std::string>{"CREATE UNIQUE INDEX `a` ON `people` (`e\"x`)", "CREATE UNIQUE INDEX cut\\"}));
}

}  // namespace
}  // namespace twoway
