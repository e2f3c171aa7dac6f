// Receipts of earlier runs, read again and compared.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <functional>

#include "runtime/migrate/digest.h"
#include "runtime/report/earlier_receipt.h"
#include "runtime/report/receipt_json.h"
#include "runtime/report/verdict.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::report {
namespace {

namespace json = boost::json;

EntityReport rows(std::string name, std::uint64_t count) {
  EntityReport report = sample::entity(std::move(name), 0);
  for (std::uint64_t i = 0; i < count; ++i) {
    const Value key = Value::integer(static_cast<std::int64_t>(i));
    const std::uint64_t hash = key_hash(std::span(&key, 1));
    add_row(report, hash, {hash * 3, hash ^ i});
  }
  return report;
}

RunReport run_of(std::vector<EntityReport> entities) {
  RunReport report = sample::good();
  report.entities = std::move(entities);
  return report;
}

void write_file(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

class EarlierReceipts : public testing::Test {
 protected:
  std::string file() const { return (directory_ / "receipt.json").string(); }
  void write(const RunReport& report) const { write_file(file(), receipt_json(report, {Verb::migrate, "0.1.0"})); }
  /// Of a receipt's document with something changed.
  void write_changed(const std::function<void(json::object&)>& change) const {
    write(run_of({rows("chat", 3)}));
    json::value document = json::parse(test::read_file(file()));
    change(document.as_object());
    write_file(file(), json::serialize(document));
  }
  std::string refusal() const {
    try {
      read_earlier(file());
    } catch (const Error& error) {
      std::string said = error.what();
      for (std::size_t at; (at = said.find(file())) != std::string::npos;) said.replace(at, file().size(), "FILE");
      return said;
    }
    return "read";
  }
  RunReport compared(RunReport now, bool must_equal = true) const {
    compare_with_earlier(now, read_earlier(file()), must_equal);
    return now;
  }
  test::TemporaryDirectory directory_{"earlier"};
};

TEST_F(EarlierReceipts, AreReadAsTheyWereWritten) {
  EntityReport attic = rows("fork", 2), adapted = rows("tag", 300);
  attic.attic = true;
  adapted.adapted = 4;
  write(run_of({rows("chat", 3), rows("memory", 0), adapted, attic}));
  const EarlierReceipt read = read_earlier(file());
  EXPECT_EQ(read.verb, "migrate");
  EXPECT_EQ(read.verdict, "verified");
  EXPECT_EQ(read.direction, Direction::to_pocketbase);
  ASSERT_EQ(read.entities.size(), 4u);
  EXPECT_EQ(read.entities[1].chunks.size(), 0u);
  EXPECT_EQ(read.entities[2].chunks.size(), 2u);
  EXPECT_EQ(read.entities[2].adapted, 4u);
  EXPECT_EQ(read.entities[3].name, "attic/fork");
}

TEST_F(EarlierReceipts, OtherFilesAreRefused) {
  EXPECT_EQ(refusal(), "FILE is no file");
  for (const char* text : {"", "{", "[]", "{}", "{\"receipt\": \"twoway\"}", "{\"receipt\": 1, \"direction\": 2}",
                           "{\"receipt\": \"twoway\", \"direction\": \"sideways\"}",
                           "{\"receipt\": \"other\", \"direction\": \"to_sql\"}"}) {
    write_file(file(), text);
    EXPECT_EQ(refusal(), "FILE is no receipt of twoway") << text;
  }
}

TEST_F(EarlierReceipts, WithoutChunksTheySayNothing) {
  const std::string nothing = "FILE says nothing of chunks";
  write_changed([](json::object& receipt) { receipt.erase("root"); });
  EXPECT_EQ(refusal(), nothing);
  write_changed([](json::object& receipt) { receipt["entities"].as_array().emplace_back(7); });
  EXPECT_EQ(refusal(), nothing);
  write_changed([](json::object& receipt) {
    json::array& chunks = receipt["entities"].as_array()[0].as_object()["chunks"].as_array();
    for (int i = 0; i < 2; ++i) chunks.emplace_back("1 ab");
  });
  EXPECT_EQ(refusal(), nothing) << "three chunks: no power of two";
  write_changed([](json::object& receipt) {
    json::array& chunks = receipt["entities"].as_array()[0].as_object()["chunks"].as_array();
    chunks.resize(65536, "1 ab");
  });
  EXPECT_EQ(refusal(), nothing) << "more than there can be";
}

TEST_F(EarlierReceipts, ChangedOnesAreNoticed) {
  const std::string changed = "FILE was changed: its chunks do not make its root";
  write_changed([](json::object& receipt) { receipt["root"] = "ab"; });
  EXPECT_EQ(refusal(), changed);
  const auto of_chunk = [](json::value chunk) {
    return [chunk](json::object& receipt) {
      receipt["entities"].as_array()[0].as_object()["chunks"].as_array()[0] = chunk;
    };
  };
  write_changed(of_chunk("3 ab"));
  EXPECT_EQ(refusal(), changed);
  write_changed(of_chunk(7));
  EXPECT_EQ(refusal(), changed);
  write_changed([](json::object& receipt) { receipt["entities"] = 7; });
  EXPECT_EQ(refusal(), changed);
  write_changed([](json::object& receipt) { receipt["entities"].as_array()[0].as_object()["chunks"] = nullptr; });
  EXPECT_EQ(refusal(), changed);
  // What the tree does not cover may be of another form; it is read as nothing.
  write_changed([](json::object& receipt) {
    receipt["verdict"] = "verified";
    receipt["verb"] = nullptr;
    json::object& entity = receipt["entities"].as_array()[0].as_object();
    entity["attic"] = 1;
    entity["adapted"] = "4";
    entity["chunk_key"] = json::array{"id", 7};
  });
  const EarlierReceipt read = read_earlier(file());
  EXPECT_EQ(read.verdict, "");
  EXPECT_EQ(read.entities[0].adapted, 0u);
  EXPECT_EQ(read.entities[0].chunk_key, (std::vector<std::string>{"id", ""}));
  write_changed([](json::object& receipt) {
    receipt.erase("verdict");
    json::object& entity = receipt["entities"].as_array()[0].as_object();
    entity.erase("attic"), entity.erase("adapted"), entity.erase("chunk_key");
  });
  EXPECT_EQ(refusal(), "read");
}

TEST_F(EarlierReceipts, AreFoundWhereTheySpeakOfTheSameRows) {
  const RunReport now = run_of({rows("chat", 3)});
  const auto found = [&](const RunReport& report) {
    return find_earlier(directory_.path().string(), report).has_value();
  };
  EXPECT_FALSE(found(now)) << "there is none";
  write(now);
  RunReport back = now;
  back.direction = Direction::to_sql;
  EXPECT_TRUE(found(now));
  EXPECT_TRUE(found(back));
  back.direction = Direction::sql_to_sql;
  EXPECT_FALSE(found(back)) << "tables, not rows";
  back = now;
  back.mapping = "other";
  EXPECT_FALSE(found(back));
  write_file(file(), receipt_json(now, {Verb::verify, "0.1.0"}));
  EXPECT_FALSE(found(now));
  RunReport interrupted = now;
  interrupted.status = ExitStatus::interrupted;
  write(interrupted);
  EXPECT_FALSE(found(now));
  write(run_of({rows("chat", 0)}));
  EXPECT_FALSE(found(now)) << "it had no rows";
  write_file(file(), "no receipt");
  EXPECT_FALSE(found(now)) << "nobody asked for it";
}

TEST_F(EarlierReceipts, EqualRows) {
  write(run_of({rows("chat", 300), rows("memory", 0)}));
  const RunReport now = compared(run_of({rows("chat", 300), rows("tag", 0)}));
  EXPECT_TRUE(now.earlier->differing.empty());
  EXPECT_EQ(now.status, ExitStatus::done);
  EXPECT_EQ(now.notes.size(), sample::good().notes.size());
}

TEST_F(EarlierReceipts, OtherRowsAreDifferencesWhereTheyMustBeEqual) {
  EntityReport adapted = rows("tag", 1);
  adapted.adapted = 4;
  write(run_of({rows("chat", 3), adapted}));
  RunReport report = run_of({rows("chat", 4), rows("memory", 1)});
  report.mapping_digest = "cd34";
  report.notes.clear();
  const RunReport now = compared(report);
  EXPECT_EQ(now.status, ExitStatus::differences);
  ASSERT_EQ(now.differences.size(), 3u);
  EXPECT_EQ(now.differences[0].key, "chunk 1 of 1");
  EXPECT_TRUE(now.differences[0].expected.starts_with("3 rows, digest ")) << now.differences[0].expected;
  EXPECT_TRUE(now.differences[0].found.starts_with("4 rows, digest ")) << now.differences[0].found;
  EXPECT_TRUE(now.differences[1].expected.starts_with("1 row, digest "));
  EXPECT_EQ(now.differences[1].found, "0 rows, digest 00000000000000000000000000000000");
  EXPECT_EQ(now.differences[2].entity, "memory");
  ASSERT_EQ(now.notes.size(), 2u);
  EXPECT_EQ(now.notes[0].text, "the mapping has changed since; rows may look different for that reason alone");
  EXPECT_EQ(now.notes[1].count, 4u);
  EXPECT_EQ(earlier_sentence(*now.earlier),
            "Differs from the receipt of 2026-11-21T12:00:00Z: chat (1 of 1 chunk; 3 rows then, 4 now), tag (1 of 1 "
            "chunk; 1 row then, 0 now), memory (1 of 1 chunk; 0 rows then, 1 now).");
  const RunReport told = compared(report, false);
  EXPECT_EQ(told.status, ExitStatus::done);
  EXPECT_EQ(told.differences.size(), 0u);
  EXPECT_EQ(told.earlier->differing.size(), 3u);
  report.status = ExitStatus::interrupted;
  EXPECT_EQ(compared(report).status, ExitStatus::interrupted);
}

TEST_F(EarlierReceipts, NoMoreDifferencesThanAReportHolds) {
  std::vector<EntityReport> entities;
  for (int i = 0; i < 1001; ++i) entities.push_back(rows(fmt::format("e{}", i), 1));
  write(run_of(std::move(entities)));
  const RunReport now = compared(run_of({}));
  EXPECT_EQ(now.differences.size(), 1000u);
  EXPECT_EQ(now.earlier->differing.size(), 1001u);
  const std::string said = earlier_sentence(*now.earlier);
  EXPECT_TRUE(said.ends_with(", 996 more.")) << said;
}

TEST_F(EarlierReceipts, AStoreHeldAgainstOne) {
  write(run_of({rows("chat", 3)}));
  RunReport report = run_of({rows("chat", 3)});
  report.one_sided = true;
  report.entities[0].read = 3;
  EXPECT_EQ(verdict(report, Verb::verify).text, "DIFFERENCES: See the differences. 3 rows read.");
  const RunReport same = compared(report);
  const std::string root = same.earlier->root;
  EXPECT_EQ(verdict(same, Verb::verify).text,
            "All rows are those of the receipt of 2026-11-21T12:00:00Z: root " + root + ". 3 rows read.");
  RunReport troubled = same;
  troubled.status = ExitStatus::differences;
  EXPECT_EQ(verdict(troubled, Verb::verify).text, "DIFFERENCES: See the differences. 3 rows read.");
  report.entities = {rows("chat", 4)};
  report.entities[0].read = 4;
  EXPECT_EQ(verdict(compared(report), Verb::verify).text,
            "DIFFERENCES: Differs from the receipt of 2026-11-21T12:00:00Z: chat (1 of 1 chunk; 3 rows then, 4 now). "
            "4 rows read.");
}

}  // namespace
}  // namespace twoway::report
