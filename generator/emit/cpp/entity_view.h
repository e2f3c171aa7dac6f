// An entity as the C++ emitters see it: members of both structs in order, names of constants, expressions for them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// A member of the row struct.
struct RowMember {
  std::string name;
  std::string type;              ///< "sql::Text"
  std::string kind;              ///< "SqlType::text"
  std::string table;
  std::string column;
  bool nullable = true;
  bool key = false;
};

/// A member of the record struct.
struct RecordMember {
  std::string name;
  std::string type;              ///< "pocketbase::Text"
  std::string kind;              ///< "PocketBaseType::text"
  std::string field;
  bool hidden = false;
  bool insert_only = false;
};

/// A constant of type twoway::Field.
struct FieldConstant {
  std::string name;
  std::string column;
  std::string field;
  std::string lens;
  Position position;
  bool empty_is_value = false;
  Default fallback;
  bool boolean = false;
};

class EntityView {
 public:
  EntityView(const MappingModel& model, const Entity& entity);

  const MappingModel& model() const { return model_; }
  const Entity& entity() const { return entity_; }
  const std::vector<RowMember>& row() const { return row_; }
  const std::vector<std::string>& markers() const { return markers_; }   ///< one per joined table
  const std::vector<RecordMember>& record() const { return record_; }
  const std::vector<FieldConstant>& constants() const { return constants_; }
  /// Names for the positions of columns without a constant (purged ones), in the order of Entity::purged.
  const std::vector<std::string>& purged_names() const { return purged_names_; }
  /// Source file of the entity, as printed.
  std::string source() const;

  const Lens& lens(const MappedField& field) const { return model_.lenses.at(field.lens); }
  /// `Chat`, made fit for C++.
  std::string struct_name() const;
  /// `row.title` for a column, by its index.
  std::string row_value(std::size_t column) const { return "row." + row_.at(column).name; }
  const std::string& row_type(std::size_t column) const { return row_.at(column).type; }
  /// `record.title` for a PocketBase field.
  std::string record_value(const std::string& field) const;
  /// `chat_field::title` for a column, by its index, and for what has no column, by its PocketBase field.
  std::string column_constant(std::size_t column) const;
  std::string field_constant(const std::string& field) const;
  /// The field that a column is mapped to; the column must be mapped.
  const MappedField& field_of(std::size_t column) const;
  /// `chat_entity` for this entity and for another one.
  std::string constant() const;
  std::string constant_of(std::size_t entity) const;

 private:
  void add_columns();
  void add_keys();
  void add_fields();
  void add_field(const MappedField& field);
  void add_others();
  void add_record(const std::string& field, PocketBaseType type, bool hidden);
  void add_constant(FieldConstant constant, const std::string& wanted);

  const MappingModel& model_;
  const Entity& entity_;
  std::vector<RowMember> row_;
  std::vector<std::string> markers_;
  std::vector<RecordMember> record_;
  std::map<std::string, std::size_t> record_by_field_;
  std::vector<FieldConstant> constants_;
  std::map<std::size_t, std::string> constant_of_column_;
  std::map<std::string, std::string> constant_of_field_;
  std::vector<std::string> purged_names_;
};

/// `sql::Text` for a declared type, and `SqlType::text` for the descriptor.
std::string cpp_sql_type(SqlType type);
std::string cpp_sql_kind(SqlType type);
std::string cpp_pocketbase_type(PocketBaseType type);
std::string cpp_pocketbase_kind(PocketBaseType type);

/// The JSON array of a mirror as reports name it: `column.path[]`.
std::string mirror_column(const Entity& entity, const Mirror& mirror);

/// The C++ name of a lens within namespace twoway::MAPPING.
std::string cpp_lens(const Lens& lens);

}  // namespace twowayc
