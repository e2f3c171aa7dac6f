#include <gtest/gtest.h>

#include "runtime/migrate/digest.h"
#include "runtime/report/chunk_tree.h"
#include "runtime/report/earlier_receipt.h"
#include "runtime/verify/sample.h"
#include "tests/runtime/report_sample.h"

namespace twoway::report {
namespace {

// `printf '\0a' | sha256sum` and its likes.
TEST(ChunkTree, LeavesAndNodesAreSha256) {
  EXPECT_EQ(tree_root({}), "");
  EXPECT_EQ(tree_root({"a"}), "022a6979e6dab7aa5ae4c3e5e45f7e977112a7e63593820dbec1ec738a24f93c");
  EXPECT_EQ(tree_root({"a", "b"}), "b137985ff484fb600db93107c77b0365c80d78f5b429ded0fd97361d077999eb");
  EXPECT_EQ(tree_root({"a", "b", "c"}), "36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1");
  EXPECT_NE(tree_root({"a", "b", "c"}), tree_root({"a", "b", "c", "c"}));
  EXPECT_NE(tree_root({"a", "b"}), tree_root({"b", "a"}));
}

/// A report's rows, one hash each.
EntityReport rows(std::uint64_t count) {
  EntityReport report = sample::entity("chat", 0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Value key = Value::integer(static_cast<std::int64_t>(i));
    const std::uint64_t hash = key_hash(std::span(&key, 1));
    add_row(report, hash, {hash * 3, hash ^ i});
  }
  return report;
}

TEST(Chunks, ThereAreAsManyAsTheRowsNeed) {
  EXPECT_TRUE(folded(rows(0).chunks).empty());
  EXPECT_EQ(folded(rows(1).chunks).size(), 1u);
  EXPECT_EQ(folded(rows(256).chunks).size(), 1u);
  EXPECT_EQ(folded(rows(257).chunks).size(), 2u);
  EXPECT_EQ(folded(rows(3000).chunks).size(), 16u);
  EXPECT_EQ(folded(rows(200000).chunks).size(), 256u);
}

TEST(Chunks, AddUpToTheDigestHoweverTheyAreFolded) {
  const EntityReport report = rows(1000);
  for (const std::size_t count : {1u, 2u, 64u, 256u}) {
    Chunk sum;
    for (const Chunk& chunk : folded(report.chunks, count)) {
      sum.rows += chunk.rows;
      add(sum.digest, chunk.digest);
    }
    EXPECT_EQ(sum.rows, 1000u);
    EXPECT_EQ(sum.digest, report.digest);
  }
}

TEST(Chunks, OneRowIsInOneChunkWhateverItsOrder) {
  EntityReport there = rows(1000), back = sample::entity("chat", 0);
  for (std::uint64_t i = 1000; i-- > 0;) {
    const Value key = Value::integer(static_cast<std::int64_t>(i));
    const std::uint64_t hash = key_hash(std::span(&key, 1));
    add_row(back, hash, {hash * 3, hash ^ i});
  }
  EXPECT_EQ(entity_root(there), entity_root(back));
  const Value key = Value::integer(500);
  add_row(back, key_hash(std::span(&key, 1)), {1, 1});
  std::size_t different = 0;
  const auto a = folded(there.chunks), b = folded(back.chunks, folded(there.chunks).size());
  for (std::size_t i = 0; i < a.size(); ++i) different += a[i] == b[i] ? 0 : 1;
  EXPECT_EQ(different, 1u);
}

TEST(Chunks, KeysOfOtherKindsAreOtherKeys) {
  const Value parts[] = {Value::text("1"), Value::integer(1), Value::null(), Value::text(""), Value::real(1)};
  std::set<std::uint64_t> hashes;
  for (const Value& part : parts) hashes.insert(key_hash(std::span(&part, 1)));
  EXPECT_EQ(hashes.size(), 5u);
  const Value ab[] = {Value::text("a"), Value::text("b")}, ba[] = {Value::text("b"), Value::text("a")};
  EXPECT_NE(key_hash(ab), key_hash(ba));
}

TEST(RowsRoot, IsOfTheRowsAlone) {
  RunReport there = sample::good();
  EXPECT_EQ(rows_root(there), "");
  there.entities = {rows(3), rows(300), rows(0)};
  there.entities[1].name = "tag";
  RunReport back = there;
  std::swap(back.entities[0], back.entities[1]);
  back.entities.pop_back();  // an entity without rows
  EXPECT_EQ(rows_root(there), rows_root(back));
  back.entities[0].attic = true;
  EXPECT_NE(rows_root(there), rows_root(back));
}

TEST(EarlierReceipt, SaysWhatDiffers) {
  EarlierComparison earlier{"r.json", "2026-11-21T12:00:00Z", "ab", {}};
  EXPECT_EQ(earlier_sentence(earlier), "All rows are those of the receipt of 2026-11-21T12:00:00Z: root ab.");
  earlier.differing = {{"chat", {3, 17}, 64, 12000, 11999}, {"attic/fork", {1}, 1, 5, 5}};
  EXPECT_EQ(earlier_sentence(earlier),
            "Differs from the receipt of 2026-11-21T12:00:00Z: chat (2 of 64 chunks; 12,000 rows then, 11,999 now), "
            "attic/fork (1 of 1 chunk; 5 rows).");
}

TEST(Sample, IsDealtEvenlyAndNeverMoreThanThereIs) {
  const std::uint64_t have[] = {0, 2, 1000, 1000};
  EXPECT_EQ(deal(8, 1, have), (std::vector<std::size_t>{0, 2, 3, 3}));
  EXPECT_EQ(deal(9999, 1, have), (std::vector<std::size_t>{0, 2, 1000, 1000}));
  EXPECT_EQ(deal(0, 1, have), (std::vector<std::size_t>{0, 0, 0, 0}));
}

TEST(Sample, TheSeedChoosesAndTheOrderDoesNot) {
  const auto chosen = [](std::uint64_t seed, bool backwards) {
    Sample sample(5, seed);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      const std::uint64_t key = backwards ? 999 - i : i;
      if (sample.wants(key)) sample.take(key, {"chat", std::to_string(key), {}, true});
    }
    std::vector<SampleRow> rows;
    sample.give(rows);
    std::string keys;
    for (const SampleRow& row : rows) keys += row.key + " ";
    return keys;
  };
  EXPECT_EQ(chosen(1, false), chosen(1, true));
  EXPECT_NE(chosen(1, false), chosen(2, false));
}

TEST(Sample, LongTextIsCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 30; ++i) text += "\u20AC";
  const std::string cut = shown(Value::text(text), false);
  EXPECT_EQ(cut, "'" + text.substr(0, 60) + "'... (90 bytes)");
  EXPECT_EQ(shown(Value::text(text), true), "90 bytes, covered");
  EXPECT_EQ(shown(Value::integer(7), true), "a number, covered");
}

}  // namespace
}  // namespace twoway::report
