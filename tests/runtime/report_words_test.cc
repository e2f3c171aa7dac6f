// What a report says in rarer cases: words of verdicts, parts of the summary, lines of the page.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "runtime/health/health.h"
#include "runtime/report/estimate.h"
#include "runtime/report/receipt_html.h"
#include "runtime/report/receipt_json.h"
#include "runtime/report/summary.h"
#include "runtime/report/verdict.h"
#include "tests/runtime/report_sample.h"

namespace twoway::report {
namespace {

RunReport with(std::uint64_t EntityReport::* count, std::uint64_t number) {
  RunReport report = sample::good();
  report.entities[0].*count = number;
  return report;
}

TEST(VerdictWords, OneAndSeveral) {
  EXPECT_EQ(verdict(with(&EntityReport::different, 1), Verb::migrate).text,
            "DIFFERENCES: 1 row differs; 12,345 rows compared.");
  EXPECT_EQ(verdict(with(&EntityReport::missing, 2), Verb::migrate).text,
            "DIFFERENCES: 2 rows are missing in the target; 12,345 rows compared.");
  EXPECT_EQ(verdict(with(&EntityReport::rejected, 2), Verb::migrate).text,
            "DIFFERENCES: 2 rows were rejected; 12,345 rows compared.");
  RunReport report = with(&EntityReport::extra, 1);
  report.status = ExitStatus::differences;
  EXPECT_EQ(verdict(report, Verb::verify).text, "DIFFERENCES: 1 row is only in the target; 12,345 rows compared.");
  report.entities[0].extra = 2;
  EXPECT_EQ(verdict(report, Verb::verify).text, "DIFFERENCES: 2 rows are only in the target; 12,345 rows compared.");
}

TEST(VerdictWords, TroubleBesideTheRows) {
  RunReport report = sample::good();
  report.status = ExitStatus::differences;
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "DIFFERENCES: the run did not end well, see the notes; 12,345 rows compared.");
  EXPECT_EQ(verdict(report, Verb::verify).text, "DIFFERENCES: not everything was compared; 12,345 rows compared.");
  report.differences = {{"chat", "c1", "user_id", "a user", "nothing", ""}};
  EXPECT_EQ(verdict(report, Verb::migrate).text, "DIFFERENCES: 1 difference beside the rows; 12,345 rows compared.");
  report.verified = false;
  EXPECT_EQ(verdict(report, Verb::migrate).text, "DIFFERENCES: 1 difference beside the rows; NOT VERIFIED.");
}

TEST(VerdictWords, OfARunThatEndedBeforeItsEnd) {
  RunReport report = sample::good();
  report.status = ExitStatus::interrupted;
  for (const Verb verb : {Verb::plan, Verb::verify}) {
    EXPECT_EQ(verdict(report, verb).text, "INTERRUPTED: nothing was written.");
  }
  report.dry_run = true;
  EXPECT_EQ(verdict(report, Verb::migrate).text, "INTERRUPTED: nothing was written.");
  report.stopped = "11 rows were rejected, more than the 10 of --max-rejected";
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "STOPPED: 11 rows were rejected, more than the 10 of --max-rejected; 12,345 rows written so far. Mend the "
            "cause or allow more: the same command goes on from there.");
}

TEST(VerdictWords, OfPlans) {
  RunReport report = with(&EntityReport::rejected, 5);
  report.dry_run = true;
  Note stop{Note::What::in_use, "webui.db", 0, "in use", ""};
  stop.weight = Note::Weight::stops;
  report.notes = {stop, stop};
  const Verdict said = verdict(report, Verb::migrate);
  EXPECT_EQ(said.word, "dry_run");
  EXPECT_EQ(said.text,
            "Nothing was written. 12,340 rows would go over, 5 rows would be rejected. The run would NOT START: 2 "
            "things stand in the way.");
}

TEST(VerdictWords, OfPartsCompared) {
  RunReport report = sample::good();
  report.verified = false;
  report.seed = 7;
  report.verification = Verification::sample;
  EXPECT_EQ(verdict(report, Verb::verify).text,
            "NOT VERIFIED: 12,345 rows compared, chosen at random (seed 7), 0 differences.");
  report.verification = Verification::count;
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "NOT VERIFIED: 12,345 rows written, 0 unchanged, only the numbers of rows were compared.");
  EXPECT_EQ(verdict(report, Verb::verify).text, "NOT VERIFIED: only the numbers of rows were compared, 0 differences.");
  report.entities[0].missing = 1;
  EXPECT_EQ(verdict(report, Verb::verify).level, Level::bad);
  report.entities[0].missing = 0;
  report.status = ExitStatus::differences;
  EXPECT_EQ(verdict(report, Verb::verify).level, Level::bad);
}

TEST(VerdictWords, OfRetries) {
  RunReport report = sample::good();
  EXPECT_EQ(verdict(report, Verb::retry).text,
            "Mended: 12,345 rows written, 0 unchanged; 12,345 rows of their entities compared, 0 differences.");
  report.entities.clear();
  EXPECT_EQ(verdict(report, Verb::retry).text,
            "Nothing is to be mended: no row is rejected, and none that waits found its place.");
  report.status = ExitStatus::differences;
  EXPECT_EQ(verdict(report, Verb::retry).level, Level::bad);
}

TEST(VerdictWords, EditsThatReplacedWhatTheResidueHeld) {
  RunReport report = with(&EntityReport::superseded, 1);
  EXPECT_EQ(verdict(report, Verb::migrate).text, "Everything arrived: 12,345 rows compared, 0 differences.");
  report.direction = Direction::to_sql;
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "Everything arrived: 12,345 rows compared, 0 differences; 1 value edited in PocketBase replaced what the "
            "residue held.");
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

TEST(SummaryParts, OfOneStoreAgainstAReceipt) {
  RunReport report = sample::good();
  report.one_sided = true;
  EXPECT_EQ(first_line(summary(report, Verb::verify, {})), "webui.db against nothing");
  report.earlier = EarlierComparison{"r.json", "2026-11-20T12:00:00Z", "ab", {}};
  EXPECT_EQ(summary(report, Verb::verify, {}),
            "webui.db against r.json\n\nentity    rows\nuser       345\nchat    12,000\ntotal   12,345\n"
            "1 entity without rows\n\nnotes\n  unknown_table: table forktable (12): kept in the attic\n"
            "  1 column or table purged or lossy by the mapping's word, see the receipt or --verbose\n\n"
            "All rows are those of the receipt of 2026-11-20T12:00:00Z: root ab. 12,345 rows read.\n");
  report.one_sided = false;
  report.rejected_file = "pb_data.twoway/rejected.jsonl";
  const std::string both = summary(report, Verb::migrate, {});
  EXPECT_NE(both.find("\nAll rows are those of the receipt of 2026-11-20T12:00:00Z: root ab.\n"
                      "rejected: pb_data.twoway/rejected.jsonl; after their cause is mended: twoway retry\n"),
            std::string::npos)
      << both;
}

TEST(SummaryParts, References) {
  RunReport report = sample::good();
  report.references = {{"chat", "user_id", "user", "entities/chat.yaml:7", {12000, 3}, {12000, 4}},
                       {"chat", "folder_id", "folder", "", {5, 0}, {5, 0}},
                       {"memory", "user_id", "user", "", {0, 0}, {0, 0}}};
  const auto part = [&](bool verbose) {
    const std::string text = summary(report, Verb::migrate, {verbose, ""});
    const std::size_t begin = text.find("references:");
    return text.substr(begin, text.find("\n\n", begin) - begin);
  };
  EXPECT_EQ(part(false),
            "references: 12,005 in the source, 12,005 in the target; 3 and 4 of them lead nowhere\n"
            "  chat.user_id -> user: 12,000, 3 and 4 lead nowhere");
  EXPECT_EQ(part(true),
            "references: 12,005 in the source, 12,005 in the target; 3 and 4 of them lead nowhere\n"
            "  chat.user_id -> user: 12,000, 3 and 4 lead nowhere [entities/chat.yaml:7]\n"
            "  chat.folder_id -> folder: 5, 0 and 0 lead nowhere");
  report.references.erase(report.references.begin(), report.references.begin() + 2);
  EXPECT_EQ(summary(report, Verb::migrate, {}).find("references:"), std::string::npos);
}

TEST(SummaryParts, Samples) {
  RunReport report = sample::good();
  report.seed = 7;
  report.verification = Verification::sample;
  report.samples = {{"chat", "c1", {{"title", "'a'", "'a'"}}, true}, {"chat", "c2", {{"title", "'a'", "'b'"}}, false}};
  const std::string text = summary(report, Verb::verify, {});
  EXPECT_NE(text.find("\n2 rows chosen at random (--seed 7), source and target side by side\n\n"
                      "chat c1\n  title  'a'  'a'\n\nchat c2: NOT EQUAL\n  title  'a'  'b'\n"),
            std::string::npos)
      << text;
}

TEST(SummaryParts, NotesOfManyKinds) {
  RunReport report = sample::good();
  report.notes = {{Note::What::lossy, "chat.meta", 0, "rounded", "entities/chat.yaml:4"},
                  {Note::What::space, "/srv", 0, "enough room", ""},
                  {Note::What::version, "PocketBase", 0, "newer", ""},
                  {Note::What::not_empty, "pb_data", 7, "has rows", ""}};
  report.notes[3].weight = Note::Weight::look;
  for (int i = 0; i < 12; ++i) report.notes.push_back({Note::What::adapted, "c" + std::to_string(i), 1, "so", ""});
  report.notes.push_back({Note::What::warning, "webui.db", 0, "look at it", ""});
  const std::string brief = summary(report, Verb::migrate, {});
  EXPECT_NE(brief.find("\nnotes\n  warning: webui.db: look at it\n  not_empty: pb_data (7): has rows\n"
                       "  adapted: c0 (1): so\n"),
            std::string::npos)
      << brief;
  EXPECT_EQ(brief.find("enough room"), std::string::npos) << "that is over";
  EXPECT_NE(brief.find(" more, see the receipt or --verbose\n"), std::string::npos);
  const std::string all = summary(report, Verb::migrate, {true, ""});
  EXPECT_NE(all.find("  lossy: chat.meta: rounded [entities/chat.yaml:4]\n  space: /srv: enough room\n"),
            std::string::npos)
      << all;
  EXPECT_EQ(summary(RunReport{}, Verb::migrate, {}).find("notes"), std::string::npos);
}

constexpr ReceiptContext context{Verb::migrate, "0.1.0"};

TEST(ReceiptWords, OfRunsThatGoOnOrWriteNothing) {
  RunReport report = sample::good();
  report.resumed = "2026-11-21T11:00:00Z";
  report.dry_run = true;
  report.from_version.clear();
  const std::string page = receipt_html(report, context);
  EXPECT_NE(page.find("the run that began 2026-11-21T11:00:00Z"), std::string::npos);
  EXPECT_NE(page.find(", dry run"), std::string::npos);
  report.one_sided = true;
  EXPECT_EQ(receipt_html(report, context).find("Held against"), std::string::npos) << "against nothing";
  report.earlier = EarlierComparison{"r.json", "2026-11-20T12:00:00Z", "ab", {}};
  EXPECT_NE(receipt_html(report, context).find("<dt>Held against</dt><dd><code>r.json</code></dd>"), std::string::npos);
}

TEST(ReceiptWords, ListsThatAreCutSaySo) {
  RunReport report = sample::bad();
  report.entities[1].rejected = 2000;
  EXPECT_NE(receipt_html(report, context).find("<p class=\"quiet\">The first 1 of 2,000.</p>"), std::string::npos);
}

TEST(ReceiptWords, WhatIsNotThereIsNullInTheDocument) {
  namespace json = boost::json;
  RunReport report = sample::good();
  json::value document = json::parse(receipt_json(report, context));
  for (const char* member : {"seed", "resumed", "backup", "rejected_file", "stopped"}) {
    EXPECT_TRUE(document.at(member).is_null()) << member;
  }
  report.seed = 7;
  report.resumed = "2026-11-21T11:00:00Z";
  report.backup = "b.db";
  report.rejected_file = "r.jsonl";
  report.stopped = "too many";
  document = json::parse(receipt_json(report, context));
  EXPECT_EQ(document.at("seed"), 7);
  EXPECT_EQ(document.at("resumed"), "2026-11-21T11:00:00Z");
  EXPECT_EQ(document.at("backup"), "b.db");
  EXPECT_EQ(document.at("rejected_file"), "r.jsonl");
  EXPECT_EQ(document.at("stopped"), "too many");
}

TEST(ReceiptWords, WhatDiffersFromAnEarlierOneAndSamplesInTheDocument) {
  namespace json = boost::json;
  RunReport report = sample::good();
  report.earlier = EarlierComparison{"r.json", "2026-11-20T12:00:00Z", "", {{"chat", {1, 3}, 4, 10, 11}}};
  report.samples = {{"chat", "c1", {{"title", "'a'", "'b'"}}, false}};
  const json::value document = json::parse(receipt_json(report, {Verb::migrate, "0.1.0", true}));
  EXPECT_EQ(json::serialize(document.at("earlier").at("differing")),
            R"([{"entity":"chat","chunks":[1,3],"of":4,"rows_then":10,"rows_now":11}])");
  EXPECT_TRUE(document.at("earlier").at("root").is_null());
  EXPECT_EQ(json::serialize(document.at("samples")),
            R"([{"entity":"chat","key":"c1","equal":false,"lines":[{"name":"title","from":"'a'","to":"'b'"}]}])");
}

TEST(Estimates, ByDirectionAndPlace) {
  RunReport plan = sample::good();
  const auto said = [&] {
    const auto expected = estimate(plan);
    return expected ? estimate_text(*expected) : std::string("none");
  };
  EXPECT_NE(said().find("carrying takes 7 times as long, comparing 3 times"), std::string::npos);
  plan.to = "http://u.example";
  EXPECT_NE(said().find("carrying takes 9 times as long, comparing 4 times"), std::string::npos);
  plan.direction = Direction::to_sql;
  EXPECT_NE(said().find("carrying takes 1.5 times as long, comparing 0.5 times"), std::string::npos);
  plan.to = "webui.db";
  EXPECT_NE(said().find("carrying takes 1.2 times as long, comparing 0.4 times"), std::string::npos);
  for (const Direction direction : {Direction::sql_to_sql, Direction::pocketbase_to_pocketbase}) {
    plan.direction = direction;
    EXPECT_EQ(said(), "none");
  }
  plan.direction = Direction::to_sql;
  plan.entities.clear();
  EXPECT_EQ(said(), "none");
}

TEST(HealthWords, ForPeopleAndMachines) {
  health::Report report{"webui.db", "SQLite 3", {{"schema", health::Check::Result::ok, "as declared", ""}}};
  EXPECT_EQ(
      health::text(sample::mapping(), report),
      "store:   webui.db, SQLite 3\nmapping: openwebui-pocketbase\n\nok       schema      as declared\n\nHealthy.\n");
  EXPECT_EQ(boost::json::parse(health::json_text(sample::mapping(), report)).at("status"), 0);
  report.checks.push_back({"orphans", health::Check::Result::hint, "1", "look"});
  EXPECT_TRUE(health::text(sample::mapping(), report).ends_with("\nHealthy, 1 hint.\n"));
  report.checks.push_back({"load", health::Check::Result::finding, "half", "load it"});
  EXPECT_TRUE(
      health::text(sample::mapping(), report).ends_with("                    -> load it\n\n1 finding, 1 hint.\n"));
  const boost::json::value document = boost::json::parse(health::json_text(sample::mapping(), report));
  EXPECT_EQ(document.at("status"), 1);
  EXPECT_EQ(document.at("checks").at(1).at("result"), "hint");
}

}  // namespace
}  // namespace twoway::report
