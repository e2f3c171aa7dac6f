#include "runtime/store/postgresql/row_writer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "runtime/lens/decimal.h"
#include "runtime/store/kept.h"
#include "runtime/store/postgresql/byte_order.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/transform/record_id.h"

namespace twoway::postgresql {

namespace {

/// At least the bytes that a value takes in a COPY.
std::size_t field_bytes(const Value& value) {
  constexpr std::size_t number_bytes = 4 + decimal::real_bytes;
  return number_bytes + (value.is_text() || value.is_blob() ? value.bytes().size() : 0);
}

/// The columns of the index or constraint that a reason ends with.
std::string columns_named_by(const LiveTable& table, std::string_view reason) {
  for (const LiveIndex& index : table.indexes) {
    if (reason.ends_with(" " + index.name)) return fmt::format("{}.{}", table.name, fmt::join(index.columns, ", "));
  }
  return {};
}

bool holds_nul(const Value& value) { return value.is_text() && value.bytes().find('\0') != std::string_view::npos; }

/// The key of a rejected row as the record id has it: a table may have the columns of its key in another order.
std::string record_key(const Entity& entity, const TableShape& shape, const std::string& key) {
  Arena arena;
  std::vector<Value> found(shape.key.size()), parts;
  if (record_id::decode(key, std::span<Value>(found), arena) != found.size()) return key;
  for (const std::uint16_t index : entity.key) {
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (shape.columns[shape.key[i]].name == entity.columns[index].name) parts.push_back(found[i]);
    }
  }
  if (parts.size() != entity.key.size()) return key;
  return std::string(record_id::encode(std::span<const Value>(parts), arena));
}

}  // namespace

PostgresqlRowWriter::PostgresqlRowWriter(PostgresqlTables& tables, const Entity& entity)
    : tables_(tables), entity_(entity) {
  std::vector<std::string_view> names{entity.table};
  for (const Join& join : entity.joins) names.push_back(join.table);
  parts_.resize(names.size());
  tables.database().patiently([&](Connection& connection) {
    beside_.clear();
    for (const std::string_view name : names) {
      beside_.push_back({side_table::keys(connection, kept::values_of(name)),
                         side_table::keys(connection, kept::rows_of(name))});
    }
    side_keys_ = side_table::keys(connection, entity.name);
    direct_ = connection.integer(fmt::format("SELECT NOT EXISTS (SELECT FROM {})", quoted_name(entity.table))) != 0;
  });
}

PostgresqlRowWriter::Stream& PostgresqlRowWriter::stream_for(Unknown unknown) {
  std::string id;
  for (const auto& [name, value] : unknown) id.append(name).append("\n");
  const auto found = streams_.find(id);
  if (found != streams_.end()) return found->second;
  ensure_columns(unknown);
  std::vector<std::string_view> names;
  for (const auto& [name, value] : unknown) names.push_back(name);
  Stream& stream = streams_[id];
  stream.target = row_target(entity_, tables_.schema(), names, tables_.database().describe());
  start_batch(stream);
  return stream;
}

void PostgresqlRowWriter::ensure_columns(Unknown unknown) {
  for (const auto& [name, value] : unknown) {
    const auto [table, column] = split_name(entity_, name);
    TableShape shape;
    shape.name = table;
    shape.columns.push_back({std::string(column), {}, SqlType::text, false});
    tables_.ensure(shape, true);
  }
}

void PostgresqlRowWriter::start_batch(Stream& stream) {
  stream.batch = std::make_unique<Batch>();
  stream.batch->target = stream.target.table;
  stream.batch->state = state_;
  stream.batch->direct = direct_;
  stream.batch->rejects = true;
  stream.batch->bytes = tables_.loader().buffer();
  stream.beside_bytes = 0;
  constexpr std::size_t room = 64 * 1024;  // for the row that makes the batch full
  stream.batch->bytes.reserve(batch_bytes + room);
}

void PostgresqlRowWriter::flush(Stream& stream) {
  if (stream.batch->empty()) return;
  tables_.loader().submit(std::move(stream.batch));
  start_batch(stream);
}

void PostgresqlRowWriter::gather(const Stream& stream, const void* row, Unknown unknown) {
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const RowPart& part = stream.target.parts[i];
    Part& own = parts_[i];
    own.present = part.join == nullptr || cell(row, part.join->marker_offset).as_integer() != 0;
    own.values.resize(part.sources.size());
    own.fits.resize(part.sources.size());
    for (std::size_t j = 0; j < part.sources.size(); ++j) {
      const RowPart::Source& source = part.sources[j];
      // The key of an absent row is still wanted: what stands under it is deleted.
      const bool wanted = own.present || j == part.layout.shape.key[0];
      own.values[j] = !wanted ? Value::null() : source.unknown ? unknown[source.at].second : cell(row, source.at);
      own.fits[j] = wanted ? fit(part.layout.columns[j], own.values[j], arena_) : Fit{Value::null(), {}};
    }
  }
}

std::optional<Outcome> PostgresqlRowWriter::reject(const Stream& stream) const {
  if (tables_.policy() != NulPolicy::reject) return std::nullopt;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    for (std::size_t j = 0; j < parts_[i].values.size(); ++j) {
      if (!holds_nul(parts_[i].values[j])) continue;
      const TableLayout& layout = stream.target.parts[i].layout;
      return Outcome{
          Written::rejected, fmt::format("{}.{}", layout.table(), layout.columns[j].name),
          "PostgreSQL cannot hold U+0000 in a text, and the mapping rejects such rows (nul_in_text: reject)"};
    }
  }
  return std::nullopt;
}

std::size_t PostgresqlRowWriter::bytes() const {
  std::size_t bytes = sizeof(std::int16_t);
  for (const Part& part : parts_) {
    for (const Fit& fit : part.fits) bytes += field_bytes(fit.shown);
    bytes += sizeof(std::int32_t) + 1;  // its marker
  }
  return bytes;
}

Outcome PostgresqlRowWriter::write(const void* row, Unknown unknown, const Value& side) {
  arena_.reset();
  Stream& stream = stream_for(unknown);
  gather(stream, row, unknown);
  if (const auto outcome = reject(stream)) return *outcome;
  // A batch's memory does not grow, so that no row is copied again; only a huge row gets a batch of its own.
  const std::size_t size = bytes();
  if (!stream.batch->empty() && stream.batch->bytes.size() + size > stream.batch->bytes.capacity()) flush(stream);
  stream.batch->bytes.reserve(stream.batch->bytes.size() + size);
  bool staged = true;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const TableLayout& layout = stream.target.parts[i].layout;
    bool key_fits = true;
    for (const std::size_t index : layout.shape.key) key_fits = key_fits && parts_[i].fits[index].exact();
    if (i == 0) staged = key_fits;
    put_part_beside(stream, i, parts_[i].present && !(key_fits && staged));
    if (!key_fits) parts_[i].present = false;
  }
  put_side(stream, row, side);
  if (staged) append(stream);
  if (stream.batch->bytes.size() + stream.beside_bytes >= batch_bytes) flush(stream);
  return {Written::pending, {}, {}};
}

void PostgresqlRowWriter::add_side(Stream& stream, std::string_view entity, std::string_view key,
                                   std::string document) {
  stream.beside_bytes += document.size() + key.size();
  stream.batch->row_of_side[stream.batch->side.size()] = stream.batch->rows();
  stream.batch->side.push_back({std::string(entity), std::string(key), std::move(document)});
}

/// Notes what a part's table cannot hold: the whole row where `wait`, else single values. What was noted before and is
/// no longer true is removed.
void PostgresqlRowWriter::put_part_beside(Stream& stream, std::size_t index, bool wait) {
  const TableLayout& layout = stream.target.parts[index].layout;
  const Part& part = parts_[index];
  const Beside& before = beside_[index];
  const auto inexact = [](const Fit& fit) { return !fit.exact(); };
  const bool exact = std::none_of(part.fits.begin(), part.fits.end(), inexact);
  if (exact && !wait && before.kept.empty() && before.waiting.empty()) return;
  std::string key(layout.key_text(part.values, arena_));
  if (wait) {
    std::string document = kept::document(layout.shape, part.values);
    const bool has_null = std::any_of(layout.shape.key.begin(), layout.shape.key.end(),
                                      [&](std::size_t i) { return part.values[i].is_null(); });
    if (has_null) {
      // Copies from other SQL databases name such rows by what they hold.
      if (!before.waiting.empty()) side_table::remove_hashed(tables_.database().main(), layout.rows_entity, key);
      key = side_table::key_of_first(key);
    }
    if (before.kept.may_contain(key)) add_side(stream, layout.values_entity, key, {});
    if (index > 0) return add_side(stream, layout.rows_entity, key, std::move(document));
    const auto first = std::find_if(part.fits.begin(), part.fits.end(), inexact);
    tables_.log().add(layout.table(), {}, fmt::format("{} (in its key)", first->reason), key);
    stream.beside_bytes += document.size();
    stream.batch->waiting.push_back({layout.rows_entity, key, std::move(document)});
    return;
  }
  if (before.waiting.may_contain(key)) add_side(stream, layout.rows_entity, key, {});
  if (exact || !part.present) {
    if (before.kept.may_contain(key)) add_side(stream, layout.values_entity, key, {});
    return;
  }
  const auto chosen = std::make_unique<bool[]>(part.values.size());
  for (std::size_t i = 0; i < part.values.size(); ++i) {
    chosen[i] = !part.fits[i].exact();
    if (chosen[i]) tables_.log().add(layout.table(), layout.columns[i].name, part.fits[i].reason, key);
  }
  add_side(stream, layout.values_entity, key,
           kept::document(layout.shape, part.values, {chosen.get(), part.values.size()}));
}

void PostgresqlRowWriter::put_side(Stream& stream, const void* row, const Value& side) {
  if (side.is_null() && side_keys_.empty()) return;
  const std::string_view key = key_text(entity_, row, arena_);
  if (!side.is_null()) {
    add_side(stream, entity_.name, key, std::string(side.bytes()));
  } else if (side_keys_.may_contain(key)) {
    add_side(stream, entity_.name, key, {});
  }
}

void PostgresqlRowWriter::append(Stream& stream) {
  std::string& bytes = stream.batch->bytes;
  append_big_endian<std::int16_t>(bytes, static_cast<std::int16_t>(stream.target.table->layout.columns.size()));
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::vector<LiveColumn>& columns = stream.target.parts[i].layout.columns;
    for (std::size_t j = 0; j < columns.size(); ++j) {
      append_field(bytes, columns[j], parts_[i].fits[j].shown, arena_);
    }
    if (i > 0) append_field(bytes, boolean_column(), Value::boolean(parts_[i].present), arena_);
  }
  stream.batch->ends.push_back(bytes.size());
}

Settlement PostgresqlRowWriter::settle(bool all) {
  if (all) {
    for (auto& [id, stream] : streams_) flush(stream);
    tables_.loader().wait();
  }
  Settlement settlement;
  {
    const std::lock_guard lock(state_->mutex);
    settlement = std::exchange(state_->settlement, Settlement());
  }
  for (Rejection& rejection : settlement.rejected) {
    rejection.key = record_key(entity_, streams_.begin()->second.target.parts[0].layout.shape, rejection.key);
    if (!rejection.column.empty()) continue;
    // `unique index user_email_idx`: people want to know the column.
    for (const RowPart& part : streams_.begin()->second.target.parts) {
      const LiveTable* table = tables_.schema().find(part.layout.table());
      if (table != nullptr) rejection.column = columns_named_by(*table, rejection.reason);
      if (!rejection.column.empty()) break;
    }
  }
  return settlement;
}

}  // namespace twoway::postgresql
