#include "tests/bench/files_bench.h"

#include <fmt/format.h>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <chrono>
#include <fstream>
#include <random>

#include "tests/bench/programs.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"

namespace twoway::bench {

namespace fs = std::filesystem;

namespace {

struct Times {
  double copy = 0, compare = 0;
};

/// Whoever waits for the disk next must not wait for what was written here.
void settle(const fs::path& directory) { measured({"sync", "-f", directory.string()}); }

Times migrate_files(const fs::path& from, const fs::path& to, const fs::path& uploads) {
  settle(to.parent_path());
  measured({test::program("twoway").string(), "migrate", "--quiet", "--yes", "--no-backup", "--from", from.string(),
            "--to", to.string(), "--files", "copy", "--uploads", uploads.string()},
           with_pocketbase());
  const auto receipt = boost::json::parse(test::read_file(to.string() + ".twoway/receipt.json"));
  const auto& files = receipt.at("files").at("fields").at(0);
  const auto seconds = [&](const char* name) { return files.at(name).to_number<double>() / 1e9; };
  return {seconds("copy_nanoseconds"), seconds("verify_nanoseconds")};
}

/// `cp -r`, until the disk has it, as twoway waits for it.
double copy_by_cp(const fs::path& from, const fs::path& to) {
  settle(from);
  const auto started = std::chrono::steady_clock::now();
  test::run_checked({"cp", "-r", from.string(), to.string()});
  test::run_checked({"sync", "-f", to.string()});
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
}

}  // namespace

FilesRound measure_files(const fs::path& directory, std::size_t count, std::size_t bytes) {
  fs::remove_all(directory);
  fs::create_directories(directory / "uploads");
  const fs::path database = test::fresh(directory), pocketbase = directory / "pb_data";
  test::SqliteFile(database).execute(fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {} - 1) INSERT INTO file (id, "
      "filename, path, meta, created_at, updated_at) SELECT 'file-' || i, i || '.bin', '/app/uploads/file-' || i, "
      "'{{\"content_type\":\"application/octet-stream\"}}', 1, 1 FROM n",
      count));
  std::string content(bytes, '\0');
  std::minstd_rand random(7);
  for (char& c : content) c = static_cast<char>(random());
  for (std::size_t i = 0; i < count; ++i) {
    std::ofstream out(directory / "uploads" / fmt::format("file-{}", i), std::ios::binary);
    out << content;
  }
  FilesRound round;
  const Times there = migrate_files(database, pocketbase, directory / "uploads");
  round.there = there.copy;
  round.compared = there.compare;
  round.floor_there = copy_by_cp(pocketbase / "storage", directory / "floor_storage");
  round.back = migrate_files(pocketbase, directory / "back.db", directory / "back").copy;
  round.floor_back = copy_by_cp(directory / "uploads", directory / "floor_uploads");
  return round;
}

}  // namespace twoway::bench
