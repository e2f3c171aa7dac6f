// Which PocketBase program makes the collections, and what is said where it cannot.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/directory_store.h"
#include "tests/runtime/report_sample.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

namespace fs = std::filesystem;

class PocketBaseProgram : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"POCKETBASE", "PATH"}) before_[name] = std::getenv(name) ? std::getenv(name) : "";
    ::unsetenv("POCKETBASE");
    ::setenv("PATH", "/nowhere", 1);
  }
  void TearDown() override {
    for (const auto& [name, value] : before_)
      value.empty() ? ::unsetenv(name.c_str()) : ::setenv(name.c_str(), value.c_str(), 1);
  }
  fs::path script(const std::string& folder, const std::string& text) const {
    fs::create_directories(directory_ / folder);
    const fs::path file = directory_ / folder / "pocketbase";
    std::ofstream(file) << "#!/bin/sh\n" << text;
    ::chmod(file.c_str(), 0755);
    return file;
  }
  /// What `work` gives or throws, without the directory's name.
  template <class Work>
  std::string what(Work work) const {
    std::string text;
    try {
      text = work();
    } catch (const Error& error) {
      text = error.what();
    }
    const std::string name = directory_.path().string() + "/";
    for (std::size_t at; (at = text.find(name)) != std::string::npos;) text.erase(at, name.size());
    return text;
  }
  std::string version(const std::string& given = {}) const {
    return what([&] { return program_version_of(given); });
  }
  std::string prepared(const std::string& folder, const std::string& program) const {
    return what([&] {
      prepare_directory(sample::mapping(), directory_ / folder, program);
      return "prepared";
    });
  }
  std::map<std::string, std::string> before_;
  test::TemporaryDirectory directory_{"program"};
};

TEST_F(PocketBaseProgram, IsTheOneNamedOrTheFirstOnThePath) {
  const std::string none = "there is no pocketbase program: it makes the collections of a new data directory";
  EXPECT_EQ(version(), none);
  ::unsetenv("PATH");
  EXPECT_EQ(version(), none);
  const fs::path first = script("first", "echo one; echo two\n"), second = script("second", "echo three\n");
  fs::create_directories(directory_ / "folder/pocketbase");
  ::setenv("PATH",
           ((directory_ / "folder").string() + ":" + first.parent_path().string() + ":" + second.parent_path().string())
               .c_str(),
           1);
  EXPECT_EQ(version(), "one");
  ::setenv("POCKETBASE", "", 1);
  EXPECT_EQ(version(), "one");
  ::setenv("POCKETBASE", second.c_str(), 1);
  EXPECT_EQ(version(), "three");
  EXPECT_EQ(version(first), "one");
  EXPECT_EQ(version((directory_ / "none").string()), "--pocketbase names none, which is not a program that can be run");
  ::setenv("POCKETBASE", (directory_ / "folder/pocketbase").c_str(), 1);
  EXPECT_EQ(version(), "$POCKETBASE names folder/pocketbase, which is not a program that can be run");
}

TEST_F(PocketBaseProgram, ThatFailsIsQuoted) {
  EXPECT_EQ(version(script("a", "exit 3\n")), "");
  EXPECT_EQ(version(script("a", "kill -9 $$\n")), "");
  const fs::path program = script("a", "echo no such command; echo; exit 1\n");
  EXPECT_EQ(prepared("pb_data", program), "a/pocketbase could not make the collections in pb_data: no such command");
  EXPECT_EQ(prepared("pb_data", script("b", "exit 0\n")), "prepared");
  std::ofstream(directory_ / "file") << "x";
  EXPECT_EQ(prepared("file/below/pb_data", program), "file is a file, so file/below/pb_data cannot be made");
}

TEST_F(PocketBaseProgram, ADirectoryWithCollectionsIsNotPrepared) {
  fs::create_directories(directory_ / "pb_data");
  const std::string taken = "pb_data already holds collections of the mapping openwebui-pocketbase";
  const fs::path program = script("a", "exit 0\n");
  {
    test::SqliteFile data(directory_ / "pb_data/data.db", test::SqliteFile::Mode::create);
    data.execute("CREATE TABLE users (id TEXT)");
  }
  EXPECT_EQ(prepared("pb_data", program), "prepared") << "PocketBase makes that one by itself";
  test::SqliteFile(directory_ / "pb_data/data.db").execute("INSERT INTO users VALUES ('u')");
  EXPECT_EQ(prepared("pb_data", program), taken);
  test::SqliteFile(directory_ / "pb_data/data.db").execute("DROP TABLE users; CREATE TABLE chats (id TEXT)");
  EXPECT_EQ(prepared("pb_data", program), taken);
}

}  // namespace
}  // namespace twoway
