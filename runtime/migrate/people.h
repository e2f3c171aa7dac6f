// The people that a run carries: who cannot simply sign in as before, and why.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>

#include "runtime/migrate/migration.h"
#include "runtime/transform/identities.h"

namespace twoway {

class ToPocketBase;
class ToSql;
class PrivateFile;

/// The entity whose records are people; null where the mapping has none.
const Entity* people_of(const Mapping& mapping);

/// Throws Error(cannot_start) where passwords are to be reset and the run carries no people or copies them as they are.
void refuse_to_reset(const RunOptions& options, const Mapping& mapping, Direction direction);

/// Where passwords are to be reset (RunOptions::reset_passwords): the hash of a row's account is not shown in its
/// record, or not written to its row. It is kept, see ToPocketBase::withhold_password and ToSql::withhold_password.
void withhold_password(const RunOptions& options, const Entity& entity, const void* row, void* record,
                       ToPocketBase& run);
void withhold_password(const RunOptions& options, const Entity& entity, void* row, const void* record, ToSql& run);

/// Counts the accounts and lists them: `people.csv` those about whom something is to be known or done, `addresses.txt`
/// the addresses of all, one a line. Both are for the owner's eyes only, and hold no password, hash or identity.
class PeopleList {
 public:
  static constexpr std::string_view list_name = "people.csv";
  static constexpr std::string_view addresses_name = "addresses.txt";

  /// `directory`: where the files go; empty: nothing is written. The files have their names once finish() was called.
  PeopleList(const Entity& entity, bool to_pocketbase, const std::filesystem::path& directory);
  ~PeopleList();
  PeopleList(const PeopleList&) = delete;
  PeopleList& operator=(const PeopleList&) = delete;

  /// An account, as the source has it and as it is carried; other entities are ignored. Throws Error(interrupted) where
  /// the disk refuses.
  void add(const Entity& entity, std::string_view key, const void* row, const void* record);
  /// Flushes the files and gives them their names.
  void finish();
  PeopleReport& report() { return report_; }

 private:
  std::string reasons(const void* row, const void* record);
  bool is_verified(const void* record) const;
  /// True where another account had the same identity before.
  bool is_taken(const Identities& identities);

  const Entity& entity_;
  bool to_pocketbase_;
  PeopleReport report_;
  std::unique_ptr<PrivateFile> list_;
  std::unique_ptr<PrivateFile> addresses_;
  std::unordered_set<std::uint64_t> identities_;  ///< hashes of those that were seen
};

}  // namespace twoway
