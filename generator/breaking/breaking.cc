#include "generator/breaking/breaking.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "generator/breaking/compare.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

const Entity* find_entity(const MappingModel& model, const std::string& name) {
  const auto found = std::find_if(model.entities.begin(), model.entities.end(),
                                  [&](const Entity& entity) { return entity.name == name; });
  return found == model.entities.end() ? nullptr : &*found;
}

/// The entity that reads what this one wrote: of the same name, else of the same collection.
const Entity* successor(const Entity& before, const MappingModel& now) {
  if (const Entity* same = find_entity(now, before.name)) return same;
  const auto found = std::find_if(now.entities.begin(), now.entities.end(),
                                  [&](const Entity& entity) { return entity.collection == before.collection; });
  return found == now.entities.end() ? nullptr : &*found;
}

void report_removed(const MappingModel& model, const Entity& entity, const MappingModel& now,
                    std::vector<Break>& breaks) {
  const std::string& table = model.schema.tables.at(entity.table).name;
  for (const PurgedTable& purged : now.purged) {
    if (now.schema.tables.at(purged.table).name != table) continue;
    breaks.push_back({BreakingFinding::entity_removed,
                      fmt::format("{}: table {} is purged now; nothing reads the records in {}", entity.name, table,
                                  entity.collection),
                      entity.position, purged.position});
    return;
  }
  breaks.push_back({BreakingFinding::entity_removed,
                    fmt::format("{}: no entity reads the records in {} any more", entity.name, entity.collection),
                    entity.position, {}});
}

std::string described_collection(const Entity& entity) {
  return fmt::format("{}collection {} with id {}", entity.auth ? "auth " : "", entity.collection,
                     entity.collection_id);
}

/// "isbn of text in the record id, copy of numbers in a field"
std::string described_key(const Side& side) {
  std::string text;
  for (const KeyColumn& key : side.entity.key) {
    text += fmt::format("{}{} of {} in {}", text.empty() ? "" : ", ", side.qualified(key.column),
                        value_class(side.sql(key.column).type), key.is_record_id ? "the record id" : "a field");
  }
  return text;
}

std::vector<std::string> described_joins(const Entity& entity) {
  std::vector<std::string> all;
  for (const JoinedTable& join : entity.joins) {
    all.push_back(fmt::format("{}.{} = {}", join.name, join.column, join.base_column));
  }
  return all;
}

void compare_joins(const Entity& before, const Entity& now, std::vector<Break>& breaks) {
  const std::vector<std::string> all = described_joins(now);
  const std::vector<std::string> old = described_joins(before);
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (std::find(all.begin(), all.end(), old[i]) != all.end()) continue;
    breaks.push_back({BreakingFinding::join_changed,
                      fmt::format("{}: rows were joined where {}, and are not any more", before.name, old[i]),
                      before.joins[i].position, now.position});
  }
}

void compare_entity(const Side& before, const Side& now, std::vector<Break>& breaks) {
  const auto changed = [&](BreakingFinding id, std::string_view what, const std::string& old,
                           const std::string& present) {
    if (old == present) return;
    const auto place = [&](const Entity& entity) {
      return id == BreakingFinding::key_changed ? entity.key.front().position : entity.position;
    };
    breaks.push_back({id, fmt::format("{}: {} {}, now {}", before.entity.name, what, old, present),
                      place(before.entity), place(now.entity)});
  };
  changed(BreakingFinding::collection_changed, "was", described_collection(before.entity),
          described_collection(now.entity));
  changed(BreakingFinding::table_changed, "was table", before.table().name, now.table().name);
  changed(BreakingFinding::key_changed, "record ids were made from", described_key(before), described_key(now));
  compare_joins(before.entity, now.entity, breaks);
  compare_fields(before, now, breaks);
  compare_parts(before, now, breaks);
  compare_constraints(before, now, breaks);
}

/// A position of the old mapping, below the name that its place has on the command line.
std::string old_position(const MappingModel& before, Position position, const std::string& old_place) {
  const std::string text = printed(before, position);
  const std::string folder = before.directory + "/";
  return text.starts_with(folder) ? fmt::format("{}:{}", old_place, text.substr(folder.size())) : text;
}

}  // namespace

const SqlColumn& Side::sql(std::size_t column) const {
  const EntityColumn& found = entity.columns.at(column);
  return model.schema.tables.at(found.table).columns.at(found.column);
}

std::vector<Break> breaks_between(const MappingModel& before, const MappingModel& now) {
  std::vector<Break> breaks;
  for (const Entity& entity : before.entities) {
    const Entity* const next = successor(entity, now);
    if (next == nullptr) {
      report_removed(before, entity, now, breaks);
    } else {
      compare_entity({before, entity}, {now, *next}, breaks);
    }
  }
  return breaks;
}

std::string breaks_text(const std::vector<Break>& breaks, const MappingModel& before, const MappingModel& now,
                        const std::string& old_place) {
  std::string text;
  for (const Break& found : breaks) {
    const std::string old = old_position(before, found.before, old_place);
    const std::string present = printed(now, found.now);
    text += fmt::format("{}: {}: {}\n", present.empty() ? old : present, name_of(found.id).identifier,
                        comment_text(found.text));
    if (!present.empty() && !old.empty()) text += fmt::format("  before: {}\n", old);
  }
  return text + fmt::format("{} break{}\n", breaks.size(), breaks.size() == 1 ? "" : "s");
}

}  // namespace twowayc
