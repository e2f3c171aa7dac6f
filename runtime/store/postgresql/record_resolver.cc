#include "runtime/store/postgresql/record_resolver.h"

#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/postgresql/codec.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/side_entry.h"

namespace twoway::postgresql {

PostgresqlRecordResolver::Target::Target(Database& database, const LiveSchema& schema, const Entity& entity)
    : key(key_columns(entity, schema)), side(database, entity.name), waiting(database, schema, entity, {}) {
  std::vector<std::string> selected;
  for (const LiveColumn& column : key) selected.push_back(column.selected());
  select = fmt::format("SELECT {} FROM {} WHERE ", fmt::join(selected, ", "), quoted_name(entity.table));
}

PostgresqlRecordResolver::Target& PostgresqlRecordResolver::target_of(const Entity& entity) {
  std::unique_ptr<Target>& target = targets_[&entity];
  if (!target) target = std::make_unique<Target>(database_, schema_, entity);
  return *target;
}

bool PostgresqlRecordResolver::row_exists(Target& target, std::span<const Value> key, Arena& arena) {
  const KeyCondition condition = key_condition(target.key, key, {}, arena);
  if (!condition.possible) return false;
  const Result result = database_.main().query_prepared(target.select + condition.sql, condition.parameters);
  for (int i = 0; i < result.rows(); ++i) {
    // A collation may take different texts for equal; a reference must name the very key.
    bool equal = true;
    for (std::size_t j = 0; j < key.size(); ++j) {
      equal = equal && same(decode(target.key[j], result, i, static_cast<int>(j), arena), key[j]);
    }
    if (equal) return true;
  }
  return false;
}

PostgresqlRecordResolver::Slot& PostgresqlRecordResolver::slot_of(Target& target, std::string_view key) {
  return target.slots[std::hash<std::string_view>{}(key) % cache_slots];
}

void PostgresqlRecordResolver::saw(const Entity& entity, std::string_view key) {
  const auto found = targets_.find(&entity);
  // Nobody asked for this entity yet, or its records may have ids of their own.
  if (found == targets_.end() || found->second->side.any()) return;
  Slot& slot = slot_of(*found->second, key);
  slot.used = slot.exists = true;
  slot.key = key;
  slot.record_id.clear();
}

std::optional<std::string_view> PostgresqlRecordResolver::record_id(const Entity& entity, std::span<const Value> key,
                                                                    Arena& arena) {
  const std::string_view text = record_id::encode(key, arena);
  Target& target = target_of(entity);
  Slot& slot = slot_of(target, text);
  if (!slot.used || slot.key != text) {
    slot.used = true;
    slot.key = text;
    slot.record_id.clear();
    slot.exists = row_exists(target, key, arena) || target.waiting.contains(key);
    if (slot.exists && target.side.any()) {
      const Value document = target.side.find_some(text);
      const auto other = document.is_null() ? std::nullopt : side_entry::record_id(document, arena);
      if (other) slot.record_id = *other;
    }
  }
  if (!slot.exists) return std::nullopt;
  return slot.record_id.empty() ? text : arena.copy(slot.record_id);
}

}  // namespace twoway::postgresql
