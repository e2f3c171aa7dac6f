#include "runtime/drift/suggest.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/drift/sql_drift.h"
#include "runtime/drift/yaml_lines.h"

namespace twoway::drift {

namespace {

using What = Finding::What;
using Action = Suggestion::Action;

constexpr std::string_view in_table = "    ", in_columns = "      ", in_fields = "  ";

std::string entities_folder(const Mapping& mapping) {
  for (const Entity* entity : mapping.entities) {
    if (entity->explanations.empty()) continue;
    const std::string_view position = entity->explanations.front().position;
    return std::string(position.substr(0, position.rfind('/') + 1));
  }
  return "entities/";
}

std::string entity_file(const Mapping& mapping, const Entity& entity) {
  return fmt::format("{}{}.yaml", entities_folder(mapping), entity.name);
}

std::string in(const std::string& table, std::string_view list) {
  return list.empty() ? fmt::format("tables: {}:", yaml_scalar(table))
                      : fmt::format("tables: {}: {}:", yaml_scalar(table), list);
}

/// What belongs under one key is one piece to paste.
void add(Report& report, Suggestion suggestion) {
  for (Suggestion& other : report.suggestions) {
    if (other.action != suggestion.action || other.file != suggestion.file || other.path != suggestion.path) continue;
    other.yaml += suggestion.yaml;
    return;
  }
  report.suggestions.push_back(std::move(suggestion));
}

/// Suggestions for one SQL store.
class SqlSuggestions {
 public:
  SqlSuggestions(const Mapping& mapping, const LiveSchema& live, Report& report)
      : mapping_(mapping), live_(live), report_(report), sql_(mapping.schema_file) {}

  void write() {
    if (report_.other_revision() && !report_.revision.empty()) {
      add(Action::replace, sql_, "version:", fmt::format("  value: {}\n", yaml_scalar(report_.revision)));
    }
    for (const Finding& finding : report_.differences) {
      if (finding.kind == "table")
        table(finding);
      else if (finding.kind == "column")
        column(finding);
      else if (finding.kind == "index")
        list_item(finding, finding.name.empty() ? "unique" : "indexes");
      else if (finding.kind == "foreign key")
        list_item(finding, "foreign_keys");
      else if (finding.kind == "primary key")
        primary_key(finding);
      else
        changed_column(finding);
    }
  }

 private:
  void add(Action action, std::string file, std::string path, std::string yaml) {
    drift::add(report_, {action, std::move(file), std::move(path), std::move(yaml)});
  }

  std::string qualified(const Entity& entity, const Finding& finding) const {
    return entity.table == finding.table ? finding.name : fmt::format("{}.{}", finding.table, finding.name);
  }

  void column(const Finding& finding) {
    const Entity* entity = entity_of(mapping_, finding.table);
    if (finding.what == What::missing) {
      add(Action::remove, sql_, in(finding.table, "columns"),
          fmt::format("{}{}:\n", in_columns, yaml_scalar(finding.name)));
      if (entity == nullptr) return;
      add(Action::remove, entity_file(mapping_, *entity),
          "fields:", fmt::format("{}{}:\n", in_fields, qualified(*entity, finding)));
      return;
    }
    const LiveTable& table = *live_.find(finding.table);
    const LiveColumn& column = *table.find(finding.name);
    add(Action::add, sql_, in(table.name, "columns"),
        fmt::format("{}{}\n", in_columns, column_line(live_.dialect, column)));
    if (entity == nullptr) return;
    add(Action::add, entity_file(mapping_, *entity), "fields:",
        fmt::format("{}{}\n", in_fields, field_line(mapping_, entity, table, column, qualified(*entity, finding))));
  }

  void changed_column(const Finding& finding) {
    if (!changed_.insert(finding.table + "." + finding.name).second) return;  // of a column that changed in two ways
    const LiveColumn& column = *live_.find(finding.table)->find(finding.name);
    add(Action::replace, sql_, in(finding.table, "columns"),
        fmt::format("{}{}\n", in_columns, column_line(live_.dialect, column)));
  }

  void list_item(const Finding& finding, std::string_view list) {
    const Action action = finding.what == What::added     ? Action::add
                          : finding.what == What::changed ? Action::replace
                                                          : Action::remove;
    add(action, sql_, in(finding.table, list), fmt::format("{}{}\n", in_columns, finding.yaml));
  }

  void primary_key(const Finding& finding) {
    std::vector<std::string> key = live_.find(finding.table)->primary_key;
    if (key.empty()) return;
    for (std::string& column : key) column = yaml_scalar(column);
    add(Action::replace, sql_, in(finding.table, {}),
        fmt::format("{}primary_key: [{}]\n", in_table, fmt::join(key, ", ")));
  }

  void table(const Finding& finding) {
    if (finding.what == What::added) {
      new_table(*live_.find(finding.table));
      return;
    }
    add(Action::remove, sql_, "tables:", fmt::format("  {}:\n", yaml_scalar(finding.table)));
    const Entity* entity = entity_of(mapping_, finding.table);
    if (entity != nullptr && entity->table == finding.table) {
      add(Action::remove, entity_file(mapping_, *entity), {}, {});
    }
  }

  void new_table(const LiveTable& table);

  const Mapping& mapping_;
  const LiveSchema& live_;
  Report& report_;
  std::string sql_;
  std::set<std::string> changed_;
};

/// A table without a key stays in the attic: its rows cannot be told apart.
void SqlSuggestions::new_table(const LiveTable& table) {
  if (table.primary_key.empty() || table.kind != LiveTable::Kind::table) return;
  std::string sql = fmt::format("  {}:\n    columns:\n", yaml_scalar(table.name));
  std::string fields;
  for (const LiveColumn& column : table.columns) {
    if (column.generated) continue;
    sql += fmt::format("{}{}\n", in_columns, column_line(live_.dialect, column));
    if (column.primary_key_position > 0) continue;
    fields += fmt::format("{}{}\n", in_fields, field_line(mapping_, nullptr, table, column, column.name));
  }
  std::vector<std::string> key, keys;
  for (const std::string& name : table.primary_key) {
    key.push_back(yaml_scalar(name));
    keys.push_back(fmt::format("{}: record_id", yaml_scalar(name)));
  }
  sql += fmt::format("    primary_key: [{}]\n", fmt::join(key, ", "));
  std::map<std::string, std::string> lists;
  for (const LiveIndex& index : table.indexes) {
    if (index.origin == LiveIndex::Origin::primary_key) continue;
    lists[index.origin == LiveIndex::Origin::statement ? "indexes" : "unique"] +=
        fmt::format("{}{}\n", in_columns, index_line(index));
  }
  for (const LiveForeignKey& foreign : table.foreign_keys) {
    lists["foreign_keys"] += fmt::format("{}{}\n", in_columns, foreign_key_line(foreign));
  }
  for (const auto& [name, lines] : lists) sql += fmt::format("    {}:\n{}", name, lines);
  add(Action::add, sql_, "tables:", sql);
  add(Action::create, fmt::format("{}{}.yaml", entities_folder(mapping_), table.name), {},
      fmt::format("entity: {0}\nsql: {0}\npocketbase: {0}\nkey: {{ {1} }}\nfields:{2}", yaml_scalar(table.name),
                  fmt::join(keys, ", "), fields.empty() ? " {}\n" : "\n" + fields));
}

}  // namespace

void suggest_for_sql(const Mapping& mapping, const LiveSchema& live, Report& report) {
  SqlSuggestions(mapping, live, report).write();
}

void suggest_for_pocketbase(const Mapping& mapping, Report& report) {
  static const std::map<std::string, std::string_view, std::less<>> values{
      {"bool", "false"}, {"text", "\"\""}, {"number", "0"}, {"date", "\"\""}, {"json", "null"}};
  for (const Finding& finding : report.differences) {
    const auto entity = std::find_if(mapping.entities.begin(), mapping.entities.end(),
                                     [&](const Entity* candidate) { return candidate->collection == finding.table; });
    if (entity == mapping.entities.end()) continue;
    const std::string file = entity_file(mapping, **entity);
    const auto value = values.find(finding.found);
    if (finding.kind == "field" && finding.what == What::added && value != values.end()) {
      add(report,
          {Action::add, file, "only_in_pocketbase:",
           fmt::format("{}{}: {{ type: {}, value: {} }}\n", in_fields, finding.name, value->first, value->second)});
    }
    if (finding.kind == "rule" && finding.name.ends_with("Rule")) {
      const std::string name = finding.name.substr(0, finding.name.size() - std::string_view("Rule").size());
      const bool known = name == "list" || name == "view" || name == "create" || name == "update" || name == "delete";
      const bool closed = finding.found == "superusers only";
      if (!known) continue;
      add(report, {closed ? Action::remove : Action::replace, file, "rules:",
                   closed ? fmt::format("{}{}:\n", in_fields, name)
                          : fmt::format("{}{}: {}\n", in_fields, name,
                                        yaml_scalar(finding.found == "everyone" ? "" : finding.found))});
    }
  }
}

}  // namespace twoway::drift
