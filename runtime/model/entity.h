// Descriptors: what drivers and reports need to know of an entity. Generated code fills them in; nothing in the
// runtime knows any entity by name.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "runtime/model/field.h"
#include "runtime/model/value.h"

namespace twoway {

class ToPocketBase;
class ToSql;

/// Declared type of a SQL column.
enum class SqlType : std::uint8_t { text, integer, boolean, json, date, datetime, real, blob };
/// Type of a PocketBase field.
enum class PocketBaseType : std::uint8_t {
  id,
  text,
  number,
  boolean,
  date,
  json,
  relation,
  relations,
  email,
  password,
  token,
  autodate,
  file
};

/// How faithfully a field goes over and comes back.
enum class FieldClass : std::uint8_t { iso, residue, mirror, derived, lossy, purge };

/// A member of the generated row struct.
struct Column {
  std::string_view table;     ///< the entity's table or a joined one
  std::string_view name;      ///< column
  SqlType type;
  bool nullable;              ///< by the mapping's reference schema; a live database may say otherwise
  bool key;                   ///< part of the entity's SQL key
  std::size_t offset;         ///< of a Value within the row struct
};

/// A member of the generated record struct.
struct RecordField {
  std::string_view name;
  PocketBaseType type;
  bool hidden;
  /// Written when a record is inserted, never when it is updated (token keys, names of files).
  bool insert_only;
  std::size_t offset;         ///< of a Value within the record struct
};

/// A column or a field of which nothing is kept, or not all, and the mapping's reason.
struct Declared {
  std::string_view name;      ///< column (`table.column` for a joined table) or table
  FieldClass what;            ///< purge or lossy
  std::string_view reason;
  std::string_view position;  ///< `file:line`
};

/// A one-to-one joined table.
struct Join {
  std::string_view table;
  std::string_view column;       ///< its key column
  std::string_view base_column;  ///< the entity table's column it equals
  std::size_t marker_offset;     ///< of the row struct's Value that is 1 where the joined row exists, 0 where not
};

/// One line of `twoway explain`.
struct Explanation {
  std::string_view column;    ///< empty where only PocketBase has it
  std::string_view field;     ///< empty where nothing arrives in PocketBase
  std::string_view lens;
  FieldClass what;
  std::string_view note;      ///< reason, target of a relation, formula
  std::string_view position;
};

/// A relation that leaves this entity: for order, for `plan`, for referential checks.
struct RelationEdge {
  std::string_view column;    ///< SQL column that holds the reference (or `details.authors[]` for a mirror)
  std::string_view field;     ///< PocketBase relation field
  std::string_view target;    ///< entity
  bool deferred;              ///< not counted in the order: a self reference, a declared cycle, a mirror
  bool many;
  /// The target's key as this entity's columns make it, a part a text: `{owner}`, or `{id}-{owner}` where columns and
  /// literal text are put together; `[]` for the name in a mirror's array. The first empty part ends it.
  static constexpr std::size_t most_key_parts = 16;
  std::string_view key[most_key_parts] = {};
};

/// A member of a JSON column's top-level object.
struct JsonMember {
  std::uint16_t column = 0;  ///< index into Entity::columns
  std::string_view name{};   ///< empty: there is none
};

/// A field of PocketBase that holds a file. On the SQL side its bytes lie beside the database, and columns say where.
struct FileField {
  std::string_view field;
  std::size_t offset;       ///< of the field's Value within the record struct
  std::uint16_t path;       ///< index into Entity::columns: where the file lies, a path or a URI
  std::uint16_t name;       ///< index into Entity::columns: what people call it
  std::string_view stored;  ///< `{id}_{name}`: columns that make its name where no path says one
  JsonMember sha256;        ///< of its bytes, hexadecimal
  JsonMember size;          ///< in bytes
  JsonMember content_type;
  std::string_view position;  ///< `file:line`
};

/// Who the people of an auth collection are, and how they sign in. Offsets are of Values within the row struct or the
/// record struct.
struct People {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t name;             ///< row; none: the mapping names no column
  std::size_t address;          ///< row
  std::size_t shown_address;    ///< record: empty where PocketBase refuses the address
  std::size_t password;         ///< row: a hash
  std::size_t shown_password;   ///< record
  std::string_view password_column;  ///< as Field::column
  bool argon2;                  ///< the application on the SQL side verifies argon2 hashes as well; both verify bcrypt
  std::size_t verified;         ///< record; none: all addresses count as verified
  std::size_t identities;       ///< row: JSON, `{provider: {member: identity}}`; none: nobody has any
  std::string_view identities_field;  ///< the JSON's field in PocketBase; empty: none
  std::string_view member;
  /// Providers by which PocketBase knows people under another identity than the application: their identities stay in
  /// the JSON, and PocketBase's rows of them are its own.
  std::span<const std::string_view> other_providers;
  /// The column that the application's sessions are bound to, `table.column` for a joined table; empty: there is none.
  std::string_view sessions;
};

/// One entity of a mapping. All pointers are to static storage of the generated code.
struct Entity {
  std::string_view name;          ///< as in the mapping
  std::string_view table;         ///< SQL table
  std::string_view collection;    ///< PocketBase collection
  std::string_view collection_id; ///< fixed id of the collection
  bool auth;                      ///< an auth collection
  /// Key of one part that is the record id itself, so that id <-> key needs no look-up unless the side table overrides.
  bool key_is_record_id;
  std::span<const Column> columns;         ///< mapped columns in the order of the row struct
  std::span<const RecordField> fields;     ///< in the order of the record struct; the first is `id`
  std::span<const std::uint16_t> key;      ///< indexes into `columns`, in the order of the record id's parts
  std::span<const Join> joins;
  std::span<const Declared> declared;      ///< purged columns (they are in no struct), lossy ones
  std::span<const Explanation> explanations;
  std::span<const RelationEdge> relations;
  std::span<const FileField> files = {};
  std::size_t row_bytes;
  std::size_t record_bytes;
  void (*to_pocketbase)(const void* row, void* record, ToPocketBase& run);
  void (*to_sql)(const void* record, void* row, ToSql& run);
  const People* people = nullptr;          ///< null: nobody signs in to it
};

/// A table that is purged as a whole.
using PurgedTable = Declared;

/// A table, or a column as `table.column`, that only databases of older births have: an upgrade left it behind.
struct Leftover {
  std::string_view name;
  std::string_view reason;
};

/// What becomes of a row with U+0000 in a text where the target is a database that cannot hold it.
enum class NulPolicy : std::uint8_t {
  residue,  ///< the row goes over with U+FFFD in its place, the exact text is kept in the side table and comes back
  reject,   ///< the row is rejected
};

/// A generated mapping.
struct Mapping {
  std::string_view name;
  std::string_view digest;               ///< SHA-256 of its canonical source, hexadecimal
  std::string_view version_table;        ///< SQL table that names the schema revision; empty if the mapping has none
  std::string_view version_column;
  std::string_view version_value;
  std::string_view version_name;         ///< for people: `Book Shop 2.1`
  std::span<const Entity* const> entities;   ///< in dependency order
  std::span<const PurgedTable> purged;
  std::span<const std::string_view> sqlite_schema;      ///< statements that make an empty SQL store (SQLite), in order
  std::span<const std::string_view> postgresql_schema = {};  ///< the same for PostgreSQL
  /// PocketBase migrations: file name and content, in order.
  struct MigrationFile {
    std::string_view name;
    std::string_view content;
  };
  std::span<const MigrationFile> pocketbase_migrations;
  /// Hooks that a PocketBase server needs for bulk import and export: files for its pb_hooks directory.
  std::span<const MigrationFile> pocketbase_hooks = {};
  std::string_view schema_file = {};  ///< where the mapping declares the SQL side
  std::span<const Leftover> leftovers = {};
  /// What becomes of a text with U+0000 in a database that cannot hold it.
  NulPolicy nul_in_text = NulPolicy::residue;
};

/// The cell at `offset` of a generated row or record struct.
inline const Value& cell(const void* record, std::size_t offset) {
  return *reinterpret_cast<const Value*>(static_cast<const char*>(record) + offset);
}
inline Value& cell(void* record, std::size_t offset) {
  return *reinterpret_cast<Value*>(static_cast<char*>(record) + offset);
}

}  // namespace twoway
