#include "generator/resolve/entity_resolver.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "generator/resolve/resolve_schema.h"

namespace twowayc {
namespace {

constexpr std::string_view auth_collection_id = "_pb_users_auth_";

std::optional<std::size_t> column_index(const SqlTable& table, std::string_view name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace

void EntityResolver::run(const std::string& prefix) {
  entity_.name = file_.name.value;
  entity_.struct_name = cpp_struct(entity_.name);
  entity_.description = file_.description;
  entity_.collection = file_.collection_name.value;
  entity_.collection_id = file_.collection ? std::string(auth_collection_id) : prefix + entity_.name;
  entity_.rules = file_.rules;
  entity_.position = file_.name.position;
  source_.file = &file_;
  resolve_joins();
  bind_fields();
  resolve_key();
  add_columns();
  for (const BoundField& bound : bound_) resolve_field(bound);
  resolve_mirrors();
  resolve_derived();
  resolve_only();
  resolve_files();
  resolve_indexes();
  resolve_routes();
  resolve_collection();
  resolve_people();
}

std::string EntityResolver::qualified(ColumnReference column) const {
  const SqlTable& owner = context_.schema.tables[column.table];
  const std::string& name = owner.columns[column.column].name;
  return column.table == entity_.table ? name : owner.name + "." + name;
}

void EntityResolver::resolve_joins() {
  for (const syntax::Join& join : file_.joins) {
    const auto joined = find_table(context_.schema, join.table, context_.sink);
    if (!joined) continue;
    const auto column = find_column(context_.schema.tables[*joined], join.column, context_.sink);
    const auto base = find_column(table(), join.base_column, context_.sink);
    entity_.joins.push_back({*joined, join.table.value, join.column.value, join.base_column.value, {},
                             join.table.position});
    if (column && base) source_.mentions.push_back({{*joined, *column}, join.column.position});
  }
}

void EntityResolver::resolve_collection() {
  if (!file_.collection) return;
  entity_.auth = true;
  entity_.auth_rule = file_.collection->auth_rule;
  for (const syntax::Text& field : file_.collection->identity) {
    entity_.identity.push_back(field.value);
    check_field_name(field, false);
  }
}

/// "title" is a column of the entity's table, "auth.email" one of a joined table.
std::optional<ColumnReference> EntityResolver::find_reference(const syntax::Text& name) {
  const std::size_t dot = name.value.find('.');
  if (dot == std::string::npos || column_index(table(), name.value)) {
    const auto column = find_column(table(), name, context_.sink);
    return column ? std::optional(ColumnReference{entity_.table, *column}) : std::nullopt;
  }
  const std::string owner = name.value.substr(0, dot);
  for (const JoinedTable& join : entity_.joins) {
    if (join.name != owner) continue;
    const syntax::Text column_name{name.value.substr(dot + 1), name.position};
    const auto column = find_column(context_.schema.tables[join.table], column_name, context_.sink);
    return column ? std::optional(ColumnReference{join.table, *column}) : std::nullopt;
  }
  Diagnostic& error = context_.sink.error(DiagnosticId::column_unknown, name.position,
                                          fmt::format("'{}': table '{}' is not joined", name.value, owner));
  if (owner == table().name) error.with_hint(fmt::format("write '{}' alone", name.value.substr(dot + 1)));
  else error.with_hint(fmt::format("join it: join: {{ {}: {{ on: {{ id: id }} }} }}", owner));
  return std::nullopt;
}

void EntityResolver::bind_fields() {
  for (const syntax::Field& field : file_.fields) {
    const auto column = find_reference(field.column);
    if (!column) continue;
    bound_.push_back({*column, &field});
    source_.mentions.push_back({*column, field.column.position});
  }
  const auto rank = [&](const BoundField& field) {
    return std::tuple(field.column.table != entity_.table, field.column.table, field.column.column);
  };
  std::stable_sort(bound_.begin(), bound_.end(),
                   [&](const BoundField& a, const BoundField& b) { return rank(a) < rank(b); });
}

/// Key columns in the order of the constraint that they cover, the primary key first; what is over goes by the table.
std::vector<ColumnReference> EntityResolver::key_order(std::vector<ColumnReference> key) const {
  std::vector<const SqlUnique*> constraints{&table().primary_key};
  for (const SqlUnique& unique : table().uniques) constraints.push_back(&unique);
  const auto in_key = [&](const std::string& name) {
    const auto is_it = [&](ColumnReference part) { return table().columns[part.column].name == name; };
    return std::any_of(key.begin(), key.end(), is_it);
  };
  std::vector<std::string> first;
  for (const SqlUnique* constraint : constraints) {
    const bool covered = std::all_of(constraint->columns.begin(), constraint->columns.end(), in_key);
    if (constraint->columns.empty() || !covered) continue;
    first = constraint->columns;
    break;
  }
  const auto rank = [&](ColumnReference c) {
    const auto at = std::find(first.begin(), first.end(), table().columns[c.column].name);
    return std::tuple(at - first.begin(), c.column);
  };
  std::sort(key.begin(), key.end(), [&](ColumnReference a, ColumnReference b) { return rank(a) < rank(b); });
  return key;
}

void EntityResolver::resolve_key() {
  std::vector<ColumnReference> key;
  for (const syntax::KeyColumn& part : file_.key) {
    const auto column = find_column(table(), part.column, context_.sink);
    if (!column) continue;
    key.push_back({entity_.table, *column});
    if (part.is_record_id) source_.mentions.push_back({key.back(), part.column.position});
  }
  for (const ColumnReference column : key_order(std::move(key))) {
    const std::string& name = table().columns[column.column].name;
    const auto part = std::find_if(file_.key.begin(), file_.key.end(),
                                   [&](const syntax::KeyColumn& k) { return k.column.value == name; });
    entity_.key.push_back({entity_.columns.size(), part->is_record_id, part->column.position});
    entity_.columns.push_back({column.table, column.column, name, members_.take(name), true});
  }
}

/// Adds the columns that travel and are not there as part of the key, in the order of the tables.
void EntityResolver::add_columns() {
  for (const BoundField& bound : bound_) {
    if (bound.syntax->purge) continue;
    const auto is_there = [&](const EntityColumn& c) {
      return c.table == bound.column.table && c.column == bound.column.column;
    };
    if (std::any_of(entity_.columns.begin(), entity_.columns.end(), is_there)) continue;
    const std::string name = qualified(bound.column);
    entity_.columns.push_back({bound.column.table, bound.column.column, name, members_.take(name), false});
  }
  for (JoinedTable& join : entity_.joins) join.marker = members_.take(join.name + "_exists");
}

}  // namespace twowayc
