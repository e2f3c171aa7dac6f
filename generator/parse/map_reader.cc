#include "generator/parse/map_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/source/suggest.h"

namespace twowayc {

Diagnostic& report_kind(const Node& node, std::string_view expected, DiagnosticSink& sink) {
  Diagnostic& error = sink.error(DiagnosticId::yaml_kind, node.position,
                                 fmt::format("expected {}, found {}", expected, describe_kind(node)));
  if (node.kind != Node::Kind::null) return error;
  if (expected == "a map") error.with_hint("write {} for none, or leave the key out");
  if (expected == "a list") error.with_hint("write [] for none, or leave the key out");
  if (expected == "text" && !node.text.empty()) error.with_hint(fmt::format("quote it: \"{}\"", node.text));
  return error;
}

void report_word(const syntax::Text& text, std::string_view key, const std::vector<std::string>& words,
                 DiagnosticSink& sink) {
  Diagnostic& error = sink.error(DiagnosticId::option_value, text.position,
                                 fmt::format("'{}' takes {}, not '{}'", key, fmt::join(words, ", "), text.value));
  const auto nearest = nearest_name(text.value, words);
  if (nearest) error.with_hint(fmt::format("did you mean '{}'?", *nearest));
}

syntax::OptionalText read_text(const Node& node, DiagnosticSink& sink) {
  if (node.kind == Node::Kind::scalar) return syntax::Text{node.text, node.position};
  report_kind(node, "text", sink);
  return std::nullopt;
}

std::optional<syntax::Scalar> read_scalar(const Node& node, DiagnosticSink& sink) {
  const bool written_null = node.kind == Node::Kind::null && !node.text.empty();
  if (node.kind == Node::Kind::scalar || written_null) {
    return syntax::Scalar{node.text, node.quoted, written_null, node.position};
  }
  report_kind(node, "a scalar", sink);
  return std::nullopt;
}

std::vector<syntax::Text> read_texts(const Node& node, DiagnosticSink& sink) {
  std::vector<syntax::Text> result;
  if (node.kind != Node::Kind::list) {
    report_kind(node, "a list", sink);
    return result;
  }
  for (const Node& item : node.items) {
    if (auto text = read_text(item, sink)) result.push_back(std::move(*text));
  }
  return result;
}

MapReader::MapReader(const Node& node, std::string what, DiagnosticSink& sink)
    : node_(node), what_(std::move(what)), sink_(sink) {
  if (node.kind == Node::Kind::map) return;
  Diagnostic& error = report_kind(node, "a map", sink);
  const std::string_view key = what_ == "a field" ? "lens" : what_ == "a column" ? "type" : "";
  if (node.kind == Node::Kind::scalar && !key.empty()) {
    error.with_hint(fmt::format("write {{ {}: {} }}", key, node.text));
  }
}

const Node* MapReader::find(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);  // also if asked twice
  for (const Node::Entry& entry : node_.entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

const Node* MapReader::require(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr && node_.kind == Node::Kind::map) missing_.emplace_back(key);
  return node;
}

Position MapReader::key_position(std::string_view key) const {
  for (const Node::Entry& entry : node_.entries) {
    if (entry.key == key) return entry.key_position;
  }
  return node_.position;
}

syntax::OptionalText MapReader::text(std::string_view key) {
  const Node* node = find(key);
  return node == nullptr ? std::nullopt : read_text(*node, sink_);
}

syntax::Text MapReader::required_text(std::string_view key) {
  const Node* node = require(key);
  if (node == nullptr) return {{}, node_.position};
  return read_text(*node, sink_).value_or(syntax::Text{{}, node->position});
}

std::string MapReader::plain_text(std::string_view key) {
  const auto found = text(key);
  return found ? found->value : std::string();
}

syntax::Option<bool> MapReader::flag(std::string_view key) {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  if (node->kind == Node::Kind::scalar && node->quoted) {
    sink_.error(DiagnosticId::option_value, node->position,
                fmt::format("'{}' takes true or false, without quotes", key));
    return std::nullopt;
  }
  return read_word<bool>(*node, key, {{"true", true}, {"false", false}}, sink_);
}

std::vector<syntax::Text> MapReader::texts(std::string_view key) {
  const Node* node = find(key);
  return node == nullptr ? std::vector<syntax::Text>() : read_texts(*node, sink_);
}

std::optional<syntax::Scalar> MapReader::scalar(std::string_view key) {
  const Node* node = find(key);
  return node == nullptr ? std::nullopt : read_scalar(*node, sink_);
}

void MapReader::entries(std::string_view key, const std::function<void(const Node::Entry&)>& each) {
  const Node* node = find(key);
  if (node == nullptr) return;
  if (node->kind != Node::Kind::map) report_kind(*node, "a map", sink_);
  for (const Node::Entry& entry : node->entries) each(entry);
}

void MapReader::items(std::string_view key, const std::function<void(const Node&)>& each) {
  const Node* node = find(key);
  if (node == nullptr) return;
  if (node->kind != Node::Kind::list) report_kind(*node, "a list", sink_);
  for (const Node& item : node->items) each(item);
}

void MapReader::finish() {
  for (const Node::Entry& entry : node_.entries) {
    if (std::find(known_.begin(), known_.end(), entry.key) != known_.end()) continue;
    Diagnostic& error = sink_.error(DiagnosticId::option_unknown, entry.key_position,
                                    fmt::format("{} has no option '{}'", what_, entry.key));
    const auto nearest = nearest_name(entry.key, known_);
    error.with_hint(nearest ? fmt::format("did you mean '{}'?", *nearest)
                            : fmt::format("it takes {}", fmt::join(known_, ", ")));
    if (nearest) std::erase(missing_, *nearest);
  }
  for (const std::string& key : missing_) {
    sink_.error(DiagnosticId::option_missing, node_.position, fmt::format("{} needs '{}'", what_, key))
        .with_hint(fmt::format("add {}: ...", key));
  }
}

}  // namespace twowayc
