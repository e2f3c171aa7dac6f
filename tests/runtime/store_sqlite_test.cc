// SQLite's rules by SQLite itself, its logs byte by byte, and what is said of files that are none.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "runtime/model/error.h"
#include "runtime/store/sqlite/affinity.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/sqlite/wal.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::sqlite {
namespace {

namespace fs = std::filesystem;

void write_file(const fs::path& path, std::string_view text) { std::ofstream(path, std::ios::binary) << text; }

TEST(SqliteAffinity, OfDeclaredTypes) {
  for (const char* type : {"INT", "bigint", "FLOATING POINT"}) EXPECT_EQ(affinity_of(type), Affinity::integer) << type;
  for (const char* type : {"varchar(3)", "CLOB", "text"}) EXPECT_EQ(affinity_of(type), Affinity::text) << type;
  for (const char* type : {"", "blob"}) EXPECT_EQ(affinity_of(type), Affinity::blob) << type;
  for (const char* type : {"REAL", "FLOAT", "double"}) EXPECT_EQ(affinity_of(type), Affinity::real) << type;
  for (const char* type : {"NUMERIC", "BOOLEAN", "date", "[{"}) {
    EXPECT_EQ(affinity_of(type), Affinity::numeric) << type;
  }
  EXPECT_EQ(type_of("DateTime"), SqlType::datetime);
  EXPECT_EQ(type_of("TIMESTAMP"), SqlType::datetime);
  EXPECT_EQ(type_of("date"), SqlType::date);
  EXPECT_EQ(type_of("bool"), SqlType::boolean);
  EXPECT_EQ(type_of("json"), SqlType::json);
  EXPECT_EQ(type_of("double"), SqlType::real);
  EXPECT_EQ(type_of("blob"), SqlType::blob);
  EXPECT_EQ(type_of(""), SqlType::text);
  EXPECT_EQ(type_of("decimal"), SqlType::text);
}

TEST(SqliteAffinity, ValuesChangeAsSqliteChangesThem) {
  AffinityRules rules;
  Arena arena;
  const auto shown = [&](Affinity affinity, const Value& value) { return rules.shown(affinity, value, arena); };
  EXPECT_TRUE(same(shown(Affinity::text, Value::integer(7)), Value::text("7")));
  EXPECT_TRUE(same(shown(Affinity::real, Value::integer(7)), Value::real(7)));
  EXPECT_TRUE(same(shown(Affinity::numeric, Value::integer(7)), Value::integer(7)));
  EXPECT_TRUE(same(shown(Affinity::integer, Value::real(7)), Value::integer(7)));
  EXPECT_TRUE(same(shown(Affinity::real, Value::real(7.5)), Value::real(7.5)));
  EXPECT_TRUE(same(shown(Affinity::blob, Value::real(7.5)), Value::real(7.5)));
  EXPECT_TRUE(same(shown(Affinity::text, Value::real(7.5)), Value::text("7.5")));
  EXPECT_TRUE(same(shown(Affinity::integer, Value::null()), Value::null()));
  EXPECT_TRUE(same(shown(Affinity::text, Value::blob("7")), Value::blob("7")));
  for (const char* number : {"7", " 7", "+7", "0007", "7.0"}) {
    EXPECT_TRUE(same(shown(Affinity::integer, Value::text(number)), Value::integer(7))) << number;
  }
  EXPECT_TRUE(same(shown(Affinity::numeric, Value::text("-7")), Value::integer(-7)));
  EXPECT_TRUE(same(shown(Affinity::numeric, Value::text(".5")), Value::real(0.5)));
  EXPECT_TRUE(same(shown(Affinity::real, Value::text("7")), Value::real(7)));
  for (const char* text : {"", " ", "seven", "7 apples", "9x", "-", "/", ":"}) {
    EXPECT_TRUE(same(shown(Affinity::numeric, Value::text(text)), Value::text(text))) << text;
  }
  EXPECT_TRUE(same(shown(Affinity::text, Value::text("7")), Value::text("7")));
  EXPECT_TRUE(same(shown(Affinity::blob, Value::text("7")), Value::text("7")));
}

/// A database with three transactions of one page or more in its log, copied while it is open.
class WriteAheadLogs : public testing::Test {
 protected:
  void SetUp() override {
    const fs::path live = directory_ / "live.db";
    test::SqliteFile open(live, test::SqliteFile::Mode::create);
    open.execute("PRAGMA journal_mode = wal; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a)");
    for (int i = 0; i < 3; ++i) open.execute("INSERT INTO t VALUES (zeroblob(100))");
    fs::copy_file(live, file());
    log_ = test::read_file(live.string() + "-wal");
  }
  fs::path file() const { return directory_ / "copy.db"; }
  /// What is said of the log with these bytes.
  std::string said(const std::string& log) const {
    write_file(file().string() + "-wal", log);
    return unread_part_of_wal(file()).value_or("nothing");
  }
  static constexpr std::size_t header = 32, frame = 24 + 4096;
  test::TemporaryDirectory directory_{"wal"};
  std::string log_;
};

TEST_F(WriteAheadLogs, WholeOnes) {
  EXPECT_EQ(unread_part_of_wal(file()), std::nullopt) << "there is none";
  ASSERT_GT(log_.size(), header + 3 * frame);
  ASSERT_EQ((log_.size() - header) % frame, 0u);
  EXPECT_EQ(said(log_), "nothing");
  EXPECT_EQ(said(log_.substr(0, header)), "nothing");
  EXPECT_EQ(said(log_.substr(0, header - 1)), "nothing") << "a header that was not written to its end";
}

TEST_F(WriteAheadLogs, FramesOfAnEarlierLogStayBehindIt) {
  std::string log = log_;
  for (std::size_t at = header + frame * 2; at < log.size(); at += frame) log[at + 8] ^= 1;  // its salt
  const std::string words = said(log);
  EXPECT_TRUE(words == "nothing" || words.find("ends in the middle") != std::string::npos) << words;
  log = log_ + std::string(frame, 'x');
  EXPECT_EQ(said(log), "nothing");
  EXPECT_EQ(said(log_ + std::string(frame, 'x') + "y"), "nothing");
  log = log_;
  log[header + 12] ^= 1;  // the other half of the first one's salt
  EXPECT_NE(said(log), "nothing") << "those behind it are of this log";
}

TEST_F(WriteAheadLogs, DamagedHeaders) {
  const std::string damaged = "the header of copy.db-wal is damaged: nothing of it is read";
  std::string log = log_;
  log[0] ^= 1;
  EXPECT_EQ(said(log), damaged);
  log = log_;
  log[24] ^= 1;  // its checksum
  EXPECT_EQ(said(log), damaged);
  log = log_;
  log[28] ^= 1;
  EXPECT_EQ(said(log), damaged);
  for (const std::string& page : {std::string("\0\0\1\0", 4), std::string("\0\3\0\0", 4), std::string("\0\0\3\0", 4)}) {
    log = log_.substr(0, 8) + page + log_.substr(12);
    EXPECT_EQ(said(log), damaged);
  }
}

TEST_F(WriteAheadLogs, DamagedPages) {
  const std::size_t frames = (log_.size() - header) / frame;
  std::string log = log_;
  log[header + frame + 100] ^= 1;
  const std::string words = said(log);
  EXPECT_TRUE(words.starts_with("page 2 of copy.db-wal is damaged: it and what follows, " + std::to_string(frames) +
                                " pages and "))
      << words << ": the first page belongs to the same transaction";
  EXPECT_TRUE(words.ends_with(" finished transactions, is not read")) << words;
}

TEST_F(WriteAheadLogs, TransactionsThatNeverEnded) {
  EXPECT_EQ(said(log_ + log_.substr(header, 100)),
            "copy.db-wal ends in the middle of a transaction: 0 pages of it and a part of one are not read, as if it "
            "had never begun");
  const std::string words = said(log_.substr(0, header + frame));
  EXPECT_TRUE(words == "nothing" || words ==
                                        "copy.db-wal ends in the middle of a transaction: 1 pages of it are not "
                                        "read, as if it had never begun")
      << words;
}

/// What is said and hinted where a file cannot be opened.
std::string refusal(const fs::path& file, Access access = Access::read_only) {
  constexpr std::size_t cache_bytes = 1024 * 1024;
  try {
    Connection connection(file, access, cache_bytes);
    connection.text("SELECT name FROM sqlite_master");
    return "opened";
  } catch (const Error& error) {
    std::string said = std::string(error.what()) + "\n" + error.hint();
    const std::string name = file.string();
    for (std::size_t at; (at = said.find(name)) != std::string::npos;) said.replace(at, name.size(), "FILE");
    return said;
  }
}

TEST(SqliteFiles, ThatAreNoDatabase) {
  const test::TemporaryDirectory directory("sqlite");
  const fs::path file = directory / "a.db";
  EXPECT_NE(refusal(file), "opened");
  write_file(file, "");
  EXPECT_EQ(refusal(file), "opened") << "an empty file is an empty database";
  write_file(file, "no database, but longer than a header would be: " + std::string(200, 'x'));
  EXPECT_NE(refusal(file).find("FILE"), std::string::npos) << refusal(file);
  write_file(file, "short");
  EXPECT_NE(refusal(file), "opened");
  EXPECT_NE(refusal(directory.path()), "opened");
  const fs::path utf16 = directory / "utf16.db";
  test::SqliteFile(utf16, test::SqliteFile::Mode::create).execute("PRAGMA encoding = 'UTF-16le'; CREATE TABLE t (a)");
  EXPECT_NE(refusal(utf16).find("UTF-16le"), std::string::npos) << refusal(utf16);
}

TEST(SqliteFiles, OddNames) {
  const test::TemporaryDirectory directory("sqlite");
  const fs::path file = directory / "50% of #1? [~^`{|}@/..";
  fs::create_directories(file);
  const fs::path odd = file / "\u00e4 b&c=d;e:f,g+h!i'j(k)l*m$n\"o<p>q\\r.db";
  test::SqliteFile(odd, test::SqliteFile::Mode::create).execute("CREATE TABLE t (a)");
  EXPECT_EQ(refusal(odd), "opened");
}

}  // namespace
}  // namespace twoway::sqlite
