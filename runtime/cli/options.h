// The command line as a struct.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/migration.h"

namespace CLI {
class App;
}

namespace twoway::cli {

enum class Command : std::uint8_t {
  none,
  migrate,
  plan,
  verify,
  prepare,
  explain,
  status,
  restore,
  retry,
  drift,
  health,
  backfill,
  ids,
  letters
};

/// `migrate`...; empty for none.
std::string_view name(Command command);

struct Options {
  Command command = Command::none;
  bool help = false;
  bool version = false;
  bool json = false;
  bool quiet = false;
  bool verbose = false;
  std::string log_format = "text";
  std::string from;
  std::string to;
  std::string store;   ///< prepare, drift, health, backfill, ids; of verify, instead of both ends; receipt or state
                       ///< directory of restore, retry and letters; state directory of status
  std::string entity;  ///< explain, ids
  bool csv = false;    ///< ids
  std::string out;     ///< a file of ids, a directory of letters
  std::string when;    ///< letters
  std::string contact;     ///< letters
  bool overwrite = false;  ///< letters
  std::string people;      ///< plan: a directory
  bool reset_passwords = false;
  bool suggest = false;   ///< drift
  bool quick = false;     ///< health: declarations only, no rows
  std::string mirror;     ///< backfill
  std::string create;     ///< backfill: a column; may be empty
  bool dry_run = false;
  bool while_open = false;
  bool restart = false;
  bool no_verify = false;
  std::string verification = "all";
  std::uint64_t sample = 0;
  std::uint64_t seed = 0;
  bool no_backup = false;
  bool yes = false;
  std::string extra = "refuse";
  std::string files;  ///< none, reuse or copy; empty: nobody said
  std::string uploads;
  std::string uploads_path;
  bool link = false;
  std::string max_rejected;  ///< a number; empty: no limit
  std::string metrics;       ///< a file; may be empty
  std::string state;
  std::vector<std::string> receipts;  ///< to be written
  std::string earlier;                ///< a receipt to compare with: --receipt of verify, --receipt-there of migrate
  std::string pocketbase;
  std::string ca_file;
  std::string credentials;
};

/// Declares every command and option; what is parsed ends up in `options`.
void declare(CLI::App& app, Options& options);

/// Parses the arguments (without the program's name). Throws Error (cannot_start) for what it does not understand.
/// Whether a command has all it needs is said by require_complete().
Options parse(const std::vector<std::string>& arguments);

/// Throws Error where a command lacks what it needs, or has a word that is not among its choices.
void require_complete(const Options& options);

}  // namespace twoway::cli
