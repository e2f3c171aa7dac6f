// Referential checks: how many references there are on each side, and how many lead nowhere. Rows are followed by the
// very code that converts them, so that composite and templated references and mirrors count as they are mapped.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/run_context.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/to_pocketbase.h"

namespace twoway {

/// The relation of an entity with what was counted of it in one row.
struct Followed {
  std::uint64_t all = 0;
  std::uint64_t found = 0;
};

/// Follows the references of SQL rows of one entity.
class RowReferences : private ReferenceSink {
 public:
  RowReferences(const Entity& entity, RecordResolver& resolver);
  /// In step with the entity's relations; valid until the next call.
  const std::vector<Followed>& follow(const void* row);

 private:
  void reference(const Field& field, bool found) override;

  const Entity& entity_;
  Arena arena_;
  RowBuffer record_;
  ToPocketBase run_;
  std::vector<Followed> followed_;
};

/// Answers whether a record exists; neighbouring records mostly refer to the same few, so answers are kept for a while.
/// Memory is bounded.
class RecordExistence {
 public:
  explicit RecordExistence(PocketBaseStore& store) : store_(store) {}
  bool exists(const Entity& entity, std::string_view id);
  /// Tells that this record was just read from that store: records mostly refer to records before them.
  void saw(const Entity& entity, std::string_view id);

 private:
  static constexpr std::size_t cache_slots = 1024;
  struct Slot {
    std::string id;
    bool used = false;
    bool exists = false;
  };
  Slot& slot_of(const Entity& entity, std::string_view id);

  PocketBaseStore& store_;
  std::map<const Entity*, std::vector<Slot>> slots_;
};

/// Follows the relations of records of one entity.
class RecordReferences {
 public:
  RecordReferences(const Mapping& mapping, const Entity& entity, RecordExistence& existence);
  /// In step with the entity's relations; valid until the next call.
  const std::vector<Followed>& follow(const void* record);
  /// The first id of that relation in the record of the last call that leads nowhere; empty where all lead somewhere.
  const std::string& dead(std::size_t relation) const { return dead_[relation]; }
  /// The relation field's text.
  std::string_view text(const void* record, std::size_t relation) const {
    const Value& value = cell(record, offsets_[relation]);
    return value.is_text() ? value.bytes() : std::string_view();
  }

 private:
  void follow_one(std::size_t relation, std::string_view id);

  const Entity& entity_;
  RecordExistence& existence_;
  std::vector<const Entity*> targets_;
  std::vector<std::size_t> offsets_;
  std::vector<Followed> followed_;
  std::vector<std::string> dead_;
  Arena arena_;
};

/// Follows the references of table rows, on one side or on both.
class TableReferences {
 public:
  /// `source`, `target`: whose rows the references are looked up in; one of them may be null. Nothing is done where the
  /// table is no entity's own.
  TableReferences(RunContext& context, const TableShape& shape, SqlStore* source, SqlStore* target);
  ~TableReferences();
  void follow(std::span<const Value> values);

 private:
  struct Followers;
  std::unique_ptr<Followers> followers_;
};

/// Makes a report for each of the entity's relations; returns the first one's index in RunReport::references.
std::size_t report_references(RunReport& report, const Entity& entity);

/// What is said of a reference that leads somewhere in the source and nowhere in the target.
Difference dangling(const Entity& entity, const RelationEdge& relation, std::string_view key, std::string_view value);

}  // namespace twoway
