#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"
#include "generator/model/cpp_names.h"

namespace twowayc {
namespace {

constexpr std::string_view covers_functions =
    R"(/// True where the tables name each member of a struct of `bytes` exactly once, in order.
consteval bool covers(std::span<const Column> columns, std::span<const Join> joins, std::size_t bytes) {
  std::size_t next = 0;
  for (const Column& column : columns) {
    if (column.offset != next) return false;
    next += sizeof(Value);
  }
  for (const Join& join : joins) {
    if (join.marker_offset != next) return false;
    next += sizeof(Value);
  }
  return next == bytes;
}
consteval bool covers(std::span<const RecordField> fields, std::size_t bytes) {
  std::size_t next = 0;
  for (const RecordField& field : fields) {
    if (field.offset != next) return false;
    next += sizeof(Value);
  }
  return next == bytes;
}
)";

}  // namespace

std::string emit_mapping_header(const MappingModel& model) {
  Lines out;
  emit_header_line(model.directory, out);
  out.add("#pragma once").blank();
  out.add("#include <cstddef>").add("#include <span>").add("#include <string_view>").blank();
  out.add("#include \"runtime/model/entity.h\"").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).blank();
  if (!model.description.empty()) out.add("/// {}", comment_text(model.description));
  out.add("const Mapping& mapping();").blank();
  out.add("/// The statements that make an empty SQL store, in order.");
  out.add("std::span<const std::string_view> sqlite_schema();");
  out.add("std::span<const std::string_view> postgresql_schema();").blank();
  out.add("/// The files of pb_migrations/, in order.");
  out.add("std::span<const Mapping::MigrationFile> pocketbase_migrations();").blank();
  out.add("/// The files of pb_hooks/.");
  out.add("std::span<const Mapping::MigrationFile> pocketbase_hooks();").blank();
  out.raw(covers_functions).blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

std::string emit_digest(const MappingModel& model) {
  Lines out;
  emit_header_line(model.directory, out);
  out.add("// Which mapping this was made from: apart from the code, so that an edit changes no line there.");
  out.add("#pragma once").blank().add("#include <string_view>").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).blank();
  out.add("inline constexpr std::string_view source_digest =").add("    {};", cpp_text(model.digest)).blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

std::string emit_mapping_source(const MappingModel& model) {
  Lines out;
  emit_header_line(model.directory, out);
  out.add("#include \"mapping.h\"").blank();
  out.add("#include \"{}\"", digest_header);
  out.blank().add("namespace twoway::{} {{", model.cpp_namespace).blank();
  out.add("// Declared, not included: no change of an entity compiles anything here.");
  for (const Entity& entity : model.entities) out.add("extern const Entity {};", cpp_name(entity.name + "_entity"));
  out.blank().add("namespace {{").blank();
  out.add("// In the order in which they are written, so that references find their targets.");
  out.add("constexpr const Entity* mapping_entities[] = {{");
  for (const std::size_t index : model.order) out.add("    &{},", cpp_name(model.entities.at(index).name + "_entity"));
  out.add("}};").blank();
  if (!model.purged.empty()) {
    out.add("constexpr PurgedTable mapping_purged[] = {{");
    for (const PurgedTable& purged : model.purged) {
      out.add("    {{{}, FieldClass::purge, {}, {}}},", cpp_text(model.schema.tables.at(purged.table).name),
              cpp_text(purged.reason), cpp_text(printed(model, purged.position)));
    }
    out.add("}};").blank();
  }
  if (!model.schema.leftovers.empty()) {
    out.add("constexpr Leftover mapping_leftovers[] = {{");
    for (const Leftover& leftover : model.schema.leftovers) {
      out.add("    {{{}, {}}},", cpp_text(leftover.name), cpp_text(leftover.reason));
    }
    out.add("}};").blank();
  }
  out.add("}}  // namespace").blank();
  out.add("const Mapping& mapping() {{").add("  static const Mapping instance{{");
  out.add("      .name = {},", cpp_text(model.name)).add("      .digest = source_digest,");
  out.add("      .version_table = {},", cpp_text(model.schema.version_table));
  out.add("      .version_column = {},", cpp_text(model.schema.version_column));
  out.add("      .version_value = {},", cpp_text(model.schema.version_value));
  out.add("      .version_name = {},", cpp_text(model.schema.version_name));
  out.add("      .entities = mapping_entities,");
  out.add("      .purged = {},", model.purged.empty() ? "{}" : "mapping_purged");
  out.add("      .sqlite_schema = sqlite_schema(),");
  out.add("      .postgresql_schema = postgresql_schema(),");
  out.add("      .pocketbase_migrations = pocketbase_migrations(),");
  out.add("      .pocketbase_hooks = pocketbase_hooks(),");
  out.add("      .schema_file = {},", cpp_text(model.directory + "/" + model.schema_file));
  if (!model.schema.leftovers.empty()) out.add("      .leftovers = mapping_leftovers,");
  if (model.reject_nul) out.add("      .nul_in_text = NulPolicy::reject,");
  else out.add("      .nul_in_text = NulPolicy::residue,");
  out.add("  }};").add("  return instance;").add("}}").blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

}  // namespace twowayc
