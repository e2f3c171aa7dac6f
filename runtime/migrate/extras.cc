#include "runtime/migrate/run_context.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/residue.h"

namespace twoway {

namespace {

constexpr std::size_t most_key_parts = 8;

std::span<const Value> key_of(const Entity& entity, const void* row, std::span<Value, most_key_parts> parts) {
  for (std::size_t i = 0; i < entity.key.size(); ++i) parts[i] = cell(row, entity.columns[entity.key[i]].offset);
  return std::span<const Value>(parts).subspan(0, entity.key.size());
}

}  // namespace

std::uint64_t target_extras(RunContext& context, const Entity& entity, bool remove,
                            std::vector<std::string>* first_keys) {
  const auto keep_key = [&](std::string_view key) {
    if (first_keys != nullptr && first_keys->size() < Note::most_keys) first_keys->emplace_back(key);
  };
  SqlStore& sql = *context.stores.sql;
  PocketBaseStore& pocketbase = *context.stores.pocketbase;
  // Collected first: deleting under a running read would disturb it. Ids only; extras are the exception.
  std::vector<std::string> ids;
  std::vector<std::vector<std::string>> keys;
  Arena arena;
  Value parts[most_key_parts];
  std::uint64_t extras = 0;
  if (context.report.direction == Direction::to_pocketbase) {
    RowBuffer row(entity.row_bytes);
    std::vector<std::pair<std::string_view, Value>> unknown;
    for (const auto reader = pocketbase.read(entity); reader->next();) {
      arena.reset();
      const std::string_view id = cell(reader->record(), entity.fields[0].offset).bytes();
      const std::span<Value> key(parts, entity.key.size());
      if (pocketbase.resolver().row_key(entity, id, key, arena) && sql.find(entity, key, row.get(), unknown)) continue;
      ++extras;
      keep_key(id);
      if (remove) ids.emplace_back(id);
    }
    for (const std::string& id : ids) pocketbase.erase(entity, id);
    return extras;
  }
  for (const auto reader = sql.read(entity); reader->next();) {
    arena.reset();
    const std::span<const Value> key = key_of(entity, reader->row(), parts);
    const auto id = sql.resolver().record_id(entity, key, arena);
    if (id && pocketbase.exists(entity, *id)) continue;
    ++extras;
    keep_key(record_id::encode(key, arena));
    if (!remove) continue;
    std::vector<std::string> tagged(key.size());
    for (std::size_t i = 0; i < key.size(); ++i) append_tagged(tagged[i], key[i]);
    keys.push_back(std::move(tagged));
  }
  for (const auto& tagged : keys) {
    arena.reset();
    for (std::size_t i = 0; i < tagged.size(); ++i) parts[i] = *read_tagged(tagged[i], arena);
    sql.erase(entity, std::span<const Value>(parts, tagged.size()));
  }
  return extras;
}

std::uint64_t stale_attic_entries(RunContext& context, bool remove) {
  std::unordered_set<std::string> kept;
  const PocketBaseStore& pocketbase = *context.stores.pocketbase;
  context.stores.sql->read_attic([&](const AtticEntry& entry) { kept.insert(pocketbase.attic_id(entry)); });
  return context.stores.pocketbase->other_attic_entries(kept, remove);
}

}  // namespace twoway
