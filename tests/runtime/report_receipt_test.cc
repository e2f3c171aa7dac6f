#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "runtime/report/receipt_files.h"
#include "runtime/report/receipt_html.h"
#include "runtime/report/receipt_json.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::report {
namespace {

namespace fs = std::filesystem;

constexpr ReceiptContext context{Verb::migrate, "0.1.0"};

/// A directory of its own that goes away again.
class ReceiptFiles : public testing::Test {
 protected:
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(directory_.path()), fs::directory_iterator()));
  }
  test::TemporaryDirectory directory_{"receipt"};
};

/// What is wrong with the nesting of tags, or nothing. XML's rules: every element is closed, attributes are quoted.
std::string nesting_fault(std::string_view page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string_view::npos; at = page.find('<', at)) {
    const std::size_t end = page.find('>', at);
    if (end == std::string_view::npos) return "an open tag at the end";
    const std::string_view tag = page.substr(at + 1, end - at - 1);
    at = end;
    if (tag.starts_with('!')) continue;
    if (tag.find('<') != std::string_view::npos) return "< within " + std::string(tag);
    if (tag.starts_with('/')) {
      if (open.empty() || open.back() != tag.substr(1)) return "closed but not open: " + std::string(tag);
      open.pop_back();
    } else if (!tag.ends_with('/')) {
      open.emplace_back(tag.substr(0, tag.find(' ')));
    }
  }
  return open.empty() ? "" : "not closed: " + open.back();
}

TEST(ReceiptHtml, IsWellFormedAndNeedsNothingElse) {
  for (const RunReport& report : {sample::good(), sample::bad(), RunReport{}}) {
    const std::string page = receipt_html(report, context);
    EXPECT_EQ(nesting_fault(page), "");
    for (const std::string_view forbidden : {"<script", "http:", "https:", "url(", "src=", "href=", "@import"}) {
      EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
    }
  }
}

TEST(ReceiptHtml, SaysTheVerdictFirst) {
  const std::string good = receipt_html(sample::good(), context);
  EXPECT_NE(good.find("<div class=\"verdict good\">\n<p>Everything arrived: 12,345 rows compared, 0 differences.</p>"),
            std::string::npos);
  const std::string bad = receipt_html(sample::bad(), context);
  EXPECT_NE(bad.find("<div class=\"verdict bad\">\n<p>DIFFERENCES: "), std::string::npos);
  RunReport unverified = sample::good();
  unverified.verified = false;
  EXPECT_NE(receipt_html(unverified, context).find("<div class=\"verdict attention\">\n<p>NOT VERIFIED: "),
            std::string::npos);
}

TEST(ReceiptHtml, HasEveryPart) {
  RunReport report = sample::bad();
  report.user = "ada";
  report.host = "books";
  report.references = {{"chat", "user_id", "user", "entities/chat.yaml:7", {12000, 3}, {12000, 4}}};
  report.files = {sample::files()};
  report.earlier = EarlierComparison{"earlier.json", "2026-11-20T12:00:00Z", "ab", {}};
  const std::string page = receipt_html(report, context);
  for (const std::string_view part : {"<h2>Differences</h2>",
                                      "<h2>Rejected rows</h2>",
                                      "<h2>The run</h2>",
                                      "<h2>Entities</h2>",
                                      "<h2>Rows and time</h2>",
                                      "<h2>Notes</h2>",
                                      "<h3>Purged</h3>",
                                      "<h3>Unknown tables</h3>",
                                      "<h2>Residue</h2>",
                                      "<h3>Superseded by edits</h3>",
                                      "entities/chat.yaml:7",
                                      "pb_data.twoway/backup-1.db",
                                      "c1 title",
                                      "Without rows: memory.",
                                      "<h2>Size and speed</h2>",
                                      ">1.2 MB</text>",
                                      ">100.0 MB/s</text>",
                                      "ada on books",
                                      "<h2>References</h2>",
                                      "<h2>Files</h2>",
                                      "7 present (2.1 kB), 5 copied, 1 there already",
                                      "All rows are those of the receipt of 2026-11-20T12:00:00Z: root ab."}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST(ReceiptHtml, ForeignTextIsEscapedEverywhere) {
  const std::string evil = "<script>alert('x')</script>\"&";
  RunReport report = sample::bad();
  report.mapping = report.mapping_digest = report.from = report.to = report.from_version = report.to_version = evil;
  report.started = report.finished = report.backup = report.user = report.host = evil;
  report.references = {{evil, evil, evil, evil, {1, 1}, {1, 1}}};
  report.files = {sample::files()};
  FileReport& files = report.files[0];
  files.entity = files.field = files.from = files.to = files.position = evil;
  report.earlier = EarlierComparison{evil, evil, evil, {{evil, {1}, 1, 1, 1}}};
  for (EntityReport& entity : report.entities) {
    entity.name = entity.table = entity.collection = evil;
    entity.superseded_examples = {evil};
  }
  for (Note& note : report.notes) note.subject = note.text = note.position = evil;
  for (RejectedRow& row : report.rejected) row.entity = row.key = row.column = row.reason = evil;
  for (Difference& d : report.differences) d.entity = d.key = d.column = d.expected = d.found = d.position = evil;
  const std::string page = receipt_html(report, context);
  EXPECT_EQ(page.find("<script"), std::string::npos);
  EXPECT_EQ(page.find("alert('"), std::string::npos);
  EXPECT_NE(page.find("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;"), std::string::npos);
  EXPECT_EQ(nesting_fault(page), "");
}

TEST_F(ReceiptFiles, AnOlderOneStays) {
  const std::string state = (directory_ / "state/deep").string();
  const ReceiptPaths first = write_receipts(sample::bad(), context, state);
  EXPECT_EQ(first.kept_json, state + "/receipt-20261121T120000Z.json");
  const ReceiptPaths second = write_receipts(sample::good(), context, state);
  EXPECT_EQ(second.kept_html, state + "/receipt-20261121T120000Z-2.html");
  EXPECT_EQ(test::read_file(first.kept_json), receipt_json(sample::bad(), context));
  EXPECT_EQ(test::read_file(second.kept_json), receipt_json(sample::good(), context));
  EXPECT_EQ(test::read_file(second.json), receipt_json(sample::good(), context));
  EXPECT_EQ(test::read_file(second.html), receipt_html(sample::good(), context));
}

TEST_F(ReceiptFiles, FormFollowsTheName) {
  write_receipt_to(sample::good(), context, (directory_ / "a.html").string());
  write_receipt_to(sample::good(), context, (directory_ / "a").string());
  EXPECT_TRUE(test::read_file(directory_ / "a.html").starts_with("<!DOCTYPE html>"));
  EXPECT_EQ(test::read_file(directory_ / "a"), receipt_json(sample::good(), context));
}

TEST_F(ReceiptFiles, NothingHalfWrittenStays) {
  const std::string path = (directory_ / "taken").string();
  EXPECT_TRUE(write_atomically(path, "one", false));
  EXPECT_FALSE(write_atomically(path, "two", false));
  EXPECT_EQ(test::read_file(path), "one");
  EXPECT_TRUE(write_atomically(path, "three", true));
  EXPECT_EQ(test::read_file(path), "three");
  fs::create_directory(directory_ / "folder");
  EXPECT_THROW(write_atomically((directory_ / "folder").string(), "four", true), Error);
  EXPECT_THROW(write_atomically((directory_ / "none/file").string(), "five", true), Error);
  EXPECT_EQ(files(), 2u) << "no temporary file is left";
  struct stat found {};
  ASSERT_EQ(::stat(path.c_str(), &found), 0);
  EXPECT_NE(found.st_mode & S_IRUSR, 0u);
}

}  // namespace
}  // namespace twoway::report
