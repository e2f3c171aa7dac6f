// A mapping outside this tree: `cmake --install`, find_package(twoway), twoway_add_mapping(), and the migrator that
// comes of it, there and back.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/compare_databases.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class Installed : public testing::Test {
 protected:
  static constexpr const char* rows = R"sql(
    CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE book (isbn TEXT NOT NULL PRIMARY KEY, author_id INTEGER REFERENCES author (id) ON DELETE SET NULL,
      title TEXT NOT NULL);
    INSERT INTO author VALUES (1, 'Ada'), (2, 'Who!');
    INSERT INTO book VALUES ('a/1', 1, 'Notes'), ('b', 99, ''), ('c', NULL, 'x');)sql";

  void SetUp() override {
    fs::copy(source_directory() / "tests/install/project", project_, fs::copy_options::recursive);
    run_checked({CMAKE, "--install", TWOWAY_BINARY_DIR, "--prefix", prefix_.string()});
  }

  /// In the project's folder; PATH has the installed programs.
  ProcessResult in_project(const std::vector<std::string>& arguments) const {
    ProcessOptions options;
    options.working_directory = project_;
    return run(arguments, options);
  }
  void expect_done(const std::vector<std::string>& arguments) const {
    const ProcessResult result = in_project(arguments);
    EXPECT_EQ(result.status, 0) << result.describe();
  }
  ProcessResult build(const std::string& target) const {
    return in_project({CMAKE, "--build", "build", "--target", target});
  }

  TemporaryDirectory directory_{"install"};
  fs::path prefix_ = directory_ / "prefix", project_ = directory_ / "project";
  std::string twowayc_ = (prefix_ / "bin/twowayc").string();
};

TEST_F(Installed, FindPackageMakesAMigratorOfAMappingOutsideTheTree) {
  expect_done({twowayc_, "build", "mapping/shelf", "--out", "generated/shelf"});
  std::vector<std::string> configure{CMAKE,
                                     "-G",
                                     "Ninja",
                                     "-B",
                                     "build",
                                     "-DCMAKE_BUILD_TYPE=Release",
                                     "-DCMAKE_CXX_FLAGS_RELEASE=-O1",
                                     "-DCMAKE_PREFIX_PATH=" + prefix_.string()};
  if (!std::string_view(CXX_LAUNCHER).empty()) configure.push_back("-DCMAKE_CXX_COMPILER_LAUNCHER=" CXX_LAUNCHER);
  expect_done(configure);
  const ProcessResult built = build("shelf");
  ASSERT_EQ(built.status, 0) << built.describe();

  SqliteFile(project_ / "shelf.db", SqliteFile::Mode::create).execute(rows);
  const std::string pocketbase = "--pocketbase=" + pocketbase_program().string();
  expect_done({"build/shelf", "migrate", "--yes", "--from", "shelf.db", "--to", "pb_data", pocketbase});
  EXPECT_EQ(SqliteFile(project_ / "pb_data/data.db").text("SELECT name FROM authors WHERE id = '~i2'"), "Who!!");
  expect_done({"build/shelf", "migrate", "--yes", "--from", "pb_data", "--to", "returned.db", pocketbase});
  expect_done({"build/shelf", "verify", "--from", "pb_data", "--to", "returned.db"});
  const auto differences = compare_databases(project_ / "shelf.db", project_ / "returned.db");
  EXPECT_TRUE(differences.empty()) << describe_differences(differences);

  // What is checked in must be what the mapping says, and the target that is named makes it so.
  std::ofstream(project_ / "mapping/shelf/entities/book.yaml", std::ios::app) << "indexes: [{ on: [title] }]\n";
  const ProcessResult stale = build("shelf");
  EXPECT_NE(stale.status, 0);
  EXPECT_NE(
      stale.output.find("Is generated/shelf what twowayc makes of mapping/shelf? (else: --target shelf_generate)"),
      std::string::npos)
      << stale.describe();
  const ProcessResult generated = build("shelf_generate");
  EXPECT_EQ(generated.status, 0) << generated.describe();
  EXPECT_EQ(build("shelf_is_generated").status, 0);
}

}  // namespace
}  // namespace twoway::test
