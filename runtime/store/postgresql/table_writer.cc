#include "runtime/store/postgresql/table_writer.h"

#include <algorithm>
#include <random>
#include <utility>

#include <fmt/format.h>
#include <xxhash.h>

#include "runtime/lens/decimal.h"
#include "runtime/store/kept.h"
#include "runtime/store/postgresql/byte_order.h"
#include "runtime/store/postgresql/unfinished.h"

namespace twoway::postgresql {

namespace {

/// At least the bytes that a value takes in a COPY.
std::size_t field_bytes(const Value& value) {
  constexpr std::size_t number_bytes = 4 + decimal::real_bytes;
  return number_bytes + (value.is_text() || value.is_blob() ? value.bytes().size() : 0);
}

std::string document_hash(const std::string& document) {
  const XXH128_hash_t hash = XXH3_128bits(document.data(), document.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace

PostgresqlTableWriter::PostgresqlTableWriter(Database& database, Loader& loader, RefusedLog& refused,
                                             TableLayout layout, NulPolicy policy, bool dry_run)
    : database_(database),
      loader_(loader),
      refused_(refused),
      target_(std::make_shared<TableTarget>(target_of(std::move(layout)))),
      policy_(policy),
      dry_run_(dry_run),
      fits_(target_->layout.columns.size()) {
  const TableLayout& ours = target_->layout;
  if (!dry_run_) {
    database_.patiently([&](Connection& connection) {
      kept_keys_ = side_table::keys(connection, ours.values_entity);
      waiting_keys_ = side_table::keys(connection, ours.rows_entity);
      direct_ = connection.integer(fmt::format("SELECT NOT EXISTS (SELECT FROM {})", quoted_name(ours.table()))) != 0;
    });
  }
  if (!ours.has_key()) {
    std::random_device random;
    mark_ = fmt::format("{:08x}{:08x}", random(), random());
  }
  start_batch();
}

void PostgresqlTableWriter::start_batch() {
  batch_ = std::make_unique<Batch>();
  batch_->target = target_;
  batch_->state = state_;
  batch_->direct = direct_;
  beside_bytes_ = 0;
  if (dry_run_) return;
  if (!mark_.empty()) batch_->mark = fmt::format("{}-{}", mark_, batches_);
  batch_->bytes = loader_.buffer();
  constexpr std::size_t room = 64 * 1024;  // for the row that makes the batch full
  batch_->bytes.reserve(batch_bytes + room);
}

void PostgresqlTableWriter::flush() {
  if (dry_run_ || batch_->empty()) return;
  if (!mark_.empty() && !can_mark_) {
    database_.patiently([&](Connection& connection) {
      own_marks_ = own_marks_ || !unfinished::exists(connection);
      unfinished::create(connection);
    });
    can_mark_ = true;
  }
  ++batches_;
  loader_.submit(std::move(batch_));
  start_batch();
}

Outcome PostgresqlTableWriter::write(std::span<const Value> values) {
  arena_.reset();
  const TableLayout& layout = target_->layout;
  bool exact = true;
  std::size_t size = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    fits_[i] = fit(layout.columns[i], values[i], arena_);
    exact = exact && fits_[i].exact();
    size += field_bytes(fits_[i].shown);
  }
  if (!dry_run_) make_room(size);
  if (!exact) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (const auto outcome = reject(i)) return *outcome;
    }
    const auto inexact = [](const Fit& fit) { return !fit.exact(); };
    const auto first = std::find_if(fits_.begin(), fits_.end(), inexact) - fits_.begin();
    if (!layout.has_key()) return wait_beside(values, static_cast<std::size_t>(first));
    for (const std::size_t index : layout.shape.key) {
      if (!fits_[index].exact()) return wait_beside(values, index);
    }
    keep(values);
  } else if (!kept_keys_.empty() || !waiting_keys_.empty()) {
    remove_stale(layout.key_text(values, arena_));
  }
  if (!dry_run_) append();
  return {Written::pending, {}, {}};
}

void PostgresqlTableWriter::make_room(std::size_t size) {
  // A batch's memory does not grow, so that no row is copied again; only a huge row gets a batch of its own.
  if (!batch_->empty() && batch_->bytes.size() + size > batch_->bytes.capacity()) flush();
  batch_->bytes.reserve(batch_->bytes.size() + size);
}

void PostgresqlTableWriter::append() {
  std::string& bytes = batch_->bytes;
  append_big_endian<std::int16_t>(bytes, static_cast<std::int16_t>(fits_.size()));
  for (std::size_t i = 0; i < fits_.size(); ++i) {
    append_field(bytes, target_->layout.columns[i], fits_[i].shown, arena_);
  }
  batch_->ends.push_back(bytes.size());
  if (bytes.size() + beside_bytes_ >= batch_bytes) flush();
}

std::optional<Outcome> PostgresqlTableWriter::reject(std::size_t column) const {
  if (policy_ != NulPolicy::reject || fits_[column].reason != nul_in_text) return std::nullopt;
  return Outcome{Written::rejected, target_->layout.columns[column].name,
                 "PostgreSQL cannot hold U+0000 in a text, and the mapping rejects such rows (nul_in_text: reject)"};
}

Outcome PostgresqlTableWriter::wait_beside(std::span<const Value> values, std::size_t column) {
  const TableLayout& layout = target_->layout;
  std::string document = kept::document(layout.shape, values);
  const std::string key = waiting_key(values, document);
  const std::string& name = layout.columns[column].name;
  refused_.add(layout.table(), layout.has_key() ? std::string() : name,
               layout.has_key() ? fmt::format("{} (its key {})", fits_[column].reason, name) : fits_[column].reason,
               key);
  if (dry_run_) return {Written::pending, {}, {}};
  beside_bytes_ += document.size();
  batch_->waiting.push_back({layout.rows_entity, key, std::move(document)});
  if (beside_bytes_ >= batch_bytes) flush();
  return {Written::pending, {}, {}};
}

std::string PostgresqlTableWriter::waiting_key(std::span<const Value> values, const std::string& document) {
  const TableLayout& layout = target_->layout;
  if (!layout.has_key()) return fmt::format("{}-{}-w{}", document_hash(document), mark_, ++waiting_rows_);
  std::string key(layout.key_text(values, arena_));
  const auto is_null = [&](std::size_t index) { return values[index].is_null(); };
  if (std::none_of(layout.shape.key.begin(), layout.shape.key.end(), is_null)) return key;
  // Where a key holds NULL, any number of rows may have it, even equal ones.
  const std::string hash = document_hash(document);
  return side_table::key_of_many(key, hash, ++null_keys_[hash]);
}

void PostgresqlTableWriter::keep(std::span<const Value> values) {
  const TableLayout& layout = target_->layout;
  const std::string key(layout.key_text(values, arena_));
  const auto chosen = std::make_unique<bool[]>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    chosen[i] = !fits_[i].exact();
    if (chosen[i]) refused_.add(layout.table(), layout.columns[i].name, fits_[i].reason, key);
  }
  if (dry_run_) return;
  std::string document = kept::document(layout.shape, values, {chosen.get(), values.size()});
  beside_bytes_ += document.size();
  if (waiting_keys_.may_contain(key)) batch_->side.push_back({layout.rows_entity, key, {}});
  batch_->kept[batch_->rows()] = batch_->side.size();
  batch_->side.push_back({layout.values_entity, key, std::move(document)});
}

void PostgresqlTableWriter::remove_stale(std::string_view key) {
  const TableLayout& layout = target_->layout;
  if (kept_keys_.may_contain(key)) batch_->side.push_back({layout.values_entity, std::string(key), {}});
  if (waiting_keys_.may_contain(key)) batch_->side.push_back({layout.rows_entity, std::string(key), {}});
}

void PostgresqlTableWriter::write_side(std::string_view entity, std::string_view key, std::string_view document) {
  if (dry_run_) return;
  beside_bytes_ += document.size();
  batch_->side.push_back({std::string(entity), std::string(key), std::string(document)});
}

Settlement PostgresqlTableWriter::settle(bool all) {
  if (all && !dry_run_) {
    flush();
    loader_.wait();
    if (own_marks_) {  // outside of a load nothing of it shall stay
      database_.patiently([](Connection& connection) { unfinished::forget_marks(connection); });
      own_marks_ = can_mark_ = false;
    }
  }
  const std::lock_guard lock(state_->mutex);
  return std::exchange(state_->settlement, Settlement());
}

}  // namespace twoway::postgresql
