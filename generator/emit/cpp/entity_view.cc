#include "generator/emit/cpp/entity_view.h"

#include <stdexcept>

#include "generator/model/cpp_names.h"

namespace twowayc {

EntityView::EntityView(const MappingModel& model, const Entity& entity) : model_(model), entity_(entity) {
  add_columns();
  add_record("id", PocketBaseType::text, false);
  record_[0].type = "pocketbase::Id";
  record_[0].kind = "PocketBaseType::id";
  add_keys();
  add_fields();
  add_others();
  UniqueNames member_names;
  for (RecordMember& member : record_) member.name = member_names.take(member.field);
}

std::string EntityView::source() const { return model_.files.at(entity_.position.file); }

std::string EntityView::struct_name() const { return entity_.struct_name; }

std::string EntityView::record_value(const std::string& field) const {
  return "record." + record_.at(record_by_field_.at(field)).name;
}

std::string EntityView::column_constant(std::size_t column) const {
  return cpp_name(entity_.name + "_field") + "::" + constant_of_column_.at(column);
}

std::string EntityView::field_constant(const std::string& field) const {
  return cpp_name(entity_.name + "_field") + "::" + constant_of_field_.at(field);
}

const MappedField& EntityView::field_of(std::size_t column) const {
  for (const MappedField& field : entity_.fields) {
    if (field.column == column) return field;
  }
  throw std::logic_error("a mirror's column is not mapped");  // the checker refuses that
}

std::string EntityView::constant() const { return cpp_name(entity_.name + "_entity"); }

std::string EntityView::constant_of(std::size_t entity) const {
  return cpp_name(model_.entities.at(entity).name + "_entity");
}

void EntityView::add_columns() {
  for (const EntityColumn& column : entity_.columns) {
    const SqlTable& table = model_.schema.tables.at(column.table);
    const SqlColumn& sql = table.columns.at(column.column);
    row_.push_back({column.member, cpp_sql_type(sql.type), cpp_sql_kind(sql.type), table.name, sql.name,
                    sql.nullable, column.key});
  }
  for (const JoinedTable& join : entity_.joins) markers_.push_back(join.marker);
}

void EntityView::add_keys() {
  for (const KeyColumn& key : entity_.key) {
    if (!key.is_record_id) continue;
    FieldConstant constant;
    constant.column = entity_.columns.at(key.column).qualified;
    constant.field = "id";
    constant.lens = "record_id";
    constant.position = key.position;
    constant.empty_is_value = true;
    constant_of_column_[key.column] = row_.at(key.column).name;
    constant.name = constant_of_column_[key.column];
    constants_.push_back(constant);
  }
}

void EntityView::add_fields() {
  for (const MappedField& field : entity_.fields) add_field(field);
}

void EntityView::add_field(const MappedField& field) {
  const Lens& how = lens(field);
  FieldConstant constant;
  constant.name = row_.at(field.column).name;
  constant.column = entity_.columns.at(field.column).qualified;
  constant.field = field.to;
  constant.lens = how.name;
  constant.position = field.position;
  constant.empty_is_value = field.empty == Empty::value || field.json_null_is_json;
  constant.fallback = field.fallback;
  constant.boolean = how.pocketbase == PocketBaseType::boolean;
  constant_of_column_[field.column] = constant.name;
  constants_.push_back(constant);
  if (!field.to.empty()) {
    add_record(field.to, how.pocketbase, field.hidden || how.pocketbase == PocketBaseType::password);
  }
  if (!field.login.empty()) add_record(field.login, PocketBaseType::text, field.hidden);
}

void EntityView::add_others() {
  for (const Mirror& mirror : entity_.mirrors) {
    add_record(mirror.field, PocketBaseType::relations, false);
    FieldConstant constant;
    constant.column = entity_.columns.at(mirror.column).qualified;
    constant.field = mirror.field;
    constant.lens = "mirror";
    constant.position = mirror.position;
    add_constant(constant, mirror.field);
  }
  for (const Derived& derived : entity_.derived) {
    add_record(derived.field, PocketBaseType::text, false);
    FieldConstant constant;
    constant.field = derived.field;
    constant.lens = "derived";
    constant.position = derived.position;
    constant.empty_is_value = true;
    add_constant(constant, derived.field);
  }
  for (const PocketBaseOnly& only : entity_.only_in_pocketbase) {
    add_record(only.field, only.type, only.type == PocketBaseType::token);
    record_.back().insert_only = only.type == PocketBaseType::token;
    FieldConstant constant;
    constant.field = only.field;
    constant.lens = "only_in_pocketbase";
    constant.position = only.position;
    constant.empty_is_value = true;
    add_constant(constant, only.field);
  }
  for (const FileField& file : entity_.files) {
    add_record(file.field, PocketBaseType::file, false);
    record_.back().insert_only = true;  // it names bytes, so whoever brings them writes it
    FieldConstant constant;
    constant.field = file.field;
    constant.lens = "file";
    constant.position = file.position;
    constant.empty_is_value = true;
    add_constant(constant, file.field);
  }
  UniqueNames names;
  for (const FieldConstant& constant : constants_) names.take(constant.name);
  for (const PurgedColumn& purged : entity_.purged) purged_names_.push_back(names.take(purged.qualified));
}

void EntityView::add_record(const std::string& field, PocketBaseType type, bool hidden) {
  record_by_field_[field] = record_.size();
  record_.push_back({field, cpp_pocketbase_type(type), cpp_pocketbase_kind(type), field, hidden, false});
}

void EntityView::add_constant(FieldConstant constant, const std::string& wanted) {
  UniqueNames names;
  for (const FieldConstant& other : constants_) names.take(other.name);
  constant.name = names.take(wanted);
  constant_of_field_[constant.field] = constant.name;
  constants_.push_back(constant);
}

std::string cpp_sql_type(SqlType type) {
  switch (type) {
    case SqlType::text:
    case SqlType::varchar: return "sql::Text";
    case SqlType::bigint:
    case SqlType::integer: return "sql::Integer";
    case SqlType::boolean: return "sql::Boolean";
    case SqlType::json: return "sql::Json";
    case SqlType::date: return "sql::Date";
    case SqlType::datetime: return "sql::Datetime";
    case SqlType::real:
    case SqlType::numeric:
      return "sql::Real";
    case SqlType::blob: return "sql::Blob";
  }
  return "sql::Text";
}

std::string cpp_sql_kind(SqlType type) {
  switch (type) {
    case SqlType::text:
    case SqlType::varchar: return "SqlType::text";
    case SqlType::bigint:
    case SqlType::integer: return "SqlType::integer";
    case SqlType::boolean: return "SqlType::boolean";
    case SqlType::json: return "SqlType::json";
    case SqlType::date: return "SqlType::date";
    case SqlType::datetime: return "SqlType::datetime";
    case SqlType::real:
    case SqlType::numeric:
      return "SqlType::real";
    case SqlType::blob: return "SqlType::blob";
  }
  return "SqlType::text";
}

std::string cpp_pocketbase_type(PocketBaseType type) {
  switch (type) {
    case PocketBaseType::text:
    case PocketBaseType::token: return "pocketbase::Text";
    case PocketBaseType::number: return "pocketbase::Number";
    case PocketBaseType::boolean: return "pocketbase::Bool";
    case PocketBaseType::date: return "pocketbase::Date";
    case PocketBaseType::json: return "pocketbase::Json";
    case PocketBaseType::relation: return "pocketbase::Relation";
    case PocketBaseType::relations: return "pocketbase::Relations";
    case PocketBaseType::email: return "pocketbase::Email";
    case PocketBaseType::password: return "pocketbase::Password";
    case PocketBaseType::file: return "pocketbase::File";
  }
  return "pocketbase::Text";
}

std::string cpp_pocketbase_kind(PocketBaseType type) {
  switch (type) {
    case PocketBaseType::text: return "PocketBaseType::text";
    case PocketBaseType::number: return "PocketBaseType::number";
    case PocketBaseType::boolean: return "PocketBaseType::boolean";
    case PocketBaseType::date: return "PocketBaseType::date";
    case PocketBaseType::json: return "PocketBaseType::json";
    case PocketBaseType::relation: return "PocketBaseType::relation";
    case PocketBaseType::relations: return "PocketBaseType::relations";
    case PocketBaseType::email: return "PocketBaseType::email";
    case PocketBaseType::password: return "PocketBaseType::password";
    case PocketBaseType::token: return "PocketBaseType::token";
    case PocketBaseType::file: return "PocketBaseType::file";
  }
  return "PocketBaseType::text";
}

std::string mirror_column(const Entity& entity, const Mirror& mirror) {
  return entity.columns.at(mirror.column).qualified + "." + mirror.path + "[]";
}

std::string cpp_lens(const Lens& lens) {
  if (lens.built_in || lens.struct_name.starts_with("::")) return lens.struct_name;
  return "::" + lens.struct_name;
}

}  // namespace twowayc
