// What becomes of PocketBase's rows of identities elsewhere (`_externalAuths`) when a run carries people.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace twoway {

/// The collection in which every PocketBase (0.23 and newer) keeps them; unique are (collection, record, provider) and
/// (collection, provider, identity).
inline constexpr std::string_view identities_collection = "_externalAuths";

/// One of its rows.
struct IdentityRow {
  std::string id;
  std::string collection;  ///< the id of the people's collection
  std::string record;
  std::string provider;
  std::string identity;
};

struct IdentityCounts {
  std::uint64_t linked = 0;   ///< identities of the run's people that PocketBase has now
  std::uint64_t added = 0;    ///< of those, rows that were made
  std::uint64_t removed = 0;  ///< rows that no document names
  std::uint64_t taken = 0;    ///< identities that two people's documents name: the first of them has the row
};

/// True for the records that the run is about. Others keep the rows that they have.
using IsOurs = std::function<bool(std::string_view record)>;

}  // namespace twoway
