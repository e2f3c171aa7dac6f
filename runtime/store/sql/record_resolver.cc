#include "runtime/store/sql/record_resolver.h"

#include <functional>

#include <fmt/format.h>

#include "runtime/transform/record_id.h"

namespace twoway::sql_sqlite {

SqliteRecordResolver::Target& SqliteRecordResolver::target_of(const Entity& entity) {
  std::unique_ptr<Target>& target = targets_[&entity];
  if (target) return *target;
  target = std::make_unique<Target>();
  std::string columns;
  std::string where;
  for (std::uint16_t index : entity.key) {
    const std::string name = sqlite::quoted_name(entity.columns[index].name);
    columns += fmt::format("{}{}", columns.empty() ? "" : ", ", name);
    where += fmt::format("{}{} IS ?", where.empty() ? "" : " AND ", name);
  }
  target->find =
      connection_.prepare(fmt::format("SELECT {} FROM {} WHERE {}", columns, sqlite::quoted_name(entity.table), where));
  target->has_side = side_.has_entries(entity.name);
  return *target;
}

bool SqliteRecordResolver::row_exists(Target& target, std::span<const Value> key) {
  target.find.reset();
  for (std::size_t i = 0; i < key.size(); ++i) target.find.bind(static_cast<int>(i), key[i]);
  while (target.find.step()) {
    // SQLite compares after conversion (12 = '12'); a reference must name the very key.
    bool equal = true;
    for (std::size_t i = 0; i < key.size(); ++i) equal = equal && same(target.find.column(static_cast<int>(i)), key[i]);
    if (equal) return true;
  }
  return false;
}

SqliteRecordResolver::Slot& SqliteRecordResolver::slot_of(Target& target, std::string_view key) {
  return target.slots[std::hash<std::string_view>{}(key) % cache_slots];
}

void SqliteRecordResolver::saw(const Entity& entity, std::string_view key) {
  const auto found = targets_.find(&entity);
  // Nobody asked for this entity yet, or its records may have ids of their own.
  if (found == targets_.end() || found->second->has_side) return;
  Slot& slot = slot_of(*found->second, key);
  slot.used = slot.exists = true;
  slot.key = key;
  slot.record_id.clear();
}

std::optional<std::string_view> SqliteRecordResolver::record_id(const Entity& entity, std::span<const Value> key,
                                                                Arena& arena) {
  const std::string_view text = record_id::encode(key, arena);
  Target& target = target_of(entity);
  Slot& slot = slot_of(target, text);
  if (!slot.used || slot.key != text) {
    slot.used = true;
    slot.key = text;
    slot.record_id.clear();
    slot.exists = row_exists(target, key);
    if (slot.exists && target.has_side) {
      if (const auto other = side_.record_id(entity.name, text, arena)) slot.record_id = *other;
    }
  }
  if (!slot.exists) return std::nullopt;
  return slot.record_id.empty() ? text : arena.copy(slot.record_id);
}

}  // namespace twoway::sql_sqlite
