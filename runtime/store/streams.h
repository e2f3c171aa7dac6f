// What a store gives to a migration: readers, writers and look-ups, an entity at a time. Drivers implement these;
// migrate/ and verify/ know nothing else of a store.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "runtime/files/file_side.h"
#include "runtime/model/entity.h"
#include "runtime/model/value.h"
#include "runtime/store/identity_changes.h"
#include "runtime/store/outcome.h"
#include "runtime/store/tables.h"
#include "runtime/transform/resolver.h"

namespace twoway {

/// How a store is going to be used: a source is left as it is, a target is locked against everybody else.
enum class Use : std::uint8_t { source, target };

/// A column that the mapping does not know.
struct UnknownColumn {
  std::string name;           ///< `table.column` for a joined table
  std::string declared_type;  ///< as the table declares it; may be empty
};

/// Rows of one entity, in the order that is cheapest for the store. All views are valid until the next call of next().
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual bool next() = 0;
  /// The entity's row struct.
  virtual const void* row() const = 0;
  /// Unknown columns of the entity's tables and this row's values of them, in step.
  virtual std::span<const UnknownColumn> unknown_columns() const = 0;
  virtual std::span<const Value> unknown_values() const = 0;
  /// The row's entry in the side table `twoway_residue`, or NULL.
  virtual Value side() = 0;
  /// Bytes of the row's values, for progress and memory accounting.
  virtual std::size_t bytes() const = 0;
};

/// Records of one collection.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  virtual bool next() = 0;
  virtual const void* record() const = 0;
  virtual Value residue() const = 0;
  virtual Value created() const = 0;
  virtual std::size_t bytes() const = 0;
};

/// A row of a table or an object that no mapping names, on its way through the attic.
struct AtticEntry {
  /// `broken`: a record of the attic that twoway did not write or that somebody changed; `name` is its id.
  enum class What : std::uint8_t { table, column, row, object, broken };
  /// Begins the name of a mapped table's row whose key another row has already (possible where a key holds NULL).
  static constexpr std::string_view duplicate = "duplicate ";
  /// Begins the name of a mapped table's row that its database refused; behind it stands the row's key.
  static constexpr std::string_view waiting = "waiting ";

  What what = What::row;
  std::string table;     ///< the table it belongs to
  std::string name;      ///< column name; for objects `index name`, `trigger name`, `view name`; for rows the position
  /// Columns and tagged values of a row; {"sql": ...} for tables and objects; {"type": ...} for columns.
  std::vector<std::pair<std::string, std::string>> values;
};

/// Upserts records of one collection, by id.
class RecordWriter {
 public:
  virtual ~RecordWriter() = default;
  /// Views need to live until the call returns.
  virtual Outcome write(const void* record, const Value& residue, const Value& created) = 0;
  /// What became of pending records since the last call. `all`: writes what is still held back, waits for it, and
  /// throws Error where the store cannot be reached any more.
  virtual Settlement settle(bool /*all*/) { return {}; }
};

/// Upserts rows of one entity (and of its joined tables), by key.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// `unknown`: further columns by name. `side`: the side table's entry, NULL removes it.
  virtual Outcome write(const void* row, std::span<const std::pair<std::string_view, Value>> unknown,
                        const Value& side) = 0;
  /// What became of pending rows since the last call; see RecordWriter::settle.
  virtual Settlement settle(bool /*all*/) { return {}; }
};

/// The side that is written: a load from start to finish, in transactions of one batch each.
class Transactions {
 public:
  virtual ~Transactions() = default;
  /// Before the first batch. `empty`: the store holds no rows yet. `many_small_rows`: entities of which many rows will
  /// come, each of them small.
  virtual void start_load(bool empty, std::span<const Entity* const> many_small_rows) = 0;
  /// After the last batch: indexes, statistics, checkpoint. Until then the next run can go on, but nobody else should.
  virtual void finish_load() = 0;
  virtual void begin() = 0;
  virtual void commit() = 0;
  virtual void roll_back() = 0;
  /// What became of pending attic entries since the last call; see RecordWriter::settle.
  virtual Settlement settle_attic(bool /*all*/) { return {}; }
};

/// Takes a row with a reference that leads nowhere: the relation and the row's record id.
using TakeOrphan = std::function<void(const RelationEdge& relation, std::string_view key)>;

/// The SQL side.
class SqlStore : public Transactions {
 public:
  /// For people: the path or URL without secrets.
  virtual std::string describe() const = 0;

  virtual std::unique_ptr<RowReader> read(const Entity& entity) = 0;
  /// Fills `row` for the key; false where there is none. Views are valid until the next call for the same entity.
  virtual bool find(const Entity& entity, std::span<const Value> key, void* row,
                    std::vector<std::pair<std::string_view, Value>>& unknown) = 0;
  virtual std::uint64_t count(const Entity& entity) = 0;
  virtual std::uint64_t count_table(std::string_view table) = 0;
  virtual RecordResolver& resolver() = 0;

  virtual std::unique_ptr<RowWriter> write(const Entity& entity) = 0;
  /// Where this database is stricter than the mapping's reference schema (a database born under an old release declares
  /// more columns NOT NULL), a NULL becomes the column's empty value. Returns the number of cells changed.
  virtual std::size_t adapt(const Entity& entity, void* row) = 0;
  /// Deletes the row with this key (and its joined rows). True if there was one.
  virtual bool erase(const Entity& entity, std::span<const Value> key) = 0;
  /// Gives the column that sessions are bound to (People::sessions) a new random text: in all rows, or only where it is
  /// NULL. Returns their number.
  virtual std::uint64_t end_sessions(const Entity& entity, bool all) = 0;

  /// References of the entity's columns to rows that there are not; empty ones lead nowhere on purpose. Mirrors are not
  /// looked at: their names stand in documents.
  virtual void read_orphans(const Entity& entity, const TakeOrphan& take) = 0;

  /// Everything that the mapping does not name: tables, objects, unknown columns, and rows that can have no record
  /// (joined rows without a base row).
  virtual void read_attic(const std::function<void(const AtticEntry&)>& take) = 0;
  /// Writes one entry; entries of What::table and What::column come before all rows, objects after.
  virtual Outcome write_attic(const AtticEntry& entry) = 0;
  /// The schema's revision, as the mapping's version table has it; empty if it has none.
  virtual std::string version() = 0;
  /// The same database table by table, for copies into another SQL database.
  virtual Tables& tables() = 0;
  /// True where somebody else wrote to the store since it was opened.
  virtual bool changed_since_open() const = 0;
  /// What the store says of itself at opening: another text where somebody wrote to it since. Empty: it cannot tell.
  virtual std::string state() const { return {}; }
  /// Differences between this database and the mapping that stop nothing (unknown tables and columns, older shape).
  virtual std::vector<std::string> remarks() = 0;
};

/// The PocketBase side.
class PocketBaseStore : public Transactions {
 public:
  virtual std::string describe() const = 0;
  virtual std::unique_ptr<RecordReader> read(const Entity& entity) = 0;
  virtual std::uint64_t count(const Entity& entity) = 0;
  virtual bool exists(const Entity& entity, std::string_view record_id) = 0;
  virtual RowResolver& resolver() = 0;
  /// Relations to records that there are not: PocketBase makes none, but a tool that writes its tables may.
  virtual void read_orphans(const Entity& entity, const TakeOrphan& take) = 0;
  virtual std::unique_ptr<RecordWriter> write(const Entity& entity) = 0;
  virtual bool erase(const Entity& entity, std::string_view record_id) = 0;
  /// The files of one field of the entity's records; lives no longer than the store. Throws Error(cannot_start) where
  /// this store cannot get at them.
  virtual std::unique_ptr<files::FileSide> files(const Entity& entity, const FileField& field,
                                                 const files::PutOptions& options) = 0;
  /// Gives all people new token keys: who was signed in is not any more. Returns their number.
  virtual std::uint64_t renew_token_keys(const Entity& entity) = 0;
  /// After the records: makes and removes rows of identities elsewhere, so that they say what the records' documents
  /// say. Only for entities with identities.
  virtual IdentityCounts link_identities(const Entity& entity, const IsOurs& ours) = 0;
  /// What was linked and unlinked there since the documents were written; read() shows documents that say so.
  virtual IdentityCounts identity_edits(const Entity& entity) = 0;
  virtual void read_attic(const std::function<void(const AtticEntry&)>& take) = 0;
  virtual Outcome write_attic(const AtticEntry& entry) = 0;
  /// What names an entry in the attic: the same entry has the same id in every run.
  virtual std::string attic_id(const AtticEntry& entry) const = 0;
  /// Entries whose ids are not among `kept`; deleted where `remove`. Returns their number. Duplicates are not looked
  /// at: which of them there are is only known when their entity has been read.
  virtual std::uint64_t other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) = 0;
  virtual std::string version() = 0;
  virtual bool changed_since_open() const = 0;
  /// What the store says of itself at opening: another text where somebody wrote to it since. Empty: it cannot tell.
  virtual std::string state() const { return {}; }
};

}  // namespace twoway
