#include "tests/faults/scene.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/compare_databases.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// Before any directory is made: in memory where that is possible. What is tried here is what a program leaves behind
/// when it ends; how long a disk takes for it is all the same.
const bool in_memory = [] {
  const fs::path memory = memory_directory();
  if (std::getenv("TMPDIR") != nullptr || memory.empty()) return false;
  return setenv("TMPDIR", memory.c_str(), 1) == 0;
}();

faults::Record* map_record(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0 || ftruncate(descriptor, sizeof(faults::Record)) != 0) throw std::runtime_error("no record");
  void* memory = mmap(nullptr, sizeof(faults::Record), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  close(descriptor);
  if (memory == MAP_FAILED) throw std::runtime_error("no record");
  return static_cast<faults::Record*>(memory);
}

bool is_url(const std::string& store) { return store.find("://") != std::string::npos; }

std::uint64_t number(const json::object& object, std::string_view name) {
  const json::value& value = object.at(name);
  return value.is_uint64() ? value.as_uint64() : static_cast<std::uint64_t>(value.as_int64());
}

/// Everything about a database but its rows.
std::string shape(const fs::path& file) {
  SqliteFile database(file, SqliteFile::Mode::read);
  std::string text = database.text("PRAGMA journal_mode") + "\n" + database.text("PRAGMA integrity_check") + "\n";
  for (const Row& row : database.rows("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%' "
                                      "ORDER BY type, name")) {
    for (const Cell& cell : row) text += cell.describe() + " ";
    text += "\n";
  }
  return text;
}

/// Tables in which PocketBase notes when it made what.
std::set<std::string> pocketbases_own(const fs::path& file) {
  std::set<std::string> names;
  for (const std::string& table : SqliteFile(file, SqliteFile::Mode::read).tables()) {
    if (table.starts_with('_')) names.insert(table);
  }
  return names;
}

}  // namespace

fs::path data_of(const fs::path& store) { return fs::is_directory(store) ? store / "data.db" : store; }

bool soak() { return std::getenv("TWOWAY_SOAK") != nullptr; }

Scene::Scene(Move move) : move_(std::move(move)), directory_("faults") {
  record_ = map_record(directory_ / "record");
  source_before_ = read_file(data_of(move_.from));
  renew();
  const ProcessResult result = run();
  if (result.status != 0) throw std::runtime_error(move_.name + " undisturbed: " + result.describe());
  if (record_->loaded != 1) throw std::runtime_error("the calls of " + move_.name + " are not counted");
  if (record_->calls > faults::Record::most_calls) throw std::runtime_error(move_.name + " makes too many calls");
  calls_.assign(record_->list.begin(), record_->list.begin() + static_cast<std::ptrdiff_t>(record_->calls.load()));
  allocations_ = record_->allocations;
  clock_readings_ = record_->clock_readings;
  seconds_ = result.seconds;
  const json::object receipt = json::parse(result.output).as_object();
  digest_ = json::value_to<std::string>(receipt.at("total_digest"));
  rows_ = number(receipt.at("totals").as_object(), "read");
  undisturbed_leftovers_ = leftovers();
  fs::rename(work(), directory_ / "undisturbed");
  if (rows_ == 0) throw std::runtime_error(move_.name + " moves nothing");
}

Scene::~Scene() { munmap(record_, sizeof(faults::Record)); }

fs::path Scene::target() const { return is_url(move_.to) ? fs::path() : work() / move_.to; }

std::vector<std::string> Scene::command() const {
  std::vector<std::string> words{move_.program.string(),
                                 "migrate",
                                 "--yes",
                                 "--json",
                                 "--quiet",
                                 "--from",
                                 move_.from.string(),
                                 "--to",
                                 is_url(move_.to) ? move_.to : target().string(),
                                 "--state",
                                 state().string(),
                                 "--pocketbase",
                                 pocketbase_program().string()};
  words.insert(words.end(), move_.arguments.begin(), move_.arguments.end());
  return words;
}

void Scene::renew() {
  fs::remove_all(work());
  fs::create_directories(work());
  if (!move_.before.empty()) fs::copy(move_.before, target(), fs::copy_options::recursive);
  if (move_.renew) move_.renew();
}

ProcessOptions Scene::disturbed(const std::string& fault) {
  record_->loaded = record_->calls = record_->allocations = record_->clock_readings = record_->hits = 0;
  ProcessOptions options;
  // A sanitizer wants to be loaded first; it is told that this library may be.
  options.environment = {{"LD_PRELOAD", program("libtwoway_faults.so").string()},
                         {faults::record_variable, (directory_ / "record").string()},
                         {faults::fault_variable, fault},
                         {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
  options.timeout = std::chrono::minutes(2);
  return options;
}

ProcessResult Scene::run(const std::string& fault) {
  ProcessResult result = test::run(command(), disturbed(fault));
  if (!fault.empty()) fault_hit_ = record_->hits > 0;
  return result;
}

std::string Scene::broken_promise(const ProcessResult& result) {
  if (read_file(data_of(move_.from)) != source_before_) return "the source has changed";
  if (is_url(move_.to)) return {};
  const bool not_started = result.status == 2;
  if (move_.before.empty()) return not_started && holds_rows() ? "exit status 2, but the target holds rows" : "";
  const fs::path data = data_of(target());
  std::error_code error;
  const bool touched = read_file(data) != read_file(data_of(move_.before)) ||
                       (fs::exists(data.string() + "-wal") && fs::file_size(data.string() + "-wal", error) > 0) ||
                       (fs::exists(data.string() + "-journal") && fs::file_size(data.string() + "-journal", error) > 0);
  if (!touched) return {};
  if (not_started) return "exit status 2, but the target was written to";
  for (const fs::directory_entry& file : fs::recursive_directory_iterator(state())) {
    // Neither half a backup nor the journal that SQLite keeps beside it.
    const bool backup = file.path().parent_path().filename() == "backups" &&
                        file.path().filename().string().find(".unfinished") == std::string::npos;
    if (backup && compare_databases(data_of(move_.before), file.path()).empty()) return {};
  }
  return "the target was written to, and no backup has what it held";
}

/// Tables without a row may have been made by a run that could not start.
bool Scene::holds_rows() const {
  if (!fs::exists(data_of(target()))) return false;
  // Looked at elsewhere: SQLite leaves files beside a database that it reads.
  const fs::path copy = directory_ / "copy.db";
  for (const char* ending : {"", "-wal", "-journal"}) {
    fs::remove(copy.string() + ending);
    const fs::path original = data_of(target()).string() + ending;
    if (fs::exists(original)) fs::copy_file(original, copy.string() + ending);
  }
  SqliteFile database(copy);
  for (const std::string& table : database.tables()) {
    const bool made_with_the_tables = table.starts_with('_') || table == "schema_version";
    if (!made_with_the_tables && database.integer("SELECT count(*) FROM " + identifier(table)) != 0) return true;
  }
  return false;
}

std::string Scene::finish() {
  const ProcessResult result = run();
  const std::vector<std::string> beside = leftovers();  // before anything is opened here, which leaves its own
  std::string problem = judge(result);
  if (!problem.empty()) return problem;
  return beside == undisturbed_leftovers_ ? "" : fmt::format("beside the target lie {}", fmt::join(beside, ", "));
}

std::string Scene::judge(const ProcessResult& result) {
  if (result.status != 0) return result.describe();
  try {
    return compare_with_undisturbed(result);
  } catch (const std::exception& error) {
    return error.what();
  }
}

std::string Scene::compare_with_undisturbed(const ProcessResult& result) {
  const json::object receipt = json::parse(result.output).as_object();
  const auto digest = json::value_to<std::string>(receipt.at("total_digest"));
  const json::object& totals = receipt.at("totals").as_object();
  if (receipt.at("verdict").as_object().at("word") != "verified") return "it is not verified";
  if (digest != digest_) return fmt::format("its digest is {}, not {}", digest, digest_);
  if (number(totals, "read") != rows_) return "it did not read all rows";
  for (const json::value& value : receipt.at("entities").as_array()) {
    const json::object& entity = value.as_object();
    if (entity.at("attic").as_bool()) continue;
    const std::uint64_t settled = number(entity, "inserted") + number(entity, "updated") + number(entity, "unchanged") +
                                  number(entity, "to_attic");
    if (settled != number(entity, "read")) {
      return fmt::format("{}: {} rows read, {} accounted for", json::value_to<std::string>(entity.at("name")),
                         number(entity, "read"), settled);
    }
  }
  if (receipt.at("backup").is_null() && !receipt.at("target_created").as_bool()) return "it cannot be taken back";
  const std::string broken = broken_promise(result);
  return broken.empty() && !is_url(move_.to) ? compare_targets() : broken;
}

std::string Scene::compare_targets() {
  const fs::path expected = data_of(directory_ / "undisturbed" / move_.to);
  const fs::path found = data_of(target());
  CompareOptions options;
  // Drawn anew for each record, each end of sessions; and the time at which an identity was linked.
  options.ignored_columns = {"members.tokenKey", "users.tokenKey", "auth.session_stamp", "_externalAuths.created",
                             "_externalAuths.updated"};
  if (move_.before.empty()) options.ignored_tables = pocketbases_own(expected);
  const std::vector<std::string> differences = compare_databases(expected, found, options);
  if (!differences.empty()) return describe_differences(differences);
  if (shape(expected) != shape(found)) return "the schema is another:\n" + shape(found);
  return {};
}

/// The files of the target and beside it, without the state directory, and without a rollback journal of no bytes: that
/// means nothing to SQLite, and stays where it could not be removed.
std::vector<std::string> Scene::leftovers() const {
  std::vector<std::string> names;
  for (fs::recursive_directory_iterator entry(work()), end; entry != end; ++entry) {
    if (entry->path() == state()) {
      entry.disable_recursion_pending();
    } else if (entry->path().extension() != ".db-journal" || entry->file_size() > 0) {
      names.push_back(fs::relative(entry->path(), work()).string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

void Tally::point(const std::string& where, const std::string& problem) {
  ++points_;
  if (problem.empty()) return;
  ++failures_;
  if (failures_ <= 20) ADD_FAILURE() << what_ << ", " << where << ": " << problem;
}

Tally::~Tally() {
  const std::string line = fmt::format("{}: {} points{}, {} failures", what_, points_, remark_, failures_);
  fmt::print("{}\n", line);
  EXPECT_GT(points_, 0U) << what_;
  EXPECT_EQ(failures_, 0U) << what_;
  const fs::path directory = fs::path(TWOWAY_BINARY_DIR) / "reliability";
  fs::create_directories(directory);
  std::string name = what_;
  std::replace_if(name.begin(), name.end(), [](char c) { return c == ' ' || c == '>' || c == '/'; }, '_');
  std::ofstream(directory / (name + ".txt")) << line << "\n";
}

}  // namespace twoway::test
