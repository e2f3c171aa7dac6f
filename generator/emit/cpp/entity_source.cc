#include <set>

#include "generator/emit/cpp/emit_cpp.h"

namespace twowayc {
namespace {

/// The entities that this one refers to. Declared, not included: a change of one of them compiles nothing here.
std::set<std::string> target_constants(const EntityView& view) {
  std::set<std::string> out;
  const auto add = [&](std::size_t target) {
    if (&view.model().entities.at(target) != &view.entity()) out.insert(view.constant_of(target));
  };
  for (const MappedField& field : view.entity().fields) {
    if (field.target) add(*field.target);
  }
  for (const Mirror& mirror : view.entity().mirrors) add(mirror.target);
  return out;
}

/// Headers of the lenses that are named in the code.
std::set<std::string> project_headers(const EntityView& view) {
  std::set<std::string> out = {"runtime/transform/to_pocketbase.h", "runtime/transform/to_sql.h"};
  for (const MappedField& field : view.entity().fields) {
    if (!field.target && !field.repeats && field.login.empty()) out.insert(view.lens(field).header);
  }
  return out;
}

}  // namespace

std::string emit_entity_source(const EntityView& view) {
  Lines out;
  emit_header_line(view.source(), out);
  out.add("#include \"{}.h\"", entity_file(view.entity())).blank();
  out.add("#include <cstddef>").blank();
  out.add("#include \"../mapping.h\"");
  for (const std::string& header : project_headers(view)) out.add("#include \"{}\"", header);
  out.blank().add("namespace twoway::{} {{", view.model().cpp_namespace).blank();
  const std::set<std::string> targets = target_constants(view);
  for (const std::string& constant : targets) out.add("extern const Entity {};", constant);
  if (!targets.empty()) out.blank();
  emit_transforms(view, out);
  emit_tables(view, out);
  out.add("}}  // namespace twoway::{}", view.model().cpp_namespace);
  return out.take();
}

}  // namespace twowayc
