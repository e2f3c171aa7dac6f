#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/migrate/run_context.h"

namespace twoway {

void RunContext::count(EntityReport& entity, const Outcome& outcome) {
  switch (outcome.what) {
    case Written::inserted: ++entity.inserted; break;
    case Written::updated: ++entity.updated; break;
    case Written::unchanged: ++entity.unchanged; break;
    case Written::rejected: ++entity.rejected; break;
    case Written::pending: break;  // a Settlement will say
  }
}

bool RunContext::takes(std::string_view entity, std::string_view key) const {
  if (!only) return true;
  const auto found = only->find(entity);
  return found != only->end() && found->second.contains(RejectedFile::key_text(key));
}

void RunContext::reject(const EntityReport& entity, std::string key, const Outcome& outcome, std::string row) {
  if (rejected_file != nullptr) {
    const bool first = rejected_file->path().empty();
    rejected_file->add({entity.name, entity.table, entity.collection, entity.attic, key, outcome.column, outcome.reason,
                        std::move(row)});
    report.rejected_file = rejected_file->path();
    if (first) log("warning", fmt::format("rows are rejected: see {}", report.rejected_file));
  }
  if (report.rejected.size() < kept_rejections) {
    report.rejected.push_back({entity.name, std::move(key), outcome.column, outcome.reason});
  }
}

void RunContext::note_findings() {
  std::erase_if(report.notes, [](const Note& note) { return is_of_conversion(note.what); });
  const bool in_sql = report.direction == Direction::to_pocketbase || report.direction == Direction::sql_to_sql;
  for (Note& note : findings.notes(mapping, in_sql)) report.notes.push_back(std::move(note));
}

void RunContext::stop_at_most_rejected() {
  std::uint64_t rejected = 0;
  for (const EntityReport& entity : report.entities) rejected += entity.rejected;
  if (rejected <= options.max_rejected) return;
  report.stopped = fmt::format("{} rows were rejected, and --max-rejected allows {}", rejected, options.max_rejected);
  throw Interrupted{};
}

void RunContext::report_entities() {
  entities = mapping.entities.size();
  for (const Entity* entity : mapping.entities) {
    EntityReport& made = report.entities.emplace_back();
    made.name = entity->name;
    made.table = entity->table;
    made.collection = entity->collection;
    for (const std::uint16_t index : entity->key) made.chunk_key.emplace_back(entity->columns[index].name);
  }
}

void RunContext::count(EntityReport& entity, const Settlement& settlement) {
  entity.inserted += settlement.inserted;
  entity.updated += settlement.updated;
  entity.unchanged += settlement.unchanged;
  entity.rejected += settlement.rejected.size();
}

void RunContext::differ(Difference difference) {
  if (report.differences.size() < kept_differences) report.differences.push_back(std::move(difference));
}

void RunContext::count_both(EntityReport& entity, std::uint64_t source_rows,
                            std::uint64_t target_rows) {
  const bool keep = options.extra == RunOptions::Extra::keep;
  entity.missing = source_rows > target_rows ? source_rows - target_rows : 0;
  entity.extra = target_rows > source_rows ? target_rows - source_rows : 0;
  if (entity.missing == 0 && (entity.extra == 0 || keep)) return;
  differ({entity.name, {}, {}, fmt::format("{} rows", source_rows), fmt::format("{} rows", target_rows), {}});
}

const Checkpoint* RunContext::committed(const std::string& entity,
                                        const std::function<std::uint64_t()>& rows_in_target) const {
  const auto found = resumed.find(entity);
  if (found == resumed.end() || !rows_in_target) return nullptr;
  const Checkpoint& checkpoint = found->second;
  // Somebody may have put an older state back meanwhile; then everything is carried again, which harms nothing.
  const std::uint64_t expected = checkpoint.inserted + checkpoint.updated + checkpoint.unchanged;
  return rows_in_target() >= expected ? &checkpoint : nullptr;
}

Batches::Batches(RunContext& context, Progress::Phase phase, EntityReport& entity, std::size_t index,
                 std::uint64_t total, Settle settle, const std::function<std::uint64_t()>& rows_in_target,
                 ScanRows scan)
    : context_(context),
      entity_(entity),
      settle_(std::move(settle)),
      scan_(std::move(scan)),
      target_(context.writes() && phase == Progress::Phase::migrate ? context.target : nullptr) {
  progress_.phase = phase;
  progress_.entity = entity.name;
  progress_.entity_index = index;
  progress_.entities = context.entities;
  progress_.rows_total = total;
  progress_.report = &context.report;
  if (const Checkpoint* committed = target_ ? context.committed(entity.name, rows_in_target) : nullptr) {
    skipped_ = committed->rows;
    entity_.skipped = committed->rows;
    entity_.inserted += committed->inserted;
    entity_.updated += committed->updated;
    entity_.unchanged += committed->unchanged;
    entity_.rejected += committed->rejected;
    committed_ = committed->rows;
  }
  if (target_ != nullptr && context.rejected_file != nullptr) {
    const std::uint64_t kept = entity_.rejected;
    for (RejectedLine& line : context.rejected_file->begin_entity(entity.name, kept)) {
      if (context.report.rejected.size() >= RunContext::kept_rejections) break;
      context.report.rejected.push_back({line.entity, line.key, line.column, line.reason});
    }
    context.report.rejected_file = context.rejected_file->path();
  }
  if (target_ != nullptr) {
    target_->begin();
    open_ = true;
  }
  report();
}

Batches::~Batches() {
  if (!open_) return;
  try {
    target_->roll_back();
  } catch (const std::exception&) {
    // The failure that brought us here is the one to report; SQLite rolls back by itself when the file is closed.
  }
}

void Batches::row(std::size_t bytes) {
  const bool skipped = skips();
  ++progress_.rows;
  progress_.bytes += bytes;
  if (!skipped) pending_ += bytes;
  if (progress_.rows % rows_between_reports == 0) {
    report();
    settle(false);
  }
  if (pending_ < context_.options.batch_bytes) return;
  pending_ = 0;
  commit(false);
  if (context_.options.interrupted != nullptr && context_.options.interrupted->load()) throw Interrupted{};
  if (target_ == nullptr) return;
  target_->begin();
  open_ = true;
}

void Batches::commit(bool done) {
  settle(true);
  if (!open_) return;
  target_->commit();
  open_ = false;
  note_rejected();
  progress_.rows_committed = progress_.rows;
  report();
  if (context_.journal != nullptr && progress_.rows > 0) {
    context_.journal->note({std::string(progress_.entity), progress_.rows, progress_.rows_total, progress_.bytes,
                            entity_.inserted, entity_.updated, entity_.unchanged, entity_.rejected,
                            entity_.digest.text(), done, utc_now("%Y-%m-%dT%H:%M:%SZ")});
  }
  context_.stop_at_most_rejected();
}

void Batches::settle(bool all) {
  if (!settle_) return;
  Settlement settlement = settle_(all);
  RunContext::count(entity_, settlement);
  std::move(settlement.rejected.begin(), settlement.rejected.end(), std::back_inserter(later_));
}

/// The rows of this batch that were rejected after they were handed over are read once more: holding on to each row
/// until it is settled would cost every run what only a few need.
void Batches::note_rejected() {
  const std::uint64_t first = std::exchange(committed_, progress_.rows);
  if (!later_.empty()) {
    std::map<std::string_view, const Rejection*> wanted;
    for (const Rejection& rejection : later_) wanted.emplace(rejection.key, &rejection);
    std::map<std::string_view, std::string> rows;
    if (scan_) {
      scan_(first, [&](std::string_view key, const ShownRow& row) {
        const auto found = wanted.find(key);
        if (found != wanted.end() && !rows.contains(found->first)) rows.emplace(found->first, row());
        return rows.size() < wanted.size();
      });
    }
    for (const Rejection& rejection : later_) {
      context_.reject(entity_, rejection.key, {Written::rejected, rejection.column, rejection.reason},
                      rows[rejection.key]);
    }
    later_.clear();
  }
  // Before the journal says that the batch is done.
  if (context_.rejected_file != nullptr) context_.rejected_file->sync();
}

void Batches::finish() {
  commit(true);
  report();
  if (context_.options.interrupted != nullptr && context_.options.interrupted->load()) throw Interrupted{};
}

void Batches::report() {
  if (context_.options.progress) context_.options.progress(progress_);
}

bool SeenKeys::add(std::string_view key) {
  constexpr std::string_view null_key = "~n";  // see record_id.h
  return (!needed_ && key != null_key) || seen_.emplace(key).second;
}

}  // namespace twoway
