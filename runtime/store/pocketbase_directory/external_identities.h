// People's identities elsewhere in PocketBase's database: a JSON field, as the mapping has it, and the rows by which
// PocketBase signs people in. The rows are a mirror of the field.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/identity_changes.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/transform/identities.h"

namespace twoway {

/// True where the mapping says in which field of the entity's records identities stand.
inline bool has_identities(const Entity& entity) {
  return entity.people != nullptr && !entity.people->identities_field.empty();
}

/// The columns of those rows, and a row's values in the same order. `now` becomes `created` and `updated`.
inline constexpr std::array<std::string_view, 7> identities_columns{
    "id", "collectionRef", "recordRef", "provider", "providerId", "created", "updated"};
inline std::array<std::string_view, 7> values_of(const IdentityRow& row, std::string_view now) {
  return {row.id, row.collection, row.record, row.provider, row.identity, now, now};
}
/// The time as PocketBase writes it: `2026-11-21 12:00:00.000Z`.
std::string pocketbase_now();
/// SQLite's expression for a new token key: 50 characters as PocketBase makes them, of 200 random bits.
inline constexpr std::string_view random_token_key = "lower(hex(randomblob(25)))";

class ExternalIdentities {
 public:
  /// `entity` has identities.
  ExternalIdentities(sqlite::Connection& connection, const Entity& entity);

  /// The document as PocketBase's rows make it: `document` itself where both say the same, else one with what was
  /// linked and unlinked in PocketBase. An identity without a row stays where it could have none: another record has
  /// it, or several documents name it. Valid until the next call.
  Value shown(std::string_view record, const Value& document);

  /// How many identities were linked and unlinked in PocketBase since the documents were written.
  IdentityCounts edits();

  /// Rows that have to go: their record is not there, or it is ours and its document does not name them.
  /// Nothing is written: the caller does.
  std::vector<std::string> superfluous(const IsOurs& ours);
  /// Calls `add` for rows that have to be made, as if those in `gone` were not there.
  IdentityCounts missing(const IsOurs& ours, const std::vector<std::string>& gone,
                         const std::function<void(const IdentityRow&)>& add);

 private:
  /// True for a provider whose rows are PocketBase's own business.
  bool is_other(std::string_view provider) const;
  /// The identities that a document names and that are mirrored.
  Identities named_in(const Value& document) const;
  /// The identities of a record whose document names these.
  Identities now(std::string_view record, const Identities& named);
  Identities rows_of(std::string_view record);
  /// The row that has this identity, and whose it is.
  struct Owner {
    std::string row;
    std::string record;
  };
  std::optional<Owner> owner_of(std::string_view provider, std::string_view identity);
  bool could_have_no_row(std::string_view provider, std::string_view identity);
  const std::unordered_set<std::uint64_t>& named_by_several();

  sqlite::Connection& connection_;
  const Entity& entity_;
  sqlite::Statement rows_;
  sqlite::Statement owner_;
  sqlite::Statement patch_;
  std::string shown_;
  std::optional<std::unordered_set<std::uint64_t>> named_by_several_;
};

}  // namespace twoway
