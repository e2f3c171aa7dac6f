// What a run has committed so far, in a file beside its backups and receipts: the same command goes on from there.
// docs/journal.md has the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace twoway {

/// A run as the journal knows it. Stores are named as for people, without secrets.
struct JournalRun {
  std::int64_t id = 0;
  std::string mapping;
  std::string mapping_digest;
  std::string direction;
  std::string from;
  std::string to;
  std::string source_state;  ///< what the source said of itself at the start; empty: it cannot tell
  std::string started;       ///< UTC, ISO 8601
  std::string finished;      ///< empty: the run was interrupted, or goes on
  std::string outcome;       ///< the receipt's word; as long as it is not finished, `retry` or empty
  std::string backup;
  bool target_created = false;

  /// True where the same command was given.
  bool is_same(const JournalRun& other) const {
    return mapping_digest == other.mapping_digest && direction == other.direction && from == other.from &&
           to == other.to;
  }
};

/// What is committed of one entity or table.
struct Checkpoint {
  std::string entity;
  std::uint64_t rows = 0;  ///< read and carried so far, in the source's order
  std::uint64_t rows_total = 0;
  std::uint64_t bytes = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t rejected = 0;
  std::string digest;  ///< of the rows so far, 32 hexadecimal digits
  bool done = false;   ///< all of its rows are
  std::string noted;   ///< UTC, ISO 8601
};

/// One state directory's journal. Not thread-safe; one process at a time holds it (a second one is refused).
class Journal {
 public:
  static constexpr std::string_view file_name = "journal.db";
  static constexpr std::int64_t format = 2;

  /// Opens `directory/journal.db` for writing, or makes it. Throws Error(cannot_start) where another process holds it,
  /// where it is damaged, and where it is of another format.
  explicit Journal(const std::filesystem::path& directory);
  /// True where the directory has a journal.
  static bool exists(const std::filesystem::path& directory);
  /// Opens it for reading, beside a run that holds it. Throws where there is none.
  static std::unique_ptr<Journal> read(const std::filesystem::path& directory);
  /// Moves a directory's journal aside, whatever state it is in: `journal-1.db`, `journal-2.db`... Nothing happens
  /// where there is none.
  static void set_aside(const std::filesystem::path& directory);
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  /// The newest run, if it did not finish.
  std::optional<JournalRun> unfinished();
  std::vector<JournalRun> runs();  ///< newest first
  /// The newest checkpoint of each entity of a run.
  std::vector<Checkpoint> latest(std::int64_t run);
  /// The entities that a run carries and how many rows each has, in its order; empty where nobody noted them.
  std::vector<std::pair<std::string, std::uint64_t>> expected(std::int64_t run);
  /// How many batches a run has committed.
  std::uint64_t batches(std::int64_t run);

  /// Begins a run; gives its id. Runs that did not finish are given up.
  std::int64_t start(const JournalRun& run);
  /// Goes on with a run that did not finish. Gives what can be relied upon, by entity: the newest checkpoint is left
  /// out, because what the target was told to commit last may be lost when the power fails.
  std::map<std::string, Checkpoint> resume(std::int64_t run);
  void set_expected(const std::vector<std::pair<std::string, std::uint64_t>>& rows);
  /// To be called when the target has committed.
  void note(const Checkpoint& checkpoint);
  void finish(const std::string& outcome, const std::string& finished);

 private:
  struct Database;
  explicit Journal(std::unique_ptr<Database> database);
  std::vector<JournalRun> read_runs(const std::string& rest);

  std::unique_ptr<Database> database_;
  std::int64_t run_ = 0;
};

}  // namespace twoway
