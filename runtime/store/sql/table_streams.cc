#include "runtime/store/sql/table_streams.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

std::string select_table(const TableShape& shape) {
  std::vector<std::string> names;
  for (const TableColumn& column : shape.columns) names.push_back(quoted_name(column.name));
  return fmt::format("SELECT {} FROM {}", fmt::join(names, ", "), quoted_name(shape.name));
}

std::string where_key(const TableShape& shape) {
  std::vector<std::string> terms;
  for (const std::size_t index : shape.key) terms.push_back(quoted_name(shape.columns[index].name) + " IS ?");
  return fmt::format("{}", fmt::join(terms, " AND "));
}

SqliteTableReader::SqliteTableReader(sqlite::Connection& connection, SideTable& side, const TableShape& shape)
    : kept_(side, shape),
      rows_(connection.prepare(select_table(shape))),
      waiting_(kept_.list_waiting()),
      values_(shape.columns.size()) {}

bool SqliteTableReader::next_row() {
  if (in_table_ && rows_.step()) {
    for (std::size_t i = 0; i < values_.size(); ++i) values_[i] = rows_.column(static_cast<int>(i));
    kept_.restore(values_, arena_);
    return true;
  }
  in_table_ = false;
  while (waiting_.step()) {
    const Value document = waiting_.column(2);
    if (document.is_text() && kept_.read_waiting(document.bytes(), values_, arena_)) return true;
  }
  return false;
}

bool SqliteTableReader::next() {
  arena_.reset();
  if (!next_row()) return false;
  bytes_ = 0;
  for (const Value& value : values_) {
    bytes_ += value.is_text() || value.is_blob() ? value.bytes().size() : sizeof(std::int64_t);
  }
  return true;
}

SqliteTableWriter::SqliteTableWriter(sqlite::Connection& connection, SideTable& side, const TableShape& shape,
                                     bool without_rowid, bool dry_run, RefusedCounts& refused)
    : connection_(connection),
      kept_(side, shape),
      refused_(refused),
      without_rowid_(without_rowid),
      dry_run_(dry_run),
      shown_(shape.columns.size()),
      chosen_(std::make_unique<bool[]>(shape.columns.size())) {
  if (!dry_run) prepare();
}

void SqliteTableWriter::prepare() {
  const TableShape& shape = kept_.shape();
  std::vector<std::string> names, key, assignments, differences;
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const std::string name = quoted_name(shape.columns[i].name);
    names.push_back(name);
    if (std::find(shape.key.begin(), shape.key.end(), i) != shape.key.end()) continue;
    assignments.push_back(fmt::format("{0} = excluded.{0}", name));
    differences.push_back(
        fmt::format("t.{0} IS NOT excluded.{0} OR typeof(t.{0}) IS NOT typeof(excluded.{0})", name));
  }
  for (const std::size_t index : shape.key) key.push_back(names[index]);
  std::string sql = fmt::format("INSERT INTO {} AS t ({}) VALUES ({})", quoted_name(shape.name), fmt::join(names, ", "),
                                fmt::join(std::vector<std::string>(names.size(), "?"), ", "));
  if (!key.empty()) {
    sql += fmt::format(" ON CONFLICT ({}) DO ", fmt::join(key, ", "));
    sql += assignments.empty() ? std::string("NOTHING")
                               : fmt::format("UPDATE SET {} WHERE {}", fmt::join(assignments, ", "),
                                             fmt::join(differences, " OR "));
    find_ = connection_.prepare(select_table(shape) + " WHERE " + where_key(shape));
    remove_ = connection_.prepare(fmt::format("DELETE FROM {} WHERE {}", quoted_name(shape.name), where_key(shape)));
  }
  upsert_ = connection_.prepare(sql);
}

Outcome SqliteTableWriter::insert(bool by_hand) {
  const TableShape& shape = kept_.shape();
  bool replaced = false;
  if (by_hand) {
    find_.reset();
    for (std::size_t i = 0; i < shape.key.size(); ++i) find_.bind(static_cast<int>(i), shown_[shape.key[i]]);
    if (find_.step()) {
      bool equal = true;
      for (std::size_t i = 0; i < shown_.size(); ++i) {
        equal = equal && same(find_.column(static_cast<int>(i)), shown_[i]);
      }
      find_.reset();
      if (equal) return {};
      for (std::size_t i = 0; i < shape.key.size(); ++i) remove_.bind(static_cast<int>(i), shown_[shape.key[i]]);
      replaced = remove_.execute();
    }
    find_.reset();
  }
  for (std::size_t i = 0; i < shown_.size(); ++i) upsert_.bind(static_cast<int>(i), shown_[i]);
  connection_.clear_last_insert();
  if (!upsert_.execute()) return {Written::rejected, {}, connection_.last_error()};
  if (connection_.changes() == 0) return {};
  const bool inserted = by_hand ? !replaced : connection_.last_insert() != 0;
  return {inserted ? Written::inserted : Written::updated, {}, {}};
}

Outcome SqliteTableWriter::keep_row(std::string_view key, std::span<const Value> values) {
  // An older state of the row must not stand in the table while the newer one waits.
  const TableShape& shape = kept_.shape();
  for (std::size_t i = 0; i < shape.key.size(); ++i) remove_.bind(static_cast<int>(i), shown_[shape.key[i]]);
  remove_.execute();
  const bool replaced = connection_.changes() > 0;
  kept_.keep_values(key, values, {});
  const bool changed = kept_.keep_row(key, values);
  if (replaced) return {Written::updated, {}, {}};
  return {changed ? Written::inserted : Written::unchanged, {}, {}};
}

Outcome SqliteTableWriter::write(std::span<const Value> values) {
  const TableShape& shape = kept_.shape();
  arena_.reset();
  std::string_view key;
  const auto key_text = [&] { return key.empty() ? key = kept::key_text(shape, values, arena_) : key; };
  bool by_hand = without_rowid_ && !shape.key.empty();
  bool any = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    shown_[i] = kept_.shown(i, values[i], arena_);
    chosen_[i] = !same(shown_[i], values[i]);
    any = any || chosen_[i];
    if (chosen_[i]) refused_.add(shape.name, shape.columns[i].name, KeptRows::reason(values[i]), key_text());
  }
  // NULLs never conflict, so such a key would be inserted again and again.
  for (const std::size_t index : shape.key) by_hand = by_hand || shown_[index].is_null();
  if (dry_run_) return {};
  Outcome outcome = insert(by_hand);
  if (outcome.what == Written::rejected) {
    if (shape.key.empty()) return outcome;
    refused_.add(shape.name, {}, outcome.reason, key_text());
    return keep_row(key_text(), values);
  }
  bool beside = false;
  if (!shape.key.empty()) {
    if (any || kept_.has_values()) beside = kept_.keep_values(key_text(), values, {chosen_.get(), values.size()});
    beside = kept_.drop_row(key_text()) || beside;
  }
  if (beside && outcome.what == Written::unchanged) outcome.what = Written::updated;
  return outcome;
}

}  // namespace twoway::sql_sqlite
