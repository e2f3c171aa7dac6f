#include <gtest/gtest.h>

#include "runtime/report/text.h"

namespace twoway::report {
namespace {

using namespace std::chrono_literals;

TEST(ReportText, GroupsDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(18446744073709551615u), "18,446,744,073,709,551,615");
  EXPECT_EQ(counted(1, "row", "rows"), "1 row");
  EXPECT_EQ(counted(2, "row", "rows"), "2 rows");
}

TEST(ReportText, Durations) {
  EXPECT_EQ(duration(0ns), "0 ms");
  EXPECT_EQ(duration(999ms), "999 ms");
  EXPECT_EQ(duration(8240ms), "8.2 s");
  EXPECT_EQ(duration(59'949ms), "59.9 s");
  EXPECT_EQ(duration(59'950ms), "1 min 00 s");
  EXPECT_EQ(duration(184s), "3 min 04 s");
  EXPECT_EQ(duration(2h + 5min), "2 h 05 min");
}

TEST(ReportText, Sizes) {
  EXPECT_EQ(size(999), "999 B");
  EXPECT_EQ(size(1000), "1.0 kB");
  EXPECT_EQ(size(999'999), "1.0 MB");
  EXPECT_EQ(size(36'000'000), "36.0 MB");
  EXPECT_EQ(size(18446744073709551615u), "18446744.1 TB");
}

TEST(ReportText, WhatWouldSteerATerminalIsReplaced) {
  EXPECT_EQ(printable("a\x1b[31mb"), "a\uFFFD[31mb");
  EXPECT_EQ(printable(std::string_view("a\0b\nc\x7f", 6)), "a\uFFFDb\uFFFDc\uFFFD");
  EXPECT_EQ(printable("\xC2\x9B"), "\uFFFD") << "C1 control sequence introducer";
  EXPECT_EQ(printable("a\u202Eb"), "a\uFFFDb") << "right to left override";
  EXPECT_EQ(printable("Grüße 日本 👍"), "Grüße 日本 👍");
}

TEST(ReportText, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(printable("\xFF"), "\uFFFD");
  EXPECT_EQ(printable("\xC3"), "\uFFFD");
  EXPECT_EQ(printable("\xC0\x80"), "\uFFFD\uFFFD") << "overlong";
  EXPECT_EQ(printable("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD") << "surrogate";
  EXPECT_EQ(printable("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD") << "beyond Unicode";
}

TEST(ReportText, PasswordsAreCovered) {
  EXPECT_EQ(redacted("postgresql://me:s3cret@host/db"), "postgresql://***@host/db");
  EXPECT_EQ(redacted("postgresql://me:p@ss@host/db x"), "postgresql://***@host/db x");
  EXPECT_EQ(redacted("host=h password=s3cret dbname=d"), "host=h password=*** dbname=d");
  EXPECT_EQ(redacted("PGPASSWORD=x token=y"), "PGPASSWORD=*** token=***");
  EXPECT_EQ(redacted("sqlite:////data/webui.db"), "sqlite:////data/webui.db");
  EXPECT_EQ(redacted("me@host"), "me@host");
}

TEST(ReportText, TableIsAligned) {
  Table table({Align::left, Align::right, Align::left});
  table.add({"name", "n", "x"});
  table.add({"Grüße", "1,000", ""});
  table.add({"a", "1", "end"});
  EXPECT_EQ(table.text("  "),
            "  name       n  x\n"
            "  Grüße  1,000\n"
            "  a          1  end\n");
}

}  // namespace
}  // namespace twoway::report
