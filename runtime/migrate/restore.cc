#include "runtime/migrate/restore.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "runtime/files/replaced_files.h"
#include "runtime/journal/journal.h"
#include "runtime/journal/state_lock.h"
#include "runtime/migrate/ending_with.h"
#include "runtime/migrate/stores.h"
#include "runtime/model/error.h"
#include "runtime/store/durable.h"
#include "runtime/store/pocketbase_directory/running.h"
#include "runtime/store/sqlite/backup.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// What a run left to go back to.
struct Before {
  std::string target;
  std::string backup;
  bool target_created = false;
  fs::path state_directory;
  std::string started;  ///< UTC, ISO 8601
};

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

Before from_receipt(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::system::error_code failed;
  const json::value document = json::parse(text, failed);
  const json::object* receipt = failed ? nullptr : document.if_object();
  const json::value* store = receipt != nullptr ? receipt->if_contains("to") : nullptr;
  if (receipt == nullptr || text_of(*receipt, "receipt") != "twoway" || store == nullptr || !store->is_object()) {
    throw cannot_start(fmt::format("{} is no receipt of twoway", file.string()),
                       "Name the receipt's JSON file, or the state directory that it lies in.");
  }
  Before before;
  before.target = text_of(store->get_object(), "store");
  before.backup = text_of(*receipt, "backup");
  const json::value* created = receipt->if_contains("target_created");
  before.target_created = created != nullptr && created->is_bool() && created->get_bool();
  before.state_directory = file.has_parent_path() ? file.parent_path() : fs::path(".");
  before.started = text_of(*receipt, "resumed");
  if (before.started.empty()) before.started = text_of(*receipt, "started");
  return before;
}

Before from_journal(const fs::path& directory) {
  const auto runs = Journal::read(directory)->runs();
  if (runs.empty()) {
    throw cannot_start(fmt::format("{} knows of no run", directory.string()), "Name another receipt or directory.");
  }
  return {runs[0].to, runs[0].backup, runs[0].target_created, directory, runs[0].started};
}

/// Nothing of another state of a file may lie beside it.
void remove_beside(const fs::path& file) {
  std::error_code error;
  for (const char* ending : {"-wal", "-shm", "-journal"}) fs::remove(file.string() + ending, error);
}

/// A place beside the backups that is not taken yet.
fs::path aside_of(const Before& before, const fs::path& file) {
  const fs::path directory = before.state_directory / "backups";
  fs::create_directories(directory);
  const std::string stamp = utc_now("%Y%m%dT%H%M%SZ");
  fs::path aside = directory / fmt::format("{}-before-restore-{}", stamp, file.filename().string());
  for (int number = 2; fs::exists(aside); ++number) {
    aside = directory / fmt::format("{}-{}-before-restore-{}", stamp, number, file.filename().string());
  }
  return aside;
}

void check_backup(const fs::path& backup) {
  std::error_code error;
  if (!fs::exists(backup, error)) {
    throw cannot_start(fmt::format("the backup {} is not there", backup.string()), "Nothing was changed.");
  }
  sqlite::check_backup(backup, "Nothing was changed.");
}

/// Nobody else may have the file open while it is exchanged.
void check_nobody_else(const fs::path& file) {
  constexpr std::size_t cache_bytes = 1024 * 1024;
  sqlite::Connection connection(file, sqlite::Access::exclusive, cache_bytes);
  connection.text("PRAGMA wal_checkpoint(TRUNCATE)");
}

/// What is put back belongs to whom the file belonged to, with the same rights: a backup can be read by its maker only.
void take_owner_of(const fs::path& file, const fs::path& incoming) {
  struct stat status{};
  if (stat(file.c_str(), &status) != 0) return;
  // Only the superuser may give files away; who has no right to, is the owner in most cases.
  const bool given = chown(incoming.c_str(), status.st_uid, status.st_gid) == 0 || errno == EPERM;
  if (given && chmod(incoming.c_str(), status.st_mode & 07777) == 0) return;
  throw cannot_start(fmt::format("cannot write {}: {}", incoming.string(), std::strerror(errno)),
                     "Nothing was changed.");
}

std::string restore_file(const Before& before, const fs::path& target, const fs::path& file) {
  std::error_code error;
  const bool there = fs::exists(file, error);
  if (!before.backup.empty()) check_backup(before.backup);
  const fs::path incoming = file.string() + ".restoring";
  if (!before.backup.empty()) {
    fs::copy_file(before.backup, incoming, fs::copy_options::overwrite_existing);
    if (there) take_owner_of(file, incoming);
    make_durable(incoming);
  }
  if (there) check_nobody_else(file);
  const fs::path aside = aside_of(before, target);
  // A directory that the run made goes aside whole; what existed before keeps all but its data file.
  const bool whole_directory = before.backup.empty() && fs::is_directory(target, error);
  if (whole_directory) {
    fs::rename(target, aside);
  } else {
    if (there) {
      fs::copy_file(file, aside);
      make_durable(aside);
    }
    remove_beside(file);
    // In one step: at every moment there is a whole file.
    if (before.backup.empty()) {
      fs::remove(file);
    } else {
      fs::rename(incoming, file);
    }
  }
  make_names_durable(aside.parent_path());
  make_names_durable(file.parent_path());
  const std::string kept = there || whole_directory ? fmt::format("; what was there is in {}", aside.string()) : "";
  if (before.backup.empty()) return fmt::format("{} was made by the run and is moved away{}", target.string(), kept);
  return fmt::format("{} is as it was before the run{}", target.string(), kept);
}

}  // namespace

namespace {

std::string restore_rows(const Before& before, const StoreAddress& target, const OpenOptions& open) {
  if (is_remote(target.kind)) return restore_remote(target, before.backup, open);
  if (target.kind == StoreKind::pocketbase_directory) refuse_running_pocketbase(target.path);
  const bool file = target.kind == StoreKind::sqlite_file;
  try {
    return restore_file(before, target.path, file ? target.path : target.path / "data.db");
  } catch (const fs::filesystem_error& failure) {
    throw Error(ExitStatus::interrupted, fmt::format("cannot put {} back: {}", target.display, failure.what()),
                "Make room or give yourself permission, and run the same command again.");
  }
}

/// Files of a data directory that has another place now are there.
std::uint64_t restore_files(const Before& before, const StoreAddress& target) {
  const auto moved = [&](const fs::path& root) {
    if (is_remote(target.kind) || before.target.empty()) return root;
    const fs::path below = root.lexically_relative(fs::absolute(before.target).lexically_normal());
    return below.empty() || *below.begin() == ".." ? root : target.path / below;
  };
  return files::put_back(before.state_directory, before.started, utc_now("%Y-%m-%dT%H:%M:%SZ"), moved);
}

}  // namespace

std::string restore(const RestoreOptions& options) {
  std::error_code error;
  const fs::file_status status = fs::status(options.from, error);
  if (!fs::exists(status)) {
    throw cannot_start(fmt::format("{} does not exist", options.from.string()),
                       "Name a receipt (JSON) or a state directory, for example pb_data.twoway.");
  }
  const Before before = fs::is_directory(status) ? from_journal(options.from) : from_receipt(options.from);
  if (before.backup.empty() && !before.target_created) {
    throw cannot_start(fmt::format("the run into {} made no backup", before.target),
                       "It was told --no-backup. Restore the target from a backup of your own.");
  }
  const StoreAddress target = parse_store(options.to.empty() ? before.target : options.to);
  const StateLock lock(before.state_directory);
  OpenOptions open;
  open.state_directory = before.state_directory;
  open.credentials_file = options.credentials_file;
  open.ca_file = options.ca_file;
  const std::string rows = restore_rows(before, target, open);
  // The rows are back by now: whatever fails is no failure to start.
  const std::uint64_t files = ending_with(ExitStatus::interrupted, [&] { return restore_files(before, target); });
  if (files == 0) return rows;
  const bool one = files == 1;
  return fmt::format("{}; {} that it replaced {} back, too", rows, one ? "a file" : fmt::format("{} files", files),
                     one ? "is" : "are");
}

}  // namespace twoway
