// Which rows a target would refuse, without writing to it: its keys, unique indexes and checks are tried out on a
// temporary SQLite database that holds no long values.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway {

class ConstraintRehearsal {
 public:
  /// What the database says of a row.
  struct Refusal {
    std::string reason;  ///< SQLite's words: `UNIQUE constraint failed: users.email`
    std::string like;    ///< the key of the row that stands in its way; empty where it is none
  };

  /// For records of the mapping's collections. `statements`: every `CREATE UNIQUE INDEX` of the target; others are left
  /// out.
  static std::unique_ptr<ConstraintRehearsal> of_collections(const Mapping& mapping,
                                                             const std::vector<std::string>& statements);
  /// For rows of the mapping's tables. `statements` make the target's tables and indexes, in order.
  static std::unique_ptr<ConstraintRehearsal> of_tables(const Mapping& mapping,
                                                        const std::vector<std::string>& statements);

  /// Tries a record struct or a row struct; nullopt where the target would take it.
  std::optional<Refusal> add(const Entity& entity, const void* row, std::string_view key);

 private:
  /// A table that an entity's values go into.
  struct Table {
    std::string name;
    std::vector<std::string> columns;
    std::vector<std::size_t> offsets;          ///< in step: of the values in the struct
    std::optional<std::size_t> marker_offset;  ///< of a joined table: the row is there where this is not 0
    sqlite::Statement insert;
  };

  ConstraintRehearsal();
  void execute(const std::string& statement);
  void add_table(const Entity& entity, Table table);
  std::string row_like(const Table& table, const void* row, const std::string& reason);

  sqlite::Connection connection_;
  std::map<const Entity*, std::vector<Table>> tables_;
  std::vector<std::string> shortened_;  ///< stand-ins for long values while a statement runs
};

/// The `CREATE UNIQUE INDEX` statements in PocketBase migrations.
std::vector<std::string> unique_indexes_in(const Mapping& mapping);
/// The statements in a database's own schema: all of them, or only those of unique indexes.
std::vector<std::string> statements_of(const std::filesystem::path& file, bool only_unique_indexes);

}  // namespace twoway
