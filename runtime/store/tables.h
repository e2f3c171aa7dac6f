// A SQL database table by table, as it stands, without entities: what a copy from one SQL database into another needs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/model/value.h"
#include "runtime/store/outcome.h"

namespace twoway {

/// A column of a live table.
struct TableColumn {
  std::string name;
  std::string declared_type;  ///< in the words of the database it stands in; may be empty
  SqlType type = SqlType::text;
  bool not_null = false;
};

/// A live table. Generated columns are not among its columns: nobody can write them.
struct TableShape {
  std::string name;
  std::vector<TableColumn> columns;
  /// Indexes into `columns` of what tells its rows apart: the primary key, else a unique key of columns that are all
  /// NOT NULL. Empty: the table has none, and is copied as a whole.
  std::vector<std::size_t> key;
  std::string sql;            ///< the statement that makes it, in the words of its database

  const TableColumn* find(std::string_view column) const {
    for (const TableColumn& candidate : columns) {
      if (candidate.name == column) return &candidate;
    }
    return nullptr;
  }
  /// The column's index; the number of columns where there is none of that name.
  std::size_t index_of(std::string_view column) const {
    const TableColumn* found = find(column);
    return found == nullptr ? columns.size() : static_cast<std::size_t>(found - columns.data());
  }
};

/// An index, trigger or view of its own statement.
struct TableObject {
  std::string type;   ///< `index`, `trigger` or `view`
  std::string name;
  std::string table;
  std::string sql;
};

/// Rows of one table. Values are what the row holds exactly: where the database could not hold a value, it was kept
/// beside it (docs/architecture.md, "What a database refuses"). They are valid until the next call of next().
class TableReader {
 public:
  virtual ~TableReader() = default;
  virtual bool next() = 0;
  virtual std::span<const Value> values() const = 0;
  virtual std::size_t bytes() const = 0;
};

/// Upserts rows of one table by its key; a table without one just takes them.
class TableWriter {
 public:
  virtual ~TableWriter() = default;
  /// One value per column of the shape that the writer was made for. Views need to live until the call returns. A value
  /// that the database cannot hold is kept beside the row; a row that it cannot hold waits beside the table.
  virtual Outcome write(std::span<const Value> values) = 0;
  virtual Settlement settle(bool /*all*/) { return {}; }
};

/// Values and rows that a database refused and that are therefore kept beside its tables.
struct Refused {
  std::string table;
  std::string column;        ///< empty: whole rows
  std::string reason;        ///< `a NUL in text`, `foreign key chat_user_id_fkey`
  std::uint64_t count = 0;
  std::vector<std::string> examples;  ///< keys of the first few rows
};

/// Sums up what writers refuse.
class RefusedCounts {
 public:
  static constexpr std::size_t kept_examples = 5;
  void add(std::string_view table, std::string_view column, std::string_view reason, std::string_view key);
  /// By table, column and reason.
  std::vector<Refused> list() const { return counts_; }

 private:
  std::vector<Refused> counts_;
};

class Tables {
 public:
  virtual ~Tables() = default;
  /// `sqlite` or `postgresql`: the words of statements and declared types.
  virtual std::string_view dialect() const = 0;
  /// All tables but the database's own and twoway's, by name.
  virtual std::vector<TableShape> shapes() = 0;
  /// Indexes, triggers and views; those that only the named tables have.
  virtual std::vector<TableObject> objects() = 0;
  virtual std::uint64_t count(std::string_view table) = 0;
  /// `shape` names the columns that are wanted, in the order of the values.
  virtual std::unique_ptr<TableReader> read(const TableShape& shape) = 0;
  /// Fills `values` for a key; false where there is no such row. Views are valid until the next call.
  virtual bool find(const TableShape& shape, std::span<const Value> key, std::vector<Value>& values) = 0;

  /// `dry_run`: rows are looked at and counted in refused(), nothing is written.
  virtual std::unique_ptr<TableWriter> write(const TableShape& shape, bool dry_run) = 0;
  /// Deletes the row with this key, or all rows where the table has no key. Returns the number of rows.
  virtual std::uint64_t erase(const TableShape& shape, std::span<const Value> key) = 0;
  /// Makes the table, or the columns that it lacks. Types are translated where `foreign` (the shape stands in another
  /// kind of database); then its statement and its objects cannot be used, and a plain table is made.
  virtual void ensure(const TableShape& shape, bool foreign) = 0;
  /// Runs an object's statement unless there is one of that name.
  virtual Outcome ensure(const TableObject& object) = 0;
  /// Entries of the side table `twoway_residue` for one entity, all of them where it is empty.
  using SideEntry = std::function<void(std::string_view entity, std::string_view key, const Value& document)>;
  virtual void read_side(std::string_view entity, const SideEntry& take) = 0;
  /// Writes an entry, or removes it where `document` is NULL. True where something changed.
  virtual bool write_side(std::string_view entity, std::string_view key, const Value& document) = 0;
  /// Rows that break a declared foreign key, for the plan: none where it is enforced.
  virtual std::vector<Refused> orphans() = 0;
  /// How many rows of a table waited before the load and wait again, as they were, though a writer took them for new.
  virtual std::uint64_t waits_again(std::string_view /*table*/) const { return 0; }
  /// What this database refused since it was opened, for the plan and the receipt.
  virtual std::vector<Refused> refused() const = 0;
};

}  // namespace twoway
