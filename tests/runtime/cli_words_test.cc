// The log's lines, the state of runs, and what the environment says of a terminal.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdlib>
#include <sstream>

#include "runtime/cli/console.h"
#include "runtime/cli/log.h"
#include "runtime/cli/status.h"
#include "runtime/journal/journal.h"
#include "tests/support/temporary_directory.h"

namespace twoway::cli {
namespace {

namespace json = boost::json;

/// A line that is logged with each level.
std::string logged(const LogOptions& options) {
  std::ostringstream stream;
  Screen screen(stream);
  Log log(screen, options);
  for (const char* level : {"debug", "info", "warning", "error", "other"}) log.write(level, level);
  return stream.str();
}

TEST(LogLines, ForPeople) {
  EXPECT_EQ(logged({.timestamps = false}), "info\nwarning: warning\nerror: error\nother\n");
  EXPECT_EQ(logged({.timestamps = false, .quiet = true}), "warning: warning\nerror: error\n");
  EXPECT_EQ(logged({.timestamps = false, .verbose = true}),
            "debug: debug\ninfo\nwarning: warning\nerror: error\nother\n");
}

TEST(LogLines, WithTimes) {
  const std::string text = logged({.timestamps = true});
  EXPECT_EQ(text.substr(10, 1) + text.substr(23, 15), "TZ info    info\n") << text;
  EXPECT_NE(text.find("Z warning warning\n"), std::string::npos);
}

TEST(LogLines, ForMachines) {
  std::istringstream lines(logged({.json = true, .verbose = true}));
  std::string levels;
  for (std::string line; std::getline(lines, line);) {
    const json::value value = json::parse(line);
    levels += std::string(value.at("level").as_string()) + "=" + std::string(value.at("message").as_string()) + " ";
  }
  EXPECT_EQ(levels, "debug=debug info=info warning=warning error=error info=other ");
}

/// Sets a variable for the time of a test; null: takes it away.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    set(value);
  }
  ~Variable() { set(before_ ? before_->c_str() : nullptr); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  void set(const char* value) const {
    if (value != nullptr) {
      ::setenv(name_, value, 1);
    } else {
      ::unsetenv(name_);
    }
  }
  const char* name_;
  std::optional<std::string> before_;
};

bool utf8_with(const char* all, const char* type, const char* language) {
  const Variable first("LC_ALL", all), second("LC_CTYPE", type), third("LANG", language);
  return process_console().utf8;
}

TEST(Environment, TheFirstNameOfALocaleCounts) {
  EXPECT_TRUE(utf8_with("C.UTF-8", "C", "C"));
  EXPECT_TRUE(utf8_with("", "de_DE.utf8", "C"));
  EXPECT_TRUE(utf8_with(nullptr, nullptr, "en_US.UTF-8"));
  EXPECT_FALSE(utf8_with("C", "de_DE.utf8", "en_US.UTF-8"));
  EXPECT_FALSE(utf8_with(nullptr, "", nullptr));
  const Variable terminal("TERM", "dumb");
  EXPECT_FALSE(process_console().err_is_terminal);
  EXPECT_GT(process_console().width(), 0u);
}

JournalRun run_at(const std::string& started, const std::string& to = "b.db") {
  JournalRun run;
  run.mapping_digest = "ab12";
  run.direction = "sql_to_sql";
  run.from = "a.db";
  run.to = to;
  run.started = started;
  return run;
}

Checkpoint checkpoint(std::string entity, std::uint64_t rows, std::string noted = {}) {
  Checkpoint result;
  result.entity = std::move(entity);
  result.rows = result.inserted = rows;
  result.rows_total = 400;
  result.bytes = rows * 1000;
  result.digest = std::string(32, '0');
  result.noted = std::move(noted);
  return result;
}

TEST(StatusOfRuns, NewestFirst) {
  const test::TemporaryDirectory directory("status");
  {
    Journal journal(directory.path());
    journal.start(run_at("2026-11-21T10:00:00Z"));
    journal.start(run_at("2026-11-21T11:00:00Z"));
    journal.note(checkpoint("chat", 7, "2026-11-21T11:00:05Z"));
    journal.finish("verified", "2026-11-21T11:01:00Z");
    JournalRun last = run_at("2026-11-21T12:00:00Z");
    last.backup = "backup.db";
    journal.start(last);
  }
  EXPECT_EQ(status(directory.path(), false, false),
            "2026-11-21T12:00:00Z: a.db -> b.db, interrupted: the same command goes on\n"
            "2026-11-21T11:00:00Z: a.db -> b.db, verified\n2026-11-21T10:00:00Z: a.db -> b.db, given up\n");
  const std::string verbose = status(directory.path(), false, true);
  EXPECT_NE(verbose.find("verified\nentity  rows   of  written  unchanged  rejected\nchat       7  400"),
            std::string::npos)
      << verbose;
  const json::value document = json::parse(status(directory.path(), true, false));
  const json::array& runs = document.at("runs").as_array();
  ASSERT_EQ(runs.size(), 3u);
  EXPECT_EQ(runs[0].at("backup"), "backup.db");
  EXPECT_TRUE(runs[0].at("finished").is_null());
  EXPECT_EQ(runs[1].at("finished"), "2026-11-21T11:01:00Z");
  EXPECT_TRUE(runs[1].at("backup").is_null());
  EXPECT_EQ(runs[1].at("entities").at(0).at("rows"), 7);
}

TEST(StatusOfRuns, SaysHowFarOneIs) {
  const test::TemporaryDirectory directory("status");
  Journal journal(directory.path());
  journal.start(run_at("2026-11-21T12:00:00Z"));
  journal.note(checkpoint("chat", 100));
  const auto last_line = [&] {
    const std::string text = status(directory.path(), false, false);
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  EXPECT_EQ(last_line(), "100 of 400 rows of the entities begun so far\n") << "nobody knows since when";
  journal.note(checkpoint("chat", 100, "2026-11-21T12:00:10Z"));
  EXPECT_EQ(
      last_line(),
      "100 of 400 rows of the entities begun so far, 10 rows and 10.0 kB a second, about 30 s left for them; last "
      "batch 2026-11-21T12:00:10Z\n");
  journal.set_expected({{"chat", 400}, {"tag", 100}, {"memory", 0}});
  EXPECT_EQ(last_line(),
            "100 of 500 rows, 10 rows and 10.0 kB a second, about 40 s left, without verification; last batch "
            "2026-11-21T12:00:10Z\n");
}

}  // namespace
}  // namespace twoway::cli
