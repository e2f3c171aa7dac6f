// The command line with fake actions: what is printed where, and how it ends.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/cli/cli.h"
#include "runtime/report/receipt_json.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::cli {
namespace {

namespace fs = std::filesystem;

void write_file(const std::string& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

/// One run of the command line in a directory of its own.
class CommandLine : public testing::Test {
 protected:
  void SetUp() override {
    const auto answer = [this](const Mapping&, const RunOptions& options) {
      ++calls_;
      seen_ = options;
      if (options.log) options.log("warning", "WAL file present");
      return report_;
    };
    actions_ = {answer,
                answer,
                answer,
                [this](const Mapping&, const std::string& store, const RunOptions& options) {
                  ++calls_;
                  seen_ = options;
                  return "made 45 tables in " + store;
                },
                {},
                [this](const Mapping&, const std::string& from, const RunOptions& options) {
                  ++calls_;
                  seen_ = options;
                  retried_ = from;
                  return report_;
                }};
  }

  int call(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return run(sample::mapping(), actions_, Console{.in = in_, .out = out_, .err = err_, .in_is_terminal = terminal_},
               arguments);
  }
  std::string path(const std::string& name) const { return (directory_ / name).string(); }
  std::vector<std::string> migrate(std::vector<std::string> more = {}) const {
    std::vector<std::string> result{"migrate", "--from", path("webui.db"), "--to", path("pb_data")};
    result.insert(result.end(), more.begin(), more.end());
    return result;
  }
  void make_target() {
    fs::create_directories(path("pb_data"));
    std::ofstream(path("pb_data/data.db")) << "x";
  }

  test::TemporaryDirectory directory_{"cli"};
  Actions actions_;
  RunReport report_ = sample::good();
  RunOptions seen_;
  std::string retried_;
  RestoreOptions restored_;
  int calls_ = 0;
  bool terminal_ = false;
  std::istringstream in_;
  std::ostringstream out_;
  std::ostringstream err_;
};

TEST_F(CommandLine, UsageErrorsAreTwoLinesAndStatus2) {
  const auto expect = [&](const std::vector<std::string>& arguments, const std::string& text) {
    EXPECT_EQ(call(arguments), 2);
    EXPECT_EQ(err_.str(), text);
    EXPECT_EQ(out_.str(), "");
    EXPECT_EQ(calls_, 0);
  };
  expect({},
         "error: a command is missing\n"
         "hint: commands are migrate, plan, verify, prepare, explain, status, restore, retry, drift, health, "
         "backfill, ids, letters; twoway --help says more\n");
  expect({"migrat"}, "error: no such command: migrat\nhint: did you mean migrate?\n");
  expect({"frobnicate"},
         "error: no such command: frobnicate\nhint: commands are migrate, plan, verify, prepare, explain, status, "
         "restore, retry, drift, health, backfill, ids, letters\n");
  expect({"migrate", "--from", "a"}, "error: --to STORE is missing\nhint: twoway migrate --help lists the options\n");
  expect({"plan", "--to", "a"}, "error: --from STORE is missing\nhint: twoway plan --help lists the options\n");
  expect({"prepare"}, "error: STORE is missing\nhint: twoway prepare --help lists the options\n");
  expect({"ids", "a.db"}, "error: --entity ENTITY is missing\nhint: twoway ids --help lists the options\n");
  expect({"letters", "a.json"}, "error: --out DIR is missing\nhint: twoway letters --help lists the options\n");
  expect({"migrate", "--force"}, "error: not expected here: --force\nhint: twoway migrate --help lists the options\n");
  expect({"explain", "chat", "user"},
         "error: not expected here: user\nhint: twoway explain --help lists the options\n");
  expect({"--wrong"}, "error: not expected here: --wrong\nhint: twoway --help lists the options\n");
  expect(migrate({"--extra", "drop"}),
         "error: --extra is refuse, keep or delete\nhint: twoway migrate --help lists the options\n");
  expect(migrate({"--max-rejected", "-1"}),
         "error: --max-rejected is a number of rows\nhint: twoway migrate --help lists the options\n");
  expect({"retry"}, "error: RECEIPT or DIR is missing\nhint: twoway retry --help lists the options\n");
  expect(migrate({"--log-format", "xml"}),
         "error: --log-format is text or json\nhint: twoway migrate --help lists the options\n");
  expect(migrate({"--quiet", "--verbose"}),
         "error: --quiet and --verbose exclude each other\nhint: twoway migrate --help lists the options\n");
  expect({"migrate", "--from"}, "error: --from takes one value, once\nhint: twoway migrate --help lists the options\n");
  expect({"plan", "--to", "a", "--to", "b"},
         "error: --to takes one value, once\nhint: twoway plan --help lists the options\n");
}

TEST_F(CommandLine, PasswordsAreNotRepeated) {
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{"migrate", "postgresql://me:s3cret@host/db"},
        {"plan", "--from", "postgresql://me:s3cret@host/db", "--to", "x"},
        {"postgresql://me:s3cret@host/db"}}) {
    call(arguments);
    EXPECT_EQ(err_.str().find("s3cret"), std::string::npos) << err_.str();
    EXPECT_EQ(out_.str().find("s3cret"), std::string::npos) << out_.str();
  }
}

TEST_F(CommandLine, OtherStoresAreNamed) {
  EXPECT_EQ(call({"verify", "--from", "mysql://me@host/db", "--to", "pb_data"}), 2);
  EXPECT_EQ(err_.str(),
            "error: stores of the kind mysql:// are not supported\n"
            "hint: a store is a SQLite file (webui.db or sqlite:///webui.db), a PostgreSQL database "
            "(postgresql://...), a PocketBase data directory (pb_data) or a PocketBase server (http://... or "
            "https://...)\n");
}

TEST_F(CommandLine, MigrateHandsEverythingOn) {
  EXPECT_EQ(call(migrate()), 0);
  EXPECT_EQ(seen_.from, path("webui.db"));
  EXPECT_EQ(seen_.to, path("pb_data"));
  EXPECT_EQ(seen_.state_directory, path("pb_data.twoway"));
  EXPECT_TRUE(seen_.verification == Verification::all && seen_.backup && !seen_.dry_run);
  EXPECT_EQ(seen_.extra, RunOptions::Extra::refuse);
  EXPECT_EQ(call(migrate({"--dry-run", "--no-verify", "--no-backup", "--extra", "delete", "--state", path("s"),
                          "--pocketbase", "/bin/pb", "--yes"})),
            0);
  EXPECT_TRUE(seen_.verification == Verification::none && !seen_.backup && seen_.dry_run);
  EXPECT_EQ(seen_.extra, RunOptions::Extra::remove);
  EXPECT_EQ(seen_.state_directory, path("s"));
  EXPECT_EQ(seen_.pocketbase, "/bin/pb");
}

TEST_F(CommandLine, MigrateEndsWithSummaryAndReceipts) {
  EXPECT_EQ(call(migrate()), 0);
  const std::string receipt = path("pb_data.twoway/receipt-20261121T120000Z.html");
  EXPECT_NE(out_.str().find("Everything arrived: 12,345 rows compared, 0 differences.\nreceipt: " + receipt + "\n"),
            std::string::npos)
      << out_.str();
  for (const char* name : {"receipt.json", "receipt.html", "receipt-20261121T120000Z.json"}) {
    EXPECT_TRUE(fs::exists(path("pb_data.twoway") + "/" + name)) << name;
  }
}

TEST_F(CommandLine, DryRunWritesNothing) {
  report_.dry_run = true;
  EXPECT_EQ(call(migrate({"--dry-run"})), 0);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(CommandLine, ReceiptsGoWhereTheyAreAsked) {
  EXPECT_EQ(call({"verify", "--from", "a.db", "--to", "pb", "--write-receipt", path("r.json"), "--write-receipt",
                  path("r.html")}),
            0);
  EXPECT_TRUE(fs::exists(path("r.json")));
  EXPECT_TRUE(fs::exists(path("r.html")));
  EXPECT_EQ(call(migrate({"--receipt", path("none/r.json")})), 2);
  EXPECT_EQ(err_.str(), "error: cannot write the receipt to " + path("none/r.json") +
                            "\nhint: name a file in a directory that exists and may be written to\n");
  EXPECT_EQ(calls_, 1) << "found before the run";
}

TEST_F(CommandLine, JsonIsTheReceipt) {
  EXPECT_EQ(call(migrate({"--json"})), 0);
  const boost::json::value document = boost::json::parse(out_.str());
  EXPECT_EQ(document.at("receipt").as_string(), "twoway");
  EXPECT_EQ(document.at("verdict").at("word").as_string(), "verified");
}

TEST_F(CommandLine, JsonOfOtherVerbsAndErrors) {
  EXPECT_EQ(call({"prepare", "pb_data", "--json"}), 0);
  EXPECT_EQ(out_.str(),
            "{\n  \"prepared\": \"pb_data\",\n  \"text\": \"made 45 tables in pb_data\",\n  \"status\": 0\n}\n");
  EXPECT_EQ(call({"--json", "explain", "chats"}), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("fields").at(2).at("class").as_string(), "purge");
  EXPECT_EQ(call({"--json", "--version"}), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("version").as_string(), "0.1.0");
  EXPECT_EQ(call({"--json", "migrat"}), 2);
  EXPECT_EQ(out_.str(),
            "{\n  \"error\": \"no such command: migrat\",\n"
            "  \"hint\": \"did you mean migrate?\",\n  \"status\": 2\n}\n");
}

TEST_F(CommandLine, ExitStatuses) {
  for (const ExitStatus status : {ExitStatus::done, ExitStatus::differences, ExitStatus::interrupted}) {
    report_ = sample::good();
    report_.status = status;
    EXPECT_EQ(call(migrate()), static_cast<int>(status));
  }
  report_ = sample::good();
  report_.entities[0].rejected = 1;
  EXPECT_EQ(call(migrate()), 1) << "done is not believed beside a rejected row";
}

TEST_F(CommandLine, AnErrorIsTwoLines) {
  actions_.plan = [](const Mapping&, const RunOptions&) -> RunReport {
    throw cannot_start("PocketBase is running", "stop it");
  };
  EXPECT_EQ(call({"plan", "--from", "a", "--to", "b"}), 2);
  EXPECT_EQ(err_.str(), "error: PocketBase is running\nhint: stop it\n");
  EXPECT_EQ(out_.str(), "");
}

TEST_F(CommandLine, AnUnforeseenErrorDoesNotClaimThatNothingWasWritten) {
  const auto broken = [](const Mapping&, const RunOptions&) -> RunReport { throw std::runtime_error("disk full"); };
  actions_.migrate = actions_.plan = broken;
  EXPECT_EQ(call(migrate()), 1);
  EXPECT_EQ(err_.str(), "error: disk full\nhint: the same command goes on from the last finished batch\n");
  EXPECT_EQ(call({"plan", "--from", "a", "--to", "b"}), 2);
}

TEST_F(CommandLine, AReceiptThatCannotBeWrittenDoesNotHideTheResult) {
  std::ofstream(path("file")) << "x";
  EXPECT_EQ(call(migrate({"--state", path("file/state")})), 1);
  EXPECT_NE(out_.str().find("Everything arrived"), std::string::npos);
  EXPECT_NE(err_.str().find("error: cannot create " + path("file/state")), std::string::npos) << err_.str();
}

TEST_F(CommandLine, AsksOnATerminal) {
  make_target();
  terminal_ = true;
  in_.str("n\n");
  EXPECT_EQ(call(migrate()), 2);
  EXPECT_EQ(err_.str(), path("pb_data") + " is not empty; its rows will be made equal to those of " + path("webui.db") +
                            ". It is backed up first.\nGo on? [y/N] error: not confirmed; nothing was written\n"
                            "hint: answer y, or give --yes\n");
  EXPECT_EQ(calls_, 0);
  in_.str("y\n");
  EXPECT_EQ(call(migrate({"--no-backup", "--extra", "delete"})), 0);
  EXPECT_NE(err_.str().find("Rows that only it has will be DELETED. There will be NO backup."), std::string::npos);
  EXPECT_EQ(calls_, 1);
}

TEST_F(CommandLine, DoesNotAskWhereThereIsNothingToAsk) {
  terminal_ = true;
  EXPECT_EQ(call(migrate()), 0) << "no target yet";
  make_target();
  EXPECT_EQ(call(migrate({"--yes"})), 0);
  EXPECT_EQ(call(migrate({"--dry-run"})), 0);
  EXPECT_EQ(call({"verify", "--from", "a", "--to", path("pb_data")}), 0);
  terminal_ = false;
  EXPECT_EQ(call(migrate()), 0) << "nobody to ask: preflight protects";
  EXPECT_EQ(calls_, 5);
}

TEST_F(CommandLine, RetryTakesTheStateOfTheRunAndWritesItsReceiptThere) {
  fs::create_directories(path("pb_data.twoway"));
  EXPECT_EQ(call({"retry", path("pb_data.twoway"), "--no-backup"}), 0);
  EXPECT_EQ(retried_, path("pb_data.twoway"));
  EXPECT_EQ(seen_.state_directory, path("pb_data.twoway"));
  EXPECT_EQ(seen_.from + seen_.to, "") << "the run's own";
  EXPECT_FALSE(seen_.backup);
  EXPECT_TRUE(fs::exists(path("pb_data.twoway/receipt.json")));
  EXPECT_EQ(call({"retry", path("pb_data.twoway/receipt.json"), "--from", path("webui.db"), "--quiet"}), 0);
  EXPECT_EQ(retried_, path("pb_data.twoway/receipt.json"));
  EXPECT_EQ(seen_.state_directory, path("pb_data.twoway"));
  EXPECT_EQ(seen_.from, path("webui.db"));
}

TEST_F(CommandLine, MetricsAreWrittenAlsoInQuiet) {
  EXPECT_EQ(call(migrate({"--quiet", "--max-rejected", "7", "--metrics", path("twoway.prom")})), 0);
  EXPECT_EQ(seen_.max_rejected, 7U);
  EXPECT_TRUE(seen_.progress);
  EXPECT_TRUE(test::read_file(path("twoway.prom")).ends_with("\ntwoway_exit_status 0\n"));
}

TEST_F(CommandLine, QuietShowsWarningsOnly) {
  EXPECT_EQ(call(migrate({"--quiet"})), 0);
  EXPECT_EQ(out_.str(), "");
  EXPECT_TRUE(err_.str().ends_with("Z warning WAL file present\n")) << err_.str();
  EXPECT_FALSE(seen_.progress);
}

TEST_F(CommandLine, LogAsJsonLines) {
  EXPECT_EQ(call(migrate({"--log-format", "json"})), 0);
  const boost::json::value line = boost::json::parse(err_.str());
  EXPECT_EQ(line.at("level").as_string(), "warning");
  EXPECT_EQ(line.at("message").as_string(), "WAL file present");
  EXPECT_EQ(line.at("time").as_string().size(), std::string_view("2026-11-21T12:00:00.123Z").size());
}

TEST_F(CommandLine, FirstSignalEndsAfterTheBatch) {
  actions_.migrate = [this](const Mapping&, const RunOptions& options) {
    EXPECT_FALSE(options.interrupted->load());
    std::raise(SIGTERM);
    EXPECT_TRUE(options.interrupted->load());
    struct sigaction now {};
    for (const int number : {SIGINT, SIGTERM}) {
      ::sigaction(number, nullptr, &now);
      EXPECT_EQ(now.sa_handler, SIG_DFL) << "the second ends the process";
    }
    report_.status = ExitStatus::interrupted;
    return report_;
  };
  const Console console{.in = in_, .out = out_, .err = err_, .signals = true};
  EXPECT_EQ(run(sample::mapping(), actions_, console, migrate()), 3);
  EXPECT_NE(out_.str().find("INTERRUPTED: "), std::string::npos);
}

TEST_F(CommandLine, AFullOutputIsAnError) {
  out_.setstate(std::ios::badbit);
  EXPECT_EQ(run(sample::mapping(), actions_, Console{.in = in_, .out = out_, .err = err_}, {"--help"}), 1);
  EXPECT_EQ(err_.str(), "error: cannot write to standard output\n");
}

TEST_F(CommandLine, HowMuchIsCompared) {
  const auto verification = [&](const std::vector<std::string>& more) {
    call(migrate(more));
    return std::pair(seen_.verification, seen_.sample);
  };
  EXPECT_EQ(verification({}), std::pair(Verification::all, std::size_t{0}));
  EXPECT_EQ(verification({"--verify", "sample"}), std::pair(Verification::sample, std::size_t{1000}));
  EXPECT_EQ(verification({"--verify", "sample", "--sample", "5"}), std::pair(Verification::sample, std::size_t{5}));
  EXPECT_EQ(verification({"--verify", "count"}), std::pair(Verification::count, std::size_t{0}));
  EXPECT_EQ(verification({"--verify", "none"}), std::pair(Verification::none, std::size_t{0}));
  EXPECT_EQ(verification({"--no-verify"}), std::pair(Verification::none, std::size_t{0}));
  call(migrate({"--extra", "keep", "--max-rejected", "7", "--files", "copy", "--link"}));
  EXPECT_EQ(seen_.extra, RunOptions::Extra::keep);
  EXPECT_EQ(seen_.max_rejected, 7u);
  EXPECT_TRUE(seen_.files.link);
}

TEST_F(CommandLine, OptionsThatDoNotGoTogether) {
  const auto refused = [&](std::vector<std::string> arguments) {
    const int before = calls_;
    EXPECT_EQ(call(arguments), 2);
    EXPECT_EQ(calls_, before);
    const std::string text = err_.str();
    return text.substr(0, text.find('\n'));
  };
  const auto of_migrate = [&](const std::vector<std::string>& more) { return refused(migrate(more)); };
  const auto of_verify = [&](std::vector<std::string> more) {
    more.insert(more.begin(), "verify");
    return refused(more);
  };
  EXPECT_EQ(of_migrate({"--verify", "some"}), "error: --verify is all, sample, count or none");
  EXPECT_EQ(of_migrate({"--no-verify", "--verify", "count"}), "error: --no-verify and --verify exclude each other");
  EXPECT_EQ(of_migrate({"--sample", "10001"}), "error: --sample shows at most 10000 rows");
  for (const char* part : {"count", "none"}) {
    EXPECT_EQ(of_migrate({"--sample", "3", "--verify", part}),
              "error: --sample shows rows that were compared; it goes with --verify all or sample");
  }
  EXPECT_EQ(of_migrate({"--sample", "3", "--no-verify"}),
            "error: --sample shows rows that were compared; it goes with --verify all or sample");
  EXPECT_EQ(of_migrate({"--sample", "3", "--dry-run"}),
            "error: --sample shows what arrived; it cannot go with --dry-run");
  EXPECT_EQ(of_migrate({"--seed", "3"}), "error: --seed is for --sample and --verify sample");
  EXPECT_EQ(of_migrate({"--files", "some"}), "error: --files is none, reuse or copy");
  EXPECT_EQ(of_migrate({"--link"}), "error: --link goes with --files copy");
  EXPECT_EQ(of_migrate({"--log-format", "xml"}), "error: --log-format is text or json");
  EXPECT_EQ(of_migrate({"--extra", "some"}), "error: --extra is refuse, keep or delete");
  for (const char* number : {"-1", "x", "1234567890123456789"}) {
    EXPECT_EQ(of_migrate({"--max-rejected=" + std::string(number)}), "error: --max-rejected is a number of rows");
  }
  EXPECT_EQ(of_migrate({"--quiet", "--verbose"}), "error: --quiet and --verbose exclude each other");
  EXPECT_EQ(of_verify({"--from", "a.db", "--to", "b.db", "--verify", "none"}),
            "error: verify has nothing to do with --verify none");
  EXPECT_EQ(of_verify({"a.db", "--receipt", "r.json", "--verify", "count"}),
            "error: a receipt speaks of all rows; --receipt goes with --verify all");
  EXPECT_EQ(of_verify({"a.db", "--receipt", "r.json", "--sample", "3"}),
            "error: --sample shows two stores; it cannot go with STORE");
  EXPECT_EQ(of_verify({"a.db"}), "error: --receipt FILE is missing");
  for (const char* end : {"--from", "--to"}) {
    EXPECT_EQ(of_verify({"a.db", "--receipt", "r.json", end, "b.db"}),
              "error: STORE stands for one store alone; it cannot go with --from and --to");
  }
}

TEST_F(CommandLine, AStoreHeldAgainstAReceipt) {
  const auto verify = [&](const std::string& store, const RunReport& earlier) {
    write_file(path("r.json"), report::receipt_json(earlier, {report::Verb::migrate, "0.1.0"}));
    call({"verify", store, "--receipt", path("r.json")});
    const std::string text = err_.str();
    return text.substr(0, text.find('\n'));
  };
  RunReport earlier = sample::good();
  verify(path("a.db"), earlier);
  EXPECT_EQ(seen_.one_sided, Direction::to_pocketbase);
  verify(path("pb_data"), earlier);
  EXPECT_EQ(seen_.one_sided, Direction::to_sql);
  earlier.direction = Direction::sql_to_sql;
  verify(path("a.db"), earlier);
  EXPECT_EQ(seen_.one_sided, Direction::sql_to_sql);
  EXPECT_EQ(verify(path("pb_data"), earlier),
            "error: " + path("r.json") + " is about tables; only a SQL database can be held against it");
  earlier.direction = Direction::pocketbase_to_pocketbase;
  verify(path("pb_data"), earlier);
  EXPECT_EQ(seen_.one_sided, Direction::pocketbase_to_pocketbase);
  EXPECT_EQ(verify(path("a.db"), earlier),
            "error: " + path("r.json") + " is about records; only a PocketBase can be held against it");
  earlier.mapping = "other";
  EXPECT_EQ(verify(path("a.db"), earlier),
            "error: " + path("r.json") + " is of the mapping other, this program of openwebui-pocketbase");
  earlier = sample::good();
  write_file(path("r.json"), report::receipt_json(earlier, {report::Verb::migrate, "0.1.0"}));
  report_.direction = Direction::sql_to_sql;
  EXPECT_EQ(call({"verify", "--from", path("a.db"), "--to", path("b.db"), "--receipt", path("r.json")}), 2);
  EXPECT_NE(err_.str().find("r.json is about rows, this run about tables\n"), std::string::npos) << err_.str();
}

TEST_F(CommandLine, WhatIsDoneAtOnceIsSaidOnce) {
  actions_.restore = [this](const RestoreOptions& options) {
    restored_ = options;
    return std::string("put back");
  };
  EXPECT_EQ(call({"prepare", path("new.db")}), 0);
  EXPECT_EQ(out_.str(), "made 45 tables in " + path("new.db") + "\n");
  EXPECT_EQ(call({"prepare", path("new.db"), "--quiet"}), 0);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(call({"restore", path("r.json")}), 0);
  EXPECT_EQ(out_.str(), "put back\n");
  EXPECT_EQ(restored_.to, "");
  EXPECT_EQ(call({"restore", path("r.json"), "--to", "sqlite:///b.db", "--quiet"}), 0);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(restored_.to, "b.db");
  EXPECT_EQ(call({"restore", path("r.json"), "--json"}), 0);
  EXPECT_EQ(out_.str(), "{\n  \"restored\": \"put back\",\n  \"status\": 0\n}\n");
}

TEST_F(CommandLine, AnswersOnATerminal) {
  terminal_ = true;
  make_target();
  for (const char* yes : {"y", "Y", "yes"}) {
    in_.clear();
    in_.str(std::string(yes) + "\n");
    EXPECT_EQ(call(migrate()), 0) << yes;
  }
  in_.clear();
  in_.str("yes please\n");
  EXPECT_EQ(call({"migrate", "--from", path("a.db"), "--to", "http://u.example"}), 2);
  EXPECT_NE(err_.str().find("http://u.example is a running store; its rows"), std::string::npos) << err_.str();
  std::ofstream(path("empty.db"));
  EXPECT_EQ(call({"migrate", "--from", path("a.db"), "--to", path("empty.db")}), 0)
      << "an empty file is asked for nothing";
}

}  // namespace
}  // namespace twoway::cli
