// Verification: each record is converted back and compared with the row of the same key, all columns, every bit.
//
// Both sides are read in their own order, which is the same after a migration. Where the next row is not the one
// wanted, it is looked up by key, so that no order, collation or sort is relied upon, and memory stays bounded.
#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_sql.h"
#include "runtime/verify/compare.h"

namespace twoway {

namespace {

constexpr std::size_t most_key_parts = 8;

/// Finds rows by key: the next one in reading order where it fits, else by a look-up.
class RowFinder {
 public:
  RowFinder(SqlStore& store, const Entity& entity)
      : store_(store), entity_(entity), reader_(store.read(entity)), found_(entity.row_bytes) {
    more_ = reader_->next();
  }

  /// The row with this key, or nullptr. `unknown` gets its unknown columns.
  const void* find(std::span<const Value> key, UnknownValues& unknown) {
    if (taken_) {
      more_ = more_ && reader_->next();
      taken_ = false;
    }
    if (more_ && !fits(key)) more_ = reader_->next();  // one row that only this side has is stepped over
    if (more_ && fits(key)) {
      taken_ = true;
      unknown.clear();
      for (std::size_t i = 0; i < reader_->unknown_values().size(); ++i) {
        unknown.emplace_back(reader_->unknown_columns()[i].name, reader_->unknown_values()[i]);
      }
      return reader_->row();
    }
    return store_.find(entity_, key, found_.get(), unknown) ? found_.get() : nullptr;
  }

 private:
  bool fits(std::span<const Value> key) const {
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (!same(cell(reader_->row(), entity_.columns[entity_.key[i]].offset), key[i])) return false;
    }
    return true;
  }

  SqlStore& store_;
  const Entity& entity_;
  std::unique_ptr<RowReader> reader_;
  RowBuffer found_;
  bool more_ = false;
  bool taken_ = false;
};

/// A row that only one side has. Where the operator said to keep what only the target has, that is no difference.
void note(RunContext& context, const Entity& entity, std::string_view key, std::string_view expected,
          std::string_view found, bool extra) {
  if (extra && context.options.extra == RunOptions::Extra::keep) return;
  context.differ({std::string(entity.name), std::string(key), {}, std::string(expected), std::string(found), {}});
}

/// Rows that no record came to: named one by one.
void name_unmatched_rows(RunContext& context, const Entity& entity, EntityReport& report) {
  SqlStore& sql = *context.stores.sql;
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  Arena arena;
  Value parts[most_key_parts];
  for (const auto reader = sql.read(entity); reader->next();) {
    arena.reset();
    for (std::size_t i = 0; i < entity.key.size(); ++i) {
      parts[i] = cell(reader->row(), entity.columns[entity.key[i]].offset);
    }
    const std::span<const Value> key(parts, entity.key.size());
    const auto id = sql.resolver().record_id(entity, key, arena);
    if (id && context.stores.pocketbase->exists(entity, *id)) continue;
    ++(to_pocketbase ? report.missing : report.extra);
    note(context, entity, record_id::encode(key, arena), to_pocketbase ? "a record" : "no row",
         to_pocketbase ? "none" : "a row", !to_pocketbase);
  }
}

std::uint64_t attic_rows_of(const RunContext& context, std::string_view table) {
  std::uint64_t rows = 0;
  for (const EntityReport& report : context.report.entities) {
    if (report.attic && report.table == table) rows += report.verified;
  }
  return rows;
}

}  // namespace

void verify_entity(RunContext& context, const Entity& entity, std::size_t index) {
  EntityReport& report = context.report.entities[index];
  SqlStore& sql = *context.stores.sql;
  PocketBaseStore& pocketbase = *context.stores.pocketbase;
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  const auto started = std::chrono::steady_clock::now();
  const auto reader = pocketbase.read(entity);
  Arena arena;
  ToSql run(entity, pocketbase.resolver(), arena);
  RowBuffer expected(entity.row_bytes);
  RowFinder rows(sql, entity);
  UnknownValues expected_unknown, found_unknown;
  Digest digest;
  std::uint64_t matched = 0;
  Batches batches(context, Progress::Phase::verify, report, index, pocketbase.count(entity));
  while (reader->next()) {
    arena.reset();
    const pocketbase::Id id{cell(reader->record(), entity.fields[0].offset)};
    run.begin(id, reader->residue(), reader->created());
    entity.to_sql(reader->record(), expected.get(), run);
    if (!to_pocketbase) sql.adapt(entity, expected.get());
    expected_unknown.clear();
    for (const ToSql::Unknown& column : run.unknown()) expected_unknown.emplace_back(column.column, column.value);
    Value parts[most_key_parts];
    for (std::size_t i = 0; i < entity.key.size(); ++i) {
      parts[i] = cell(expected.get(), entity.columns[entity.key[i]].offset);
    }
    const std::span<const Value> key(parts, entity.key.size());
    ++report.verified;
    const void* found = rows.find(key, found_unknown);
    if (found == nullptr) {
      ++(to_pocketbase ? report.extra : report.missing);
      note(context, entity, record_id::encode(key, arena), to_pocketbase ? "no record" : "a row",
           to_pocketbase ? "a record" : "none", to_pocketbase);
    } else {
      ++matched;
      add(digest, row_digest(entity, found, found_unknown));
      const std::size_t different =
          compare_rows(entity, id.bytes(), expected.get(), expected_unknown, found, found_unknown, to_pocketbase,
                       RunContext::kept_differences, context.report.differences);
      if (different > 0) ++report.different;
    }
    batches.row(reader->bytes());
  }
  if (matched + attic_rows_of(context, entity.table) != sql.count(entity)) name_unmatched_rows(context, entity, report);
  report.digest = digest;
  batches.finish();
  report.verify_time += std::chrono::steady_clock::now() - started;
}

}  // namespace twoway
