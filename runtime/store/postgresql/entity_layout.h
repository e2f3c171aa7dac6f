// An entity's rows in a live PostgreSQL database: how they are selected, and what is kept beside its tables.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "runtime/store/entity_columns.h"
#include "runtime/store/postgresql/kept_values.h"
#include "runtime/store/postgresql/schema.h"
#include "runtime/store/postgresql/table_reader.h"

namespace twoway::postgresql {

/// The live tables as the dialect-neutral part wants them. `schema` must outlive the answer.
TableFacts table_facts(const LiveSchema& schema);

/// A column of type boolean that stands in no table.
const LiveColumn& boolean_column();

/// What has to be selected for an entity.
struct EntityLayout {
  std::vector<UnknownColumn> unknown;
  RowsStatement statement;
  /// One per selected expression: the mapped columns, a marker per join, the unknown columns.
  std::vector<LiveColumn> columns;
};
EntityLayout entity_layout(const Entity& entity, const LiveSchema& schema);

/// Puts selected values into the row struct and `unknown`. Returns the bytes of the mapped values.
std::size_t fill_row(const Entity& entity, std::span<const Value> values, void* row, std::span<Value> unknown);

/// The entity's own table, told apart by the entity's key; in the order that the table's own key has, if it is that.
TableShape entity_shape(const Entity& entity, const LiveSchema& schema);
/// A joined table, told apart by the column that it is joined on.
TableShape joined_shape(const Join& join, const LiveSchema& schema);

/// `t."a" = $1 AND t."b" IS NULL` for a key, and the parameters for it.
struct KeyCondition {
  std::string sql;
  std::vector<Parameter> parameters;
  /// False where one of the columns cannot hold its value: then no row of the table has this key.
  bool possible = true;
};
KeyCondition key_condition(std::span<const LiveColumn> columns, std::span<const Value> key, std::string_view prefix,
                           Arena& arena);
/// The live columns of an entity's key.
std::vector<LiveColumn> key_columns(const Entity& entity, const LiveSchema& schema);

/// Exact values that an entity's tables cannot hold, put back into its rows. Costs nothing where none are kept.
class KeptEntity {
 public:
  KeptEntity(Database& database, const LiveSchema& schema, const Entity& entity,
             const std::vector<UnknownColumn>& unknown);
  /// Text is valid until the next call.
  void restore(void* row, std::span<Value> unknown);

 private:
  struct Part {
    std::unique_ptr<TableLayout> layout;
    std::unique_ptr<KeptValues> kept;
    TablePlaces places;
    std::vector<Value> values;
  };
  std::vector<Part> parts_;
  Arena arena_;
};

/// Rows that the entity's own table refused, as rows of the entity: they wait beside the table, but a row is a row.
class WaitingEntity {
 public:
  WaitingEntity(Database& database, const LiveSchema& schema, const Entity& entity,
                const std::vector<UnknownColumn>& unknown);

  /// False where no row waits. What waited when this object was made is all that it looks for.
  bool any() const { return !keys_.empty(); }
  /// The side table's `entity` of these rows.
  const std::string& side_entity() const { return layout_.rows_entity; }
  /// True where a row with this key of the entity waits.
  bool contains(std::span<const Value> key);
  /// Fills the row from the waiting one with this key. Views are valid until the next call.
  bool find(std::span<const Value> key, void* row, std::span<Value> unknown);
  /// Fills the row from a document; false where it is none of ours.
  bool fill(std::string_view document, void* row, std::span<Value> unknown);

 private:
  struct Joined {
    const Join* join;
    const Column* base;
    std::unique_ptr<RowFinder> finder;
    TablePlaces places;
    std::vector<Value> values;
  };
  void fill_joined(Joined& joined, void* row, std::span<Value> unknown);
  std::optional<std::string> document(std::span<const Value> key);

  Database& database_;
  const Entity& entity_;
  TableLayout layout_;
  TablePlaces places_;
  KeySet keys_;
  std::vector<Joined> joined_;
  std::vector<Value> values_;
  Arena arena_;
};

/// One entity's entries in the side table.
class SideEntries {
 public:
  SideEntries(Database& database, std::string_view entity);
  bool any() const { return any_; }
  /// The entry for a key, as record_id::encode writes it, or NULL. Valid until the next call.
  Value find(std::string_view key);
  /// The same, where the keys of all entries are worth knowing: rows without an entry are then not asked for.
  Value find_some(std::string_view key);

 private:
  Database& database_;
  std::string entity_;
  bool any_ = false;
  bool knows_keys_ = false;
  KeySet keys_;
  Result result_;
};

}  // namespace twoway::postgresql
