#include "runtime/store/orphans.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/entity_columns.h"

namespace twoway {

namespace {

std::string quoted_literal(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

std::string column(const Entity& entity, std::string_view name) {
  const auto [table, plain] = split_name(entity, name);
  return qualified(entity, table, plain);
}

/// `{owner}` or `{id}-{owner}` as an expression.
std::string expression(const Entity& entity, std::string_view part) {
  std::vector<std::string> pieces;
  while (!part.empty()) {
    const std::size_t open = part.find('{');
    if (open != 0) pieces.push_back(quoted_literal(part.substr(0, open)));
    if (open == std::string_view::npos) break;
    const std::size_t close = part.find('}', open);
    pieces.push_back(column(entity, part.substr(open + 1, close - open - 1)));
    part.remove_prefix(close + 1);
  }
  return pieces.size() == 1 ? pieces[0] : fmt::format("({})", fmt::join(pieces, " || "));
}

std::vector<std::string> parts_of(const Entity& entity, const RelationEdge& relation) {
  std::vector<std::string> parts;
  for (const std::string_view part : relation.key) {
    if (part.empty()) break;
    parts.push_back(expression(entity, part));
  }
  return parts;
}

/// True for a row whose reference is not empty and names no row of the target.
std::string condition(const Entity& entity, const OrphanStatement::Followed& followed, std::string_view cast) {
  const std::string own = column(entity, followed.relation->column);
  const std::vector<std::string> parts = parts_of(entity, *followed.relation);
  std::vector<std::string> equal;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Column& key = followed.target->columns[followed.target->key[i]];
    equal.push_back(fmt::format("r.{} = {}", quoted_identifier(key.name), parts[i]));
  }
  // A number is not compared with a text.
  return fmt::format("({} IS NOT NULL AND {}{} <> '' AND NOT EXISTS (SELECT 1 FROM {} AS r WHERE {}))", own, own, cast,
                     quoted_identifier(followed.target->table), fmt::join(equal, " AND "));
}

}  // namespace

const Entity* find_entity(const Mapping& mapping, std::string_view name) {
  for (const Entity* entity : mapping.entities) {
    if (entity->name == name) return entity;
  }
  return nullptr;
}

std::size_t OrphanStatement::column_of(const Entity& entity, std::size_t relation) const {
  std::size_t column = entity.key.size();
  for (std::size_t i = 0; i < relation; ++i) column += 1 + relations[i].target->key.size();
  return column;
}

OrphanStatement orphan_statement(const Mapping& mapping, const Entity& entity, std::string_view cast) {
  OrphanStatement statement;
  std::vector<std::string> columns, conditions;
  for (const std::uint16_t index : entity.key) {
    const Column& key = entity.columns[index];
    columns.push_back(fmt::format("{}{}", qualified(entity, key.table, key.name), cast));
  }
  for (const RelationEdge& relation : entity.relations) {
    const Entity* const target = find_entity(mapping, relation.target);
    const std::vector<std::string> parts = parts_of(entity, relation);
    if (relation.many || target == nullptr || parts.size() != target->key.size()) continue;
    statement.relations.push_back({&relation, target});
    conditions.push_back(condition(entity, statement.relations.back(), cast));
    columns.push_back(fmt::format("CASE WHEN {} THEN 1 ELSE 0 END", conditions.back()));
    for (const std::string& part : parts) columns.push_back(part + std::string(cast));
  }
  if (conditions.empty()) return statement;
  const RowsStatement rows = select_rows(entity, {});
  statement.sql =
      fmt::format("SELECT {} {} WHERE {}", fmt::join(columns, ", "), rows.from, fmt::join(conditions, " OR "));
  return statement;
}

}  // namespace twoway
