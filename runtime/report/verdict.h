// What a run comes to, in one sentence. The terminal, the receipt and the page say the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// What was asked for.
enum class Verb : std::uint8_t { migrate, plan, verify, retry };

/// `migrate`, `plan`, `verify`, `retry`.
std::string_view name(Verb verb);
/// `to_pocketbase`, `to_sql`.
std::string_view name(Direction direction);
/// `SQL -> PocketBase`, for people.
std::string_view title(Direction direction);
/// `purged`, `unknown_table`...
std::string_view name(Note::What what);
/// `Purged`, `Unknown tables`...: the heading of a group of notes.
std::string_view title(Note::What what);

/// `stops`, `look`, `information`.
std::string_view name(Note::Weight weight);

/// Sums over all entities and attic tables.
struct Totals {
  std::uint64_t read = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t rejected = 0;
  std::uint64_t deleted = 0;
  std::uint64_t with_residue = 0;
  std::uint64_t with_side = 0;
  std::uint64_t superseded = 0;
  std::uint64_t adapted = 0;
  std::uint64_t to_attic = 0;
  std::uint64_t skipped = 0;
  std::uint64_t bytes = 0;
  std::uint64_t verified = 0;
  std::uint64_t different = 0;
  std::uint64_t missing = 0;
  std::uint64_t extra = 0;
  std::chrono::nanoseconds migrate_time{0};
  std::chrono::nanoseconds verify_time{0};
};
Totals totals(const RunReport& report);

/// How a verdict is to be taken.
enum class Level : std::uint8_t { good, attention, bad };

struct Verdict {
  Level level = Level::bad;
  /// `verified`, `equal`, `mended`, `planned`, `dry_run`, `not_verified`, `interrupted`, `differences`
  std::string_view word;
  std::string text;        ///< one or two sentences
};
/// Never good where the report's status is not `done`, and never good where rows were written that nobody compared.
Verdict verdict(const RunReport& report, Verb verb);

/// The exit status: the report's own, but never `done` beside a bad verdict.
ExitStatus exit_status(const RunReport& report, Verb verb);

/// XXH3 (128 bits) over one line `NAME DIGEST` per entity with a digest (`attic/NAME` for an unknown table), sorted by
/// bytes, each with a line feed. The way back from an untouched target has the same. 32 hexadecimal digits.
std::string total_digest(const RunReport& report);

}  // namespace twoway::report
