// Writing much at once into a PostgreSQL database, without ever leaving it in a state from which the next run could not
// go on.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/database.h"
#include "runtime/store/postgresql/refused_log.h"
#include "runtime/store/postgresql/schema.h"
#include "runtime/store/postgresql/side_table.h"
#include "runtime/store/postgresql/unfinished.h"

namespace twoway::postgresql {

/// During a load, foreign keys are set aside (rows come in any order, and sources have orphans), and so are the
/// ordinary indexes of tables that are empty at its start (sorting them at the end is cheaper than growing them row by
/// row). Primary and unique ones stay: they refuse rows while rows are written. What is set aside is noted in the
/// database in the same transaction, so a killed load is finished by the next run.
class BulkLoad {
 public:
  BulkLoad(Database& database, RefusedLog& refused) : database_(database), refused_(refused) {}

  /// Also goes on with a load that was killed. `schema` as it stands.
  void start(const LiveSchema& schema);
  /// Moves rows whose parent does not exist into the side table, makes indexes and foreign keys again, sets sequences,
  /// gathers statistics. Can be run again where it was interrupted. Returns the schema as it stands then.
  LiveSchema finish();
  /// How many of a table's rows waited before the load and wait again, as they were.
  std::uint64_t waits_again(std::string_view table) const;

 private:
  void note_waiting(Connection& connection, const LiveSchema& schema);
  void move_to_side(Connection& connection, const std::string& table, const std::vector<SideEntry>& side);
  void set_aside(Connection& connection, const LiveSchema& schema);
  void move_orphans(Connection& connection, const LiveSchema& schema);
  std::uint64_t move_orphans_of(Connection& connection, const LiveSchema& schema, const unfinished::SetAside& key);
  std::vector<unfinished::SetAside> left();
  void make_keys(Connection& connection, const LiveSchema& schema);
  void make_indexes(const std::vector<unfinished::SetAside>& indexes);
  void set_sequences(Connection& connection, const LiveSchema& schema);

  Database& database_;
  RefusedLog& refused_;
  std::map<std::string, std::map<std::string, std::uint64_t>> waited_;  // entity, key in the side table, hash
  std::map<std::string, std::uint64_t, std::less<>> again_;
};

}  // namespace twoway::postgresql
