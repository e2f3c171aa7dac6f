#include <gtest/gtest.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <iostream>
#include <sstream>
#include <vector>

#include "runtime/cli/cli.h"
#include "runtime/cli/progress.h"
#include "tests/runtime/report_sample.h"

namespace twoway::cli {
namespace {

using namespace std::chrono_literals;

/// A display with a clock that the test moves.
class ProgressTest : public testing::Test {
 protected:
  ProgressDisplay display(bool live, bool utf8) {
    return ProgressDisplay(screen_, {live, utf8, true, [this] { return width_; }, [this] { return now_; },
                                     [this](std::string_view line) { lines_.emplace_back(line); }});
  }
  static Progress at(std::string_view entity, std::uint64_t rows, std::uint64_t total, std::size_t index = 2) {
    return {Progress::Phase::migrate, entity, index, 45, rows, total, rows * 1000};
  }
  std::string taken() {
    const std::string text = stream_.str();
    stream_.str("");
    return text;
  }

  std::ostringstream stream_;
  Screen screen_{stream_};
  std::vector<std::string> lines_;
  std::size_t width_ = 100;
  std::chrono::steady_clock::time_point now_{1h};
};

TEST_F(ProgressTest, Bar) {
  ProgressDisplay progress = display(true, true);
  progress.update(at("chat", 0, 20000));
  EXPECT_EQ(taken(), "migrating  3/45 chat             ········································ 0/20,000");
  now_ += 2s;
  progress.update(at("chat", 5100, 20000));
  EXPECT_EQ(taken(),
            "\r\x1b[Kmigrating  3/45 chat             ████▌············· 5,100/20,000  2,550 rows/s"
            "  2.5 MB/s  0:06 left");
}

TEST_F(ProgressTest, BarWithoutUtf8) {
  ProgressDisplay progress = display(true, false);
  progress.update(at("chat", 0, 20000));
  taken();
  now_ += 2s;
  progress.update(at("chat", 5100, 20000));
  EXPECT_EQ(taken(),
            "\r\x1b[Kmigrating  3/45 chat             [####------------] 5,100/20,000  2,550 rows/s"
            "  2.5 MB/s  0:06 left");
}

TEST_F(ProgressTest, AtMostTenTimesASecond) {
  ProgressDisplay progress = display(true, true);
  int drawn = 0;
  for (int i = 0; i < 1000; ++i) {
    progress.update(at("chat", static_cast<std::uint64_t>(i), 1000));
    drawn += taken().empty() ? 0 : 1;
    now_ += 1ms;
  }
  EXPECT_EQ(drawn, 10);
}

TEST_F(ProgressTest, FinishedEntitiesLeaveALine) {
  ProgressDisplay progress = display(true, true);
  progress.update(at("user", 0, 10));
  now_ += 4s;
  progress.update(at("user", 8, 10));
  taken();
  progress.update(at("memory", 0, 0, 3));
  EXPECT_EQ(taken(), "\r\x1b[K✓ migrated user                             10 rows         4.0 s  3 rows/s  2.0 kB/s\n");
  now_ += 1s;
  progress.update(at("chat", 5, 5, 4));
  progress.finish(true);
  EXPECT_EQ(taken(),
            "migrating  5/45 chat             ████████████████████████████████████████ 5/5  5 rows/s  5.0 kB/s"
            "\r\x1b[K✓ migrated chat                              5 rows         1.0 s  5 rows/s  5.0 kB/s\n");
}

TEST_F(ProgressTest, FitsAnyTerminal) {
  ProgressDisplay progress = display(true, true);
  for (width_ = 1; width_ < 200; ++width_) {
    now_ += 1s;
    progress.update(at("a_rather_long_name_of_an_entity", 1000 * width_, 12345678));
    std::string line = taken();
    line = line.substr(line.rfind("\x1b[K") == std::string::npos ? 0 : line.rfind("\x1b[K") + 3);
    std::size_t characters = 0;
    for (const char c : line) characters += (static_cast<unsigned char>(c) & 0xC0u) != 0x80u ? 1 : 0;
    EXPECT_LE(characters, std::max<std::size_t>(width_, 20) - 1) << width_;
  }
}

TEST_F(ProgressTest, LinesWithoutATerminal) {
  ProgressDisplay progress = display(false, false);
  for (int second = 0; second <= 25; ++second) {
    progress.update(at("chat", static_cast<std::uint64_t>(second) * 400, 20000));
    now_ += 1s;
  }
  progress.update(at("tag", 3, 3, 3));
  progress.finish(true);
  EXPECT_EQ(lines_, (std::vector<std::string>{
                        "migrating chat: 4,000 of 20,000 rows (20%)  400 rows/s  400.0 kB/s  0:40 left",
                        "migrating chat: 8,000 of 20,000 rows (40%)  400 rows/s  400.0 kB/s  0:30 left",
                        "migrated chat: 20,000 rows in 25.0 s  800 rows/s  400.0 kB/s",
                        "migrated tag: 3 rows in 1.0 s  3 rows/s  3.0 kB/s",
                    }));
  EXPECT_EQ(stream_.str(), "");
}

TEST_F(ProgressTest, AnInterruptedEntityIsNotCalledDone) {
  ProgressDisplay progress = display(false, false);
  progress.update(at("chat", 500, 20000));
  progress.finish(false);
  EXPECT_EQ(lines_, (std::vector<std::string>{"stopped in chat: 500 rows in 0 ms"}));
}

TEST_F(ProgressTest, LogLinesStandAboveTheBar) {
  screen_.live("bar");
  taken();
  screen_.line("a log line");
  EXPECT_EQ(taken(), "\r\x1b[Ka log line\nbar");
  screen_.clear();
  EXPECT_EQ(taken(), "\r\x1b[K");
  screen_.line("b");
  EXPECT_EQ(taken(), "b\n");
}

/// In a real pseudo terminal: what a person sees.
TEST(ProgressTerminal, BarOnAPseudoTerminal) {
  int master = -1;
  winsize size{.ws_row = 24, .ws_col = 90, .ws_xpixel = 0, .ws_ypixel = 0};
  const pid_t child = ::forkpty(&master, nullptr, nullptr, &size);
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::setenv("TERM", "xterm", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    const auto verify = [](const Mapping&, const RunOptions& options) {
      options.progress({Progress::Phase::verify, "chat", 0, 2, 0, 1000, 0});
      options.log("warning", "seen");
      ::usleep(250'000);
      options.progress({Progress::Phase::verify, "chat", 0, 2, 500, 1000, 50'000'000});
      options.progress({Progress::Phase::verify, "tag", 1, 2, 1, 1, 10});
      return sample::good();
    };
    const int status = run(sample::mapping(), Actions{{}, {}, verify, {}, {}, {}}, process_console(),
                           {"verify", "--from", "a.db", "--to", "b"});
    std::cout.flush();
    ::_exit(status);
  }
  std::string seen;
  char buffer[4096];
  for (ssize_t count = 0; (count = ::read(master, buffer, sizeof buffer)) > 0;) {
    seen.append(buffer, static_cast<std::size_t>(count));
  }
  ::close(master);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  EXPECT_NE(seen.find("\u2588"), std::string::npos) << seen;
  EXPECT_NE(seen.find("\r\x1b[Kwarning: seen\r\n"), std::string::npos) << seen;
  EXPECT_NE(seen.find("\u2713 verified chat"), std::string::npos) << seen;
  EXPECT_NE(seen.find("Both sides are equal"), std::string::npos) << seen;
}

TEST_F(ProgressTest, SaysWhatItIsAbout) {
  ProgressDisplay progress(screen_, {true, false, false, [this] { return width_; }, [this] { return now_; },
                                     [this](std::string_view line) { lines_.emplace_back(line); }});
  Progress reading = at("chat", 10, 20);
  reading.bytes = 0;
  progress.update(reading);
  EXPECT_EQ(taken().substr(0, 7), "reading");
  now_ += 2s;
  reading.rows = 20;
  progress.update(reading);
  EXPECT_EQ(taken().find("B/s"), std::string::npos) << "nobody counted bytes";
  reading.phase = Progress::Phase::verify;
  reading.rows = 5;
  progress.update(reading);
  const std::string text = taken();
  EXPECT_NE(text.find("* read chat"), std::string::npos) << text;
  EXPECT_NE(text.find("verifying"), std::string::npos) << text;
  progress.finish(false);
  EXPECT_NE(taken().find("- verifying chat"), std::string::npos);
  progress.update(at("empty", 0, 0));
  progress.finish(true);
  EXPECT_EQ(taken(), "");
}

}  // namespace
}  // namespace twoway::cli
