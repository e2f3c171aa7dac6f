#include "generator/parse/parse_field.h"

#include <fmt/format.h>

#include <charconv>

#include "generator/parse/map_reader.h"
#include "generator/parse/parse.h"

namespace twowayc {
namespace {

constexpr std::size_t largest_size = std::size_t{1} << 40;  ///< bytes; beyond it is a slip

std::size_t unit_bytes(std::string_view unit) {
  if (unit.empty() || unit == "B") return 1;
  if (unit == "KiB") return std::size_t{1} << 10;
  if (unit == "MiB") return std::size_t{1} << 20;
  if (unit == "GiB") return std::size_t{1} << 30;
  return 0;
}

void parse_with(MapReader& reader, syntax::Field& field, DiagnosticSink& sink) {
  const Node* node = reader.find("with");
  if (node == nullptr) return;
  field.with_position = node->position;
  if (node->kind == Node::Kind::list) {
    field.with = read_texts(*node, sink);
  } else if (const auto text = read_text(*node, sink)) {
    field.with.push_back(*text);
  }
}

void parse_witnesses(MapReader& reader, syntax::Field& field, DiagnosticSink& sink) {
  const Node* node = reader.find("witnesses");
  if (node == nullptr) return;
  field.witnesses_position = node->position;
  reader.items("witnesses", [&](const Node& item) {
    if (const auto scalar = read_scalar(item, sink)) field.witnesses.push_back(*scalar);
  });
}

void parse_reference(MapReader& reader, syntax::Field& field, DiagnosticSink& sink) {
  field.of = reader.text("of");
  parse_with(reader, field, sink);
  field.text_template = reader.text("template");
  field.on_delete = reader.word<OnDelete>(
      "on_delete", {{"cascade", OnDelete::cascade}, {"clear", OnDelete::clear}, {"restrict", OnDelete::restrict_}});
  field.deferred = reader.flag("deferred");
}

}  // namespace

syntax::Option<std::size_t> parse_size(const Node& node, DiagnosticSink& sink) {
  const auto text = read_text(node, sink);
  if (!text) return std::nullopt;
  std::size_t number = 0;
  const char* end = text->value.data() + text->value.size();
  const auto [stop, error] = std::from_chars(text->value.data(), end, number);
  const std::size_t unit = unit_bytes(std::string_view(stop, static_cast<std::size_t>(end - stop)));
  if (error != std::errc() || unit == 0 || number == 0 || number > largest_size / unit) {
    sink.error(DiagnosticId::option_value, text->position,
               fmt::format("'max_size' takes a size, not '{}'", text->value))
        .with_hint("write a whole number of B, KiB, MiB or GiB: 512MiB");
    return std::nullopt;
  }
  return syntax::Located<std::size_t>{number * unit, text->position};
}

syntax::Field parse_field(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Field field;
  field.column = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a field", sink);
  field.lens = reader.text("lens");
  field.to = reader.text("to");
  parse_reference(reader, field, sink);
  field.hidden = reader.flag("hidden");
  field.empty = reader.word<Empty>("empty", {{"null", Empty::null}, {"value", Empty::value}});
  field.fallback = reader.scalar("default");
  field.json_null_is_json = reader.word<bool>("json_null", {{"sql", false}, {"json", true}});
  if (const Node* size = reader.find("max_size")) field.max_size = parse_size(*size, sink);
  field.login = reader.text("login");
  parse_witnesses(reader, field, sink);
  if (const Node* purge = reader.find("purge")) field.purge = parse_reason(*purge, sink);
  if (const Node* lossy = reader.find("lossy")) field.lossy = parse_reason(*lossy, sink);
  reader.finish();
  return field;
}

}  // namespace twowayc
