// The metrics file, read by a parser as strict as Prometheus' own (its exposition format, version 0.0.4).
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <regex>
#include <set>
#include <sstream>
#include <stdexcept>

#include "runtime/cli/metrics.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::cli {
namespace {

namespace sample = twoway::sample;

/// `name{label="value",...}` -> value. Throws for what Prometheus would refuse, and for a family without HELP and TYPE,
/// with samples elsewhere, or with the wrong ending for its type.
std::map<std::string, double> parse(const std::string& text) {
  static const std::regex head(R"(# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+))");
  const std::string label = R"re([a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*")re";
  const std::regex sample("([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{" + label + "(?:," + label +
                          ")*\\})? (-?[0-9.]+(?:e[+-]?[0-9]+)?)");
  std::map<std::string, double> samples;
  std::set<std::string> helped, typed;
  std::string family, type;
  std::istringstream lines(text);
  if (!text.ends_with('\n')) throw std::runtime_error("the last line has no line feed");
  for (std::string line; std::getline(lines, line);) {
    std::smatch part;
    if (std::regex_match(line, part, head)) {
      const bool help = part[1] == "HELP";
      if (!(help ? helped : typed).insert(part[2]).second) throw std::runtime_error("twice: " + line);
      if (!help && (part[2] != family || (part[3] != "counter" && part[3] != "gauge"))) throw std::runtime_error(line);
      if (!help) type = part[3];
      family = part[2];
      continue;
    }
    if (!std::regex_match(line, part, sample)) throw std::runtime_error("no sample: " + line);
    if (part[1] != family || !typed.contains(family)) throw std::runtime_error("out of place: " + line);
    if ((type == "counter") != family.ends_with("_total")) throw std::runtime_error("named for another type: " + line);
    const std::string name = part[1].str() + part[2].str();
    if (!samples.emplace(name, std::stod(part[3])).second) throw std::runtime_error("twice: " + line);
  }
  return samples;
}

class MetricsFile : public testing::Test {
 protected:
  MetricsOptions options() {
    return {file(), "migrate", "a \"mapping\"", "0.1.0", [this](std::string_view text) { warning_ = text; }};
  }
  std::string file() const { return (directory_ / "twoway.prom").string(); }
  std::map<std::string, double> read() const { return parse(test::read_file(file())); }

  test::TemporaryDirectory directory_{"metrics"};
  std::string warning_;
};

TEST_F(MetricsFile, IsThereFromTheBeginningAndWholeAtTheEnd) {
  const RunReport report = sample::bad();
  {
    Metrics metrics(options());
    const auto first = read();
    EXPECT_EQ(first.at(R"(twoway_run_info{verb="migrate",mapping="a \"mapping\"",version="0.1.0"})"), 1);
    EXPECT_EQ(first.at(R"(twoway_phase{phase="start"})"), 1);
    EXPECT_GT(first.at("twoway_run_started_timestamp_seconds"), 1.7e9);
    EXPECT_FALSE(first.contains("twoway_exit_status"));
    metrics.phase("migrate");
    Progress progress;
    progress.entity = report.entities[1].name;
    progress.entity_index = 1;
    progress.entities = report.entities.size();
    progress.rows = 512;
    progress.rows_total = 12000;
    progress.rows_committed = 512;
    progress.report = &report;
    metrics.update(progress);
    metrics.finish(&report, ExitStatus::differences);
  }
  const auto last = read();
  EXPECT_EQ(last.at(R"(twoway_phase{phase="start"})"), 0);
  EXPECT_EQ(last.at(R"(twoway_phase{phase="done"})"), 1);
  EXPECT_EQ(last.at(R"(twoway_rows_expected{entity="chat"})"), 12000);
  EXPECT_EQ(last.at(R"(twoway_rows_read_total{entity="chat"})"), 12000);
  EXPECT_EQ(last.at(R"(twoway_rows_total{entity="chat",result="inserted"})"), 12000);
  EXPECT_EQ(last.at(R"(twoway_rows_total{entity="chat",result="rejected"})"), 1);
  EXPECT_EQ(last.at(R"(twoway_rows_total{entity="attic/forktable",result="inserted"})"), 12);
  EXPECT_EQ(last.at("twoway_rejected_total"), 1);
  EXPECT_EQ(last.at("twoway_differences_total"), 2);
  EXPECT_EQ(last.at("twoway_exit_status"), 1);
  EXPECT_GE(last.at("twoway_run_finished_timestamp_seconds"), last.at("twoway_run_started_timestamp_seconds"));
  EXPECT_GT(last.at("twoway_last_batch_timestamp_seconds"), 1.7e9);
  EXPECT_EQ(warning_, "");
}

TEST_F(MetricsFile, IsWrittenAgainWhileTheRunGoesOn) {
  Metrics metrics(options());
  metrics.phase("verify");
  while (read().at(R"(twoway_phase{phase="verify"})") != 1) ::usleep(20'000);
}

TEST_F(MetricsFile, ARunThatCameToNothingSaysSo) {
  {
    Metrics metrics(options());
    metrics.finish(nullptr, ExitStatus::cannot_start);
  }
  EXPECT_EQ(read().at("twoway_exit_status"), 2);
}

TEST_F(MetricsFile, WhereItCannotBeWrittenNothingStarts) {
  MetricsOptions wrong = options();
  wrong.file = (directory_ / "none" / "twoway.prom").string();
  try {
    const Metrics metrics(wrong);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
    EXPECT_EQ(std::string(error.what()), "cannot write the metrics to " + wrong.file + ": No such file or directory");
  }
}

TEST_F(MetricsFile, NamesOfTablesCannotBreakALine) {
  RunReport report = sample::good();
  report.entities[0].name = "a\"b\\c\nd}";
  {
    Metrics metrics(options());
    metrics.finish(&report, ExitStatus::done);
  }
  EXPECT_TRUE(read().contains("twoway_rows_read_total{entity=\"a\\\"b\\\\c\uFFFDd}\"}"));
}

TEST_F(MetricsFile, WarnsOnceWhereItCannotBeWrittenAnyMore) {
  Metrics metrics(options());
  Progress progress;
  progress.entity = "chat";
  progress.phase = Progress::Phase::verify;
  metrics.update(progress);
  std::filesystem::remove(file());
  std::filesystem::create_directories(std::filesystem::path(file()) / "full");
  while (warning_.empty()) ::usleep(20'000);
  EXPECT_EQ(warning_, "cannot write the metrics to " + file() + ": Is a directory");
  EXPECT_FALSE(std::filesystem::exists(file() + ".new"));
}

}  // namespace
}  // namespace twoway::cli
