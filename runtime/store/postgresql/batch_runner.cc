#include "runtime/store/postgresql/batch_runner.h"

#include <algorithm>
#include <unordered_set>

#include <fmt/format.h>
#include <xxhash.h>

#include "runtime/store/kept.h"
#include "runtime/store/postgresql/byte_order.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/unfinished.h"

namespace twoway::postgresql {

namespace {

constexpr std::string_view copy_header("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
constexpr std::string_view copy_trailer("\xFF\xFF", 2);

}  // namespace

std::string reason_of(const Refusal& refusal) {
  const std::string_view code = refusal.sqlstate;
  if (code == "23505") return "unique index " + refusal.constraint;
  if (code == "23503") return "foreign key " + refusal.constraint;
  if (code == "23514" && !refusal.constraint.empty()) return "check " + refusal.constraint;
  if (code == "23502") return "NULL in column " + refusal.column;
  if (!refusal.constraint.empty()) return "constraint " + refusal.constraint;
  return refusal.message;
}

void BatchRunner::run(bool repeated) {
  if (repeated && took_place()) {
    settlement_.inserted = batch_.rows();
    settle();
    return;
  }
  connection_.execute("BEGIN");
  try {
    if (repeated || !batch_.direct || !copy_direct()) {
      if (!target_.layout.has_key() || batch_.rows() > 0) connection_.execute(target_.make_staging);
      if (batch_.rows() > 0) stage(0, batch_.rows());
    }
    write_side();
    if (!batch_.mark.empty()) unfinished::mark(connection_, batch_.mark);
    connection_.execute("COMMIT");
  } catch (const StatementError&) {
    connection_.execute("ROLLBACK");
    throw;
  }
  settle();
}

bool BatchRunner::took_place() { return !batch_.mark.empty() && unfinished::is_marked(connection_, batch_.mark); }

bool BatchRunner::copy_direct() {
  if (batch_.rows() == 0 || target_.copy_direct.empty()) return false;
  try {
    copy(target_.copy_direct, 0, batch_.rows());
  } catch (const StatementError& failure) {
    if (!failure.is_about_rows()) throw;
    connection_.execute("ROLLBACK; BEGIN");
    return false;
  }
  settlement_.inserted += batch_.rows();
  return true;
}

void BatchRunner::copy(const std::string& statement, std::size_t first, std::size_t last) {
  connection_.start_copy_in(statement);
  connection_.send_copy(copy_header);
  connection_.send_copy(batch_.slice(first, last));
  connection_.send_copy(copy_trailer);
  connection_.finish_copy_in();
}

void BatchRunner::stage(std::size_t first, std::size_t last) {
  connection_.execute("SAVEPOINT twoway");
  try {
    merge(first, last);
    connection_.execute("RELEASE SAVEPOINT twoway");
    return;
  } catch (const StatementError& failure) {
    if (!failure.is_about_rows()) throw;
    connection_.execute("ROLLBACK TO SAVEPOINT twoway; RELEASE SAVEPOINT twoway");
    if (last - first == 1) {
      refuse(first, failure);
      return;
    }
  }
  const std::size_t middle = first + (last - first) / 2;
  stage(first, middle);
  stage(middle, last);
}

void BatchRunner::merge(std::size_t first, std::size_t last) {
  if (staging_used_) connection_.execute(target_.clear_staging);
  copy(target_.copy_staging, first, last);
  staging_used_ = true;
  const bool has_key = target_.layout.has_key();
  const std::size_t side_before = side_.size();
  const std::size_t waiting_before = waiting_.size();
  const std::size_t refused_before = refused_rows_.size();
  try {
    if (!has_key) keep_altered();
    const Result result = connection_.query(target_.merge);
    if (has_key) keep_altered();
    const auto inserted = static_cast<std::uint64_t>(result.integer(0, 0));
    const auto updated = static_cast<std::uint64_t>(result.integer(0, 1));
    settlement_.inserted += inserted;
    settlement_.updated += updated;
    const std::uint64_t apart = waiting_.size() - waiting_before;  // counted with the waiting rows
    settlement_.unchanged += last - first - apart - inserted - updated;
  } catch (const StatementError&) {
    side_.resize(side_before);
    waiting_.resize(waiting_before);
    refused_rows_.resize(refused_before);
    throw;
  }
}

void BatchRunner::keep_altered() {
  for (const Altered& altered : target_.altered) {
    const std::size_t columns = altered.layout.columns.size();
    const Result rows = connection_.query(altered.find);
    Arena arena;
    std::vector<Value> values(columns);
    const auto chosen = std::make_unique<bool[]>(columns);
    for (int row = 0; row < rows.rows(); ++row) {
      arena.reset();
      for (std::size_t i = 0; i < columns; ++i) {
        values[i] = decode(altered.layout.columns[i], rows, row, static_cast<int>(i), arena);
        chosen[i] = rows.integer(row, static_cast<int>(columns + i)) != 0;
      }
      keep_altered_value(altered.layout, values, {chosen.get(), columns});
    }
  }
}

void BatchRunner::keep_altered_value(const TableLayout& layout, std::span<const Value> values,
                                     std::span<const bool> chosen) {
  constexpr std::string_view reason = "a value that the column shows in another form";
  Arena arena;
  if (!layout.has_key()) {
    // Nothing tells this row from others, so nothing can be kept beside it: it waits as a whole.
    const std::string document = kept::document(layout.shape, values);
    const XXH128_hash_t hash = XXH3_128bits(document.data(), document.size());
    const std::string key = fmt::format("{:016x}{:016x}-{}-{}", hash.high64, hash.low64, batch_.mark, waiting_.size());
    waiting_.push_back({layout.rows_entity, key, document});
    refused_rows_.push_back({key, {}, std::string(reason)});
    return;
  }
  const std::string key(layout.key_text(values, arena));
  std::vector<Value> exact(values.begin(), values.end());
  const auto all = std::make_unique<bool[]>(chosen.size());
  std::copy(chosen.begin(), chosen.end(), all.get());
  const auto before = std::find_if(batch_.side.rbegin(), batch_.side.rend(), [&](const SideEntry& entry) {
    return entry.entity == layout.values_entity && entry.key == key;
  });
  if (before != batch_.side.rend() && !before->document.empty()) {
    kept::read(before->document, layout.shape, arena, [&](std::size_t column, const Value& value) {
      exact[column] = value;
      all[column] = true;
    });
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) refused_rows_.push_back({key, layout.columns[i].name, std::string(reason)});
  }
  side_.push_back({layout.values_entity, key, kept::document(layout.shape, exact, {all.get(), chosen.size()})});
}

void BatchRunner::read_row(std::size_t row, std::vector<Value>& values, Arena& arena) const {
  std::string_view bytes = batch_.slice(row, row + 1).substr(2);  // after the number of columns
  values.resize(target_.layout.columns.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto size = read_big_endian<std::int32_t>(bytes.data());
    bytes.remove_prefix(4);
    if (size < 0) {
      values[i] = Value::null();
      continue;
    }
    values[i] = decode(target_.layout.columns[i], bytes.substr(0, static_cast<std::size_t>(size)), arena);
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

void BatchRunner::restore_kept(std::size_t row, std::vector<Value>& values, Arena& arena) const {
  const auto entry = batch_.kept.find(row);
  if (entry == batch_.kept.end()) return;
  kept::read(batch_.side[entry->second].document, target_.layout.shape, arena,
             [&](std::size_t column, const Value& value) { values[column] = value; });
}

bool BatchRunner::erase(std::span<const Value> values) {
  Arena arena;
  std::vector<Parameter> parameters;
  for (const std::size_t index : target_.layout.shape.key) {
    if (values[index].is_null()) return true;
    parameters.push_back(parameter(target_.layout.columns[index], values[index], arena));
  }
  connection_.execute("SAVEPOINT twoway");
  try {
    connection_.query_prepared(target_.erase, parameters);
  } catch (const StatementError& failure) {
    connection_.execute("ROLLBACK TO SAVEPOINT twoway; RELEASE SAVEPOINT twoway");
    // Other rows hold on to the row as it was before, or the key is no value of its type.
    return !failure.refusal().sqlstate.starts_with("23");
  }
  connection_.execute("RELEASE SAVEPOINT twoway");
  return true;
}

void BatchRunner::refuse(std::size_t row, const StatementError& failure) {
  const TableLayout& layout = target_.layout;
  Arena arena;
  std::vector<Value> values;
  read_row(row, values, arena);
  std::string key;
  if (layout.has_key()) {
    key = layout.key_text(values, arena);
    if (batch_.rejects && reject(row, key, failure.refusal())) return;
    // What the row was before must not stand in the table beside it.
    if (!erase(values)) {
      settlement_.rejected.push_back({key, failure.refusal().column, reason_of(failure.refusal())});
      return;
    }
    side_.push_back({layout.values_entity, key, {}});
  }
  restore_kept(row, values, arena);
  std::string document = kept::document(layout.shape, values);
  if (key.empty()) {
    const XXH128_hash_t hash = XXH3_128bits(document.data(), document.size());
    key = fmt::format("{:016x}{:016x}-{}-{}", hash.high64, hash.low64, batch_.mark, row);
  }
  refused_rows_.push_back({key, {}, reason_of(failure.refusal())});
  waiting_.push_back({layout.rows_entity, std::move(key), std::move(document)});
}

/// False where the row shall wait: not a constraint is at fault but a value that the server cannot cast.
bool BatchRunner::reject(std::size_t row, const std::string& key, const Refusal& refusal) {
  const bool rule = refusal.sqlstate.starts_with("23") || refusal.sqlstate == trigger_refused;
  if (!target_.several && !rule) return false;
  settlement_.rejected.push_back({key, refusal.column, reason_of(refusal)});
  rejected_.insert(row);
  return true;
}

void BatchRunner::write_side() {
  std::vector<SideEntry> waiting = batch_.waiting;
  waiting.insert(waiting.end(), waiting_.begin(), waiting_.end());
  std::unordered_set<std::string_view> waits_again;
  for (const SideEntry& entry : waiting) waits_again.insert(entry.key);
  std::vector<SideEntry> side;
  for (std::size_t i = 0; i < batch_.side.size(); ++i) {
    const auto row = batch_.row_of_side.find(i);
    const bool gone = row != batch_.row_of_side.end() && rejected_.contains(row->second);
    if (!gone) side.push_back(batch_.side[i]);
  }
  side.insert(side.end(), side_.begin(), side_.end());
  std::erase_if(side, [&](const SideEntry& entry) {
    return entry.entity == target_.layout.rows_entity && waits_again.contains(entry.key);
  });
  const side_table::Changes kept = side_table::write(connection_, side);
  // A row that is as it was, but for what is kept of it, was updated too.
  const std::uint64_t changed = kept.inserted + kept.updated + kept.removed;
  const std::uint64_t written = settlement_.inserted + settlement_.updated;
  const std::uint64_t only_kept = std::min(settlement_.unchanged, changed > written ? changed - written : 0);
  settlement_.unchanged -= only_kept;
  settlement_.updated += only_kept;

  const side_table::Changes waits = side_table::write(connection_, waiting);
  settlement_.inserted += waits.inserted;
  settlement_.updated += waits.updated;
  settlement_.unchanged += waiting.size() - std::min<std::uint64_t>(waiting.size(), waits.inserted + waits.updated);
}

void BatchRunner::settle() {
  for (const RefusedRow& row : refused_rows_) refused_.add(target_.layout.table(), row.column, row.reason, row.key);
  const std::lock_guard lock(batch_.state->mutex);
  Settlement& total = batch_.state->settlement;
  total.inserted += settlement_.inserted;
  total.updated += settlement_.updated;
  total.unchanged += settlement_.unchanged;
  total.rejected.insert(total.rejected.end(), settlement_.rejected.begin(), settlement_.rejected.end());
}

}  // namespace twoway::postgresql
