// The resolved mapping: names are bound to tables, columns, lenses and entities, defaults are filled in, and the
// checks have passed. This is what the emitters read; they never see YAML.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "generator/model/source_position.h"

namespace twowayc {

/// Declared SQL types, as the mapping language has them.
enum class SqlType { text, varchar, bigint, integer, boolean, json, date, datetime, real, numeric, blob };

/// The databases that the SQL side may live in. What differs is declared; in_dialect() takes it apart.
enum class Dialect { sqlite, postgresql };

/// What PostgreSQL has instead of what a column says for all.
struct PostgresqlColumn {
  std::optional<std::string> default_sql;
  std::string sequence;                 ///< whose numbers are its default, owned by the column; empty: none
  std::string after;                    ///< the column that it stands behind; empty: where it is declared
};
struct SqlColumn {
  std::string name;
  SqlType type = SqlType::text;
  std::size_t length = 0;               ///< of varchar(N); 0: none
  bool nullable = true;
  std::optional<std::string> default_sql;
  PostgresqlColumn postgresql;
  Position position;
  std::string holds;                    ///< the lens whose values these are, where the type does not say it
  bool never_null = false;              ///< nullable, but the application never writes NULL and cannot read it
  bool secret = false;                  ///< nobody but superusers may see it
};
/// A reference that the application knows and the schema does not declare.
struct SqlReference {
  std::vector<std::string> on;          ///< the target's key in its order: columns, "{a}-{b}", "column.path[]"
  std::string table;
  Position position;
};
struct SqlUnique {
  std::string name;                     ///< empty: unnamed
  std::vector<std::string> columns;
  std::optional<Dialect> only;          ///< here and below: the one dialect that has it; none: all have it
};
struct SqlForeignKey {
  std::string name;
  std::vector<std::string> columns;
  std::string table;
  std::vector<std::string> target_columns;
  std::string on_delete;  ///< "", "cascade", "set null", "set default", "restrict"
  std::optional<Dialect> only;
};
struct SqlCheck {
  std::string name;
  std::string sql;
  std::optional<Dialect> only;
};
struct SqlIndex {
  std::string name;
  std::vector<std::string> terms;
  bool unique = false;
  std::string where;                    ///< empty: not partial
  std::optional<Dialect> only;
};
struct SqlTable {
  std::string name;
  std::vector<SqlColumn> columns;
  SqlUnique primary_key;
  std::string postgresql_primary_key;   ///< its name in PostgreSQL; empty: as above
  /// Statements that make the table, for what the rest cannot say; empty: made of the rest. That of SQLite has the
  /// foreign keys in it, that of PostgreSQL has not.
  std::string sqlite_create, postgresql_create;
  std::vector<SqlUnique> uniques;
  std::vector<SqlForeignKey> foreign_keys;
  std::vector<SqlReference> references;
  std::vector<SqlCheck> checks;
  std::vector<SqlIndex> indexes;
  Position position;

  const SqlColumn* find(const std::string& column) const;
};
/// A table, or a column as `table.column`, that only databases of older births have.
struct Leftover {
  std::string name;
  std::string reason;
};
struct SqlSchema {
  std::string name;
  std::string version_table, version_column, version_value, version_name;
  std::vector<Leftover> leftovers;      ///< sorted by name
  std::vector<std::string> postgresql_before;   ///< statements that PostgreSQL needs before all tables: its types
  std::vector<SqlTable> tables;         ///< sorted by name; their columns in the order of the file

  const SqlTable* find(const std::string& table) const;
};

enum class PocketBaseType { text, number, boolean, date, json, relation, relations, email, password, token, file };
enum class Fidelity { iso, residue };
enum class OnDelete { cascade, clear, restrict_ };
enum class Empty { null, value };

/// A lens by name: built in, or written in C++ by the mapping's author.
struct Lens {
  std::string name;                     ///< as in YAML: "epoch_seconds"
  std::string struct_name;              ///< C++: "lens::EpochSeconds"
  std::string header;                   ///< include path: "runtime/lens/epoch_seconds.h"
  std::vector<SqlType> sql_types;       ///< that it accepts
  PocketBaseType pocketbase = PocketBaseType::text;
  Fidelity fidelity = Fidelity::iso;
  bool built_in = true;
  /// The laws can be proved by the compiler; false for JSON (properties at test time) and for what needs other rows.
  bool provable = true;
  Position position;
};

/// A part of a reference's target key.
struct KeyPart {
  enum class What { own_column, other_column, template_text } what = What::own_column;
  std::size_t column = 0;               ///< index into Entity::columns, for own_column and other_column
  /// For template_text: literal pieces and columns in turn. The last piece is the field's own column.
  struct Piece {
    std::string literal;
    std::optional<std::size_t> column;
  };
  std::vector<Piece> pieces;
};

/// A scalar default.
struct Default {
  enum class Kind { none, created, null, integer, real, text } kind = Kind::none;
  std::string text;                     ///< for integer, real, text
};

/// A value that the mapping says a column holds, to be proved.
struct Witness {
  Default value;
  Position position;
};

/// A column of the row struct, in struct order.
struct EntityColumn {
  std::size_t table = 0;                ///< index into SqlSchema::tables
  std::size_t column = 0;               ///< index into SqlTable::columns
  std::string qualified;                ///< "title", or "auth.email" for a joined table
  std::string member;                   ///< C++ member: "title", "auth_email"
  bool key = false;
};

/// A mapped field: one column, one lens, at most one PocketBase field.
struct MappedField {
  std::size_t column = 0;               ///< index into Entity::columns
  std::string to;                       ///< PocketBase field; empty for same_as
  std::size_t lens = 0;                 ///< index into MappingModel::lenses
  Empty empty = Empty::null;
  bool json_null_is_json = false;       ///< json_null: json
  Default fallback;
  bool hidden = false;
  std::size_t max_size = 0;             ///< bytes; 0: the default
  std::string lossy;                    ///< reason; empty: not lossy
  std::vector<Witness> witnesses;       ///< in the order of the file
  // reference
  std::optional<std::size_t> target;    ///< entity index (into MappingModel::entities)
  std::vector<KeyPart> target_key;      ///< in the order of the target's key
  OnDelete on_delete = OnDelete::clear;
  bool deferred = false;
  // email
  std::string login;                    ///< PocketBase text field
  // same_as
  std::optional<std::size_t> repeats;   ///< index into Entity::columns
  Position position;
};

/// How a part of the SQL key lives in PocketBase.
struct KeyColumn {
  std::size_t column = 0;               ///< index into Entity::columns
  bool is_record_id = false;            ///< false: it has a field of its own
  Position position;
};

struct PurgedColumn {
  std::string qualified;
  std::string reason;
  Position position;
};
struct JoinedTable {
  std::size_t table = 0;                ///< index into SqlSchema::tables
  std::string name;
  std::string column, base_column;
  std::string marker;                   ///< C++ member of the row struct: "auth_exists"
  Position position;
};
struct Mirror {
  std::string field;                    ///< PocketBase relation field, also the C++ member
  std::size_t column = 0;               ///< JSON column (index into Entity::columns)
  std::string path;                     ///< member of the top-level object
  std::size_t target = 0;               ///< entity index
  std::vector<std::size_t> with;        ///< further key parts: indexes into Entity::columns
  Position position;
};
struct Derived {
  std::string field;
  struct Piece {
    std::string literal;
    std::string field;                  ///< PocketBase field; empty: literal only
  };
  std::vector<Piece> pieces;
  bool unique = false;
  Position position;
};
struct PocketBaseOnly {
  std::string field;
  PocketBaseType type = PocketBaseType::boolean;
  Default value;
  std::string purge;                    ///< reason; empty: its value returns through the side table
  Position position;
};
/// A PocketBase field that holds a file. On the SQL side its bytes lie beside the database, and columns say where.
struct FileField {
  /// A member of a JSON column's top-level object.
  struct Member {
    std::size_t column = 0;             ///< index into Entity::columns
    std::string name;
  };
  std::string field;
  std::size_t path = 0;                 ///< index into Entity::columns: a path or a URI
  std::size_t name = 0;                 ///< index into Entity::columns: what people call it
  std::string stored;                   ///< template over columns: its name where no path says one
  std::optional<Member> sha256, size, content_type;
  std::size_t max_size = 0;             ///< bytes; 0: the default
  Position position;
};
struct PocketBaseIndex {
  std::vector<std::string> fields;
  bool unique = false;
  Position position;
};
/// A GET that PocketBase answers: the records of one person whose list holds names.
struct Route {
  struct Parameter {
    std::string name;   ///< in the URL
    std::string field;  ///< of the collection
  };
  std::string path;
  Parameter owner;                  ///< a reference to the auth entity
  Parameter list;                   ///< a mirror
  std::string order;                ///< field, newest first
  std::size_t limit = 0, most = 0;  ///< items of an answer: where nothing is said, and at most
  std::vector<std::size_t> answer;  ///< what an item shows: indexes into Entity::columns
  Position position;
};
/// Which columns say who people are and how they sign in.
struct People {
  std::optional<std::size_t> name;      ///< here and below: indexes into Entity::columns
  std::size_t address = 0;
  std::size_t password = 0;
  bool argon2 = false;                  ///< the application on the SQL side verifies argon2 hashes beside bcrypt
  std::optional<std::size_t> identities;   ///< JSON: `{provider: {member: identity}}`
  std::string member;
  std::vector<std::string> except;      ///< providers whose identities PocketBase knows by another name
  std::string sessions;                 ///< the purged column that sessions are bound to, qualified; empty: none
  Position position;
};
struct Rules {
  std::optional<std::string> list, view, create, update, remove;   ///< nullopt: closed
  Position list_position, view_position, create_position, update_position, remove_position;
};

struct Entity {
  std::string name;                     ///< "chat"
  std::string struct_name;              ///< "Chat" (ChatRow, ChatRecord)
  std::string description;
  std::size_t table = 0;
  std::string collection;               ///< "chats"
  std::string collection_id;            ///< "twoway_chat"; "_pb_users_auth_" for the auth collection
  bool auth = false;
  std::vector<std::string> identity;
  std::string auth_rule;
  std::optional<People> people;         ///< only of an auth collection
  std::vector<EntityColumn> columns;    ///< key columns first, then in the order of the SQL table, joined tables after
  std::vector<KeyColumn> key;           ///< in the order of the SQL constraint that it covers (the primary key first)
  std::vector<MappedField> fields;      ///< in the order of the SQL table's columns, joined tables after
  std::vector<PurgedColumn> purged;
  std::vector<JoinedTable> joins;
  std::vector<Mirror> mirrors;
  std::vector<Derived> derived;
  std::vector<PocketBaseOnly> only_in_pocketbase;
  std::vector<FileField> files;
  std::vector<PocketBaseIndex> indexes;
  std::vector<Route> routes;  ///< sorted by path
  Rules rules;
  /// Fields in an order in which `to_sql` can be computed: a field whose key template or same_as needs another column
  /// comes after it. Indexes into `fields`.
  std::vector<std::size_t> to_sql_order;
  Position position;
};

struct PurgedTable {
  std::size_t table = 0;
  std::string reason;
  Position position;
};

struct MappingModel {
  std::string name;                     ///< "book-shop"
  std::string cpp_namespace;            ///< "book_shop"
  std::string description;
  std::string directory;                ///< as it is to be printed in generated files: "mapping/book-shop"
  std::string schema_file;              ///< of the SQL side, below the directory: "sql/book-shop.yaml"
  std::string pocketbase_version;
  std::string collection_prefix;
  SqlSchema schema;
  std::vector<Lens> lenses;             ///< those in use, sorted by name
  std::vector<Entity> entities;         ///< sorted by name
  std::vector<std::size_t> order;       ///< dependency order: indexes into `entities`
  std::vector<PurgedTable> purged;
  bool reject_nul = false;              ///< nul: reject
  std::vector<std::string> files;       ///< display path of each Position::file
  std::string digest;                   ///< SHA-256 over the canonical source (keys sorted, comments gone), hexadecimal
};

}  // namespace twowayc
