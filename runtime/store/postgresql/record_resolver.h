// Answers references while rows go to PocketBase: is there such a row, and what is its record's id?
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/store/postgresql/entity_layout.h"
#include "runtime/transform/resolver.h"

namespace twoway::postgresql {

/// Looks keys up in the live tables. Memory is bounded: a direct-mapped cache of `cache_slots` answers an entity,
/// because neighbouring rows mostly refer to the same few others.
class PostgresqlRecordResolver : public RecordResolver {
 public:
  static constexpr std::size_t cache_slots = 1024;

  PostgresqlRecordResolver(Database& database, const LiveSchema& schema) : database_(database), schema_(schema) {}

  std::optional<std::string_view> record_id(const Entity& target, std::span<const Value> key, Arena& arena) override;
  void saw(const Entity& entity, std::string_view key) override;
  /// Forgets all answers: rows were written.
  void forget() { targets_.clear(); }

 private:
  struct Slot {
    std::string key;
    std::string record_id;
    bool used = false;
    bool exists = false;
  };
  struct Target {
    Target(Database& database, const LiveSchema& schema, const Entity& entity);
    std::vector<LiveColumn> key;
    std::string select;
    SideEntries side;
    WaitingEntity waiting;
    std::vector<Slot> slots{cache_slots};
  };
  Target& target_of(const Entity& entity);
  static Slot& slot_of(Target& target, std::string_view key);
  bool row_exists(Target& target, std::span<const Value> key, Arena& arena);

  Database& database_;
  const LiveSchema& schema_;
  std::unordered_map<const Entity*, std::unique_ptr<Target>> targets_;
};

}  // namespace twoway::postgresql
