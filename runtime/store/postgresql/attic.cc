#include "runtime/store/postgresql/attic.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include "runtime/store/kept.h"
#include "runtime/store/postgresql/copy_reader.h"
#include "runtime/store/postgresql/entity_layout.h"
#include "runtime/store/row_buffer.h"
#include "runtime/store/sqlite/affinity.h"
#include "runtime/transform/residue.h"

namespace twoway::postgresql {

using attic_entry::tagged;

namespace {

constexpr std::string_view no_columns =
    "another kind of database made it, and an older twoway did not note its columns: carry it to PocketBase again";

/// Names a row by all that it holds, in few bytes.
std::string hash_of(const TableShape& shape, std::span<const Value> values) {
  const std::string document = kept::document(shape, values);
  const XXH128_hash_t hash = XXH3_128bits(document.data(), document.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

AtticEntry row_entry(const TableShape& shape, std::span<const Value> values) {
  AtticEntry entry{AtticEntry::What::row, shape.name, {}, {}};
  for (std::size_t i = 0; i < values.size(); ++i) entry.values.emplace_back(shape.columns[i].name, tagged(values[i]));
  return entry;
}

}  // namespace

void PostgresqlAttic::read(const Take& take) {
  const Statements kept = attic_entry::kept_statements(tables_);
  read_shapes(kept, take);
  for (const TableShape& shape : tables_.shapes()) {
    if (!is_named(mapping_, shape.name)) read_rows(shape, take);
  }
  for (const Entity* entity : mapping_.entities) {
    for (const Join& join : entity->joins) {
      const std::set<std::string> waiting = waiting_bases(*entity, join);
      read_joined_orphans(*entity, join, waiting, take);
      read_joined_waiting(*entity, join, waiting, take);
    }
  }
  read_objects(kept, take);
}

void PostgresqlAttic::read_shapes(const Statements& kept, const Take& take) {
  for (const TableShape& shape : tables_.shapes()) {
    if (is_named(mapping_, shape.name)) continue;
    AtticEntry entry = attic_entry::table(shape, shape.sql, attic_entry::postgresql);
    attic_entry::restore_statement(entry, kept);
    take(entry);
  }
  const LiveSchema& schema = tables_.schema();
  for (const Entity* entity : mapping_.entities) {
    for (const UnknownColumn& column : unknown_columns(*entity, table_facts(schema))) {
      const auto [table, name] = split_name(*entity, column.name);
      const TableColumn declared{std::string(name), column.declared_type,
                                 schema.find(table)->find(name)->sql_type(), false};
      AtticEntry entry = attic_entry::column(table, declared, attic_entry::postgresql);
      attic_entry::restore_statement(entry, kept);
      take(entry);
    }
  }
}

void PostgresqlAttic::read_objects(const Statements& kept, const Take& take) {
  for (const TableObject& object : tables_.objects()) {
    // Indexes and triggers of mapped tables are the application's own: a target has its own.
    if (object.type == "view" || !is_named(mapping_, object.table)) {
      take(attic_entry::object(object, attic_entry::postgresql));
    }
  }
  for (const AtticEntry& entry : attic_entry::kept_objects(kept)) take(entry);
}

void PostgresqlAttic::read_rows(const TableShape& shape, const Take& take) {
  std::uint64_t place = 0;
  for (const auto reader = tables_.read(shape); reader->next();) {
    AtticEntry entry = row_entry(shape, reader->values());
    for (const std::size_t index : shape.key) {
      entry.name += fmt::format("{}:{};", entry.values[index].second.size(), entry.values[index].second);
    }
    if (shape.key.empty()) entry.name = std::to_string(++place);
    take(entry);
  }
}

/// What the joined rows of waiting base rows are joined on, tagged: they are read with their base rows.
std::set<std::string> PostgresqlAttic::waiting_bases(const Entity& entity, const Join& join) {
  std::set<std::string> bases;
  const TableShape shape = entity_shape(entity, tables_.schema());
  const std::size_t base = shape.index_of(join.base_column);
  Arena arena;
  tables_.read_side(kept::rows_of(entity.table), [&](std::string_view, std::string_view, const Value& document) {
    arena.reset();
    kept::read(arena.copy(document.bytes()), shape, arena, [&](std::size_t column, const Value& value) {
      if (column == base) bases.insert(tagged(value));
    });
  });
  return bases;
}

void PostgresqlAttic::read_joined_orphans(const Entity& entity, const Join& join,
                                          const std::set<std::string>& waiting, const Take& take) {
  const TableShape shape = without_purged(entity, joined_shape(join, tables_.schema()));
  const TableLayout layout = layout_of(tables_.schema(), shape, database_.describe());
  KeptValues kept(database_.main(), layout);
  const Database::Borrowed connection = database_.borrow();
  CopyReader rows(*connection,
                  fmt::format("{} AS joined WHERE NOT EXISTS (SELECT FROM {} AS base WHERE base.{} = joined.{})",
                              select_columns(layout.columns, layout.table()), quoted_name(entity.table),
                              quoted_name(join.base_column), quoted_name(join.column)),
                  layout.columns);
  const std::size_t name = shape.index_of(join.column);
  Arena arena;
  std::vector<Value> values;
  while (rows.next()) {
    arena.reset();
    values.assign(rows.values().begin(), rows.values().end());
    kept.restore(values, arena);
    AtticEntry entry = row_entry(shape, values);
    entry.name = entry.values[name].second;
    if (!waiting.contains(entry.name)) take(entry);
  }
}

void PostgresqlAttic::read_joined_waiting(const Entity& entity, const Join& join,
                                          const std::set<std::string>& waiting, const Take& take) {
  const TableShape shape = without_purged(entity, joined_shape(join, tables_.schema()));
  const std::size_t name = shape.index_of(join.column);
  Arena arena;
  std::vector<Value> values;
  tables_.read_side(kept::rows_of(join.table), [&](std::string_view, std::string_view key, const Value& document) {
    arena.reset();
    values.assign(shape.columns.size(), Value::null());
    const bool ours = kept::read(arena.copy(document.bytes()), shape, arena,
                                 [&](std::size_t column, const Value& value) { values[column] = value; });
    if (!ours || waiting.contains(tagged(values[name]))) return;
    AtticEntry entry = row_entry(shape, values);
    entry.name = std::string(AtticEntry::waiting).append(key);
    take(entry);
  });
}

Outcome PostgresqlAttic::write(const AtticEntry& entry) {
  try {
    switch (entry.what) {
      case AtticEntry::What::row: return write_row(entry);
      case AtticEntry::What::table: return write_table(entry);
      case AtticEntry::What::column: return write_column(entry);
      case AtticEntry::What::object: return write_object(entry);
      case AtticEntry::What::broken: break;
    }
  } catch (const StatementError& failure) {
    return {Written::rejected, {}, failure.refusal().message};
  }
  return {Written::rejected, {}, "the record is not as twoway wrote it; restore it from a backup of PocketBase"};
}

bool PostgresqlAttic::keep_statement(const AtticEntry& entry) {
  return tables_.write_side(kept::statements_of(attic_entry::dialect(entry)), attic_entry::statement_key(entry),
                            Value::text(attic_entry::statement_document(entry)));
}

Outcome PostgresqlAttic::write_table(const AtticEntry& entry) {
  if (tables_.schema().find(entry.table) != nullptr) return {};
  const auto shape = attic_entry::shape(entry);
  if (!shape) return {Written::rejected, {}, std::string(no_columns)};
  if (attic_entry::dialect(entry) != attic_entry::postgresql) {
    // First the statement: a run that is killed in between finds no table, and comes here again.
    keep_statement(entry);
    tables_.ensure(*shape, true);
    return {Written::inserted, {}, {}};
  }
  Outcome outcome{Written::inserted, {}, {}};
  try {
    tables_.ensure(*shape, false);
  } catch (const StatementError& failure) {
    // An extension's type that this server lacks, for one. The rows shall have a place all the same.
    outcome = {Written::rejected, {}, failure.refusal().message + "; a plain table was made in its place"};
  }
  // Also columns that the table got while it was in a database of another kind.
  tables_.ensure(*shape, true);
  return outcome;
}

Outcome PostgresqlAttic::write_column(const AtticEntry& entry) {
  const LiveTable* table = tables_.schema().find(entry.table);
  if (table == nullptr) return {Written::rejected, {}, fmt::format("there is no table {}", entry.table)};
  if (table->find(entry.name) != nullptr) return {};
  TableShape shape;
  shape.name = entry.table;
  shape.columns.push_back(attic_entry::column(entry));
  const bool foreign = attic_entry::dialect(entry) != attic_entry::postgresql;
  // An older twoway did not note the word for what SQLite declares.
  if (!attic_entry::text(entry, "word")) shape.columns[0].type = sqlite::type_of(shape.columns[0].declared_type);
  if (foreign) keep_statement(entry);  // first, as with a table
  tables_.ensure(shape, foreign);
  return {Written::inserted, {}, {}};
}

Outcome PostgresqlAttic::write_object(const AtticEntry& entry) {
  const auto sql = attic_entry::text(entry, "sql");
  if (!sql) return {Written::rejected, {}, "the attic entry has no SQL text"};
  if (attic_entry::dialect(entry) != attic_entry::postgresql) {
    return {keep_statement(entry) ? Written::inserted : Written::unchanged, {}, {}};
  }
  const std::size_t blank = std::min(entry.name.find(' '), entry.name.size() - 1);
  return tables_.ensure(TableObject{entry.name.substr(0, blank), entry.name.substr(blank + 1), entry.table, *sql});
}

Outcome PostgresqlAttic::write_row(const AtticEntry& entry) {
  const LiveTable* table = tables_.schema().find(entry.table);
  if (table == nullptr) return {Written::rejected, {}, fmt::format("there is no table {}", entry.table)};
  const TableShape whole = shape_of(*table);
  TableShape shape;
  shape.name = whole.name;
  std::string id = whole.name;
  Arena arena;
  std::vector<Value> values;
  for (const auto& [name, text] : entry.values) {
    // Where a row of a SQLite table lay is no data.
    if (name == attic_entry::rowid_name) continue;
    const auto value = read_tagged(text, arena);
    if (!value) return {Written::rejected, name, "the attic entry holds a value that twoway did not write"};
    const TableColumn* column = whole.find(name);
    if (column == nullptr) return {Written::rejected, name, fmt::format("{} has no such column", whole.name)};
    shape.columns.push_back(*column);
    values.push_back(*value);
    id.append("\n").append(name);
  }
  for (const std::size_t index : whole.key) {
    const std::string& part = whole.columns[index].name;
    const std::size_t place = shape.index_of(part);
    if (place == shape.columns.size()) return {Written::rejected, part, "a part of its key is missing"};
    shape.key.push_back(place);
  }
  const bool mapped = is_named(mapping_, entry.table);
  if (mapped && entry.name.starts_with(AtticEntry::duplicate)) return let_wait(shape, entry, values);
  if (mapped && entry.name.starts_with(AtticEntry::waiting)) {
    std::vector<Value> key, found;
    for (const std::size_t index : shape.key) key.push_back(values[index]);
    if (tables_.find(shape, key, found)) {
      const bool equal = std::equal(values.begin(), values.end(), found.begin(), found.end(),
                                    [](const Value& a, const Value& b) { return same(a, b); });
      return equal ? Outcome{} : let_wait(shape, entry, values);
    }
  }
  std::unique_ptr<TableWriter>& writer = writers_[id];
  if (!writer) writer = tables_.write(shape, false);
  if (shape.key.empty()) return write_keyless(shape, *writer, entry, values);
  return writer->write(values);
}

Outcome PostgresqlAttic::write_keyless(const TableShape& shape, TableWriter& writer, const AtticEntry& entry,
                                       std::span<const Value> values) {
  const auto [place, first] = keyless_.try_emplace(entry.table);
  if (first) {
    for (const auto reader = tables_.read(shape); reader->next();) ++place->second[hash_of(shape, reader->values())];
  }
  const auto found = place->second.find(hash_of(shape, values));
  if (found == place->second.end() || found->second == 0) return writer.write(values);
  --found->second;
  return {};
}

/// Another row has its key already: the entry's name tells it from that one.
Outcome PostgresqlAttic::let_wait(const TableShape& shape, const AtticEntry& entry, std::span<const Value> values) {
  Arena arena;
  const std::string key = side_table::key_of_duplicate(kept::key_text(shape, values, arena), entry.name);
  const bool changed =
      tables_.write_side(kept::rows_of(shape.name), key, Value::text(kept::document(shape, values)));
  return {changed ? Written::inserted : Written::unchanged, {}, {}};
}

Settlement PostgresqlAttic::settle(bool all) {
  Settlement total;
  for (auto& [id, writer] : writers_) {
    Settlement part = writer->settle(all);
    total.inserted += part.inserted;
    total.updated += part.updated;
    total.unchanged += part.unchanged;
    for (Rejection& rejection : part.rejected) total.rejected.push_back(std::move(rejection));
  }
  return total;
}

}  // namespace twoway::postgresql
