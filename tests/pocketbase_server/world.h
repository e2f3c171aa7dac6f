// What the tests of the server store share: a data directory with real records, and a server that gets them.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "runtime/store/pocketbase_server/server_store.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {

const Mapping& openwebui();

/// Everything that PocketBase itself writes to a database beside the records.
std::set<std::string> tables_of_pocketbase(const std::filesystem::path& database);
/// The differences between the records of two PocketBase databases, every column and storage class; empty: none.
std::string record_differences(const std::filesystem::path& a, const std::filesystem::path& b);

/// A data directory with the records of an Open WebUI database, made once for all tests of the program: `hard` where
/// true, else `real`. Copied, not moved, by those who change it.
const std::filesystem::path& records(bool hard_cases);

/// PocketBase on an empty data directory with the mapping's collections.
class Target {
 public:
  explicit Target(bool with_hook = true);
  const PocketBaseServer& server() const { return *server_; }
  std::string url() const { return server_->url(); }
  /// The database; only to be looked at once the server was stopped.
  std::filesystem::path stopped_database();
  const std::filesystem::path directory() const { return directory_ / "pb_data"; }
  const std::filesystem::path hooks() const { return directory_ / "pb_hooks"; }

 private:
  TemporaryDirectory directory_{"server"};
  std::unique_ptr<PocketBaseServer> server_;
};

/// Credentials of the test superuser, little patience, the log in `log`.
ServerOptions options_for_tests(std::vector<std::string>* log = nullptr);

/// What became of records that were copied.
struct Copied {
  std::uint64_t inserted = 0, updated = 0, unchanged = 0;
  std::vector<Rejection> rejected;
  std::uint64_t all() const { return inserted + updated + unchanged; }
};
/// Makes PocketBase's rows for what the records say of people's identities, as a run does at its end.
void link_all_identities(PocketBaseStore& store);

/// Copies all records and the attic of a data directory into a store, as a run does.
Copied copy_records(const std::filesystem::path& from, PocketBaseStore& to);

/// Runs `work` and gives what it throws as `what | hint`; empty where it throws nothing.
template <class Work>
std::string error_of(const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    return std::string(error.what()) + " | " + error.hint();
  }
  return {};
}

}  // namespace twoway::test
