// Receipts of earlier runs, read again: what a store must still hold, or what the way back must bring back.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// What a receipt says of its run's rows.
struct EarlierReceipt {
  std::string file;
  std::string verb;
  std::string verdict;  ///< its word
  std::string mapping;
  std::string mapping_digest;
  std::string started;
  std::string root;     ///< empty: the run had no rows
  Direction direction = Direction::to_pocketbase;
  struct Entity {
    std::string name;   ///< as in the tree: `attic/NAME` for an unknown table
    std::string table;
    std::uint64_t adapted = 0;
    std::vector<std::string> chunk_key;
    std::vector<std::string> chunks;
  };
  std::vector<Entity> entities;  ///< also those without rows
};

/// Reads a receipt's JSON file. Throws Error(cannot_start) where it is none, where it was changed (its chunks do not
/// make its root), and where it knows of no chunks.
EarlierReceipt read_earlier(const std::string& file);

/// The receipt of the way there, where it lies in the state directory of the store that a run read; nullopt where there
/// is none that speaks of the same kind of rows.
std::optional<EarlierReceipt> find_earlier(const std::string& state_directory, const RunReport& report);

/// True where digests of both directions are about the same kind of rows: rows as a mapping converts them (between SQL
/// and PocketBase), whole tables, or records.
bool same_terms(Direction a, Direction b);
/// `rows`, `tables`, `records`.
std::string_view terms_name(Direction direction);

/// Compares chunk by chunk; fills in report.earlier. `must_equal`: what differs is a difference of the run, which then
/// ends with that status.
void compare_with_earlier(RunReport& report, const EarlierReceipt& earlier, bool must_equal);

/// The comparison in one sentence.
std::string earlier_sentence(const EarlierComparison& earlier);

}  // namespace twoway::report
