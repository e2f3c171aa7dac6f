// Files into a running PocketBase and out of it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/uploads.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class FilesServer : public testing::Test {
 protected:
  FilesServer() {
    setenv("POCKETBASE_SUPERUSER_EMAIL", PocketBaseServer::superuser_email, 1);
    setenv("POCKETBASE_SUPERUSER_PASSWORD", PocketBaseServer::superuser_password, 1);
  }

  RunReport copy(const std::string& from, const std::string& to, const fs::path& uploads) {
    RunOptions options;
    options.from = from;
    options.to = to;
    options.state_directory = (directory_ / "state").string();
    options.pocketbase = pocketbase_program().string();
    options.files = {FileOptions::Mode::copy, true, uploads.string(), {}, false};
    return migrate(mapping_under_test(), options);
  }

  TemporaryDirectory directory_{"files_server"};
  UploadsWorld world_{directory_.path()};
};

TEST_F(FilesServer, GoThereAndComeBackAndNoneTwice) {
  std::string large(9U << 20U, '\0');  // more than two ranges
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * i / 97);
  const std::string up = "/app/backend/data/uploads/";
  world_.add("s-large", up + "1_large.bin", "large.bin", large);
  world_.add("s-signs", up + "2_a \"b\" %c#d?.txt", "a \"b\" %c#d?.txt", "signs");
  world_.add("s-empty", up + "3_empty.txt", "empty.txt", "");
  world_.add("s-long", up + std::string(251, 'a') + ".txt", std::string(251, 'b') + ".txt", "255 bytes");
  const PocketBaseServer server(directory_ / "pb_data");
  const RunReport there = copy(world_.database.string(), server.url(), world_.uploads);
  expect_faithful(there);
  EXPECT_EQ(there.files.at(0).copied, 9U);
  EXPECT_EQ(there.files.at(0).verified, 9U);
  std::map<std::string, std::string> wanted;
  for (const auto& row : SqliteFile(world_.database, SqliteFile::Mode::read).rows("SELECT id, path FROM file")) {
    wanted.emplace(row[0].bytes, read_file(world_.uploads / fs::path(row[1].bytes).filename()));
  }
  EXPECT_TRUE(served_files(server) == wanted);
  const RunReport again = copy(world_.database.string(), server.url(), world_.uploads);
  expect_faithful(again);
  EXPECT_EQ(again.files.at(0).copied, 0U);
  EXPECT_EQ(again.files.at(0).skipped, 9U);
  // Another file goes in the place of the old one.
  std::ofstream(world_.uploads / "1_large.bin") << "small";
  const RunReport changed = copy(world_.database.string(), server.url(), world_.uploads);
  expect_faithful(changed);
  EXPECT_EQ(changed.files.at(0).copied, 1U);
  const RunReport home = copy(server.url(), (directory_ / "back.db").string(), directory_ / "back");
  expect_faithful(home);
  EXPECT_TRUE(files_below(directory_ / "back") == files_below(world_.uploads));
  EXPECT_EQ(differences(world_.database, directory_ / "back.db"), "");
  EXPECT_EQ(home.files.at(0).digest, changed.files.at(0).digest);
}

TEST_F(FilesServer, SaysWhatItDoesNotTake) {
  const PocketBaseServer server(directory_ / "pb_data");
  RestClient client = server.superuser();
  expect_faithful(copy(world_.database.string(), server.url(), world_.uploads));
  const Response collection = client.get("/api/collections/files");
  boost::json::array fields = collection.body.at("fields").as_array();
  for (boost::json::value& field : fields) {
    if (field.at("name") == "file") field.as_object()["maxSize"] = 10;
  }
  ASSERT_EQ(client.patch("/api/collections/files", boost::json::object{{"fields", fields}}).status, 200);
  for (const auto& entry : fs::directory_iterator(world_.uploads)) std::ofstream(entry.path()) << "too long to take";
  const RunReport report = copy(world_.database.string(), server.url(), world_.uploads);
  EXPECT_EQ(report.status, ExitStatus::differences);
  EXPECT_EQ(report.files.at(0).failed, 5U);
  ASSERT_EQ(report.differences.size(), 5U);
  EXPECT_EQ(report.differences[0].found,
            fmt::format("is refused by {}: file: Failed to upload rapport été 2024.txt "
                        "- the maximum allowed file size is 10 bytes.",
                        server.url()));
}

TEST_F(FilesServer, CannotBeLinked) {
  const PocketBaseServer server(directory_ / "pb_data");
  RunOptions options;
  options.from = world_.database.string();
  options.to = server.url();
  options.state_directory = (directory_ / "state").string();
  options.files = {FileOptions::Mode::copy, true, world_.uploads.string(), {}, true};
  try {
    migrate(mapping_under_test(), options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(
        std::string(error.what()) + " | " + error.hint(),
        fmt::format("--link cannot reach the files of {} | Links join two directories of one file system. Leave it "
                    "out: files go through the server.",
                    server.url()));
  }
}

}  // namespace
}  // namespace twoway::test
