// Answers references while rows go to PocketBase: is there such a row, and what is its record's id?
#pragma once

#include <array>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/store/sql/side_table.h"
#include "runtime/transform/resolver.h"

namespace twoway::sql_sqlite {

/// Looks keys up in the live tables. Memory is bounded: a direct-mapped cache of `cache_slots` answers an entity,
/// because neighbouring rows mostly refer to the same few others.
class SqliteRecordResolver : public RecordResolver {
 public:
  static constexpr std::size_t cache_slots = 1024;

  SqliteRecordResolver(sqlite::Connection& connection, SideTable& side) : connection_(connection), side_(side) {}

  std::optional<std::string_view> record_id(const Entity& target, std::span<const Value> key, Arena& arena) override;
  void saw(const Entity& entity, std::string_view key) override;

 private:
  struct Slot {
    std::string key;
    std::string record_id;
    bool used = false;
    bool exists = false;
  };
  struct Target {
    sqlite::Statement find;
    bool has_side = false;
    std::vector<Slot> slots{cache_slots};
  };
  Target& target_of(const Entity& entity);
  static Slot& slot_of(Target& target, std::string_view key);
  bool row_exists(Target& target, std::span<const Value> key);

  sqlite::Connection& connection_;
  SideTable& side_;
  std::unordered_map<const Entity*, std::unique_ptr<Target>> targets_;
};

}  // namespace twoway::sql_sqlite
