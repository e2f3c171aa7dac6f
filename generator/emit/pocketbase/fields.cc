// Fields of a collection. All limits are raised: what the SQL side holds has to fit, and to pass when it is saved.
#include <cstdint>
#include <set>

#include <fmt/format.h>

#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/text/json_object.h"

namespace twowayc {
namespace {

constexpr std::uint64_t largest_number = 9007199254740991;  // 2^53 - 1, the most that PocketBase's limits take
constexpr std::uint64_t default_json_size = 512ULL << 20U;
constexpr std::uint64_t default_file_size = 1ULL << 30U;
constexpr std::uint64_t residue_size = 1ULL << 30U;

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffU;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1U) ^ ((crc & 1U) != 0 ? 0xedb88320U : 0U);
  }
  return ~crc;
}

std::string_view type_name(PocketBaseType type) {
  switch (type) {
    case PocketBaseType::text:
    case PocketBaseType::token: return "text";
    case PocketBaseType::number: return "number";
    case PocketBaseType::boolean: return "bool";
    case PocketBaseType::date: return "date";
    case PocketBaseType::json: return "json";
    case PocketBaseType::relation:
    case PocketBaseType::relations: return "relation";
    case PocketBaseType::email: return "email";
    case PocketBaseType::password: return "password";
    case PocketBaseType::file: return "file";
  }
  return "text";
}

/// A field under construction.
class Field : public JsonObject {
 public:
  Field(std::string_view type, std::string_view name) : name_(name), id_(field_id(type, name)) {
    text("id", id_).text("name", name_).text("type", type);
  }
  CollectionField done() const { return {name_, id_, str()}; }

 private:
  std::string name_;
  std::string id_;
};

CollectionField plain_field(std::string_view name, PocketBaseType type, bool hidden, std::size_t max_size) {
  Field field(type_name(type), name);
  if (type == PocketBaseType::text || type == PocketBaseType::token) field.number("max", largest_number);
  if (type == PocketBaseType::json) field.number("maxSize", max_size == 0 ? default_json_size : max_size);
  if (hidden) field.boolean("hidden", true);
  return field.done();
}

CollectionField relation_field(const MappingModel& model, std::string_view name, std::size_t target, bool many,
                           const MappedField* reference) {
  Field field("relation", name);
  field.text("collectionId", model.entities.at(target).collection_id).number("maxSelect", many ? largest_number : 1);
  field.boolean("cascadeDelete", reference != nullptr && reference->on_delete == OnDelete::cascade);
  // PocketBase refuses to delete the target of a required relation; and to save a record whose relation is empty.
  if (reference != nullptr && reference->on_delete == OnDelete::restrict_) field.boolean("required", true);
  if (reference != nullptr && reference->hidden) field.boolean("hidden", true);
  return field.done();
}

/// Who may read the record may read the file: PocketBase gives a protected one only to them.
CollectionField file_field(const FileField& file) {
  Field field("file", file.field);
  field.number("maxSelect", 1).number("maxSize", file.max_size == 0 ? default_file_size : file.max_size);
  field.boolean("protected", true);
  return field.done();
}

CollectionField id_field() {
  Field field("text", "id");
  field.boolean("system", true).boolean("required", true).boolean("primaryKey", true);
  field.raw("pattern", "recordId").number("min", 1).number("max", largest_number);
  field.text("autogeneratePattern", "[a-z0-9]{15}");
  return field.done();
}

/// What PocketBase wants in every auth collection, without the demands that rows from SQL could not meet.
std::vector<CollectionField> auth_fields() {
  Field password("password", "password");
  password.boolean("system", true).boolean("hidden", true).boolean("required", true).number("min", 1);
  Field token("text", "tokenKey");
  token.boolean("system", true).boolean("hidden", true).boolean("required", true);
  token.number("min", 30).number("max", 60).text("autogeneratePattern", "[a-zA-Z0-9]{50}");
  Field email("email", "email");
  email.boolean("system", true).boolean("required", false);
  Field visibility("bool", "emailVisibility");
  visibility.boolean("system", true);
  Field verified("bool", "verified");
  verified.boolean("system", true);
  return {password.done(), token.done(), email.done(), visibility.done(), verified.done()};
}

/// Collects fields, leaving out those that PocketBase has in an auth collection anyway.
class FieldList {
 public:
  FieldList(const MappingModel& model, const Entity& entity) : model_(model), entity_(entity) {
    fields_.push_back(id_field());
    if (!entity.auth) return;
    for (CollectionField& field : auth_fields()) add(std::move(field));
  }
  /// Unless a field of that name is there: what the mapping says of PocketBase's own fields adds nothing to them.
  void add(CollectionField field) {
    if (there_.insert(field.name).second) fields_.push_back(std::move(field));
  }
  void add_mapped(const MappedField& field) {
    if (field.to.empty()) return;
    add(field.target ? relation_field(model_, field.to, *field.target, false, &field)
                     : plain_field(field.to, model_.lenses.at(field.lens).pocketbase, field.hidden, field.max_size));
    if (!field.login.empty()) add(plain_field(field.login, PocketBaseType::text, field.hidden, 0));
  }
  void add_others() {
    for (const Mirror& mirror : entity_.mirrors) {
      add(relation_field(model_, mirror.field, mirror.target, true, nullptr));
    }
    for (const Derived& derived : entity_.derived) {
      add(plain_field(derived.field, PocketBaseType::text, false, 0));
    }
    for (const PocketBaseOnly& only : entity_.only_in_pocketbase) {
      add(plain_field(only.field, only.type, only.type == PocketBaseType::token, 0));
    }
    for (const FileField& file : entity_.files) add(file_field(file));
    add(plain_field("residue", PocketBaseType::json, true, residue_size));
    Field created("autodate", "created");
    created.boolean("onCreate", true).boolean("onUpdate", false);
    add(created.done());
  }
  std::vector<CollectionField> take() { return std::move(fields_); }

 private:
  const MappingModel& model_;
  const Entity& entity_;
  std::vector<CollectionField> fields_;
  std::set<std::string> there_ = {"id"};
};

}  // namespace

std::string field_id(std::string_view type, std::string_view name) { return fmt::format("{}{}", type, crc32(name)); }

std::vector<CollectionField> collection_fields(const MappingModel& model, const Entity& entity) {
  FieldList list(model, entity);
  for (const MappedField& field : entity.fields) list.add_mapped(field);
  list.add_others();
  return list.take();
}

}  // namespace twowayc
