// A SQLite database table by table (runtime/store/tables.h).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/sql/kept_rows.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/tables.h"

namespace twoway::sql_sqlite {

class SqliteTables : public Tables {
 public:
  SqliteTables(sqlite::Connection& connection, sqlite::LiveSchema& schema, SideTable& side)
      : connection_(connection), schema_(schema), side_(side) {}

  std::string_view dialect() const override { return "sqlite"; }
  std::vector<TableShape> shapes() override;
  std::vector<TableObject> objects() override;
  std::uint64_t count(std::string_view table) override;
  std::unique_ptr<TableReader> read(const TableShape& shape) override;
  bool find(const TableShape& shape, std::span<const Value> key, std::vector<Value>& values) override;
  std::unique_ptr<TableWriter> write(const TableShape& shape, bool dry_run) override;
  std::uint64_t erase(const TableShape& shape, std::span<const Value> key) override;
  void ensure(const TableShape& shape, bool foreign) override;
  Outcome ensure(const TableObject& object) override;
  std::vector<Refused> orphans() override;
  std::vector<Refused> refused() const override { return refused_.list(); }
  void read_side(std::string_view entity, const SideEntry& take) override;
  bool write_side(std::string_view entity, std::string_view key, const Value& document) override {
    return side_.write(entity, key, document);
  }

 private:
  /// A prepared look-up in one table.
  struct Finder {
    std::unique_ptr<KeptRows> kept;
    sqlite::Statement statement;
    Arena arena;
  };

  void execute(const std::string& sql);

  sqlite::Connection& connection_;
  sqlite::LiveSchema& schema_;
  SideTable& side_;
  std::map<std::string, Finder, std::less<>> finders_;
  RefusedCounts refused_;
};

}  // namespace twoway::sql_sqlite
