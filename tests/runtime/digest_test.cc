// Digests of rows: what they tell apart, and what they must not.
#include "runtime/migrate/digest.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

#include "runtime/store/attic_entries.h"

namespace twoway {
namespace {

struct Cells {
  Value first;
  Value second;
};

constexpr Column columns[] = {{"t", "first", SqlType::text, true, true, offsetof(Cells, first)}};
constexpr Join joins[] = {{"u", "id", "first", offsetof(Cells, second)}};
constexpr RecordField fields[] = {{"first", PocketBaseType::text, false, false, offsetof(Cells, first)},
                                  {"second", PocketBaseType::token, true, true, offsetof(Cells, second)}};

Entity entity() {
  Entity made{};
  made.columns = columns;
  made.joins = joins;
  made.fields = fields;
  return made;
}

TEST(Digest, RowsDifferInStorageClassLengthAndPlace) {
  const std::vector<Value> values{Value::null(),     Value::integer(0), Value::real(0),
                                  Value::real(-0.0), Value::text(""),   Value::blob(""),
                                  Value::text("0"),  Value::blob("0"),  Value::text("00")};
  std::set<std::string> seen;
  for (const Value& first : values) {
    for (const Value& second : values) {
      const Cells row{first, second};
      seen.insert(row_digest(entity(), &row, {}).text());
      const std::pair<std::string_view, Value> unknown[] = {{"extra", second}};
      seen.insert(row_digest(entity(), &row, unknown).text());
    }
  }
  // An unknown column that is NULL counts as none: a record that PocketBase made has none.
  EXPECT_EQ(seen.size(), 2 * values.size() * values.size() - values.size());
}

TEST(Digest, ARecordsTokenKeyDoesNotCount) {
  const Cells record{Value::text("a"), Value::text("token")}, other{Value::text("a"), Value::text("another")},
      third{Value::text("b"), Value::text("token")};
  const auto digest = [](const Cells& cells, const Value& residue, const Value& created) {
    return record_digest(entity(), &cells, residue, created);
  };
  const Digest plain = digest(record, Value::null(), Value::null());
  EXPECT_EQ(digest(other, Value::null(), Value::null()), plain);
  EXPECT_NE(digest(third, Value::null(), Value::null()), plain);
  EXPECT_NE(digest(record, Value::text("{}"), Value::null()), plain);
  EXPECT_NE(digest(record, Value::null(), Value::text("2026")), plain);
}

TEST(Digest, ColumnsInAnyOrder) {
  TableShape shape;
  shape.columns = {{"b", "TEXT"}, {"a", "TEXT"}};
  const Value there[] = {Value::text("1"), Value::integer(2)};
  const Digest digest = TableDigester(shape).row(there);
  std::swap(shape.columns[0], shape.columns[1]);
  const Value here[] = {Value::integer(2), Value::text("1")};
  EXPECT_EQ(TableDigester(shape).row(here), digest);
  EXPECT_NE(TableDigester(shape).row(there), digest);
}

TEST(Digest, AnAtticRowsPlaceCountsWhereAsked) {
  const std::string place(attic_entry::rowid_name);
  const std::vector<std::pair<std::string, std::string>> row{{"b", "t1"}, {place, "i7"}, {"a", "t2"}},
      same{{"a", "t2"}, {"b", "t1"}, {place, "i8"}};
  EXPECT_EQ(values_digest(row), values_digest(same));
  EXPECT_NE(values_digest(row, true), values_digest(same, true));
  EXPECT_NE(values_digest(row), values_digest({{"a", "t1"}, {"b", "t2"}}));
}

TEST(Digest, SumsCarryAndDoNotCancelOut) {
  constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
  Digest sum{most, 1};
  add(sum, {1, 2});
  EXPECT_EQ(sum, (Digest{0, 4}));
  add(sum, {5, 0});
  EXPECT_EQ(sum, (Digest{5, 4}));
  const Digest row{0x8000000000000000U, 0x8000000000000000U};
  Digest twice = row;
  add(twice, row);
  EXPECT_NE(twice, Digest{}) << "a row that is there twice is not a row that is not there";
}

TEST(Digest, SumsOfPartsAreTheSumOfAll) {
  const Digest one{1, 2}, two{3, 4};
  RowSums part, other, all;
  part.add(7, one);
  other.add(std::numeric_limits<std::uint64_t>::max(), two);
  part.add(other);
  all.add(std::numeric_limits<std::uint64_t>::max(), two);
  all.add(7, one);
  EXPECT_EQ(part.digest, all.digest);
  ASSERT_EQ(part.chunks.size(), all.chunks.size());
  for (std::size_t i = 0; i < all.chunks.size(); ++i) {
    EXPECT_EQ(part.chunks[i].rows, all.chunks[i].rows) << i;
    EXPECT_EQ(part.chunks[i].digest, all.chunks[i].digest) << i;
  }
}

TEST(Digest, ARowsKeyIsHashedAsItsValuesAre) {
  Entity keyed = entity();
  constexpr std::uint16_t key[] = {0};
  keyed.key = key;
  const Cells cells{Value::text("a"), Value::text("b")};
  const Value value = Value::text("a"), other = Value::text("b");
  EXPECT_EQ(key_hash(keyed, &cells), key_hash({&value, 1}));
  EXPECT_NE(key_hash(keyed, &cells), key_hash({&other, 1}));
}

TEST(Digest, ReportsTakeSumsOfParts) {
  RowSums sums;
  sums.add(7, {1, 2});
  EntityReport report;
  add_rows(report, sums);
  add_rows(report, sums);
  EXPECT_EQ(report.digest, (Digest{2, 4}));
  ASSERT_EQ(report.chunks.size(), chunks_kept);
  EXPECT_EQ(report.chunks[0].rows, 2U);
}

TEST(Digest, AChunkKeyThatTheTableLacksIsPassedOver) {
  TableShape shape;
  shape.name = "t";
  shape.columns.resize(2);
  shape.columns[0].name = "id";
  shape.columns[1].name = "title";
  const std::vector<Value> row{Value::integer(1), Value::text("a")}, other{Value::integer(1), Value::text("b")};
  const TableDigester by_id(shape, {"id"}), by_more(shape, {"revision", "id"});
  EXPECT_EQ(by_more.key_hash(row, by_more.row(row)), by_id.key_hash(row, by_id.row(row)));
  EXPECT_EQ(by_id.key_hash(other, by_id.row(other)), by_id.key_hash(row, by_id.row(row)));
  const TableDigester by_nothing(shape, {"revision"});
  EXPECT_NE(by_nothing.key_hash(other, by_nothing.row(other)), by_nothing.key_hash(row, by_nothing.row(row)));
}

TEST(Digest, ComesBackFromItsText) {
  const Digest digest{0x0123456789abcdefU, 0xfedcba9876543210U};
  EXPECT_EQ(digest.text(), "fedcba98765432100123456789abcdef");
  EXPECT_EQ(Digest::of(digest.text()), digest);
  for (const char* wrong : {"", "1", "fedcba98765432100123456789abcde", "fedcba987654321g0123456789abcdef",
                            "fedcba98765432100123456789abcdeg", "fedcba98765432100123456789abcdef0"}) {
    EXPECT_EQ(Digest::of(wrong), Digest{}) << wrong;
  }
}

}  // namespace
}  // namespace twoway
