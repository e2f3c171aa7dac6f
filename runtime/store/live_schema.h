// What a live SQL database declares, in the same terms for SQLite and PostgreSQL: what drift is found by, and what a
// new mapping is drafted from. The drivers' own schemas (sqlite/schema.h, postgresql/schema.h) hold what reading and
// writing rows needs; this holds what people declare.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace twoway {

/// A column, in the words of its database.
struct LiveColumn {
  std::string name;
  std::string declared_type;  ///< `VARCHAR(255)`, `character varying(255)`; SQLite: may be empty
  bool not_null = false;
  std::optional<std::string> default_text;  ///< SQL: `'{}'`, `now()`, `nextval('config_id_seq'::regclass)`
  int primary_key_position = 0;             ///< from 1; 0: not part of the primary key
  bool generated = false;                   ///< computed by the database from other columns: nobody writes it
  /// A running number where nobody gives one: an INTEGER PRIMARY KEY of SQLite, an identity or sequence of PostgreSQL.
  bool numbered = false;
};

struct LiveForeignKey {
  std::vector<std::string> columns;
  std::string table;  ///< the referenced one; PostgreSQL: with its schema where it is another
  std::vector<std::string> referenced_columns;
  std::string on_delete;  ///< `NO ACTION`, `RESTRICT`, `CASCADE`, `SET NULL`, `SET DEFAULT`
};

/// One part of an index's key.
struct LiveIndexPart {
  std::string column;      ///< empty: an expression
  std::string expression;  ///< its SQL; empty: a column
  bool descending = false;
  std::string collation;  ///< empty: the database's ordinary one (SQLite: BINARY)

  bool operator==(const LiveIndexPart&) const = default;
};

struct LiveIndex {
  enum class Origin : std::uint8_t { statement, unique_constraint, primary_key };

  std::string name;
  bool unique = false;
  std::vector<LiveIndexPart> columns;
  std::string where;                  ///< SQL of the predicate; empty: over all rows
  Origin origin = Origin::statement;  ///< how it came about
};

struct LiveTable {
  /// `shadow`: a table in which SQLite keeps a virtual one.
  enum class Kind : std::uint8_t { table, view, virtual_table, shadow };

  std::string name;
  Kind kind = Kind::table;
  bool without_rowid = false;            ///< SQLite
  bool strict = false;                   ///< SQLite: types are enforced
  std::vector<LiveColumn> columns;       ///< in their order
  std::vector<std::string> primary_key;  ///< in its own order
  std::vector<LiveForeignKey> foreign_keys;
  std::vector<LiveIndex> indexes;     ///< by name; those of constraints, too
  std::vector<std::string> triggers;  ///< names
  std::string sql;                    ///< a statement that makes it, without its other indexes

  const LiveColumn* find(std::string_view column) const {
    for (const LiveColumn& candidate : columns) {
      if (candidate.name == column) return &candidate;
    }
    return nullptr;
  }
};

/// A type of its own that a column may have.
struct LiveEnum {
  std::string name;  ///< as it stands in LiveColumn::declared_type
  std::string sql;   ///< the statement that makes it
};

struct LiveSchema {
  std::string dialect;  ///< `sqlite` or `postgresql`
  std::string version;  ///< of the program: `3.40.1`, `15.20`
  /// What the application's own version table says; nullopt where there is none, or nobody asked.
  std::optional<std::string> revision;
  std::vector<LiveTable> tables;  ///< by name; without the database's own and twoway's
  std::vector<LiveEnum> enums;    ///< PostgreSQL; by name

  const LiveTable* find(std::string_view table) const {
    for (const LiveTable& candidate : tables) {
      if (candidate.name == table) return &candidate;
    }
    return nullptr;
  }
};

/// Where an application notes its revision. Empty: nowhere.
struct RevisionPlace {
  std::string_view table;
  std::string_view column;
};

}  // namespace twoway
