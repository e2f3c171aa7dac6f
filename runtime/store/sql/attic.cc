#include "runtime/store/sql/attic.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include "runtime/store/sql/entity_columns.h"
#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sqlite/bulk_load.h"
#include "runtime/transform/residue.h"

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

using attic_entry::rowid_name;
using attic_entry::tagged;

namespace {

bool named_by(const Mapping& mapping, std::string_view table) {
  return table == side_table_name || table == sqlite::BulkLoad::table || is_named(mapping, table);
}

/// Names a row by all that it holds, in few bytes.
std::string row_text(const AtticEntry& entry) {
  std::string text = entry.table;
  for (const auto& [name, value] : entry.values) text += fmt::format("\n{}:{}{}", name.size(), name, value);
  const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

constexpr std::string_view no_columns =
    "another kind of database made it, and an older twoway did not note its columns: carry it to PocketBase again";

}  // namespace

std::vector<const sqlite::LiveTable*> SqlAttic::unknown_tables() const {
  std::vector<const sqlite::LiveTable*> unknown;
  for (const sqlite::LiveTable& table : schema_.tables) {
    if (!named_by(mapping_, table.name)) unknown.push_back(&table);
  }
  return unknown;
}

void SqlAttic::read(const std::function<void(const AtticEntry&)>& take) {
  const std::vector<attic_entry::Statement> kept = attic_entry::kept_statements(tables_);
  for (const sqlite::LiveTable* table : unknown_tables()) {
    AtticEntry entry = attic_entry::table(shape_of(connection_, *table), table->sql, attic_entry::sqlite);
    attic_entry::restore_statement(entry, kept);
    take(entry);
  }
  for (const Entity* entity : mapping_.entities) {
    for (const UnknownColumn& column : unknown_columns(*entity, table_facts(schema_))) {
      const auto [table, name] = split_name(*entity, column.name);
      const TableColumn declared{std::string(name), column.declared_type, sqlite::type_of(column.declared_type), false};
      AtticEntry entry = attic_entry::column(table, declared, attic_entry::sqlite);
      attic_entry::restore_statement(entry, kept);
      take(entry);
    }
  }
  for (const sqlite::LiveTable* table : unknown_tables()) {
    read_rows(*table, take);
    read_waiting(table->name, take);
  }
  for (const Entity* entity : mapping_.entities) {
    read_waiting(entity->table, take);
    for (const Join& join : entity->joins) {
      read_joined_orphans(*entity, join, take);
      read_waiting(join.table, take);
    }
  }
  read_objects(kept, take);
}

void SqlAttic::read_objects(const std::vector<attic_entry::Statement>& kept,
                            const std::function<void(const AtticEntry&)>& take) {
  for (const sqlite::LiveObject& object : schema_.objects) {
    // Indexes and triggers of mapped tables are the application's own: a target has its own.
    if (object.type != "view" && named_by(mapping_, object.table)) continue;
    take(attic_entry::object({object.type, object.name, object.table, object.sql}, attic_entry::sqlite));
  }
  for (const AtticEntry& entry : attic_entry::kept_objects(kept)) take(entry);
}

void SqlAttic::read_rows(const sqlite::LiveTable& table, const std::function<void(const AtticEntry&)>& take) {
  const std::string rowid = table.rowid_name();
  std::vector<std::string> names;
  std::vector<std::string> selected;
  if (!rowid.empty()) {
    names.emplace_back(rowid_name);
    selected.push_back(rowid);
  }
  const std::size_t first = names.size();
  std::vector<std::size_t> primary_key;
  for (const sqlite::LiveColumn& column : table.columns) {
    if (column.generated) continue;
    if (column.primary_key > 0) primary_key.push_back(names.size());
    names.push_back(column.name);
    selected.push_back(quoted_name(column.name));
  }
  sqlite::Statement rows =
      connection_.prepare(fmt::format("SELECT {} FROM {}", fmt::join(selected, ", "), quoted_name(table.name)));
  KeptRows kept(side_, shape_of(connection_, table));
  std::vector<Value> values(names.size());
  Arena arena;
  while (rows.step()) {
    arena.reset();
    AtticEntry entry{AtticEntry::What::row, table.name, {}, {}};
    for (std::size_t i = 0; i < names.size(); ++i) values[i] = rows.column(static_cast<int>(i));
    kept.restore(std::span(values).subspan(first), arena);
    for (std::size_t i = 0; i < names.size(); ++i) entry.values.emplace_back(names[i], tagged(values[i]));
    // What tells this row from the others: the row id, or the primary key where there is none.
    if (!rowid.empty()) {
      entry.name = entry.values[0].second;
    } else {
      for (std::size_t index : primary_key) {
        entry.name += fmt::format("{}:{};", entry.values[index].second.size(), entry.values[index].second);
      }
    }
    take(entry);
  }
}

void SqlAttic::read_joined_orphans(const Entity& entity, const Join& join,
                                   const std::function<void(const AtticEntry&)>& take) {
  const sqlite::LiveTable* table = schema_.find(join.table);
  if (table == nullptr) return;
  const TableShape shape = without_purged(entity, shape_of(connection_, *table));
  std::vector<std::string> names, selected;
  for (const TableColumn& column : shape.columns) {
    names.push_back(column.name);
    selected.push_back(quoted_name(column.name));
  }
  sqlite::Statement rows = connection_.prepare(
      fmt::format("SELECT {} FROM {} WHERE {} NOT IN (SELECT {} FROM {}) OR {} IS NULL", fmt::join(selected, ", "),
                  quoted_name(join.table), quoted_name(join.column), quoted_name(join.base_column),
                  quoted_name(entity.table), quoted_name(join.column)));
  KeptRows kept(side_, shape);
  std::vector<Value> values(names.size());
  Arena arena;
  while (rows.step()) {
    arena.reset();
    AtticEntry entry{AtticEntry::What::row, std::string(join.table), {}, {}};
    for (std::size_t i = 0; i < names.size(); ++i) values[i] = rows.column(static_cast<int>(i));
    kept.restore(values, arena);
    for (std::size_t i = 0; i < names.size(); ++i) {
      entry.values.emplace_back(names[i], tagged(values[i]));
      if (names[i] == join.column) entry.name = entry.values.back().second;
    }
    take(entry);
  }
}

void SqlAttic::read_waiting(std::string_view name, const std::function<void(const AtticEntry&)>& take) {
  const sqlite::LiveTable* table = schema_.find(name);
  if (table == nullptr || !side_.has_entries(kept::rows_of(name))) return;
  KeptRows kept(side_, shape_of(connection_, *table));
  std::vector<Value> values(kept.shape().columns.size());
  Arena arena;
  for (sqlite::Statement rows = kept.list_waiting(); rows.step();) {
    arena.reset();
    if (!kept.read_waiting(rows.column(2).bytes(), values, arena)) continue;
    AtticEntry entry{AtticEntry::What::row, std::string(name), std::string(AtticEntry::waiting), {}};
    entry.name += rows.column(1).bytes();
    for (std::size_t i = 0; i < values.size(); ++i) {
      entry.values.emplace_back(kept.shape().columns[i].name, tagged(values[i]));
    }
    take(entry);
  }
}

Outcome SqlAttic::let_wait(const sqlite::LiveTable& table, const AtticEntry& entry) {
  KeptRows kept(side_, shape_of(connection_, table));
  std::vector<Value> values(kept.shape().columns.size());
  Arena arena;
  for (const auto& [name, text] : entry.values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (kept.shape().columns[i].name == name) values[i] = read_tagged(text, arena).value_or(Value::null());
    }
  }
  const bool changed = kept.keep_row(kept::key_text(kept.shape(), values, arena), values);
  return {changed ? Written::inserted : Written::unchanged, {}, {}};
}

Outcome SqlAttic::run(const std::string& sql) {
  sqlite::Statement statement = connection_.prepare(sql);
  if (!statement.execute()) return {Written::rejected, {}, connection_.last_error()};
  schema_ = sqlite::read_schema(connection_);
  return {Written::inserted, {}, {}};
}

Outcome SqlAttic::write(const AtticEntry& entry) {
  switch (entry.what) {
    case AtticEntry::What::row: return write_row(entry);
    case AtticEntry::What::table: return write_table(entry);
    case AtticEntry::What::column: return write_column(entry);
    case AtticEntry::What::object: return write_object(entry);
    case AtticEntry::What::broken: break;
  }
  return {Written::rejected, {}, "the record is not as twoway wrote it; restore it from a backup of PocketBase"};
}

bool SqlAttic::keep_statement(const AtticEntry& entry) {
  return side_.write(kept::statements_of(attic_entry::dialect(entry)), attic_entry::statement_key(entry),
                     Value::text(attic_entry::statement_document(entry)));
}

Outcome SqlAttic::write_table(const AtticEntry& entry) {
  if (schema_.find(entry.table) != nullptr) return {};
  const auto sql = attic_entry::text(entry, "sql");
  const auto shape = attic_entry::shape(entry);
  Outcome outcome{Written::inserted, {}, {}};
  if (attic_entry::dialect(entry) != attic_entry::sqlite) {
    if (!shape) return {Written::rejected, {}, std::string(no_columns)};
    keep_statement(entry);
  } else {
    if (!sql) return {Written::rejected, {}, "the attic entry has no SQL text"};
    outcome = run(*sql);
  }
  // Also columns that the table got while it was in a database of another kind.
  if (shape && outcome.what != Written::rejected) tables_.ensure(*shape, true);
  return outcome;
}

Outcome SqlAttic::write_column(const AtticEntry& entry) {
  const sqlite::LiveTable* table = schema_.find(entry.table);
  if (table != nullptr && table->find(entry.name) != nullptr) return {};
  if (attic_entry::dialect(entry) == attic_entry::sqlite) {
    return run(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quoted_name(entry.table), quoted_name(entry.name),
                           attic_entry::text(entry, "type").value_or("")));
  }
  if (table == nullptr) return {Written::rejected, {}, fmt::format("there is no table {}", entry.table)};
  TableShape shape;
  shape.name = entry.table;
  shape.columns.push_back(attic_entry::column(entry));
  keep_statement(entry);
  tables_.ensure(shape, true);
  return {Written::inserted, {}, {}};
}

Outcome SqlAttic::write_object(const AtticEntry& entry) {
  const auto sql = attic_entry::text(entry, "sql");
  if (!sql) return {Written::rejected, {}, "the attic entry has no SQL text"};
  if (attic_entry::dialect(entry) != attic_entry::sqlite) {
    return {keep_statement(entry) ? Written::inserted : Written::unchanged, {}, {}};
  }
  const std::string name = entry.name.substr(entry.name.find(' ') + 1);
  const auto same_name = [&](const sqlite::LiveObject& object) { return object.name == name; };
  if (std::any_of(schema_.objects.begin(), schema_.objects.end(), same_name)) return {};
  return run(*sql);
}

/// A row that came from a database without row ids.
Outcome SqlAttic::write_keyed_row(const sqlite::LiveTable& table, const AtticEntry& entry) {
  const TableShape whole = shape_of(connection_, table);
  TableShape shape;
  shape.name = table.name;
  std::string id = table.name;
  Arena arena;
  std::vector<Value> values;
  for (const auto& [name, text] : entry.values) {
    const auto value = read_tagged(text, arena);
    if (!value) return {Written::rejected, name, "the attic entry holds a value that twoway did not write"};
    const TableColumn* column = whole.find(name);
    if (column == nullptr) return {Written::rejected, name, fmt::format("{} has no such column", table.name)};
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
  std::unique_ptr<TableWriter>& writer = writers_[id];
  if (!writer) writer = tables_.write(shape, false);
  return writer->write(values);
}

/// One row of a key came with its entity, and may be equal to those behind it: they have to be one more than those.
bool SqlAttic::lacks_duplicate(const sqlite::LiveTable& table, const AtticEntry& entry) {
  const std::vector<std::string> key = sqlite::unique_key(connection_, table);
  if (key.empty()) return false;
  std::vector<std::string> where;
  for (const std::string& name : key) where.push_back(quoted_name(name) + " IS ?");
  sqlite::Statement rows = connection_.prepare(
      fmt::format("SELECT count(*) FROM {} WHERE {}", quoted_name(table.name), fmt::join(where, " AND ")));
  AtticEntry parts{AtticEntry::What::row, "key of " + table.name, {}, {}};
  Arena arena;
  for (std::size_t i = 0; i < key.size(); ++i) {
    for (const auto& [name, text] : entry.values) {
      if (name != key[i]) continue;
      parts.values.emplace_back(name, text);
      rows.bind(static_cast<int>(i), read_tagged(text, arena).value_or(Value::null()));
    }
  }
  const std::uint64_t wanted = 1 + ++seen_[row_text(parts)];
  return rows.step() && static_cast<std::uint64_t>(rows.column(0).as_integer()) < wanted;
}

Outcome SqlAttic::write_row(const AtticEntry& entry) {
  const sqlite::LiveTable* table = schema_.find(entry.table);
  if (table == nullptr) return {Written::rejected, {}, fmt::format("there is no table {}", entry.table)};
  const auto is_rowid = [](const auto& value) { return value.first == rowid_name; };
  const bool from_sqlite = std::any_of(entry.values.begin(), entry.values.end(), is_rowid);
  const bool has_key = !from_sqlite && !sqlite::unique_key(connection_, *table).empty();
  // Rows that have their key in common with others, or none, are put in by hand.
  const bool alike = entry.name.starts_with(AtticEntry::duplicate) || entry.name.starts_with(AtticEntry::waiting) ||
                     entry.name == tagged(Value::null());
  if (has_key && !(alike && named_by(mapping_, entry.table))) return write_keyed_row(*table, entry);
  Arena arena;
  std::vector<std::string> names, where;
  std::vector<Value> values;
  bool has_rowid = false;
  for (const auto& [name, text] : entry.values) {
    const auto value = read_tagged(text, arena);
    if (!value) return {Written::rejected, name, "the attic entry holds a value that twoway did not write"};
    if (name == rowid_name) {
      has_rowid = true;
      names.insert(names.begin(), table->rowid_name());
      values.insert(values.begin(), *value);
    } else {
      names.push_back(quoted_name(name));
      values.push_back(*value);
    }
  }
  for (std::size_t i = 0; i < names.size(); ++i) where.push_back(fmt::format("{0} IS ?{1}", names[i], i + 1));
  const std::string id = fmt::format("{}\n{}", entry.table, fmt::join(names, "\n"));
  auto found = statements_.find(id);
  if (found == statements_.end()) {
    Statements made;
    made.find = connection_.prepare(fmt::format("SELECT {} FROM {} WHERE {}", fmt::join(names, ", "),
                                                quoted_name(entry.table), fmt::join(where, " AND ")));
    made.insert = connection_.prepare(
        fmt::format("INSERT INTO {} ({}) VALUES ({})", quoted_name(entry.table), fmt::join(names, ", "),
                    fmt::join(std::vector<std::string>(names.size(), "?"), ", ")));
    if (has_rowid) {
      made.remove = connection_.prepare(fmt::format("DELETE FROM {} WHERE {} = ?", quoted_name(entry.table), names[0]));
    }
    found = statements_.emplace(id, std::move(made)).first;
  }
  Statements& statements = found->second;
  statements.find.reset();
  for (std::size_t i = 0; i < values.size(); ++i) statements.find.bind(static_cast<int>(i), values[i]);
  // Where nothing tells rows apart, as many of one kind are wanted as come.
  const bool is_duplicate = entry.name.starts_with(AtticEntry::duplicate);
  const bool told_apart = has_rowid || (has_key && !is_duplicate && entry.name != tagged(Value::null()));
  std::uint64_t missing = told_apart ? 1 : ++seen_[row_text(entry)];
  while (missing > 0 && statements.find.step()) {
    bool equal = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      equal = equal && same(statements.find.column(static_cast<int>(i)), values[i]);
    }
    if (equal) --missing;
  }
  statements.find.reset();
  const bool short_of_one = is_duplicate && lacks_duplicate(*table, entry);
  if (missing == 0 && !short_of_one) return {};
  bool replaced = false;
  if (statements.remove) {
    statements.remove.bind(0, values[0]);
    statements.remove.execute();
    replaced = connection_.changes() > 0;
  }
  for (std::size_t i = 0; i < values.size(); ++i) statements.insert.bind(static_cast<int>(i), values[i]);
  if (!statements.insert.execute()) {
    if (entry.name.starts_with(AtticEntry::waiting)) return let_wait(*table, entry);
    return {Written::rejected, {}, connection_.last_error()};
  }
  return {replaced ? Written::updated : Written::inserted, {}, {}};
}

}  // namespace twoway::sql_sqlite
