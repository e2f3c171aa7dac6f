#include <gtest/gtest.h>

#include "runtime/report/summary.h"
#include "runtime/report/verdict.h"
#include "tests/runtime/report_sample.h"

namespace twoway::report {
namespace {

TEST(ReportSummary, EverythingArrived) {
  EXPECT_EQ(summary(sample::good(), Verb::migrate, {false, "pb_data.twoway/receipt-20261121T120000Z.html"}),
            R"(SQL to PocketBase: webui.db -> pb_data

entity    read  written  unchanged  residue  rejected  verified
user       345      345          0        0         0       345
chat    12,000   12,000          0        7         0    12,000
total   12,345   12,345          0        7         0    12,345
1 entity without rows

notes
  unknown_table: table forktable (12): kept in the attic
  1 column or table purged or lossy by the mapping's word, see the receipt or --verbose

Everything arrived: 12,345 rows compared, 0 differences.
receipt: pb_data.twoway/receipt-20261121T120000Z.html
)");
}

TEST(ReportSummary, Trouble) {
  EXPECT_EQ(summary(sample::bad(), Verb::migrate, {true, ""}), R"(SQL to PocketBase: webui.db -> pb_data

entity              read  written  unchanged  residue  superseded  rejected  verified  different  missing
user                 345      345          0        0           0         0       345          0        0
chat              12,000   12,000          0        7           1         1    12,000          2        1
attic: forktable      12       12          0        0           0         0        12          0        0
total             12,357   12,357          0        7           1         1    12,357          2        1
1 entity without rows

notes
  purged: auth.session_stamp (345): sessions end [entities/user.yaml:31]
  unknown_table: table forktable (12): kept in the attic

rejected
  chat c9 title: longer than the field allows

differences
  chat c1 title: expected 'Hello', found 'Hallo' [entities/chat.yaml:7]
  chat c2: expected a row, found nothing

DIFFERENCES: 2 rows differ, 1 row is missing in the target, 1 row was rejected; 12,357 rows compared.
backup:  pb_data.twoway/backup-1.db
)");
}

TEST(ReportSummary, Plan) {
  RunReport report = sample::good();
  report.dry_run = true;
  report.verified = false;
  for (EntityReport& entity : report.entities) entity.inserted = 0;
  EXPECT_EQ(summary(report, Verb::plan, {}), R"(SQL to PocketBase: webui.db -> pb_data

entity    rows  residue  rejected
user       345        0         0
chat    12,000        7         0
total   12,345        7         0
1 entity without rows

for information
  purged: auth.session_stamp (345): sessions end
  unknown_table: table forktable (12): kept in the attic

Nothing was written. 12,345 rows would go over.
estimate: about 86 ms to carry 12,345 rows (1.2 MB) and 37 ms to compare them
  reading them took 12 ms here; carrying takes 7 times as long, comparing 3 times (docs/runbooks)
)");
}

TEST(ReportSummary, FindingsOfAPlanByWeightWithKeysAndChoices) {
  RunReport report = sample::good();
  report.dry_run = true;
  report.verified = false;
  report.status = ExitStatus::cannot_start;
  report.entities.clear();
  Note orphan{Note::What::orphan, "chat.folder_id", 7, "no folder of that key", "entities/chat.yaml:9"};
  orphan.weight = Note::Weight::look;
  orphan.keys = {"a", "b", "c", "d", "e", "f", "g"};
  orphan.choice = "leave it";
  Note stop{Note::What::in_use, "webui.db", 0, "webui.db is in use by app (process 7)", ""};
  stop.weight = Note::Weight::stops;
  stop.choice = "Stop it.";
  report.notes = {report.notes[0], orphan, stop};
  EXPECT_EQ(summary(report, Verb::plan, {true, ""}), R"(SQL to PocketBase: webui.db -> pb_data

entity  rows  residue  rejected
total      0        0         0

what stops the run
  in_use: webui.db: webui.db is in use by app (process 7)
    choice: Stop it.

needs a look
  orphan: chat.folder_id (7): no folder of that key [entities/chat.yaml:9]
    keys: a, b, c, d, e, ...
    choice: leave it

for information
  purged: auth.session_stamp (345): sessions end [entities/user.yaml:31]

Nothing was written. 0 rows would go over. The run would NOT START: 1 thing stands in the way.
)");
}

TEST(ReportSummary, Verify) {
  EXPECT_EQ(summary(sample::good(), Verb::verify, {}), R"(SQL to PocketBase: webui.db -> pb_data

entity  verified  different  missing  extra
user         345          0        0      0
chat      12,000          0        0      0
total     12,345          0        0      0
1 entity without rows

notes
  unknown_table: table forktable (12): kept in the attic
  1 column or table purged or lossy by the mapping's word, see the receipt or --verbose

Both sides are equal: 12,345 rows compared, 0 differences.
)");
}

TEST(ReportSummary, LongListsAreCutAndSaySo) {
  RunReport report = sample::bad();
  report.entities[1].rejected = 2000;
  report.rejected.assign(1000, report.rejected.front());
  const std::string brief = summary(report, Verb::migrate, {});
  EXPECT_NE(brief.find("  and 1,995 more, see the receipt or --verbose\n"), std::string::npos) << brief;
  const std::string all = summary(report, Verb::migrate, {true, ""});
  EXPECT_NE(all.find("  and 1,000 more, not kept\n"), std::string::npos);
}

TEST(ReportSummary, ForeignTextCannotSteerTheTerminal) {
  RunReport report = sample::bad();
  report.rejected.front().key = "\x1b[2J\x07";
  report.entities.back().name = "a\nb";
  const std::string text = summary(report, Verb::migrate, {});
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("attic: a\uFFFDb"), std::string::npos);
}

TEST(ReportVerdict, Words) {
  RunReport report = sample::good();
  EXPECT_EQ(verdict(report, Verb::migrate).text, "Everything arrived: 12,345 rows compared, 0 differences.");
  EXPECT_EQ(verdict(report, Verb::verify).text, "Both sides are equal: 12,345 rows compared, 0 differences.");
  report.entities[0].extra = 3;
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "Everything arrived: 12,345 rows compared, 0 differences; beside them, the target has 3 rows of its own.");
  report = sample::good();
  report.verified = false;
  EXPECT_EQ(verdict(report, Verb::migrate).text, "NOT VERIFIED: 12,345 rows written, 0 unchanged, none compared.");
  EXPECT_EQ(verdict(report, Verb::migrate).level, Level::attention);
  EXPECT_EQ(verdict(report, Verb::verify).level, Level::bad) << "a comparison that did not take place";
  report.status = ExitStatus::interrupted;
  EXPECT_EQ(verdict(report, Verb::migrate).text,
            "INTERRUPTED: 12,345 rows written so far. The same command goes on from there.");
  EXPECT_EQ(verdict(sample::bad(), Verb::migrate).text,
            "DIFFERENCES: 2 rows differ, 1 row is missing in the target, 1 row was rejected; 12,357 rows compared.");
}

TEST(ReportVerdict, NeverGoodBesideTrouble) {
  for (const Verb verb : {Verb::migrate, Verb::plan, Verb::verify}) {
    for (const ExitStatus status : {ExitStatus::differences, ExitStatus::cannot_start, ExitStatus::interrupted}) {
      RunReport report = sample::good();
      report.status = status;
      EXPECT_NE(verdict(report, verb).level, Level::good);
      EXPECT_EQ(exit_status(report, verb), status);
    }
    for (auto count : {&EntityReport::rejected, &EntityReport::different, &EntityReport::missing}) {
      RunReport report = sample::good();
      report.entities[0].*count = 1;
      EXPECT_NE(verdict(report, verb).level, Level::good);
      EXPECT_EQ(exit_status(report, verb), ExitStatus::differences) << "though the report says done";
    }
  }
}

TEST(ReportVerdict, TotalDigestIsOfDigestsAlone) {
  RunReport there = sample::good();
  RunReport back = there;
  back.direction = Direction::to_sql;
  back.entities[0].inserted = 0;
  std::swap(back.entities[0], back.entities[1]);
  back.entities.pop_back();  // an entity without rows
  EXPECT_EQ(total_digest(there), total_digest(back));
  EXPECT_EQ(total_digest(there).size(), 32u);
  back.entities[0].digest.low ^= 1;
  EXPECT_NE(total_digest(there), total_digest(back));
  RunReport attic = there;
  attic.entities[0].attic = true;
  EXPECT_NE(total_digest(there), total_digest(attic));
}

TEST(Summary, SaysWhatBecameOfFiles) {
  RunReport report = sample::good();
  report.files_mode = FileOptions::Mode::copy;
  report.files = {sample::files(), FileReport()};
  const std::string text = summary(report, Verb::migrate, {});
  const std::string line =
      "\nfiles of file (copy): 9 named, 7 present (2.1 kB), 5 copied, 1 there already, 1 missing, 1 in an object "
      "store, 1 failed, 2 of another hash than their rows say, 3 named by no row, 5 compared\n\n";
  EXPECT_NE(text.find(line), std::string::npos) << text;
  report.files.clear();
  EXPECT_EQ(summary(report, Verb::migrate, {}).find("files"), std::string::npos);
}

}  // namespace
}  // namespace twoway::report
