#include "generator/parse/parse_route.h"

#include <fmt/format.h>

#include <charconv>

#include "generator/parse/map_reader.h"

namespace twowayc {
namespace {

constexpr std::size_t most_items = 1000;  ///< PocketBase's own lists go as far

/// `owner: { userId: user_id }`
syntax::Parameter parse_parameter(MapReader& reader, std::string_view key, DiagnosticSink& sink) {
  syntax::Parameter parameter;
  std::size_t pairs = 0;
  const Node* node = reader.require(key);
  reader.entries(key, [&](const Node::Entry& entry) {
    ++pairs;
    parameter.name = {entry.key, entry.key_position};
    if (const auto field = read_text(entry.value, sink)) parameter.field = *field;
  });
  if (node != nullptr && node->kind == Node::Kind::map && pairs != 1) {
    sink.error(DiagnosticId::option_value, node->position,
               fmt::format("'{}' takes one pair: {{ parameter: field }}", key));
  }
  return parameter;
}

syntax::Located<std::size_t> parse_items(MapReader& reader, std::string_view key, DiagnosticSink& sink) {
  const Node* node = reader.require(key);
  const syntax::OptionalText text = node == nullptr ? std::nullopt : read_text(*node, sink);
  if (!text) return {};
  std::size_t number = 0;
  const char* const end = text->value.data() + text->value.size();
  const auto [stop, error] = std::from_chars(text->value.data(), end, number);
  if (error != std::errc() || stop != end || number == 0 || number > most_items) {
    sink.error(DiagnosticId::option_value, text->position,
               fmt::format("'{}' takes a number from 1 to {}", key, most_items));
    return {};
  }
  return {number, text->position};
}

}  // namespace

syntax::Route parse_route(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::Route route;
  route.path = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a route", sink);
  route.owner = parse_parameter(reader, "owner", sink);
  route.list = parse_parameter(reader, "list", sink);
  route.order = reader.required_text("order");
  route.limit = parse_items(reader, "limit", sink);
  route.most = parse_items(reader, "most", sink);
  if (route.limit.value > route.most.value && route.most.value != 0) {
    sink.error(DiagnosticId::option_value, route.limit.position, "'limit' is more than 'most'");
  }
  if (const Node* answer = reader.require("answer")) route.answer = read_texts(*answer, sink);
  reader.finish();
  return route;
}

}  // namespace twowayc
