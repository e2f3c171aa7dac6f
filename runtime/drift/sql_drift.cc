#include "runtime/drift/sql_drift.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "runtime/drift/yaml_lines.h"

namespace twoway::drift {

namespace {

using What = Finding::What;

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::toupper(c); });
  return out;
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// SQLite's rules for affinity (datatype3.html, 3.1), with JSON apart: what is in it is read as JSON.
std::string_view family(const std::string& type) {
  if (type == "JSON") return "json";
  if (holds(type, "INT")) return "number";
  if (holds(type, "CHAR") || holds(type, "CLOB") || holds(type, "TEXT")) return "text";
  if (type.empty() || holds(type, "BLOB")) return "blob";
  if (holds(type, "REAL") || holds(type, "FLOA") || holds(type, "DOUB")) return "real";
  return "number";
}

std::string described(const LiveColumn& column) {
  std::string text = column.declared_type.empty() ? "without a type" : column.declared_type;
  if (column.not_null) text += " NOT NULL";
  if (column.default_text) text += " DEFAULT " + *column.default_text;
  return text;
}

std::string described(const LiveForeignKey& key) {
  const std::string on_delete = key.on_delete == "NO ACTION" ? "" : " ON DELETE " + key.on_delete;
  return fmt::format("({}) to {} ({}){}", fmt::join(key.columns, ", "), key.table,
                     fmt::join(key.referenced_columns, ", "), on_delete);
}

const Leftover* leftover(const Mapping& mapping, std::string_view table, std::string_view column = {}) {
  const std::string name = column.empty() ? std::string(table) : fmt::format("{}.{}", table, column);
  for (const Leftover& candidate : mapping.leftovers) {
    if (candidate.name == name) return &candidate;
  }
  return nullptr;
}

void compare_column(TableComparison& comparison, const Mapping& mapping, const LiveColumn& mapped,
                    const LiveColumn& live) {
  const std::string position = position_of(mapping, comparison.live.name, mapped.name);
  const bool same_type = comparison.dialect == "sqlite" ? upper(mapped.declared_type) == upper(live.declared_type)
                                                        : mapped.declared_type == live.declared_type;
  if (!same_type) {
    comparison.add(
        {What::changed, "type", {}, mapped.name, mapped.declared_type, live.declared_type, position, {}},
        comparison.knows_revisions && is_same_family(comparison.dialect, mapped.declared_type, live.declared_type));
  }
  if (mapped.not_null != live.not_null) {
    comparison.add({What::changed,
                    "not null",
                    {},
                    mapped.name,
                    mapped.not_null ? "NOT NULL" : "NULL",
                    live.not_null ? "NOT NULL" : "NULL",
                    position,
                    {}},
                   comparison.knows_revisions && live.not_null);
  }
  if (mapped.default_text != live.default_text) {
    comparison.add({What::changed,
                    "default",
                    {},
                    mapped.name,
                    mapped.default_text.value_or("none"),
                    live.default_text.value_or("none"),
                    position,
                    {}},
                   comparison.knows_revisions);
  }
}

/// Where a column stands: behind the last one before it that both tables have (empty: at the beginning), as the how
/// manieth of those that only its own table has.
std::pair<std::string, std::size_t> place_of(const LiveTable& table, const LiveTable& other, std::string_view name) {
  std::pair<std::string, std::size_t> place;
  for (const LiveColumn& column : table.columns) {
    if (column.name == name) break;
    if (other.find(column.name) != nullptr)
      place = {column.name, 0};
    else
      ++place.second;
  }
  return place;
}

void ask_for_columns(TableComparison& comparison, const Mapping& mapping) {
  for (const LiveColumn& missing : comparison.mapped.columns) {
    if (comparison.live.find(missing.name) != nullptr) continue;
    for (const LiveColumn& found : comparison.live.columns) {
      if (comparison.mapped.find(found.name) != nullptr || found.generated) continue;
      if (!is_same_family(comparison.dialect, missing.declared_type, found.declared_type)) continue;
      if (leftover(mapping, comparison.live.name, found.name) != nullptr) continue;
      if (place_of(comparison.mapped, comparison.live, missing.name) !=
          place_of(comparison.live, comparison.mapped, found.name)) {
        continue;
      }
      comparison.report.questions.push_back(
          {comparison.live.name, missing.name, found.name,
           fmt::format("of the same type ({}) and in the same place", found.declared_type),
           position_of(mapping, comparison.live.name, missing.name)});
    }
  }
}

void compare_columns(TableComparison& comparison, const Mapping& mapping) {
  for (const LiveColumn& mapped : comparison.mapped.columns) {
    const LiveColumn* live = comparison.live.find(mapped.name);
    if (live != nullptr) {
      compare_column(comparison, mapping, mapped, *live);
    } else {
      comparison.add({What::missing,
                      "column",
                      {},
                      mapped.name,
                      described(mapped),
                      {},
                      position_of(mapping, comparison.live.name, mapped.name),
                      {}},
                     false);
    }
  }
  for (const LiveColumn& live : comparison.live.columns) {
    // The database computes a generated column from others: there is nothing to carry.
    if (comparison.mapped.find(live.name) != nullptr || live.generated) continue;
    const Leftover* known = leftover(mapping, comparison.live.name, live.name);
    comparison.add({What::added,
                    "column",
                    {},
                    live.name,
                    {},
                    described(live),
                    {},
                    known == nullptr ? std::string() : std::string(known->reason)},
                   known != nullptr);
  }
  ask_for_columns(comparison, mapping);
}

void compare_foreign_keys(TableComparison& comparison) {
  const auto has = [](const LiveTable& table, const LiveForeignKey& wanted) {
    return std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(),
                       [&](const LiveForeignKey& key) { return described(key) == described(wanted); });
  };
  for (const LiveForeignKey& key : comparison.mapped.foreign_keys) {
    if (has(comparison.live, key)) continue;
    comparison.add({What::missing, "foreign key", {}, {}, described(key), {}, {}, {}, foreign_key_line(key)}, false);
  }
  for (const LiveForeignKey& key : comparison.live.foreign_keys) {
    if (has(comparison.mapped, key)) continue;
    comparison.add({What::added, "foreign key", {}, {}, {}, described(key), {}, {}, foreign_key_line(key)}, false);
  }
}

bool has_same_columns(const LiveTable& a, const LiveTable& b) {
  return a.columns.size() == b.columns.size() &&
         std::all_of(a.columns.begin(), a.columns.end(),
                     [&](const LiveColumn& column) { return b.find(column.name) != nullptr; });
}

/// Views are computed, and the shadows of a virtual table go with it.
bool has_own_rows(const LiveTable& table) {
  return table.kind != LiveTable::Kind::view && table.kind != LiveTable::Kind::shadow;
}

void ask_for_tables(const LiveSchema& live, const LiveSchema& mapped, Report& report) {
  for (const LiveTable& missing : mapped.tables) {
    if (live.find(missing.name) != nullptr) continue;
    for (const LiveTable& found : live.tables) {
      if (mapped.find(found.name) != nullptr || !has_own_rows(found)) continue;
      if (!has_same_columns(missing, found)) continue;
      report.questions.push_back({{}, missing.name, found.name, "with the same columns", {}});
    }
  }
}

std::string column_count(const LiveTable& table) {
  return fmt::format("{} column{}", table.columns.size(), table.columns.size() == 1 ? "" : "s");
}

void add_new_table(const Mapping& mapping, const LiveTable& table, Report& report) {
  if (!has_own_rows(table)) return;
  const Leftover* known = leftover(mapping, table.name);
  Finding finding{What::added, "table", table.name, {}, {}, column_count(table), {}, {}};
  if (known != nullptr) finding.note = known->reason;
  (known == nullptr ? report.differences : report.age).push_back(std::move(finding));
}

}  // namespace

bool is_same_family(std::string_view dialect, std::string_view a, std::string_view b) {
  if (dialect == "sqlite") return family(upper(a)) == family(upper(b));
  const auto is_text = [](std::string_view type) { return type == "text" || type.starts_with("character varying"); };
  return a == b || (is_text(a) && is_text(b));
}

const Entity* entity_of(const Mapping& mapping, std::string_view table) {
  for (const Entity* entity : mapping.entities) {
    if (entity->table == table) return entity;
  }
  for (const Entity* entity : mapping.entities) {
    for (const Join& join : entity->joins) {
      if (join.table == table) return entity;
    }
  }
  return nullptr;
}

std::string position_of(const Mapping& mapping, std::string_view table, std::string_view column) {
  const Entity* entity = entity_of(mapping, table);
  if (entity == nullptr) return {};
  const std::string qualified = entity->table == table ? std::string(column) : fmt::format("{}.{}", table, column);
  for (const Explanation& line : entity->explanations) {
    if (line.column == qualified) return std::string(line.position);
  }
  return {};
}

void compare_schemas(const Mapping& mapping, const LiveSchema& live, const LiveSchema& mapped, Report& report) {
  const bool knows_revisions = !report.mapped_revision.empty();
  for (const LiveTable& table : mapped.tables) {
    if (live.find(table.name) != nullptr) continue;
    report.differences.push_back({What::missing, "table", table.name, {}, column_count(table), {}, {}, {}});
  }
  for (const LiveTable& table : live.tables) {
    const LiveTable* expected = mapped.find(table.name);
    if (expected == nullptr) {
      add_new_table(mapping, table, report);
      continue;
    }
    TableComparison comparison{table, *expected, live.dialect, knows_revisions, !report.other_revision(), report};
    compare_columns(comparison, mapping);
    compare_indexes(comparison);
    compare_foreign_keys(comparison);
  }
  ask_for_tables(live, mapped, report);
}

}  // namespace twoway::drift
