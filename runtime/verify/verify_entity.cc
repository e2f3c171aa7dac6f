// Verification: each record is converted back and compared with the row of the same key, all columns, every bit.
//
// Both sides are read in their own order, which is the same after a migration. Where the next row is not the one
// wanted, it is looked up by key, so that no order, collation or sort is relied upon, and memory stays bounded.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/file_rows.h"
#include "runtime/migrate/run_context.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_sql.h"
#include "runtime/verify/compare.h"
#include "runtime/verify/references.h"
#include "runtime/verify/sample.h"

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

/// One entity's comparison: of all records, or of those that the sample wants.
class EntityVerifier {
 public:
  EntityVerifier(RunContext& context, const Entity& entity, std::size_t index, RecordExistence& existence,
                 Sample& sample)
      : context_(context),
        entity_(entity),
        index_(index),
        report_(context.report.entities[index]),
        sql_(*context.stores.sql),
        pocketbase_(*context.stores.pocketbase),
        to_pocketbase_(context.report.direction == Direction::to_pocketbase),
        all_(context.options.verification == Verification::all),
        existence_(existence),
        sample_(sample),
        run_(entity, pocketbase_.resolver(), arena_),
        expected_(entity.row_bytes),
        row_references_(entity, sql_.resolver()),
        record_references_(context.mapping, entity, existence) {}

  void verify() {
    const auto started = std::chrono::steady_clock::now();
    const auto reader = pocketbase_.read(entity_);
    std::optional<RowFinder> rows;
    if (all_) {
      rows.emplace(sql_, entity_);
      first_reference_ = report_references(context_.report, entity_);
    }
    Batches batches(context_, Progress::Phase::verify, report_, index_, pocketbase_.count(entity_));
    while (reader->next()) {
      const bool chosen = sample_.wants(hash_of(*reader));
      if (all_ || chosen) compare(*reader, rows, chosen);
      batches.row(reader->bytes());
    }
    if (all_ && matched_ + attic_rows_of(context_, entity_.table) != sql_.count(entity_)) {
      name_unmatched_rows(context_, entity_, report_);
    }
    // What a run read is what its receipt is about; a comparison alone knows the rows that both sides have.
    if (all_ && report_.read == 0) set_rows(report_, std::move(sums_));
    sample_.give(context_.report.samples);
    batches.finish();
    report_.verify_time += std::chrono::steady_clock::now() - started;
  }

 private:
  std::uint64_t hash_of(const RecordReader& reader) const {
    return key_hash(std::span(&cell(reader.record(), entity_.fields[0].offset), 1));
  }

  void compare(const RecordReader& reader, std::optional<RowFinder>& rows, bool chosen) {
    arena_.reset();
    const pocketbase::Id id{cell(reader.record(), entity_.fields[0].offset)};
    run_.begin(id, reader.residue(), reader.created());
    entity_.to_sql(reader.record(), expected_.get(), run_);
    place_files(context_, entity_, reader.record(), expected_.get(), arena_);
    if (!to_pocketbase_) {
      withhold_password(context_.options, entity_, expected_.get(), reader.record(), run_);
      sql_.adapt(entity_, expected_.get());
    }
    expected_unknown_.clear();
    for (const ToSql::Unknown& column : run_.unknown()) expected_unknown_.emplace_back(column.column, column.value);
    Value parts[most_key_parts];
    for (std::size_t i = 0; i < entity_.key.size(); ++i) {
      parts[i] = cell(expected_.get(), entity_.columns[entity_.key[i]].offset);
    }
    const std::span<const Value> key(parts, entity_.key.size());
    ++report_.verified;
    const void* found = rows ? rows->find(key, found_unknown_) : look_up(key);
    std::size_t different = 1;
    if (found == nullptr) {
      ++(to_pocketbase_ ? report_.extra : report_.missing);
      note(context_, entity_, record_id::encode(key, arena_), to_pocketbase_ ? "no record" : "a row",
           to_pocketbase_ ? "a record" : "none", to_pocketbase_);
    } else {
      ++matched_;
      if (all_) sums_.add(key_hash(key), row_digest(entity_, found, found_unknown_));
      different = compare_rows(entity_, id.bytes(), expected_.get(), expected_unknown_, found, found_unknown_,
                               to_pocketbase_, RunContext::kept_differences, context_.report.differences);
      if (different > 0) ++report_.different;
      if (all_) follow(reader.record(), found, id.bytes());
    }
    if (!chosen) return;
    SampleRow row = side_by_side(entity_, id.bytes(), found, found == nullptr ? UnknownValues() : found_unknown_,
                                 reader.record(), to_pocketbase_);
    row.equal = different == 0;
    sample_.take(hash_of(reader), std::move(row));
  }

  const void* look_up(std::span<const Value> key) {
    if (!looked_up_) looked_up_ = std::make_unique<RowBuffer>(entity_.row_bytes);
    return sql_.find(entity_, key, looked_up_->get(), found_unknown_) ? looked_up_->get() : nullptr;
  }

  /// Counts the references of a row and of its record. In PocketBase a reference of the row that its record does not
  /// show leads nowhere, too.
  void follow(const void* record, const void* row, std::string_view id) {
    if (entity_.relations.empty()) return;
    sql_.resolver().saw(entity_, id);
    existence_.saw(entity_, id);
    const std::vector<Followed>& in_sql = row_references_.follow(row);
    const std::vector<Followed>& shown = record_references_.follow(record);
    for (std::size_t i = 0; i < entity_.relations.size(); ++i) {
      ReferenceReport& report = context_.report.references[first_reference_ + i];
      References& sql = to_pocketbase_ ? report.source : report.target_side;
      References& pocketbase = to_pocketbase_ ? report.target_side : report.source;
      const std::uint64_t all = std::max(in_sql[i].all, shown[i].all);
      // A mirror is merged: what the array dropped is no reference of the row any more.
      const bool many = entity_.relations[i].many;
      sql.all += many ? in_sql[i].all : all;
      sql.nowhere += (many ? in_sql[i].all : all) - in_sql[i].found;
      pocketbase.all += all;
      pocketbase.nowhere += all - shown[i].found;
      const std::string& dead = record_references_.dead(i);
      const bool lost =
          to_pocketbase_ ? !dead.empty() && in_sql[i].found > 0 : !many && in_sql[i].found < shown[i].found;
      if (!lost) continue;
      const std::string_view value = to_pocketbase_ ? dead : record_references_.text(record, i);
      context_.differ(dangling(entity_, entity_.relations[i], id, value));
    }
  }

  RunContext& context_;
  const Entity& entity_;
  std::size_t index_;
  EntityReport& report_;
  SqlStore& sql_;
  PocketBaseStore& pocketbase_;
  bool to_pocketbase_;
  bool all_;
  RecordExistence& existence_;
  Sample& sample_;
  Arena arena_;
  ToSql run_;
  RowBuffer expected_;
  std::unique_ptr<RowBuffer> looked_up_;
  RowReferences row_references_;
  RecordReferences record_references_;
  UnknownValues expected_unknown_, found_unknown_;
  RowSums sums_;
  std::uint64_t matched_ = 0;
  std::size_t first_reference_ = 0;
};

}  // namespace

void verify_entities(RunContext& context) {
  std::vector<std::uint64_t> have;
  for (const Entity* entity : context.mapping.entities) {
    have.push_back(context.takes(entity->name) ? context.stores.pocketbase->count(*entity) : 0);
  }
  const std::vector<std::size_t> dealt = deal(context.options.sample, context.report.seed, have);
  RecordExistence existence(*context.stores.pocketbase);
  for (std::size_t i = 0; i < have.size(); ++i) {
    if (!context.takes(context.mapping.entities[i]->name)) continue;
    Sample sample(dealt[i], context.report.seed);
    EntityVerifier(context, *context.mapping.entities[i], i, existence, sample).verify();
  }
}

void count_entity(RunContext& context, const Entity& entity, std::size_t index) {
  const std::uint64_t rows = context.stores.sql->count(entity);
  const std::uint64_t records = context.stores.pocketbase->count(entity) + attic_rows_of(context, entity.table);
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  context.count_both(context.report.entities[index], to_pocketbase ? rows : records, to_pocketbase ? records : rows);
}

}  // namespace twoway
