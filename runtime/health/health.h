// Whether a store is fit for an application to start on it: what it declares, what stands in its tables, how PocketBase
// is set up. Nothing is written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/migrate/stores.h"
#include "runtime/model/entity.h"

namespace twoway::health {

/// One thing that was looked at.
struct Check {
  enum class Result : std::uint8_t {
    ok,
    hint,     ///< works, but somebody should know
    finding,  ///< exit status 1
  };

  std::string name;  ///< `schema`, `revision`, `rules`, `indexes`, `migrations`, `load`, `integrity`, `orphans`...
  Result result = Result::ok;
  std::string text;    ///< what was found
  std::string advice;  ///< what to do; empty where it is ok
};

struct Report {
  std::string store;    ///< for people, without secrets
  std::string program;  ///< `SQLite 3.40.1`, `PocketBase`
  std::vector<Check> checks;

  std::size_t count(Check::Result result) const;
  bool healthy() const { return count(Check::Result::finding) == 0; }
};

/// Looks. `rows`: also at what takes reading them (integrity, orphans; a server's database is copied for that). Throws
/// Error(cannot_start) where it cannot look.
Report look(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options, bool rows);

/// For people, with a line feed at the end.
std::string text(const Mapping& mapping, const Report& report);
/// For machines (docs/health.md).
std::string json_text(const Mapping& mapping, const Report& report);

}  // namespace twoway::health
