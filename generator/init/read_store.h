// The one place where the generator asks the runtime to look into a database.
#pragma once

#include <stdexcept>
#include <string>

#include "runtime/store/live_schema.h"

namespace twowayc {

/// A store that no mapping can be drafted from.
class StoreError : public std::runtime_error {
 public:
  StoreError(const std::string& what, std::string hint) : std::runtime_error(what), hint_(std::move(hint)) {}
  const std::string& hint() const { return hint_; }  ///< what to do; may be empty

 private:
  std::string hint_;
};

struct FoundStore {
  std::string display;  ///< for people, without passwords
  twoway::LiveSchema schema;
};

/// Reads what a SQLite file or `postgresql://...` declares. Nothing is written. Throws StoreError.
FoundStore read_store(const std::string& store);

}  // namespace twowayc
