#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

void emit_row(const EntityView& view, Lines& out) {
  const Entity& entity = view.entity();
  const std::string& table = view.model().schema.tables.at(entity.table).name;
  std::string joins;
  for (const JoinedTable& join : entity.joins) joins += fmt::format(", with `{}`", comment_text(join.name));
  out.add("/// A row of table `{}`{}.", comment_text(table), joins);
  out.add("struct {}Row {{", view.struct_name());
  for (const RowMember& member : view.row()) out.add("  {} {};", member.type, member.name);
  for (const std::string& marker : view.markers()) out.add("  sql::Boolean {};", marker);
  out.add("}};").blank();
}

void emit_record(const EntityView& view, Lines& out) {
  out.add("/// A record of collection `{}`.", comment_text(view.entity().collection));
  out.add("struct {}Record {{", view.struct_name());
  for (const RecordMember& member : view.record()) out.add("  {} {};", member.type, member.name);
  out.add("}};").blank();
}

std::string field_initialiser(const EntityView& view, const FieldConstant& constant) {
  std::string out = fmt::format(".column = {}, .name = {}, .lens = {}, .position = {}::{}", cpp_text(constant.column),
                                cpp_text(constant.field), cpp_text(constant.lens), positions_namespace(view.entity()),
                                constant.name);
  if (constant.empty_is_value) out += ", .empty = Empty::value";
  if (constant.fallback.kind == Default::Kind::created) {
    out += ", .fallback_created = true";
  } else if (constant.fallback.kind != Default::Kind::none && constant.fallback.kind != Default::Kind::null) {
    out += ", .fallback = " + cpp_value(constant.fallback, constant.boolean);
  }
  return out;
}

}  // namespace

std::string emit_positions(const EntityView& view) {
  const Entity& entity = view.entity();
  Lines out;
  emit_header_line(view.source(), out);
  out.add("// Where the mapping says it: apart from the code, so that a new line in the mapping moves no line there.");
  out.add("#pragma once").blank().add("#include <string_view>").blank();
  out.add("namespace twoway::{}::{} {{", view.model().cpp_namespace, positions_namespace(entity)).blank();
  const auto add = [&](const std::string& name, Position position) {
    out.add("inline constexpr std::string_view {} = {};", name, cpp_text(printed(view.model(), position)));
  };
  for (const FieldConstant& constant : view.constants()) add(constant.name, constant.position);
  for (std::size_t i = 0; i < entity.purged.size(); ++i) add(view.purged_names()[i], entity.purged[i].position);
  out.blank().add("}}  // namespace twoway::{}::{}", view.model().cpp_namespace, positions_namespace(entity));
  return out.take();
}

std::string emit_entity_header(const EntityView& view) {
  const Entity& entity = view.entity();
  Lines out;
  emit_header_line(view.source(), out);
  out.add("#pragma once").blank();
  out.add("#include \"../positions/{}.h\"", entity_file(entity));
  out.add("#include \"runtime/model/entity.h\"");
  out.add("#include \"runtime/model/field.h\"");
  out.add("#include \"runtime/model/types.h\"").blank();
  out.add("namespace twoway::{} {{", view.model().cpp_namespace).blank();
  emit_row(view, out);
  emit_record(view, out);
  out.add("namespace {} {{", fields_namespace(entity));
  for (const FieldConstant& constant : view.constants()) {
    out.add("inline constexpr Field {}{{{}}};", constant.name, field_initialiser(view, constant));
  }
  out.add("}}  // namespace {}", fields_namespace(entity)).blank();
  out.add("void to_pocketbase(const {0}Row& row, {0}Record& record, ToPocketBase& run);", view.struct_name());
  out.add("void to_sql(const {0}Record& record, {0}Row& row, ToSql& run);", view.struct_name()).blank();
  out.add("extern const Entity {};", view.constant()).blank();
  out.add("}}  // namespace twoway::{}", view.model().cpp_namespace);
  return out.take();
}

}  // namespace twowayc
