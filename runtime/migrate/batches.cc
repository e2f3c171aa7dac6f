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

void RunContext::reject(const EntityReport& entity, std::string key, const Outcome& outcome) {
  if (report.rejected.size() < kept_rejections) {
    report.rejected.push_back({entity.name, std::move(key), outcome.column, outcome.reason});
  }
}

void RunContext::note_findings() {
  std::erase_if(report.notes, [](const Note& note) { return is_of_conversion(note.what); });
  const bool in_sql = report.direction == Direction::to_pocketbase || report.direction == Direction::sql_to_sql;
  for (Note& note : findings.notes(mapping, in_sql)) report.notes.push_back(std::move(note));
}

void RunContext::report_entities() {
  entities = mapping.entities.size();
  for (const Entity* entity : mapping.entities) {
    EntityReport& made = report.entities.emplace_back();
    made.name = entity->name;
    made.table = entity->table;
    made.collection = entity->collection;
  }
}

void RunContext::settle(EntityReport& entity, const Settlement& settlement) {
  entity.inserted += settlement.inserted;
  entity.updated += settlement.updated;
  entity.unchanged += settlement.unchanged;
  entity.rejected += settlement.rejected.size();
  for (const Rejection& rejection : settlement.rejected) {
    reject(entity, rejection.key, {Written::rejected, rejection.column, rejection.reason});
  }
}

void RunContext::differ(Difference difference) {
  if (report.differences.size() < kept_differences) report.differences.push_back(std::move(difference));
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
                 std::uint64_t total, Settle settle, const std::function<std::uint64_t()>& rows_in_target)
    : context_(context),
      entity_(entity),
      settle_(std::move(settle)),
      target_(context.writes() && phase == Progress::Phase::migrate ? context.target : nullptr) {
  progress_.phase = phase;
  progress_.entity = entity.name;
  progress_.entity_index = index;
  progress_.entities = context.entities;
  progress_.rows_total = total;
  if (const Checkpoint* committed = target_ ? context.committed(entity.name, rows_in_target) : nullptr) {
    skipped_ = committed->rows;
    entity_.skipped = committed->rows;
    entity_.inserted += committed->inserted;
    entity_.updated += committed->updated;
    entity_.unchanged += committed->unchanged;
    entity_.rejected += committed->rejected;
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
  } catch (const Error&) {
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
    if (settle_) context_.settle(entity_, settle_(false));
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
  if (settle_) context_.settle(entity_, settle_(true));
  if (!open_) return;
  target_->commit();
  open_ = false;
  if (context_.journal == nullptr || progress_.rows == 0) return;
  context_.journal->note({std::string(progress_.entity), progress_.rows, progress_.rows_total, progress_.bytes,
                          entity_.inserted, entity_.updated, entity_.unchanged, entity_.rejected, entity_.digest.text(),
                          done, utc_now("%Y-%m-%dT%H:%M:%SZ")});
}

void Batches::finish() {
  commit(true);
  report();
  if (context_.options.interrupted != nullptr && context_.options.interrupted->load()) throw Interrupted{};
}

void Batches::report() {
  if (context_.options.progress) context_.options.progress(progress_);
}

bool SeenKeys::add(std::string_view key) { return !needed_ || seen_.emplace(key).second; }

}  // namespace twoway
