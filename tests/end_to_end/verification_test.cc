// How much is compared, what is shown of it, and where references lead.
#include <gtest/gtest.h>

#include "runtime/report/receipt_json.h"
#include "runtime/report/summary.h"
#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class VerificationModes : public testing::Test {
 protected:
  RunReport compare(const std::string& from, const std::string& to, const RunOptions& options = {}) const {
    RunOptions full = options;
    full.from = from;
    full.to = to;
    return verify(mapping_under_test(), full);
  }
  /// `all/nowhere all/nowhere` of the source and of the target.
  static std::string references(const RunReport& report, std::string_view entity, std::string_view column) {
    for (const ReferenceReport& one : report.references) {
      if (one.entity != entity || one.column != column) continue;
      return std::to_string(one.source.all) + "/" + std::to_string(one.source.nowhere) + " " +
             std::to_string(one.target_side.all) + "/" + std::to_string(one.target_side.nowhere);
    }
    return "none";
  }
  static std::string keys(const RunReport& report) {
    std::string all;
    for (const SampleRow& row : report.samples) all += row.entity + " " + row.key + "\n";
    return all;
  }

  TemporaryDirectory directory_{"verification"};
};

/// SQLite's own count of references that lead nowhere.
std::string counted_by_sqlite(const fs::path& database) {
  SqliteFile file(database, SqliteFile::Mode::read);
  const auto all = file.integer("SELECT count(*) FROM chat WHERE user_id IS NOT NULL");
  const auto nowhere = file.integer(
      "SELECT count(*) FROM chat WHERE user_id IS NOT NULL AND NOT EXISTS "
      "(SELECT 1 FROM user WHERE user.id = chat.user_id)");
  const std::string side = std::to_string(all) + "/" + std::to_string(nowhere);
  return side + " " + side;
}

TEST_F(VerificationModes, ReferencesAreCountedOnBothSidesOfEveryPair) {
  const fs::path source = real(directory_.path());
  SqliteFile(source).execute(
      "UPDATE chat SET user_id = 'nobody' WHERE id IN (SELECT id FROM chat ORDER BY id LIMIT 2)");
  const std::string expected = counted_by_sqlite(source);
  EXPECT_EQ(expected.substr(expected.find('/') + 1, 1), "2");
  const RunReport there = carry(source, directory_ / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(references(there, "chat", "user_id"), expected);
  const RunReport copied = carry(directory_ / "pb_data", directory_ / "pb_copy");
  expect_faithful(copied);
  // In PocketBase a dangling reference is an empty relation, so records have none to follow.
  EXPECT_EQ(references(copied, "chat", "user_id"), "12/0 12/0");
  const RunReport back = carry(directory_ / "pb_data", directory_ / "returned.db");
  expect_faithful(back);
  EXPECT_EQ(references(back, "chat", "user_id"), expected);
  const RunReport tables = carry(source, directory_ / "copy.db");
  expect_faithful(tables);
  EXPECT_EQ(references(tables, "chat", "user_id"), expected);
  EXPECT_EQ(references(tables, "chat", "meta.tags[]"), references(there, "chat", "meta.tags[]"));
  EXPECT_EQ(references(tables, "chat", "folder_id"), references(there, "chat", "folder_id"));
}

TEST_F(VerificationModes, ReferencesAreCountedInPostgresqlToo) {
  const fs::path source = real(directory_.path());
  const std::string database = shared_cluster().create_database();
  RunOptions options;
  options.state_directory = (directory_ / "state").string();
  const RunReport report = carry(source, shared_cluster().url(database), options);
  expect_faithful(report);
  EXPECT_EQ(references(report, "chat", "user_id"), counted_by_sqlite(source));
}

TEST_F(VerificationModes, AReferenceThatLeadsNowhereInTheTargetAloneIsADifference) {
  const fs::path source = real(directory_.path());
  carry(source, directory_ / "pb_data");
  SqliteFile data(directory_ / "pb_data" / "data.db");
  const std::string owner = data.text("SELECT user_id FROM chats WHERE user_id <> '' ORDER BY id LIMIT 1");
  const std::string chat = data.text("SELECT min(id) FROM chats WHERE user_id = '" + owner + "'");
  data.execute("DELETE FROM users WHERE id = '" + owner + "'");
  const RunReport report = compare(source, directory_ / "pb_data");
  EXPECT_EQ(report.status, ExitStatus::differences);
  bool named = false;
  for (const Difference& one : report.differences) {
    if (one.entity != "chat" || one.key != chat || one.column != "user_id") continue;
    named = true;
    EXPECT_EQ(one.expected, "a reference to a user that is there");
    EXPECT_EQ(one.found, owner + ", which leads nowhere");
    EXPECT_TRUE(one.position.starts_with("mapping/openwebui-pocketbase/entities/chat.yaml:")) << one.position;
  }
  EXPECT_TRUE(named) << describe(report);
}

TEST_F(VerificationModes, TheSameSeedShowsTheSameRows) {
  const fs::path source = real(directory_.path());
  RunOptions options;
  options.sample = 12;
  const RunReport there = carry(source, directory_ / "pb_data", options);
  expect_faithful(there);
  ASSERT_EQ(there.samples.size(), 12U);
  EXPECT_NE(there.seed, 0U);
  options.seed = there.seed;
  EXPECT_EQ(keys(compare(source, directory_ / "pb_data", options)), keys(there));
  EXPECT_EQ(keys(carry(directory_ / "pb_data", directory_ / "returned.db", options)), keys(there));
  options.seed = there.seed + 1;
  EXPECT_NE(keys(compare(source, directory_ / "pb_data", options)), keys(there));
  for (const SampleRow& row : there.samples) EXPECT_TRUE(row.equal) << row.entity << " " << row.key;
}

TEST_F(VerificationModes, ShownRowsCoverSecrets) {
  const fs::path source = real(directory_.path());
  SqliteFile(source).execute(
      "CREATE TABLE plugin_keys (name TEXT PRIMARY KEY, token TEXT); "
      "INSERT INTO plugin_keys VALUES ('one', 'planted-secret-1')");
  const std::string hash = SqliteFile(source).text("SELECT max(password) FROM auth");
  RunOptions options;
  options.sample = 100000;
  const std::vector<RunReport> runs{carry(source, directory_ / "pb_data", options),
                                    carry(directory_ / "pb_data", directory_ / "pb_copy", options),
                                    carry(source, directory_ / "copy.db", options)};
  for (const RunReport& report : runs) {
    EXPECT_GT(report.samples.size(), 300U);
    const std::string text = report::summary(report, report::Verb::migrate, {true, ""});
    for (const std::string& secret : {hash, std::string("planted-secret-1")}) {
      EXPECT_EQ(text.find(secret), std::string::npos) << secret;
    }
    EXPECT_NE(text.find(" bytes, covered"), std::string::npos);
    EXPECT_NE(text.find("bob@example.com"), std::string::npos);
    EXPECT_EQ(report::receipt_json(report, {report::Verb::migrate, "1"}).find("samples"), std::string::npos)
        << "no row goes into a file";
  }
}

TEST_F(VerificationModes, APartIsNeverCalledVerified) {
  const fs::path source = real(directory_.path());
  RunOptions options;
  options.verification = Verification::sample;
  options.sample = 50;
  options.seed = 7;
  const RunReport sampled = carry(source, directory_ / "pb_data", options);
  EXPECT_EQ(sampled.status, ExitStatus::done) << describe(sampled);
  EXPECT_FALSE(sampled.verified);
  const report::Verdict verdict = report::verdict(sampled, report::Verb::migrate);
  EXPECT_EQ(verdict.word, "not_verified");
  EXPECT_TRUE(verdict.text.ends_with(" rows compared, chosen at random (seed 7).")) << verdict.text;
  options.verification = Verification::count;
  options.sample = 0;
  const RunReport counted = compare(source, directory_ / "pb_data", options);
  EXPECT_EQ(report::verdict(counted, report::Verb::verify).text,
            "NOT VERIFIED: only the numbers of rows were compared, 0 differences.");
  SqliteFile(directory_ / "pb_data" / "data.db")
      .execute("UPDATE memories SET content = 'edited'; DELETE FROM tags WHERE id = (SELECT min(id) FROM tags)");
  const RunReport fewer = compare(source, directory_ / "pb_data", options);
  EXPECT_EQ(fewer.status, ExitStatus::differences);
  ASSERT_EQ(fewer.differences.size(), 1U) << describe(fewer);
  EXPECT_EQ(fewer.differences[0].entity, "tag");
  options.verification = Verification::sample;
  options.sample = 100000;
  EXPECT_EQ(compare(source, directory_ / "pb_data", options).status, ExitStatus::differences)
      << "a sample of all rows finds what is to be found";
}

TEST_F(VerificationModes, TheProgramSaysWhichOptionsGoTogether) {
  const auto errors = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program("twoway").string());
    const ProcessResult result = run(arguments);
    EXPECT_EQ(result.status, 2) << result.describe();
    return result.errors.substr(0, result.errors.find('\n'));
  };
  const std::vector<std::string> ends{"--from", "a.db", "--to", "pb"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), ends.begin(), ends.end());
    return errors(arguments);
  };
  EXPECT_EQ(with({"verify", "--verify", "some"}), "error: --verify is all, sample, count or none");
  EXPECT_EQ(with({"verify", "--verify", "none"}), "error: verify has nothing to do with --verify none");
  EXPECT_EQ(with({"migrate", "--no-verify", "--verify", "count"}),
            "error: --no-verify and --verify exclude each other");
  EXPECT_EQ(with({"migrate", "--no-verify", "--sample", "3"}),
            "error: --sample shows rows that were compared; it goes with --verify all or sample");
  EXPECT_EQ(with({"migrate", "--dry-run", "--sample", "3"}),
            "error: --sample shows what arrived; it cannot go with --dry-run");
  EXPECT_EQ(with({"verify", "--sample", "10001"}), "error: --sample shows at most 10000 rows");
  EXPECT_EQ(with({"migrate", "--seed", "3"}), "error: --seed is for --sample and --verify sample");
  EXPECT_EQ(with({"verify", "--receipt", "r.json", "store"}),
            "error: STORE stands for one store alone; it cannot go with --from and --to");
  EXPECT_EQ(errors({"verify", "store"}), "error: --receipt FILE is missing");
}

}  // namespace
}  // namespace twoway::test
