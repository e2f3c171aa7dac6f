// What the steps of one run share.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>

#include "runtime/journal/journal.h"
#include "runtime/migrate/findings.h"
#include "runtime/migrate/migration.h"
#include "runtime/migrate/stores.h"
#include "runtime/store/constraint_rehearsal.h"
#include "runtime/store/streams.h"

namespace twoway {

/// Thrown after a batch was committed, when the operator asked to stop.
struct Interrupted {};

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
  /// What the conversion notices; see note_findings().
  Findings findings{};
  /// Number of entities (or tables) that are carried, for progress.
  std::size_t entities = 0;

  bool writes() const { return !options.dry_run; }
  void log(std::string_view level, std::string_view text) const {
    if (options.log) options.log(level, text);
  }
  /// Notes a rejected row; the report keeps the first `kept_rejections`.
  void reject(const EntityReport& entity, std::string key, const Outcome& outcome);
  /// Notes a difference; the report keeps the first `kept_differences`, and any makes the run end as not done.
  void differ(Difference difference);
  /// Counts an outcome.
  static void count(EntityReport& entity, const Outcome& outcome);
  /// Puts what the conversion noticed into the report, in the place of what was known of it before.
  void note_findings();
  /// Makes a report for each of the mapping's entities, in their order.
  void report_entities();
  /// Counts what became of pending rows, and notes those that were rejected.
  void settle(EntityReport& entity, const Settlement& settlement);
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
  Batches(RunContext& context, Progress::Phase phase, EntityReport& entity, std::size_t index, std::uint64_t total,
          Settle settle = {}, const std::function<std::uint64_t()>& rows_in_target = {});
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

  RunContext& context_;
  EntityReport& entity_;
  Settle settle_;
  Progress progress_;
  Transactions* target_;
  bool open_ = false;
  std::uint64_t skipped_ = 0;
  std::size_t pending_ = 0;
};

/// Notices keys that were there before, for entities whose key is not the record id itself: two records made in
/// PocketBase, or two rows with NULL in a key, may come to the same key.
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

/// Notes what a SQL database could not hold and keeps beside its tables.
void note_refused(RunContext& context, const std::vector<Refused>& all);

/// Compares an entity's rows, all fields, after the inverse transform.
void verify_entity(RunContext& context, const Entity& entity, std::size_t index);
/// Compares what the attic holds with the SQL side.
void verify_attic(RunContext& context);

}  // namespace twoway
