// proofs.cc: the compiler proves both laws of each lens as it is used. Lenses of the runtime once per way of use, those
// that the mapping's author wrote for each field.
#include <set>

#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

bool is_proved(const EntityView& view, const MappedField& field) {
  const Lens& lens = view.lens(field);
  return lens.provable && !field.target && !field.repeats;
}

/// What a lens can see of a field: equal text, equal proof.
std::string way_of_use(const EntityView& view, const MappedField& field, const FieldConstant& constant) {
  const Lens& lens = view.lens(field);
  if (!lens.built_in) return fmt::format("{}.{}", view.entity().name, constant.name);
  return fmt::format("{}|{}|{}|{}", lens.struct_name, constant.empty_is_value, static_cast<int>(constant.fallback.kind),
                     constant.fallback.text);
}

const FieldConstant& constant_of(const EntityView& view, const MappedField& field) {
  for (const FieldConstant& constant : view.constants()) {
    if (constant.name == view.row().at(field.column).name) return constant;
  }
  return view.constants().front();
}

/// The assertions, and into `headers` what they include.
std::string assertions(const MappingModel& model, const std::vector<EntityView>& views,
                       std::set<std::string>& entity_headers, std::set<std::string>& lens_headers) {
  Lines out;
  std::set<std::string> proved;
  for (const EntityView& view : views) {
    for (const MappedField& field : view.entity().fields) {
      if (!is_proved(view, field)) continue;
      if (!proved.insert(way_of_use(view, field, constant_of(view, field))).second) continue;
      entity_headers.insert("entities/" + entity_file(view.entity()) + ".h");
      lens_headers.insert(view.lens(field).header);
      if (field.position.known()) {
        out.add("#line {} {}", field.position.line, cpp_text(model.files.at(field.position.file)));
      }
      out.add("static_assert(twoway::proven<{}{}, twoway::{}::{}>);", view.lens(field).built_in ? "twoway::" : "",
              cpp_lens(view.lens(field)), model.cpp_namespace, view.column_constant(field.column));
    }
  }
  return out.take();
}

}  // namespace

std::string emit_proofs(const MappingModel& model, const std::vector<EntityView>& views) {
  std::set<std::string> entity_headers;
  std::set<std::string> lens_headers = {"runtime/lens/proof.h"};
  const std::string body = assertions(model, views, entity_headers, lens_headers);
  Lines out;
  emit_header_line(model.directory, out);
  out.add("// Nothing of it runs: that it compiles is the proof that each lens comes back.");
  for (const std::string& header : entity_headers) out.add("#include \"{}\"", header);
  for (const std::string& header : lens_headers) out.add("#include \"{}\"", header);
  out.blank().raw(body);
  return out.take();
}

}  // namespace twowayc
