// The small migrations that are disturbed: a lending library, in every direction.
#pragma once

#include <filesystem>

#include "tests/faults/scene.h"

namespace twoway::test {

/// A library with rows of every kind: residue, a side table, the attic, references that lead nowhere.
class Library {
 public:
  Library();

  const std::filesystem::path& database() const { return database_; }

  Move to_new_pocketbase() const;       ///< PocketBase itself makes the collections
  Move to_prepared_pocketbase() const;  ///< the collections are there, and empty
  Move to_filled_pocketbase() const;    ///< other rows are there: some change, some go, some come
  Move to_new_database() const;
  Move to_filled_database() const;
  Move copy_to_new_database() const;
  Move copy_to_filled_pocketbase() const;
  /// Into a new database of the shared cluster.
  Move copy_to_postgresql() const;

 private:
  std::filesystem::path made(const std::filesystem::path& from, const std::string& to) const;

  TemporaryDirectory directory_{"library"};
  std::filesystem::path database_;
  std::filesystem::path plain_database_;  ///< without the row that the mapping keeps out of PostgreSQL
  std::filesystem::path other_database_;
  std::filesystem::path pocketbase_;
  std::filesystem::path other_pocketbase_;
  std::filesystem::path prepared_pocketbase_;
};

}  // namespace twoway::test
