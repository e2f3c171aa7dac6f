// What is decided about a database before a line of YAML is written.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "generator/init/column_types.h"
#include "runtime/store/live_schema.h"

namespace twowayc {

/// A relation: a foreign key whose target is an entity, and whose columns are that entity's key.
struct DraftedReference {
  std::size_t target = 0;         ///< index into Drafted::tables
  std::vector<std::string> with;  ///< columns of this table: the key's further parts; "[]" is the column's own place
  std::string on_delete;          ///< cascade, clear, restrict
  std::string question;           ///< may be empty
  bool deferred = false;
};

struct DraftedColumn {
  const twoway::LiveColumn* live = nullptr;
  GuessedType type;
  bool key = false;
  bool has_field = true;  ///< false: it is a part of the record id only
  std::string field;      ///< in PocketBase
  std::optional<DraftedReference> reference;
  std::vector<std::string> questions;
};

/// A foreign key, with the names that the database's own tables and columns have (SQLite does not mind their case).
struct DraftedForeignKey {
  std::vector<std::string> columns;
  std::string table;
  std::vector<std::string> referenced_columns;
  std::string on_delete;  ///< in the words of the mapping language; empty: nothing
};

struct DraftedTable {
  const twoway::LiveTable* live = nullptr;
  std::string entity;  ///< empty: no entity can be made of it
  std::string collection;
  std::string why_none;
  bool purged = false;                 ///< a virtual table, or a table in which SQLite keeps one
  std::vector<DraftedColumn> columns;  ///< without generated ones
  std::vector<std::string> key;        ///< in the order of its constraint
  std::vector<DraftedForeignKey> foreign_keys;
  std::vector<std::string> checks;
  bool own_statement = false;        ///< `create:` is needed
  std::vector<std::string> remarks;  ///< for the head of the entity's file
  std::vector<std::string> questions;

  bool is_entity() const { return !entity.empty(); }
  DraftedColumn* find(const std::string& column);
  const DraftedColumn* find(const std::string& column) const;
};

struct Drafted {
  bool sqlite = true;
  std::vector<twoway::LiveEnum> enums;
  std::vector<DraftedTable> tables;  ///< in the order of the live schema; views are not among them
  std::vector<std::string> views;
  std::vector<std::size_t> order;  ///< entities, each behind those it refers to
};

/// `created_at`, for `CreatedAt` as well.
std::string in_snake_case(const std::string& name);

/// Decides everything.
Drafted decide(const twoway::LiveSchema& schema);

/// The parts of decide(), in their order: keys, then names of entities, then relations, then names of fields.
void choose_keys(Drafted& drafted);
void choose_names(Drafted& drafted);
void choose_references(Drafted& drafted);
void choose_field_names(Drafted& drafted);
void ask_about_columns(Drafted& drafted);

/// Whether the language's own statement for the table would not be the database's.
bool needs_own_statement(const Drafted& drafted, const DraftedTable& table);

// The files.
std::string mapping_file(const Drafted& drafted, const std::string& name);
std::string schema_file(const Drafted& drafted, const std::string& name);
std::string entity_file_text(const Drafted& drafted, const DraftedTable& table);

}  // namespace twowayc
