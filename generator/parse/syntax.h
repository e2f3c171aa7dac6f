// The mapping as it was written: plain structs, one for each construct of docs/mapping-language.md, each value with its
// position. Names are not bound yet.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "generator/model/mapping_model.h"
#include "generator/model/source_position.h"

namespace twowayc::syntax {

/// A value and where it stands.
template <class Value>
struct Located {
  Value value{};
  Position position;
};
using Text = Located<std::string>;
using Flag = Located<bool>;
template <class Value>
using Option = std::optional<Located<Value>>;
using OptionalText = std::optional<Text>;

/// A scalar whose meaning depends on the column that it is for.
struct Scalar {
  std::string text;
  bool quoted = false;
  bool null = false;
  Position position;
};

/// `table: "reason"`
struct Purge {
  Text name;
  Text reason;
};

struct CustomLens {
  Text name;
  Text header, struct_name;
  std::vector<Located<SqlType>> sql;
  PocketBaseType pocketbase = PocketBaseType::text;
  Fidelity fidelity = Fidelity::iso;
};

/// mapping.yaml
struct MappingFile {
  Text name;
  std::string description;
  Text sql;
  std::string pocketbase_version;
  Text collection_prefix;
  std::vector<Text> order;
  std::vector<Purge> purge;
  std::vector<CustomLens> lenses;
  bool reject_nul = false;
  Position purge_position;      ///< of `purge:`, or of `mapping:` where there is none
};

struct Column {
  Text name;
  SqlType type = SqlType::text;
  std::size_t length = 0;
  bool nullable = true;
  std::optional<std::string> default_sql;
  std::optional<std::string> postgresql_default;
  OptionalText sequence, after;       ///< in PostgreSQL
  OptionalText holds;                 ///< the lens whose values these are, where the type does not say it
  bool never_null = false;            ///< `null: never`
  Option<bool> secret;
};
struct Constraint {
  std::string name;
  std::vector<Text> columns;
  std::string postgresql_name;        ///< of a primary key
  std::optional<Dialect> only;
  Position position;
};
struct ForeignKey {
  std::string name;
  std::vector<Text> columns;
  Text table;
  std::vector<Text> target_columns;
  std::string on_delete;
  std::optional<Dialect> only;
};
/// A reference that the application knows and the schema does not declare.
struct KnownReference {
  std::vector<Text> on;               ///< columns, texts made of columns, "column.path[]"
  Text table;
};
struct Check {
  std::string name;
  std::string sql;
  std::optional<Dialect> only;
};
struct Index {
  Text name;
  std::vector<Text> terms;
  bool unique = false;
  std::string where;
  std::optional<Dialect> only;
};
struct Table {
  Text name;
  std::string sqlite_create, postgresql_create;
  std::vector<Column> columns;
  std::optional<Constraint> primary_key;
  std::vector<Constraint> uniques;
  std::vector<ForeignKey> foreign_keys;
  std::vector<KnownReference> references;
  std::vector<Check> checks;
  std::vector<Index> indexes;
};
struct Version {
  Text table, column;
  std::string value, name;
};
/// sql/NAME.yaml
/// `chat.old_chat: "reason"`: a table or a column that only databases of older births have.
struct Leftover {
  Text name;
  std::string reason;
};
struct SchemaFile {
  std::string name;
  std::optional<Version> version;
  std::vector<Leftover> leftovers;
  std::vector<std::string> postgresql_before;   ///< statements before all tables
  std::vector<Table> tables;
};

/// `auth: { on: { id: id } }`
struct Join {
  Text table;
  Text column, base_column;
};
struct Collection {
  std::vector<Text> identity;
  std::string auth_rule;
  Position position;
};
struct KeyColumn {
  Text column;
  bool is_record_id = false;
};
struct People {
  OptionalText name;
  Text address, password;
  std::vector<Text> hashes;
  OptionalText identities, member;    ///< a JSON column, and which member of its objects is the identity there
  std::vector<Text> except;           ///< providers
  OptionalText sessions;
  Position position;
};
struct Field {
  Text column;                        ///< "title" or "auth.email"
  OptionalText to, lens, of;
  std::vector<Text> with;
  std::optional<Position> with_position;
  OptionalText text_template;
  Option<OnDelete> on_delete;
  Option<bool> deferred, hidden;
  Option<Empty> empty;
  std::optional<Scalar> fallback;     ///< `default`
  Option<bool> json_null_is_json;
  Option<std::size_t> max_size;
  OptionalText login, purge, lossy;
  std::vector<Scalar> witnesses;
  std::optional<Position> witnesses_position;
};
struct Mirror {
  Text field;
  Text column, path, of;
  std::vector<Text> key;
  Position key_position;
};
struct Derived {
  Text field;
  Text text_template;
  bool unique = false;
};
struct PocketBaseOnly {
  Text field;
  Located<PocketBaseType> type;
  std::optional<Scalar> value;
  OptionalText purge;
};
/// One entry of `files:`
struct FileField {
  Text field;
  Text path, name, stored;
  OptionalText sha256, size, content_type;
  Option<std::size_t> max_size;
};
struct PocketBaseIndex {
  std::vector<Text> fields;
  bool unique = false;
  Position position;
};

/// `{ userId: user_id }`: a parameter of a route, and the field that it is held against.
struct Parameter {
  Text name, field;
};
struct Route {
  Text path;
  Parameter owner, list;
  Text order;
  Located<std::size_t> limit, most;
  std::vector<Text> answer;
};

/// entities/NAME.yaml
struct EntityFile {
  std::uint32_t file = 0;
  Text name;
  std::string description;
  Text table, collection_name;
  std::vector<Join> joins;
  std::optional<Collection> collection;
  std::optional<People> people;
  std::vector<KeyColumn> key;
  Position key_position;
  std::vector<Field> fields;
  Position fields_position;
  std::vector<Mirror> mirrors;
  std::vector<Derived> derived;
  std::vector<PocketBaseOnly> only_in_pocketbase;
  std::vector<FileField> files;
  std::vector<PocketBaseIndex> indexes;
  std::vector<Route> routes;
  Rules rules;
};

/// A whole mapping.
struct Mapping {
  MappingFile mapping;
  SchemaFile schema;
  std::vector<EntityFile> entities;   ///< in the order of the file names
  std::string digest;
};

}  // namespace twowayc::syntax
