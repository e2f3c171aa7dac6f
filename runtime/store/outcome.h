// What a writer says of the rows that it was given.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace twoway {

/// What became of a row or record that was handed to a writer. `pending`: a store that writes many rows at a time will
/// say so in a Settlement.
enum class Written : std::uint8_t { inserted, updated, unchanged, rejected, pending };
struct Outcome {
  Written what = Written::unchanged;
  std::string column;  ///< where rejected and known
  std::string reason;  ///< where rejected: the store's words and what to do
};

/// A row that a store refused after it was handed over.
struct Rejection {
  std::string key;     ///< as record_id::encode writes it, or the record's id
  std::string column;  ///< may be empty
  std::string reason;
};

/// What became of rows that were pending.
struct Settlement {
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::vector<Rejection> rejected;
};

}  // namespace twoway
