#include "runtime/store/sql/attic.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/sql/entity_columns.h"
#include "runtime/store/sql/kept_entity.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sqlite/bulk_load.h"
#include "runtime/transform/residue.h"

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

namespace {

bool named_by(const Mapping& mapping, std::string_view table) {
  if (table == side_table_name || table == sqlite::BulkLoad::table || table == mapping.version_table) return true;
  for (const PurgedTable& purged : mapping.purged) {
    if (purged.name == table) return true;
  }
  for (const Entity* entity : mapping.entities) {
    if (entity->table == table) return true;
    for (const Join& join : entity->joins) {
      if (join.table == table) return true;
    }
  }
  return false;
}

std::string tagged(const Value& value) {
  std::string out;
  append_tagged(out, value);
  return out;
}

}  // namespace

std::vector<const sqlite::LiveTable*> SqlAttic::unknown_tables() const {
  std::vector<const sqlite::LiveTable*> unknown;
  for (const sqlite::LiveTable& table : schema_.tables) {
    if (!named_by(mapping_, table.name)) unknown.push_back(&table);
  }
  return unknown;
}

void SqlAttic::read(const std::function<void(const AtticEntry&)>& take) {
  for (const sqlite::LiveTable* table : unknown_tables()) {
    take({AtticEntry::What::table, table->name, {}, {{"sql", tagged(Value::text(table->sql))}}});
  }
  for (const Entity* entity : mapping_.entities) {
    for (const UnknownColumn& column : sql_sqlite::unknown_columns(*entity, schema_)) {
      const auto [table, name] = split_name(*entity, column.name);
      take({AtticEntry::What::column, std::string(table), std::string(name),
            {{"type", tagged(Value::text(column.declared_type))}}});
    }
  }
  for (const sqlite::LiveTable* table : unknown_tables()) read_rows(*table, take);
  for (const Entity* entity : mapping_.entities) {
    read_waiting(entity->table, take);
    for (const Join& join : entity->joins) {
      read_joined_orphans(*entity, join, take);
      read_waiting(join.table, take);
    }
  }
  read_objects(take);
}

void SqlAttic::read_objects(const std::function<void(const AtticEntry&)>& take) {
  for (const sqlite::LiveObject& object : schema_.objects) {
    // Indexes and triggers of mapped tables are the application's own: a target has its own.
    if (object.type != "view" && named_by(mapping_, object.table)) continue;
    take({AtticEntry::What::object, object.table, fmt::format("{} {}", object.type, object.name),
          {{"sql", tagged(Value::text(object.sql))}}});
  }
}

void SqlAttic::read_rows(const sqlite::LiveTable& table, const std::function<void(const AtticEntry&)>& take) {
  const std::string rowid = table.rowid_name();
  std::vector<std::string> names;
  std::vector<std::string> selected;
  if (!rowid.empty()) {
    names.emplace_back(rowid_entry);
    selected.push_back(rowid);
  }
  std::vector<std::size_t> primary_key;
  for (const sqlite::LiveColumn& column : table.columns) {
    if (column.generated) continue;
    if (column.primary_key > 0) primary_key.push_back(names.size());
    names.push_back(column.name);
    selected.push_back(quoted_name(column.name));
  }
  sqlite::Statement rows =
      connection_.prepare(fmt::format("SELECT {} FROM {}", fmt::join(selected, ", "), quoted_name(table.name)));
  while (rows.step()) {
    AtticEntry entry{AtticEntry::What::row, table.name, {}, {}};
    for (std::size_t i = 0; i < names.size(); ++i) {
      entry.values.emplace_back(names[i], tagged(rows.column(static_cast<int>(i))));
    }
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
  std::vector<std::string> names, selected;
  for (const sqlite::LiveColumn& column : table->columns) {
    const auto purged = [&](const Declared& declared) {
      return declared.what == FieldClass::purge && split_name(entity, declared.name).first == join.table &&
             split_name(entity, declared.name).second == column.name;
    };
    if (column.generated || std::any_of(entity.declared.begin(), entity.declared.end(), purged)) continue;
    names.push_back(column.name);
    selected.push_back(quoted_name(column.name));
  }
  sqlite::Statement rows = connection_.prepare(
      fmt::format("SELECT {} FROM {} WHERE {} NOT IN (SELECT {} FROM {}) OR {} IS NULL", fmt::join(selected, ", "),
                  quoted_name(join.table), quoted_name(join.column), quoted_name(join.base_column),
                  quoted_name(entity.table), quoted_name(join.column)));
  while (rows.step()) {
    AtticEntry entry{AtticEntry::What::row, std::string(join.table), {}, {}};
    for (std::size_t i = 0; i < names.size(); ++i) {
      entry.values.emplace_back(names[i], tagged(rows.column(static_cast<int>(i))));
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
  Arena arena;
  if (entry.what == AtticEntry::What::row) return write_row(entry);
  if (entry.what == AtticEntry::What::broken) {
    return {Written::rejected, {}, "the record is not as twoway wrote it; restore it from a backup of PocketBase"};
  }
  const auto value = entry.values.empty() ? std::nullopt : read_tagged(entry.values[0].second, arena);
  if (!value || !value->is_text()) return {Written::rejected, {}, "the attic entry has no SQL text"};
  switch (entry.what) {
    case AtticEntry::What::table:
      if (schema_.find(entry.table) != nullptr) return {};
      return run(std::string(value->bytes()));
    case AtticEntry::What::column: {
      const sqlite::LiveTable* table = schema_.find(entry.table);
      if (table != nullptr && table->find(entry.name) != nullptr) return {};
      return run(fmt::format("ALTER TABLE {} ADD COLUMN {} {}", quoted_name(entry.table), quoted_name(entry.name),
                             value->bytes()));
    }
    case AtticEntry::What::object: {
      const std::string name = entry.name.substr(entry.name.find(' ') + 1);
      const auto same_name = [&](const sqlite::LiveObject& object) { return object.name == name; };
      if (std::any_of(schema_.objects.begin(), schema_.objects.end(), same_name)) return {};
      return run(std::string(value->bytes()));
    }
    case AtticEntry::What::row:
    case AtticEntry::What::broken: break;
  }
  return {};
}

Outcome SqlAttic::write_row(const AtticEntry& entry) {
  const sqlite::LiveTable* table = schema_.find(entry.table);
  if (table == nullptr) return {Written::rejected, {}, fmt::format("there is no table {}", entry.table)};
  Arena arena;
  std::vector<std::string> names, where;
  std::vector<Value> values;
  bool has_rowid = false;
  for (const auto& [name, text] : entry.values) {
    const auto value = read_tagged(text, arena);
    if (!value) return {Written::rejected, name, "the attic entry holds a value that twoway did not write"};
    if (name == rowid_entry) {
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
  while (statements.find.step()) {
    bool equal = true;
    for (std::size_t i = 0; i < values.size(); ++i) {
      equal = equal && same(statements.find.column(static_cast<int>(i)), values[i]);
    }
    if (equal) {
      statements.find.reset();
      return {};
    }
  }
  statements.find.reset();
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
