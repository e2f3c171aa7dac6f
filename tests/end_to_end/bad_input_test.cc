// Bad input: exit status 2, one clear message with what to do, nothing written.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <map>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class BadInput : public testing::Test {
 protected:
  /// Every file below the directory with its content: what "nothing was written" is measured by.
  std::map<std::string, std::string> snapshot() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      files[entry.path().string()] = entry.is_regular_file() ? read_file(entry.path()) : "";
    }
    return files;
  }

  /// Runs `twoway migrate`; what it said on standard error, with the test's own directory as DIR.
  std::string migrate(const std::string& from, const std::string& to, const std::string& pocketbase = {}) {
    const auto before = snapshot();
    std::vector<std::string> command{program("twoway").string(), "migrate", "--yes", "--from",
                                     (directory_ / from).string(), "--to", (directory_ / to).string()};
    ProcessOptions options;
    options.environment = {{"POCKETBASE", pocketbase.empty() ? pocketbase_program().string() : pocketbase}};
    const ProcessResult result = run(command, options);
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_TRUE(result.output.empty() || result.output.starts_with("\nwhat stops the run\n")) << result.output;
    EXPECT_TRUE(snapshot() == before) << "something was written";
    std::string text = result.errors;
    const std::string path = directory_.path().string();
    for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.replace(at, path.size(), "DIR");
    return text;
  }

  TemporaryDirectory directory_{"bad_input"};
};

TEST_F(BadInput, AFileThatIsMissing) {
  EXPECT_EQ(migrate("none.db", "pb_data"),
            "error: DIR/none.db does not exist\nhint: Check the path given with --from.\n");
}

TEST_F(BadInput, AFileThatIsNoDatabase) {
  std::ofstream(directory_ / "text.db") << std::string(5000, 'x');
  EXPECT_EQ(migrate("text.db", "pb_data"),
            "error: DIR/text.db is not a SQLite database: its first bytes are not 'SQLite format 3'\n"
            "hint: Name the file that the application uses. An encrypted database must be decrypted first.\n");
}

TEST_F(BadInput, AnotherApplicationsDatabase) {
  SqliteFile(directory_ / "other.db", SqliteFile::Mode::create).execute("CREATE TABLE t (a)");
  const std::string text = migrate("other.db", "pb_data");
  EXPECT_EQ(text.find("error: DIR/other.db lacks what the mapping openwebui-pocketbase expects: table "), 0U) << text;
  EXPECT_NE(text.find("hint: The mapping is for Open WebUI 0.12.4. Start that version once on a copy"),
            std::string::npos);
}

TEST_F(BadInput, ADatabaseAtAnotherRevision) {
  const fs::path database = real(directory_.path());
  SqliteFile(database).execute("UPDATE alembic_version SET version_num = 'f0bd01a18a3d'");
  EXPECT_EQ(migrate(database.filename().string(), "pb_data"),
            "error: DIR/" + database.filename().string() +
                " is at revision 'f0bd01a18a3d', the mapping openwebui-pocketbase is for revision '0bd252b206fb' "
                "(Open WebUI 0.12.4)\n"
                "hint: Start Open WebUI 0.12.4 once on a copy of the database, so that it upgrades it, then migrate "
                "the copy.\n");
}

TEST_F(BadInput, APocketBaseBefore023) {
  fs::create_directory(directory_ / "pb_data");
  SqliteFile(directory_ / "pb_data" / "data.db", SqliteFile::Mode::create)
      .execute("CREATE TABLE _migrations (file VARCHAR(255) PRIMARY KEY NOT NULL, applied INTEGER NOT NULL);"
               "CREATE TABLE _collections (id TEXT, system BOOLEAN, type TEXT, name TEXT, schema JSON, indexes JSON);"
               "INSERT INTO _migrations VALUES ('1640988000_init.go', 1)");
  EXPECT_EQ(migrate("pb_data", "new.db"),
            "error: DIR/pb_data was written by a PocketBase before 0.23\n"
            "hint: Start PocketBase 0.23 or newer on it once, so that it upgrades the directory.\n");
}

TEST_F(BadInput, ADirectoryWithoutPocketBase) {
  fs::create_directory(directory_ / "empty");
  EXPECT_EQ(migrate("empty", "new.db"),
            "error: DIR/empty holds no data.db\n"
            "hint: Name the directory that PocketBase was started with (--dir), usually pb_data.\n");
}

TEST_F(BadInput, NoPocketBaseProgram) {
  const fs::path database = real(directory_.path());
  EXPECT_EQ(migrate(database.filename().string(), "pb_data", (directory_ / "nowhere").string()),
            "error: $POCKETBASE names DIR/nowhere, which is not a program that can be run\n"
            "hint: Download PocketBase from its releases page, then name it with --pocketbase FILE, in $POCKETBASE, or "
            "put it on PATH.\n");
}

TEST_F(BadInput, TheSameStoreTwice) {
  const fs::path database = real(directory_.path());
  fs::create_symlink(database, directory_ / "second.db");
  EXPECT_EQ(migrate(database.filename().string(), "second.db"),
            "error: DIR/real-0.12.4.db is both the source and the target\nhint: Name two different stores.\n");
}

TEST_F(BadInput, ATargetThatAnotherProgramHasOpen) {
  const fs::path database = real(directory_.path());
  carry(database, directory_ / "pb_data");
  SqliteFile reader(directory_ / "pb_data" / "data.db");
  reader.execute("BEGIN IMMEDIATE");
  std::vector<std::string> command{program("twoway").string(), "migrate",
                                   "--yes",                    "--from",
                                   database.string(),          "--to",
                                   (directory_ / "pb_data").string(), "--no-backup"};
  const ProcessResult result = run(command);
  EXPECT_EQ(result.status, 2) << result.describe();
  EXPECT_EQ(result.errors,
            "error: " + (directory_ / "pb_data").string() + " is in use by end_to_end_tests (process " +
                std::to_string(getpid()) +
                ")\nhint: Stop it and try again, or say --while-open: the target is locked against it as "
                "far as its database can.\n");
}

TEST_F(BadInput, ARunningPocketBase) {
  const fs::path database = real(directory_.path());
  carry(database, directory_ / "pb_data");
  PocketBaseServer server(directory_ / "pb_data");
  std::vector<std::string> command{program("twoway").string(), "migrate", "--yes", "--from", database.string(), "--to",
                                   (directory_ / "pb_data").string()};
  const ProcessResult result = run(command);
  EXPECT_EQ(result.status, 2) << result.describe();
  EXPECT_EQ(result.errors, "error: " + (directory_ / "pb_data").string() + " is in use by pocketbase (process " +
                               std::to_string(server.process_id()) + ")\nhint: Stop it and try again.\n");
}

TEST_F(BadInput, ATargetWithRowsOfItsOwn) {
  const fs::path first = real(directory_.path());
  carry(first, directory_ / "pb_data");
  const fs::path second = upgraded(directory_.path());
  const std::string text = migrate(second.filename().string(), "pb_data");
  EXPECT_EQ(text.find("error: DIR/pb_data has rows that DIR/" + second.filename().string() + " does not have: "), 0U)
      << text;
  EXPECT_NE(text.find("hint: Say --extra keep to leave them, or --extra delete to remove them (a backup is made "
                      "first).\n"),
            std::string::npos)
      << text;
}

TEST_F(BadInput, ATargetBelowAFile) {
  const fs::path database = real(directory_.path());
  std::ofstream(directory_ / "file") << "x";
  EXPECT_EQ(migrate(database.filename().string(), "file/pb_data"),
            "error: DIR/file is a file, so DIR/file/pb_data cannot be made\nhint: Choose another path.\n");
}

/// Root may write everywhere: the program is run as somebody else where the test runs as root.
std::vector<std::string> as_nobody() {
  if (geteuid() != 0) return {};
  return {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
}

TEST_F(BadInput, AReadOnlyTarget) {
  const fs::path database = real(directory_.path());
  carry(database, directory_ / "pb_data");
  fs::create_directory(directory_ / "closed");
  {
    // A WAL that can only be read with an index beside it, which nobody may make there.
    SqliteFile writer(database);
    writer.execute("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; UPDATE chat SET title = 'in the WAL'");
    fs::copy_file(database, directory_ / "closed" / "source.db");
    fs::copy_file(database.string() + "-wal", directory_ / "closed" / "source.db-wal");
  }
  // Everybody may read, nobody may write.
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    fs::permissions(entry.path(), entry.is_directory() ? fs::perms(0555) : fs::perms(0444));
  }
  fs::permissions(directory_.path(), fs::perms(0755));
  const std::string twoway = (directory_ / "twoway").string();
  fs::copy_file(program("twoway"), twoway);
  fs::permissions(twoway, fs::perms(0755));
  const std::string path = directory_.path().string();
  const auto migrate_as_nobody = [&](const std::string& from, const std::string& to) {
    std::vector<std::string> command = as_nobody();
    for (const std::string& word : {twoway, std::string("migrate"), std::string("--yes"), std::string("--no-backup"),
                                    std::string("--from"), path + "/" + from, std::string("--to"), path + "/" + to}) {
      command.push_back(word);
    }
    const auto before = snapshot();
    const ProcessResult result = run(command);
    EXPECT_EQ(result.status, 2) << result.describe();
    EXPECT_TRUE(snapshot() == before) << "something was written";
    std::string text = result.errors;
    for (std::size_t at; (at = text.find(path)) != std::string::npos;) text.replace(at, path.size(), "DIR");
    return text;
  };
  const std::string name = database.filename().string();
  EXPECT_EQ(migrate_as_nobody(name, "pb_data"),
            "error: DIR/pb_data/data.db cannot be written to\n"
            "hint: Give yourself write permission on the file and its directory, or choose another target.\n");
  EXPECT_EQ(migrate_as_nobody("pb_data", name),
            "error: DIR/" + name + " cannot be written to\n"
            "hint: Give yourself write permission on the file and its directory, or choose another target.\n");
  EXPECT_EQ(migrate_as_nobody(name, "closed/pb_data"),
            "error: DIR/closed cannot be written to\n"
            "hint: Give yourself write permission on it, or choose another path.\n");
  EXPECT_EQ(
      migrate_as_nobody("closed/source.db", "pb_data"),
      "error: 2 things keep the run from starting: (1) DIR/closed/source.db or a file beside it cannot be opened; "
      "(2) DIR/pb_data/data.db cannot be written to\n"
      "hint: (1) Give yourself write permission on its directory: a database with a -wal file is read with an "
      "index beside it. Or copy both elsewhere. (2) Give yourself write permission on the file and its directory, "
      "or choose another target.\n");
  for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
    if (entry.is_directory()) fs::permissions(entry.path(), fs::perms(0755));
  }
}

}  // namespace
}  // namespace twoway::test
