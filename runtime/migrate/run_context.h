// What the steps of one run share.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>

#include "runtime/journal/journal.h"
#include "runtime/migrate/digest.h"
#include "runtime/migrate/findings.h"
#include "runtime/migrate/migration.h"
#include "runtime/migrate/people.h"
#include "runtime/migrate/rejected_file.h"
#include "runtime/migrate/stores.h"
#include "runtime/store/constraint_rehearsal.h"
#include "runtime/store/streams.h"

namespace twoway {

/// Thrown after a batch was committed, when the operator asked to stop.
struct Interrupted {};

/// The row that is read as the file of rejected rows has it: see shown_row.h.
using ShownRow = std::function<std::string()>;
using TakeRow = std::function<bool(std::string_view key, const ShownRow& row)>;
/// Reads the source's rows from number `first` on until `take` wants no more: it gets a row's key and what shows it.
using ScanRows = std::function<void(std::uint64_t first, const TakeRow& take)>;

/// Notes the account (its number where it has no name) and the machine.
void who_runs(RunReport& report);

struct RunContext {
  const Mapping& mapping;
  const RunOptions& options;
  OpenStores& stores;
  RunReport& report;
  /// The open target, once there is one.
  Transactions* target = nullptr;
  /// Notes what is committed; null where nothing is written.
  Journal* journal = nullptr;
  /// What an interrupted run had committed, by entity.
  std::map<std::string, Checkpoint> resumed{};
  /// Rows of mapped tables that can have no record and went to the attic, by table.
  std::map<std::string, RowSums> duplicates{};
  /// What the conversion notices; see note_findings().
  Findings findings{};
  /// Counts and lists people; null where the run carries none, or not all.
  PeopleList* people = nullptr;
  /// Where their list goes; empty: nowhere.
  std::filesystem::path people_directory{};
  /// Where rejected rows go; null where nothing is written.
  RejectedFile* rejected_file = nullptr;
  /// The only rows that are carried, by entity and key; unset: all. Attic rows stand under attic_rows.
  using Selection = std::map<std::string, std::set<std::string>, std::less<>>;
  std::optional<Selection> only{};
  static constexpr std::string_view attic_rows = "attic rows";
  /// Number of entities (or tables) that are carried, for progress.
  std::size_t entities = 0;

  bool writes() const { return !options.dry_run; }
  void log(std::string_view level, std::string_view text) const {
    if (options.log) options.log(level, text);
  }
  void phase(std::string_view name) const {
    if (options.phase) options.phase(name);
  }
  bool takes(std::string_view entity) const { return !only || only->contains(entity); }
  bool takes(std::string_view entity, std::string_view key) const;
  /// Notes a rejected row; the report keeps the first `kept_rejections`, the file all. `row`: what shows it, or empty.
  void reject(const EntityReport& entity, std::string key, const Outcome& outcome, std::string row);
  /// Ends the run where more rows were rejected than it may have.
  void stop_at_most_rejected();
  /// Notes a difference; the report keeps the first `kept_differences`, and any makes the run end as not done.
  void differ(Difference difference);
  /// Counts an outcome.
  static void count(EntityReport& entity, const Outcome& outcome);
  /// Notes where the target has fewer rows than the source, or more.
  void count_both(EntityReport& entity, std::uint64_t source_rows, std::uint64_t target_rows);
  /// Puts what the conversion noticed into the report, in the place of what was known of it before.
  void note_findings();
  /// Makes a report for each of the mapping's entities, in their order.
  void report_entities();
  /// Counts what became of pending rows.
  static void count(EntityReport& entity, const Settlement& settlement);
  /// What an interrupted run had committed of an entity, if the target still has that many rows.
  const Checkpoint* committed(const std::string& entity, const std::function<std::uint64_t()>& rows_in_target) const;

  static constexpr std::size_t kept_rejections = 1000;
  static constexpr std::size_t kept_differences = 1000;
};

/// Commits after `batch_bytes`, reports progress, and stops between batches when asked to.
class Batches {
 public:
  static constexpr std::uint64_t rows_between_reports = 512;

  /// What became of pending rows; see RecordWriter::settle.
  using Settle = std::function<Settlement(bool all)>;
  /// A writer's; empty where there is no writer.
  template <class Writer>
  static Settle settle_of(Writer* writer) {
    return writer == nullptr ? Settle() : [writer](bool all) { return writer->settle(all); };
  }

  /// `settle` may be empty: then nothing is written. `rows_in_target` is asked where an interrupted run goes on.
  /// `scan` finds the rows that were rejected after they were handed over.
  Batches(RunContext& context, Progress::Phase phase, EntityReport& entity, std::size_t index, std::uint64_t total,
          Settle settle = {}, const std::function<std::uint64_t()>& rows_in_target = {}, ScanRows scan = {});
  /// Rolls back what was not committed.
  ~Batches();
  Batches(const Batches&) = delete;
  Batches& operator=(const Batches&) = delete;
  /// True where the next row was committed by an interrupted run: it is read, but not written again.
  bool skips() const { return progress_.rows < skipped_; }
  /// Counts a row of `bytes`.
  void row(std::size_t bytes);
  /// Commits what is open. Call it at the end of the entity.
  void finish();

 private:
  void report();
  void commit(bool done);
  void settle(bool all);
  void note_rejected();

  RunContext& context_;
  EntityReport& entity_;
  Settle settle_;
  ScanRows scan_;
  std::vector<Rejection> later_;  ///< rejected since the last commit, after they were handed over
  std::uint64_t committed_ = 0;   ///< rows
  Progress progress_;
  Transactions* target_;
  bool open_ = false;
  std::uint64_t skipped_ = 0;
  std::size_t pending_ = 0;
};

/// Notices keys that were there before, for entities whose key is not the record id itself: two records made in
/// PocketBase, or two rows with NULL in a key, may come to the same key. A key that is the record id is unique in its
/// table but for NULL, of which a primary key of SQLite may hold many.
class SeenKeys {
 public:
  explicit SeenKeys(const Entity& entity) : needed_(!entity.key_is_record_id) {}
  /// True the first time for a key.
  bool add(std::string_view key);

 private:
  bool needed_;
  std::unordered_set<std::string> seen_;
};

/// The rows of one entity to PocketBase. Rows that can have no record (their key was there before) go to the attic.
/// `rehearsal`: in a run that writes nothing, says which rows the target would refuse; may be null.
void carry_to_pocketbase(RunContext& context, const Entity& entity, std::size_t index, ConstraintRehearsal* rehearsal);
/// The records of one entity to SQL.
void carry_to_sql(RunContext& context, const Entity& entity, std::size_t index, ConstraintRehearsal* rehearsal);

/// What the target says of a row that it would refuse.
Outcome refused_in_rehearsal(const ConstraintRehearsal::Refusal& refusal);

/// Attic entries, in either direction. To SQL, tables and columns come before the entities' rows and the rest after.
enum class AtticPart : std::uint8_t { all, shapes, contents };
void carry_attic(RunContext& context, AtticPart part);

/// Rows or records that only the target has. Counted, and deleted where `remove`; returns their number. `first_keys`
/// gets the record ids of the first `Note::most_keys`, where it is not null.
std::uint64_t target_extras(RunContext& context, const Entity& entity, bool remove,
                            std::vector<std::string>* first_keys = nullptr);

/// Attic entries in PocketBase that the SQL side no longer has; deleted where `remove`. Returns their number.
std::uint64_t stale_attic_entries(RunContext& context, bool remove);

/// Rows that waited beside a table before and wait there again were not inserted. After the load.
void settle_waiting(RunContext& context, const Tables& tables);
/// Notes what a SQL database could not hold and keeps beside its tables.
void note_refused(RunContext& context, const std::vector<Refused>& all);

/// Tries the rows again that wait beside a target's tables; what stands in its table then is counted as updated, and
/// its entity is among those that are verified.
void move_waiting(RunContext& context, Tables& tables);
/// How many rows wait.
std::uint64_t waiting_rows(Tables& tables);

/// Compares the rows of all entities, all fields, after the inverse transform, and follows their references; or only
/// those of a sample.
void verify_entities(RunContext& context);
/// Compares how many rows there are.
void count_entity(RunContext& context, const Entity& entity, std::size_t index);
/// Compares what the attic holds with the SQL side.
void verify_attic(RunContext& context);

}  // namespace twoway
