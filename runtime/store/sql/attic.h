// What no mapping names, on the SQL side: unknown tables with their rows and objects, unknown columns, joined rows
// without a base row; and rows that wait beside their table because it refused them.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/attic_entries.h"
#include "runtime/store/sql/side_table.h"
#include "runtime/store/sql/tables.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/streams.h"

namespace twoway::sql_sqlite {

/// Reads and writes attic entries of one database. For an unknown table everything is carried as it stands. Tables and
/// columns that another kind of database declared are made with translated types; its statements are kept.
class SqlAttic {
 public:
  SqlAttic(sqlite::Connection& connection, sqlite::LiveSchema& schema, SideTable& side, SqliteTables& tables,
           const Mapping& mapping)
      : connection_(connection), schema_(schema), side_(side), tables_(tables), mapping_(mapping) {}

  void read(const std::function<void(const AtticEntry&)>& take);
  Outcome write(const AtticEntry& entry);

  /// Tables that the mapping does not name (without the side table), in name order.
  std::vector<const sqlite::LiveTable*> unknown_tables() const;

 private:
  void read_objects(const std::vector<attic_entry::Statement>& kept,
                    const std::function<void(const AtticEntry&)>& take);
  void read_rows(const sqlite::LiveTable& table, const std::function<void(const AtticEntry&)>& take);
  void read_joined_orphans(const Entity& entity, const Join& join, const std::function<void(const AtticEntry&)>& take);
  void read_waiting(std::string_view table, const std::function<void(const AtticEntry&)>& take);
  Outcome write_table(const AtticEntry& entry);
  Outcome write_column(const AtticEntry& entry);
  Outcome write_object(const AtticEntry& entry);
  Outcome write_row(const AtticEntry& entry);
  Outcome write_keyed_row(const sqlite::LiveTable& table, const AtticEntry& entry);
  bool keep_statement(const AtticEntry& entry);
  Outcome let_wait(const sqlite::LiveTable& table, const AtticEntry& entry);
  Outcome run(const std::string& sql);

  sqlite::Connection& connection_;
  sqlite::LiveSchema& schema_;
  SideTable& side_;
  SqliteTables& tables_;
  const Mapping& mapping_;
  struct Statements {
    sqlite::Statement find, insert, remove;
  };
  std::map<std::string, Statements> statements_;
  std::map<std::string, std::unique_ptr<TableWriter>> writers_;
  /// How often the very same row came that nothing tells apart, by its hash.
  std::unordered_map<std::string, std::uint64_t> seen_;
};

}  // namespace twoway::sql_sqlite
