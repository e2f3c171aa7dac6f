// proofs.cc: the compiler proves both laws of each lens as it is used. Lenses of the runtime once per way of use, those
// that the mapping's author wrote for each field, and with the ordinary values of their type. Where a field has
// witnesses, its lens is proved with them as well.
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

/// `twoway::lens::Text, twoway::shop::order_field::note`
std::string lens_and_field(const MappingModel& model, const EntityView& view, const MappedField& field) {
  return fmt::format("{}{}, twoway::{}::{}", view.lens(field).built_in ? "twoway::" : "", cpp_lens(view.lens(field)),
                     model.cpp_namespace, view.column_constant(field.column));
}

void add_line(const MappingModel& model, Position position, Lines& out) {
  if (position.known()) out.add("#line {} {}", position.line, cpp_text(model.files.at(position.file)));
}

/// The values that the mapping names for the column, and that the lens carries them there and back.
void add_witnesses(const MappingModel& model, const EntityView& view, const MappedField& field, Lines& out) {
  std::vector<std::string> values;
  const bool boolean = constant_of(view, field).boolean;
  for (const Witness& witness : field.witnesses) values.push_back("twoway::" + cpp_value(witness.value, boolean));
  const std::string name = view.struct_name() + "Witnesses_" + view.row().at(field.column).name;
  out.add("struct {} {{", name);
  out.add("  static consteval auto values() {{ return std::array{{{}}}; }}", joined(values, ", "));
  out.add("}};");
  add_line(model, field.witnesses.front().position, out);
  out.add("static_assert(twoway::proven_with<{}, {}>);", lens_and_field(model, view, field), name);
}

/// That a lens of the mapping's author is what the mapping says it is.
void add_fidelity(const Lens& lens, Lines& out) {
  out.add("static_assert({}::fidelity == twoway::Fidelity::{});", cpp_lens(lens),
          lens.fidelity == Fidelity::iso ? "iso" : "residue");
}

/// The assertions, and into `headers` what they include.
std::string assertions(const MappingModel& model, const std::vector<EntityView>& views,
                       std::set<std::string>& entity_headers, std::set<std::string>& lens_headers) {
  Lines out;
  std::set<std::string> proved;
  for (const EntityView& view : views) {
    for (const MappedField& field : view.entity().fields) {
      if (!is_proved(view, field)) continue;
      const bool is_first = proved.insert(way_of_use(view, field, constant_of(view, field))).second;
      if (!is_first && field.witnesses.empty()) continue;
      entity_headers.insert("entities/" + entity_file(view.entity()) + ".h");
      lens_headers.insert(view.lens(field).header);
      if (is_first) {
        add_line(model, field.position, out);
        out.add("static_assert(twoway::{}<{}>);", view.lens(field).built_in ? "proven" : "proven_own",
                lens_and_field(model, view, field));
        if (!view.lens(field).built_in) add_fidelity(view.lens(field), out);
      }
      if (!field.witnesses.empty()) add_witnesses(model, view, field, out);
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
