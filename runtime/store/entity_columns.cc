#include "runtime/store/entity_columns.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"
#include "runtime/store/missing.h"
#include "runtime/transform/field_value.h"
#include "runtime/transform/record_id.h"

namespace twoway {

std::string quoted_identifier(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

bool is_named(const Mapping& mapping, std::string_view table) {
  if (table == mapping.version_table) return true;
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

std::pair<std::string_view, std::string_view> split_name(const Entity& entity, std::string_view name) {
  for (const Join& join : entity.joins) {
    if (name.size() > join.table.size() && name.substr(0, join.table.size()) == join.table &&
        name[join.table.size()] == '.') {
      return {join.table, name.substr(join.table.size() + 1)};
    }
  }
  return {entity.table, name};
}

namespace {

bool names(const Entity& entity, const Declared& declared, std::string_view table, std::string_view column) {
  return split_name(entity, declared.name) == std::pair<std::string_view, std::string_view>(table, column);
}

}  // namespace

bool is_known(const Entity& entity, std::string_view table, std::string_view column) {
  const auto mapped = [&](const Column& candidate) { return candidate.table == table && candidate.name == column; };
  if (std::any_of(entity.columns.begin(), entity.columns.end(), mapped)) return true;
  const auto joined = [&](const Join& join) { return join.table == table && join.column == column; };
  if (std::any_of(entity.joins.begin(), entity.joins.end(), joined)) return true;
  return std::any_of(entity.declared.begin(), entity.declared.end(),
                     [&](const Declared& declared) { return names(entity, declared, table, column); });
}

bool is_purged(const Entity& entity, std::string_view table, std::string_view column) {
  return std::any_of(entity.declared.begin(), entity.declared.end(), [&](const Declared& declared) {
    return declared.what == FieldClass::purge && names(entity, declared, table, column);
  });
}

TableShape without_purged(const Entity& entity, const TableShape& whole) {
  TableShape shape = whole;
  shape.columns.clear();
  shape.key.clear();
  for (const TableColumn& column : whole.columns) {
    if (!is_purged(entity, whole.name, column.name)) shape.columns.push_back(column);
  }
  for (const std::size_t index : whole.key) {
    const std::size_t place = shape.index_of(whole.columns[index].name);
    if (place < shape.columns.size()) shape.key.push_back(place);
  }
  return shape;
}

std::vector<UnknownColumn> unknown_columns(const Entity& entity, const TableFacts& tables) {
  std::vector<UnknownColumn> unknown;
  const auto collect = [&](std::string_view table, bool joined) {
    const auto columns = tables(table);
    if (!columns) return;
    for (const ColumnFacts& column : *columns) {
      if (column.generated || is_known(entity, table, column.name)) continue;
      unknown.push_back({joined ? fmt::format("{}.{}", table, column.name) : column.name, column.declared_type});
    }
  };
  collect(entity.table, false);
  for (const Join& join : entity.joins) collect(join.table, true);
  return unknown;
}

std::string qualified(const Entity& entity, std::string_view table, std::string_view column) {
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    if (entity.joins[i].table == table) return fmt::format("j{}.{}", i, quoted_identifier(column));
  }
  return fmt::format("t.{}", quoted_identifier(column));
}

RowsStatement select_rows(const Entity& entity, const std::vector<UnknownColumn>& unknown, const Selected& selected) {
  RowsStatement statement;
  const auto add = [&](std::string_view table, std::string_view column) {
    std::string name = qualified(entity, table, column);
    statement.columns.push_back(selected ? selected(table, column, std::move(name)) : std::move(name));
  };
  for (const Column& column : entity.columns) add(column.table, column.name);
  for (const Join& join : entity.joins) {
    statement.columns.push_back(qualified(entity, join.table, join.column) + " IS NOT NULL");
  }
  for (const UnknownColumn& column : unknown) {
    const auto [table, name] = split_name(entity, column.name);
    add(table, name);
  }
  statement.from = fmt::format("FROM {} AS t", quoted_identifier(entity.table));
  for (std::size_t i = 0; i < entity.joins.size(); ++i) {
    const Join& join = entity.joins[i];
    statement.from += fmt::format(" LEFT JOIN {} AS j{} ON j{}.{} = t.{}", quoted_identifier(join.table), i, i,
                                  quoted_identifier(join.column), quoted_identifier(join.base_column));
  }
  return statement;
}

std::string RowsStatement::text() const { return fmt::format("SELECT {} {}", fmt::join(columns, ", "), from); }

std::string end_sessions_statement(const Entity& entity, bool all, std::string_view new_text) {
  const auto [table, column] = split_name(entity, entity.people->sessions);
  return fmt::format("UPDATE {0} SET {1} = {2}{3}", quoted_identifier(table), quoted_identifier(column), new_text,
                     all ? std::string() : fmt::format(" WHERE {} IS NULL", quoted_identifier(column)));
}

std::string_view key_text(const Entity& entity, const void* row, Arena& arena) {
  KeyParts parts;
  assert(entity.key.size() <= parts.size());
  for (std::size_t i = 0; i < entity.key.size(); ++i) parts[i] = cell(row, entity.columns[entity.key[i]].offset);
  return record_id::encode(std::span<const Value>(parts).first(entity.key.size()), arena);
}

void refuse_other_schema(const Mapping& mapping, const TableFacts& tables, const std::string& store) {
  std::vector<std::string> missing;
  for (const Entity* entity : mapping.entities) {
    const auto check = [&](std::string_view table, std::string_view column) {
      const auto columns = tables(table);
      if (!columns) {
        const std::string text = fmt::format("table {}", table);
        if (std::find(missing.begin(), missing.end(), text) == missing.end()) missing.push_back(text);
        return;
      }
      const auto is_it = [&](const ColumnFacts& facts) { return facts.name == column; };
      if (std::none_of(columns->begin(), columns->end(), is_it)) {
        missing.push_back(fmt::format("column {}.{}", table, column));
      }
    };
    for (const Column& column : entity->columns) check(column.table, column.name);
    for (const Join& join : entity->joins) check(join.table, join.column);
  }
  refuse_missing(mapping, store, std::move(missing),
                 mapping.version_name.empty()
                     ? std::string("Is this the right database?")
                     : fmt::format("The mapping is for {}. Start that version once on a copy of the database, so that "
                                   "it upgrades it, then migrate the copy.",
                                   mapping.version_name));
}

void refuse_other_version(const Mapping& mapping, std::string_view found, const std::string& store) {
  if (mapping.version_table.empty() || found == mapping.version_value) return;
  throw cannot_start(
      fmt::format("{} is at revision '{}', the mapping {} is for revision '{}' ({})", store, found, mapping.name,
                  mapping.version_value, mapping.version_name),
      fmt::format("Start {} once on a copy of the database, so that it upgrades it, then migrate the copy.",
                  mapping.version_name));
}

StricterColumns::StricterColumns(const Mapping& mapping, const TableFacts& tables) {
  for (const Entity* entity : mapping.entities) {
    for (std::size_t i = 0; i < entity->columns.size(); ++i) {
      const Column& column = entity->columns[i];
      if (!column.nullable || column.key) continue;
      const auto columns = tables(column.table);
      if (!columns) continue;
      const auto strict = [&](const ColumnFacts& facts) { return facts.name == column.name && facts.not_null; };
      if (std::any_of(columns->begin(), columns->end(), strict)) columns_[entity].push_back(i);
    }
  }
}

std::size_t StricterColumns::adapt(const Entity& entity, void* row,
                                   const std::function<Value(const Column&)>& empty) const {
  const auto found = columns_.find(&entity);
  if (found == columns_.end()) return 0;
  std::size_t changed = 0;
  for (const std::size_t index : found->second) {
    const Column& column = entity.columns[index];
    Value& value = cell(row, column.offset);
    if (!value.is_null()) continue;
    value = empty(column);
    ++changed;
  }
  return changed;
}

std::vector<std::string> StricterColumns::remarks() const {
  std::vector<std::string> remarks;
  for (const auto& [entity, columns] : columns_) {
    for (const std::size_t index : columns) {
      remarks.push_back(
          fmt::format("{}.{} is NOT NULL here", entity->columns[index].table, entity->columns[index].name));
    }
  }
  std::sort(remarks.begin(), remarks.end());
  return remarks;
}

TablePlaces::TablePlaces(const Entity& entity, const Join* join, const TableShape& shape,
                         const std::vector<UnknownColumn>& unknown) {
  const std::string_view table = join != nullptr ? join->table : entity.table;
  for (const TableColumn& column : shape.columns) {
    Place place;
    for (const Column& mapped : entity.columns) {
      const bool own = mapped.table == table && mapped.name == column.name;
      const bool joined = join != nullptr && column.name == join->column && mapped.table == entity.table &&
                          mapped.name == join->base_column;
      if (own || (joined && place.where == Place::Where::nowhere)) place = {Place::Where::row, mapped.offset, own};
    }
    for (std::size_t i = 0; i < unknown.size(); ++i) {
      const auto [unknown_table, unknown_name] = split_name(entity, unknown[i].name);
      if (unknown_table == table && unknown_name == column.name) place = {Place::Where::unknown, i, true};
    }
    places_.push_back(place);
  }
}

void TablePlaces::gather(const void* row, std::span<const Value> unknown, std::vector<Value>& values) const {
  values.resize(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    values[i] = place.where == Place::Where::row       ? cell(row, place.at)
                : place.where == Place::Where::unknown ? unknown[place.at]
                                                       : Value::null();
  }
}

void TablePlaces::scatter(std::span<const Value> values, void* row, std::span<Value> unknown) const {
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    if (!place.own) continue;
    (place.where == Place::Where::row ? cell(row, place.at) : unknown[place.at]) = values[i];
  }
}

}  // namespace twoway
