#include <functional>

#include <fmt/format.h>

#include "runtime/store/pocketbase_directory/record_file.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace {

constexpr std::size_t most_key_parts = 8;

/// While a key is looked up, its own references are answered from record ids alone, so that look-ups never chain.
class DirectResolver : public RowResolver {
 public:
  bool row_key(const Entity& target, std::string_view record_id, std::span<Value> key, Arena& arena) override {
    return target.key_is_record_id && record_id::decode(record_id, key, arena) == 1;
  }
  bool exists(const Entity&, std::string_view) override { return false; }
};

}  // namespace

DirectoryRowResolver::Target& DirectoryRowResolver::target_of(const Entity& entity) {
  std::unique_ptr<Target>& target = targets_[&entity];
  if (target) return *target;
  target = std::make_unique<Target>();
  target->find = connection_.prepare(select_records(entity) + " WHERE id = ?");
  target->record = std::make_unique<RowBuffer>(entity.record_bytes);
  target->row = std::make_unique<RowBuffer>(entity.row_bytes);
  return *target;
}

bool DirectoryRowResolver::load(const Entity& entity, Target& target, std::string_view record_id, std::string& key) {
  target.find.reset();
  target.find.bind(0, Value::text(record_id));
  if (!target.find.step()) return false;
  fill_record(target.find, entity, target.record->get());
  target.arena.reset();
  const int fields = static_cast<int>(entity.fields.size());
  DirectResolver direct;
  ToSql run(entity, direct, target.arena);
  run.begin({cell(target.record->get(), entity.fields[0].offset)}, target.find.column(fields),
            target.find.column(fields + 1));
  entity.to_sql(target.record->get(), target.row->get(), run);
  Value parts[most_key_parts];
  for (std::size_t i = 0; i < entity.key.size(); ++i) {
    parts[i] = cell(target.row->get(), entity.columns[entity.key[i]].offset);
  }
  key = record_id::encode(std::span<const Value>(parts, entity.key.size()), target.arena);
  target.find.reset();
  return true;
}

bool DirectoryRowResolver::row_key(const Entity& entity, std::string_view record_id, std::span<Value> key,
                                   Arena& arena) {
  if (entity.key_is_record_id) {
    if (record_id::decode(record_id, key, arena) != 1) key[0] = Value::text(record_id);
    return true;
  }
  Target& target = target_of(entity);
  Slot& slot = target.slots[std::hash<std::string_view>{}(record_id) % cache_slots];
  if (!slot.used || slot.record_id != record_id) {
    slot.used = true;
    slot.record_id = record_id;
    slot.exists = load(entity, target, record_id, slot.key);
  }
  if (!slot.exists) return false;
  // The slot may be filled anew while the caller holds the key.
  return record_id::decode(arena.copy(slot.key), key, arena) == key.size();
}

bool DirectoryRowResolver::exists(const Entity& entity, std::string_view record_id) {
  sqlite::Statement& statement = exists_[&entity];
  if (!statement) {
    statement =
        connection_.prepare(fmt::format("SELECT 1 FROM {} WHERE id = ?", sqlite::quoted_name(entity.collection)));
  }
  statement.reset();
  statement.bind(0, Value::text(record_id));
  const bool found = statement.step();
  statement.reset();
  return found;
}

}  // namespace twoway
