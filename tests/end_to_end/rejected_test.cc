// The file of rejected rows, the limit to them, and rows that wait for their parent.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <fstream>

#include "runtime/journal/journal.h"
#include "runtime/transform/residue.h"
#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class RejectedRows : public testing::Test {
 protected:
  /// 305 messages, of which the new database refuses each that is a person's.
  void SetUp() override {
    source_ = real(directory_.path());
    expect_faithful(carry(source_, directory_ / "pb_data"));
    ASSERT_NE(prepare(mapping_under_test(), target().string(), RunOptions()), "");
    SqliteFile(target()).execute(
        "CREATE TRIGGER refuse BEFORE INSERT ON chat_message WHEN NEW.role = 'user' BEGIN SELECT RAISE(ABORT, 'not "
        "now'); END");
  }
  fs::path target() const { return directory_ / "back.db"; }
  fs::path state() const { return directory_ / "back.db.twoway"; }
  RunReport back(const RunOptions& options = {}) { return carry(directory_ / "pb_data", target(), options); }
  RunReport again() { return retry(mapping_under_test(), state().string(), RunOptions()); }
  std::string lines() const {
    return fs::exists(state() / "rejected.jsonl") ? read_file(state() / "rejected.jsonl") : "";
  }
  /// The lines without the time at which their run began.
  static std::string without_run(const std::string& lines) {
    std::string out;
    for (std::size_t begin = 0, end; (end = lines.find('\n', begin)) != std::string::npos; begin = end + 1) {
      const std::string line = lines.substr(begin, end - begin + 1);
      out += line.substr(line.find(",\"entity\""));
    }
    return out;
  }

  TemporaryDirectory directory_{"rejected_rows"};
  fs::path source_;
  std::atomic<bool> stop_{false};
};

TEST_F(RejectedRows, AResumedRunGoesOnWithTheFileAndDoublesNothing) {
  const RunReport whole = back();
  EXPECT_EQ(whole.status, ExitStatus::differences);
  const std::string expected = without_run(lines());
  const std::uint64_t rejected = static_cast<std::uint64_t>(std::count(expected.begin(), expected.end(), '\n'));
  EXPECT_EQ(rejected, whole.rejected.size());
  EXPECT_GT(rejected, 50U);
  SqliteFile(target()).execute("DELETE FROM chat_message");

  RunOptions stopping;
  stopping.batch_bytes = 20000;
  stopping.interrupted = &stop_;
  stopping.restart = true;
  stopping.progress = [this](const Progress& progress) {
    if (progress.phase == Progress::Phase::migrate && progress.entity == "chat_message" && progress.rows >= 200) {
      stop_ = true;
    }
  };
  EXPECT_EQ(back(stopping).status, ExitStatus::interrupted);
  const std::string part = lines();
  EXPECT_EQ(expected.find(without_run(part)), 0U);
  EXPECT_LT(without_run(part).size(), expected.size());
  // A run that is killed may have written lines that its journal knows nothing of, the last one not whole.
  std::ofstream(state() / "rejected.jsonl", std::ios::app)
      << part.substr(0, part.find('\n') + 1) << part.substr(0, 100);
  const RunReport resumed = back();
  EXPECT_EQ(without_run(lines()), expected);
  EXPECT_EQ(resumed.rejected.size(), rejected);
  EXPECT_EQ(resumed.resumed.empty(), false);

  SqliteFile(target()).execute("DROP TRIGGER refuse");
  EXPECT_EQ(again().status, ExitStatus::done);
  EXPECT_EQ(lines(), "");
  EXPECT_EQ(differences(source_, target()), "");
}

TEST_F(RejectedRows, TooManyEndTheRunAfterTheBatch) {
  RunOptions options;
  options.batch_bytes = 20000;
  options.max_rejected = 10;
  const RunReport stopped = back(options);
  EXPECT_EQ(stopped.status, ExitStatus::interrupted);
  EXPECT_EQ(stopped.stopped,
            fmt::format("{} rows were rejected, and --max-rejected allows 10", stopped.rejected.size()));
  EXPECT_GT(stopped.rejected.size(), 10U);
  EXPECT_LT(stopped.rejected.size(), 100U);
  EXPECT_THROW(again(), Error) << "an interrupted run is finished first";
  const RunReport whole = back();
  EXPECT_EQ(whole.status, ExitStatus::differences);
  EXPECT_GT(whole.rejected.size(), stopped.rejected.size());
}

TEST_F(RejectedRows, AreWrittenExactly) {
  SqliteFile source(source_);
  const std::string id = source.text("SELECT id FROM chat_message WHERE role = 'user' LIMIT 1");
  source.run(
      "UPDATE chat_message SET content = ?, parent_id = ?, created_at = ?, usage = ? WHERE id = ?",
      {Cell(std::string("not \xff UTF-8")), Cell::blob(std::string_view("\0b", 2)), Cell(0.1), Cell(nullptr), id});
  fs::remove_all(directory_ / "pb_data");
  expect_faithful(carry(source_, directory_ / "pb_data"));
  back();
  const std::string text = lines();
  const std::size_t begin = text.rfind('\n', text.find("\"key\":\"" + id)) + 1;
  const boost::json::value line = boost::json::parse(text.substr(begin, text.find('\n', begin) - begin));
  Arena arena;
  const auto value = [&](const char* column) {
    return read_tagged(arena.copy(std::string(line.at("row").at(column).as_string())), arena).value();
  };
  EXPECT_EQ(line.at("table").as_string(), "chat_message");
  EXPECT_EQ(line.at("reason").as_string(), "not now");
  EXPECT_EQ(value("content").bytes(), "not \xff UTF-8");
  EXPECT_TRUE(value("parent_id").is_blob());
  EXPECT_EQ(value("parent_id").bytes(), std::string_view("\0b", 2));
  EXPECT_EQ(value("created_at").as_real(), 0.1);
  EXPECT_TRUE(value("usage").is_null());
}

TEST(WaitingRows, FindTheirPlaceByRetry) {
  const TemporaryDirectory directory("waiting");
  const fs::path source = real(directory.path());
  const std::string database = shared_cluster().create_database();
  RunOptions options;
  options.from = source.string();
  options.to = shared_cluster().url(database);
  options.state_directory = (directory / "state").string();
  SqliteFile(source).execute("DELETE FROM chat WHERE id IN (SELECT chat_id FROM chat_message LIMIT 1)");
  expect_faithful(migrate(mapping_under_test(), options));
  const std::string waiting = "SELECT count(*) FROM twoway_residue WHERE entity = 'rows of chat_message'";
  const int before = std::stoi(sql(database, waiting));
  ASSERT_GT(before, 0);
  const std::string parent =
      sql(database,
          "SELECT residue::json->>'chat_id' FROM twoway_residue WHERE entity = 'rows of chat_message' LIMIT 1")
          .substr(1);
  const auto again = [&] { return retry(mapping_under_test(), options.state_directory, options); };
  EXPECT_EQ(again().status, ExitStatus::done);
  EXPECT_EQ(std::stoi(sql(database, waiting)), before) << "without their parent they wait on";
  sql(database, fmt::format("INSERT INTO chat (id, meta) VALUES ('{}', '{{}}')", parent));
  RunReport mended = again();
  std::uint64_t moved = 0;
  for (const EntityReport& entity : mended.entities) moved += entity.name == "chat_message" ? entity.updated : 0;
  EXPECT_EQ(static_cast<std::uint64_t>(before - std::stoi(sql(database, waiting))), moved);
  EXPECT_GT(moved, 0U);
  EXPECT_EQ(std::stoul(sql(database, fmt::format("SELECT count(*) FROM chat_message WHERE chat_id = '{}'", parent))),
            moved);
}

TEST(WaitingRows, RetryRefusesWhatItCannotKnow) {
  const TemporaryDirectory directory("retry_refuses");
  const auto failure = [&](const std::string& from, RunOptions options = {}) {
    try {
      retry(mapping_under_test(), from, options);
      return std::string("it started");
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::cannot_start);
      std::string words = fmt::format("{}\n{}", error.what(), error.hint());
      for (std::size_t at; (at = words.find(directory.path().string())) != std::string::npos;) {
        words.replace(at, directory.path().string().size(), "DIR");
      }
      return words;
    }
  };
  const std::string state = (directory / "copy.db.twoway").string();
  EXPECT_EQ(failure(state),
            "DIR/copy.db.twoway does not exist\nName a receipt (JSON) or a state directory, for example "
            "pb_data.twoway.");
  std::ofstream(directory / "note.json") << "{}";
  EXPECT_EQ(failure((directory / "note.json").string()),
            "DIR/note.json is no receipt of twoway\nName the receipt's JSON file, or the state directory that it lies "
            "in.");
  expect_faithful(carry(fresh(directory.path()), directory / "copy.db"));
  RunOptions other;
  other.to = (directory / "other.db").string();
  EXPECT_EQ(failure(state, other),
            "the run's store was DIR/copy.db, not DIR/other.db\nName that one with --to, or carry everything with "
            "`twoway migrate`.");
  JournalRun another = Journal::read(state)->runs().front();
  another.mapping_digest = "another";
  {
    Journal journal(state);
    journal.start(another);
    journal.finish("verified", another.finished);
  }
  EXPECT_EQ(
      failure(state),
      "the run of DIR/copy.db.twoway was made with another mapping\nCarry everything with `twoway migrate`: other "
      "rows may go over otherwise, too.");
}

}  // namespace
}  // namespace twoway::test
