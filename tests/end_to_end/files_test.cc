// The files that rows name: from Open WebUI's uploads directory into PocketBase's storage, and back.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/json/object.hpp>
#include <fstream>
#include <functional>
#include <regex>

#include "runtime/migrate/restore.h"
#include "runtime/report/receipt_json.h"
#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/uploads.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using Files = std::map<std::string, std::string>;

const FileReport& files_of(const RunReport& report) { return report.files.at(0); }

/// The notes about files: `text: keys`, one a line.
std::string file_notes(const RunReport& report) {
  std::string text;
  for (const Note& note : report.notes) {
    if (note.what == Note::What::file) text += fmt::format("{}: {}\n", note.text, note.first_keys());
  }
  return text;
}

/// By id, what the rows' files hold.
Files bytes_by_row(const UploadsWorld& world) {
  Files found;
  for (const auto& row : SqliteFile(world.database, SqliteFile::Mode::read).rows("SELECT id, path FROM file")) {
    const fs::path file = world.uploads / fs::path(row[1].bytes).filename();
    if (fs::is_regular_file(fs::symlink_status(file))) found.emplace(row[0].bytes, read_file(file));
  }
  return found;
}

/// By id, which media type the rows say that it is.
Files types_by_row(const UploadsWorld& world) {
  Files types;
  SqliteFile sql(world.database, SqliteFile::Mode::read);
  for (const auto& row : sql.rows("SELECT id, json_extract(meta, '$.content_type') FROM file")) {
    types.emplace(row[0].bytes, row[1].bytes);
  }
  return types;
}

std::vector<std::string> words_of(const std::vector<Difference>& differences) {
  std::vector<std::string> words;
  for (const Difference& one : differences) {
    words.push_back(fmt::format("{} {} {}: {}, {}", one.entity, one.key, one.column, one.expected, one.found));
  }
  return words;
}

/// What a run throws that does not start, and its hint.
std::string refusal(const std::function<void()>& run) {
  try {
    run();
  } catch (const Error& error) {
    return fmt::format("{}\n{}", error.what(), error.hint());
  }
  return "it ran";
}

TEST(Files, GoIntoTheStorageAreServedAndComeBack) {
  const TemporaryDirectory directory("files");
  const UploadsWorld world(directory.path());
  const RunReport there = world.copy(world.database, directory / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(file_notes(there), "");
  EXPECT_EQ(files_of(there).named, 5U);
  EXPECT_EQ(files_of(there).copied, 5U);
  EXPECT_EQ(files_of(there).copied_bytes, 2130U);
  EXPECT_EQ(files_of(there).hashed, 5U);
  EXPECT_EQ(files_of(there).verified, 5U);
  const Files original = bytes_by_row(world);
  EXPECT_EQ(original.size(), 5U);
  {
    PocketBaseServer server(directory / "pb_data");
    EXPECT_EQ(served_files(server), original);
    EXPECT_EQ(served_types(server), types_by_row(world)) << "a browser shows a picture as a picture";
    // PocketBase saves such a record again, and tells what the file is.
    RestClient client = server.superuser();
    const std::string id = "5a08a9d9-150c-4be8-8428-a2498ad4973e";
    const Response saved = client.patch(RestClient::record("files", id), json::object{{"filename", "image.png"}});
    EXPECT_EQ(saved.status, 200) << saved.text;
    EXPECT_EQ(saved.body.at("file").as_string(), "image.png");
    server.stop();
  }
  RunOptions back;
  back.files.uploads = (directory / "back").string();
  const RunReport home = world.copy(directory / "pb_data", directory / "back.db", back);
  expect_faithful(home);
  EXPECT_TRUE(files_below(directory / "back") == files_below(world.uploads));
  EXPECT_EQ(differences(world.database, directory / "back.db"), "");
  EXPECT_EQ(files_of(home).digest, files_of(there).digest);
}

TEST(Files, OfEveryNameArriveOrAreNamed) {
  const TemporaryDirectory directory("file_names");
  UploadsWorld world(directory.path());
  const std::string up = "/app/backend/data/uploads/";
  const std::string long_name = std::string(240, 'b') + ".md", unicode = std::string(84, 'x') + "é\U0001F600.txt";
  world.add("f-space", up + "1_a b  c.txt", "a b  c.txt", "spaces");
  world.add("f-signs", up + "2_a%b#c?d&e+f\"g'h.txt", "a%b#c?d&e+f\"g'h.txt", "signs");
  world.add("f-lines", up + "3_x", "a\nb\tc\\d.txt", "control characters");
  world.add("f-dot", up + "4_x", ".hidden", "a leading dot");
  world.add("f-attributes", up + "5_x", "x.attrs", "a name that PocketBase keeps for itself");
  world.add("f-long", up + std::string(251, 'a') + ".txt", long_name + std::string(300, 'c') + ".md", "255 bytes");
  world.add("f-unicode", up + "6_" + unicode, unicode, "Unicode");
  world.add("f-empty", up + "7_empty.txt", "empty.txt", "");
  world.add("f-windows", "C:\\owui\\uploads\\8_w.txt", "w.txt", "Windows", false);
  std::ofstream(world.uploads / "8_w.txt") << "Windows";
  world.add("f-upwards", up + "../../../../etc/passwd", "passwd", "x", false);
  world.add("f-path", up + "9_x", "../../secret", "a path in the place of the name");
  world.add("f-directory", up + "..", "x", "x", false);
  world.add("f-link", up + "10_link", "link.txt", "x", false);
  fs::create_symlink("/etc/passwd", world.uploads / "10_link");
  world.add("f-missing", up + "11_missing.txt", "missing.txt", "x", false);
  world.add("f-bucket", "s3://bucket/12_x.txt", "x.txt", "x", false);
  world.add("f-other", up + "13_other.txt", "other.txt", "ABC");
  std::ofstream(world.uploads / "13_other.txt") << "abc";
  world.add("f-shorter", up + "14_shorter.txt", "shorter.txt", "abc");
  std::ofstream(world.uploads / "14_shorter.txt") << "ab";
  std::ofstream(world.uploads / "nobody's.txt") << "x";
  const std::string expected_notes =
      "files are not touched: filename is a path, not a name: f-path\n"
      "files are not touched: path leads upwards (..): f-upwards, f-directory\n"
      "files cannot be used: each is a symbolic link: f-link\n"
      "files have another size than their rows say: f-shorter\n"
      "files have other bytes than their rows say (SHA-256): f-other{}\n"
      "files lie in an object store: their addresses go over, their bytes stay: f-bucket\n"
      "files that no row names stay where they are: nobody's.txt\n"
      "files that rows name are missing: f-missing\n";
  RunOptions looking;
  looking.from = world.database.string();
  looking.to = (directory / "pb_data").string();
  looking.pocketbase = pocketbase_program().string();
  looking.files = {FileOptions::Mode::copy, true, world.uploads.string(), {}, false};
  EXPECT_EQ(file_notes(plan(mapping_under_test(), looking)), fmt::format(fmt::runtime(expected_notes), ""));
  const RunReport there = world.copy(world.database, directory / "pb_data");
  EXPECT_EQ(there.status, ExitStatus::differences);
  EXPECT_EQ(words_of(there.differences),
            (std::vector<std::string>{"file f-upwards file: a file, path leads upwards (..)",
                                      "file f-path file: a file, filename is a path, not a name",
                                      "file f-directory file: a file, path leads upwards (..)",
                                      "file f-link file: a file, is a symbolic link"}));
  EXPECT_EQ(file_notes(there), fmt::format(fmt::runtime(expected_notes), ", f-shorter"));
  Files expected = bytes_by_row(world);
  expected.erase("f-path");
  expected.erase("f-upwards");
  expected["f-windows"] = "Windows";
  {
    PocketBaseServer server(directory / "pb_data");
    EXPECT_EQ(served_files(server), expected);
    server.stop();
  }
  RunOptions back;
  back.files.uploads = (directory / "back").string();
  const RunReport home = world.copy(directory / "pb_data", directory / "back.db", back);
  EXPECT_EQ(differences(world.database, directory / "back.db"), "");
  Files wanted = files_below(world.uploads);
  for (const char* stays : {"9_x", "nobody's.txt"}) wanted.erase(stays);
  EXPECT_TRUE(files_below(directory / "back") == wanted);
}

TEST(Files, TenThousandInOneRunAndNoneTwice) {
  const TemporaryDirectory directory("many_files", Place::memory);
  const UploadsWorld world(directory.path());
  SqliteFile(world.database)
      .execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9995) "
          "INSERT INTO file (id, filename, path, created_at, updated_at) "
          "SELECT 'many-' || i, i || '.txt', '/app/backend/data/uploads/many-' || i, 1, 1 FROM n");
  for (int i = 1; i < 9996; ++i) {
    std::ofstream(world.uploads / fmt::format("many-{}", i)) << std::string(static_cast<std::size_t>(i % 700), 'x');
  }
  const RunReport there = world.copy(world.database, directory / "pb_data");
  expect_faithful(there);
  EXPECT_EQ(files_of(there).copied, 10'000U);
  EXPECT_EQ(files_of(there).verified, 10'000U);
  const RunReport again = world.copy(world.database, directory / "pb_data");
  expect_faithful(again);
  EXPECT_EQ(files_of(again).copied, 0U);
  EXPECT_EQ(files_of(again).skipped, 10'000U);
  EXPECT_EQ(files_of(again).digest, files_of(there).digest);
  RunOptions back;
  back.files.uploads = (directory / "back").string();
  expect_faithful(world.copy(directory / "pb_data", directory / "back.db", back));
  EXPECT_TRUE(files_below(directory / "back") == files_below(world.uploads));
}

TEST(Files, AreLinkedWhereBothSidesAreOnOneFileSystem) {
  const TemporaryDirectory directory("linked_files");
  const UploadsWorld world(directory.path());
  RunOptions options;
  options.files.link = true;
  const RunReport there = world.copy(world.database, directory / "pb_data", options);
  expect_faithful(there);
  EXPECT_EQ(files_of(there).linked, 5U);
  EXPECT_EQ(files_of(there).copied_bytes, 0U);
  EXPECT_EQ(files_of(there).hashed, 5U);
  const RunReport again = world.copy(world.database, directory / "pb_data", options);
  EXPECT_EQ(files_of(again).skipped, 5U);
  PocketBaseServer server(directory / "pb_data");
  EXPECT_EQ(served_files(server), bytes_by_row(world));
}

/// Bytes of the files in all directories of replaced files, by their names there.
std::map<std::string, std::size_t> replaced_files_in(const fs::path& state, std::string_view kind = "replaced-files-") {
  std::map<std::string, std::size_t> found;
  for (const auto& directory : fs::directory_iterator(state)) {
    if (!directory.path().filename().native().starts_with(kind)) continue;
    for (const auto& [name, bytes] : files_below(directory.path())) found[name] += bytes.size();
  }
  return found;
}

TEST(Files, ThatChangedAreReplacedAndKept) {
  const TemporaryDirectory directory("changed_files");
  const UploadsWorld world(directory.path());
  world.copy(world.database, directory / "pb_data");
  const std::string id = "41ec017c-8665-445a-8043-12988026a166";
  for (const auto& entry : fs::directory_iterator(world.uploads)) {
    if (entry.path().filename().native().starts_with(id)) std::ofstream(entry.path()) << "changed";
  }
  const RunReport report = world.copy(world.database, directory / "pb_data");
  expect_faithful(report);
  EXPECT_EQ(files_of(report).copied, 1U);
  EXPECT_EQ(files_of(report).skipped, 4U);
  EXPECT_EQ(files_of(report).other_hash, 1U);
  const fs::path file = directory / "pb_data/storage/twoway_file" / id / "مستند.pdf";
  EXPECT_EQ(read_file(file), "changed");
  const std::string root = directory / "pb_data/storage/twoway_file";
  EXPECT_EQ(replaced_files_in(directory / "pb_data.twoway"), (std::map<std::string, std::size_t>{
                                                                  {"file.file/files/" + id + "/مستند.pdf", 2011},
                                                                  {"file.file/root", root.size()},
                                                              }));
  RestoreOptions back;
  back.from = directory / "pb_data.twoway";
  EXPECT_TRUE(restore(back).ends_with("; a file that it replaced is back, too"));
  EXPECT_EQ(read_file(file).size(), 2011U);
  const auto aside = replaced_files_in(directory / "pb_data.twoway", "files-before-restore-");
  EXPECT_EQ(aside.at("file.file/files/" + id + "/مستند.pdf"), 7U) << "what stood there until now";
  EXPECT_TRUE(restore(back).ends_with("; a file that it replaced is back, too")) << "once more";
  EXPECT_EQ(read_file(file).size(), 2011U);
}

TEST(Files, OnTheWayBackAreReplacedAndPutBack) {
  const TemporaryDirectory directory("replaced_uploads");
  const UploadsWorld world(directory.path());
  world.copy(world.database, directory / "pb_data");
  const fs::path uploads = directory / "back";
  fs::create_directory(uploads);
  for (const auto& [name, bytes] : files_below(world.uploads)) std::ofstream(uploads / name) << "mine: " << name;
  const auto before = files_below(uploads);
  RunOptions options;
  options.from = (directory / "pb_data").string();
  options.to = (directory / "back.db").string();
  options.files = {FileOptions::Mode::copy, true, uploads.string(), {}, false};
  expect_faithful(migrate(mapping_under_test(), options));
  EXPECT_TRUE(files_below(uploads) == files_below(world.uploads));
  RestoreOptions back;
  back.from = directory / "back.db.twoway";
  EXPECT_TRUE(restore(back).ends_with("; 5 files that it replaced are back, too"));
  EXPECT_TRUE(files_below(uploads) == before);
  for (const auto& entry : fs::recursive_directory_iterator(back.from)) {
    if (entry.path().filename() == "root") fs::resize_file(entry.path(), 0);
  }
  const ProcessResult lost = run({program("twoway").string(), "restore", back.from.string()});
  EXPECT_EQ(lost.status, 3) << lost.describe() << "the rows are back by then";
  const std::regex words(
      "error: \\S+/back\\.db\\.twoway/replaced-files-\\w+/file\\.file does not say where its files were\n"
      "hint: Its file `root` is missing or empty: put the files back by hand\\.\n");
  EXPECT_TRUE(std::regex_match(lost.errors, words)) << lost.errors;
}

TEST(Files, AreComparedByVerifyAlone) {
  const TemporaryDirectory directory("verified_files");
  const UploadsWorld world(directory.path());
  world.copy(world.database, directory / "pb_data");
  RunOptions options;
  options.from = world.database.string();
  options.to = (directory / "pb_data").string();
  options.files = {FileOptions::Mode::copy, true, world.uploads.string(), {}, false};
  const RunReport equal = verify(mapping_under_test(), options);
  expect_faithful(equal);
  EXPECT_EQ(files_of(equal).verified, 5U);
  const fs::path storage = directory / "pb_data/storage/twoway_file";
  const std::string image = "5a08a9d9-150c-4be8-8428-a2498ad4973e", pdf = "41ec017c-8665-445a-8043-12988026a166";
  const std::string bytes = read_file(storage / image / "image.png");
  std::ofstream(storage / image / "image.png") << "another";
  fs::remove(storage / pdf / "مستند.pdf");
  const RunReport different = verify(mapping_under_test(), options);
  EXPECT_EQ(different.status, ExitStatus::differences);
  EXPECT_EQ(words_of(different.differences),
            (std::vector<std::string>{
                fmt::format("file {} file: {}, none", pdf,
                            "b0fe14c30d61e2f4ac8bb5d3cab910b12a3e2aa658436c4a3d2dd0c8ee7863f2"),
                fmt::format("file {} file: {}, {}", image, sha256_text(bytes), sha256_text("another"))}));
}

TEST(Files, ThatPocketBaseTookGetAPathOnTheirWayBack) {
  const TemporaryDirectory directory("new_files");
  const UploadsWorld world(directory.path());
  world.copy(world.database, directory / "pb_data");
  const fs::path storage = directory / "pb_data/storage/twoway_file";
  SqliteFile(directory / "pb_data/data.db")
      .execute("INSERT INTO files (id, filename, file) VALUES ('made0in0pocketb', 'new.txt', 'new_ab12.txt')");
  fs::create_directories(storage / "made0in0pocketb");
  std::ofstream(storage / "made0in0pocketb/new_ab12.txt") << "new";
  RunOptions back;
  back.files.uploads = (directory / "back").string();
  expect_faithful(world.copy(directory / "pb_data", directory / "back.db", back));
  const auto path_in = [&](const char* database, const char* name) {
    return SqliteFile(directory / database).text(fmt::format("SELECT path FROM file WHERE filename = '{}'", name));
  };
  EXPECT_EQ(path_in("back.db", "new.txt"), (directory / "back/made0in0pocketb_new.txt").string());
  EXPECT_EQ(read_file(directory / "back/made0in0pocketb_new.txt"), "new");
  EXPECT_EQ(path_in("back.db", "image.png"),
            "/app/backend/data/uploads/5a08a9d9-150c-4be8-8428-a2498ad4973e_image.png");
  back.files.uploads_path = "/data/uploads";
  expect_faithful(world.copy(directory / "pb_data", directory / "moved.db", back));
  EXPECT_EQ(path_in("moved.db", "new.txt"), "/data/uploads/made0in0pocketb_new.txt");
  EXPECT_EQ(path_in("moved.db", "image.png"), "/data/uploads/5a08a9d9-150c-4be8-8428-a2498ad4973e_image.png");
}

TEST(Files, ThatAreAllMissingStopTheRun) {
  const TemporaryDirectory directory("no_files");
  const UploadsWorld world(directory.path());
  fs::create_directories(directory / "other");
  RunOptions options;
  options.files.uploads = (directory / "other").string();
  EXPECT_EQ(refusal([&] { world.copy(world.database, directory / "pb_data", options); }),
            fmt::format("none of the 5 files that rows of file name is in {}\nName the directory in which the "
                        "application keeps what was uploaded to it. Where they are gone for good, --files reuse "
                        "carries the rows.",
                        (directory / "other").string()));
  EXPECT_FALSE(fs::exists(directory / "pb_data"));
  world.copy(world.database, directory / "pb_data");
  fs::remove_all(directory / "pb_data/storage");
  options.files.uploads = (directory / "back").string();
  EXPECT_EQ(refusal([&] { world.copy(directory / "pb_data", directory / "back.db", options); }),
            fmt::format("none of the 5 files that rows of file name is in {}\nPocketBase's directory `storage` has to "
                        "come along with its data. Where they are gone for good, --files reuse carries the rows.",
                        (directory / "pb_data/storage/twoway_file").string()));
  EXPECT_FALSE(fs::exists(directory / "back.db"));
}

TEST(Files, StayWhereTheyAreAndAreLookedAt) {
  const TemporaryDirectory directory("reused_files");
  UploadsWorld world(directory.path());
  const RunReport unseen = carry(world.database, directory / "unseen");
  expect_faithful(unseen);
  EXPECT_EQ(files_of(unseen).unseen, 5U) << "their directory is on another machine";
  EXPECT_EQ(file_notes(unseen), "");
  RunOptions options;
  options.files.asked_for = true;
  options.files.uploads = world.uploads.string();
  world.add("gone", "/app/backend/data/uploads/gone.txt", "gone.txt", "x", false);
  std::ofstream(world.uploads / "more.txt") << "x";
  const RunReport seen = carry(world.database, directory / "seen", options);
  expect_faithful(seen);
  EXPECT_EQ(files_of(seen).present, 5U);
  EXPECT_EQ(files_of(seen).hashed, 5U);
  EXPECT_EQ(file_notes(seen),
            "files that no row names stay where they are: more.txt\n"
            "files that rows name are missing: gone\n");
  EXPECT_FALSE(fs::exists(directory / "seen/storage/twoway_file"));
  // Paths that lead somewhere are looked at without being told where.
  SqliteFile(world.database)
      .execute(fmt::format("UPDATE file SET path = replace(path, '/app/backend/data/uploads', '{}')",
                           world.uploads.string()));
  const RunReport by_path = carry(world.database, directory / "by_path");
  EXPECT_EQ(files_of(by_path).present, 5U);
  EXPECT_EQ(file_notes(by_path), "files that rows name are missing: gone\n");
}

}  // namespace
}  // namespace twoway::test
