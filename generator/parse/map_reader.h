// Reads the keys of one YAML map: what is asked for is known, the rest is an error.
#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generator/parse/node.h"
#include "generator/parse/syntax.h"
#include "generator/source/diagnostic.h"

namespace twowayc {

/// A word of the language and what it stands for.
template <class Value>
using Words = std::initializer_list<std::pair<std::string_view, Value>>;

/// Use: construct it, ask for keys, call finish(). All errors are reported; what could not be read is left out, so that
/// reading goes on behind an error.
class MapReader {
 public:
  /// `what` names the construct in messages: "a field", "mapping.yaml".
  MapReader(const Node& node, std::string what, DiagnosticSink& sink);

  /// The value of a key, if it is there.
  const Node* find(std::string_view key);
  /// The value of a key that must be there; finish() reports it if not.
  const Node* require(std::string_view key);
  /// Where the key itself stands; where the map begins if it is absent.
  Position key_position(std::string_view key) const;

  syntax::OptionalText text(std::string_view key);
  syntax::Text required_text(std::string_view key);
  std::string plain_text(std::string_view key);          ///< "" if absent
  syntax::Option<bool> flag(std::string_view key);
  std::vector<syntax::Text> texts(std::string_view key); ///< a list of texts
  std::optional<syntax::Scalar> scalar(std::string_view key);
  template <class Value>
  syntax::Option<Value> word(std::string_view key, Words<Value> words);

  /// Calls `each` for every entry of the map under the key.
  void entries(std::string_view key, const std::function<void(const Node::Entry&)>& each);
  /// Calls `each` for every item of the list under the key.
  void items(std::string_view key, const std::function<void(const Node&)>& each);

  /// Reports the keys that nobody asked for, and those that are missing and not just misspelled.
  void finish();

 private:
  const Node& node_;
  std::string what_;
  DiagnosticSink& sink_;
  std::vector<std::string> known_;
  std::vector<std::string> missing_;
};

/// The node's text; reports other kinds.
syntax::OptionalText read_text(const Node& node, DiagnosticSink& sink);
/// The node as a scalar or a null that is written out; reports other kinds.
std::optional<syntax::Scalar> read_scalar(const Node& node, DiagnosticSink& sink);
/// The node's items as texts; reports other kinds.
std::vector<syntax::Text> read_texts(const Node& node, DiagnosticSink& sink);
/// Reports that `expected` was due here.
Diagnostic& report_kind(const Node& node, std::string_view expected, DiagnosticSink& sink);
/// Reports a word that the key does not take.
void report_word(const syntax::Text& text, std::string_view key, const std::vector<std::string>& words,
                 DiagnosticSink& sink);

/// The value of one of the words; reports others.
template <class Value>
syntax::Option<Value> read_word(const Node& node, std::string_view key, Words<Value> words, DiagnosticSink& sink) {
  syntax::OptionalText text;
  if (node.kind == Node::Kind::null && !node.text.empty()) {
    text = syntax::Text{node.text, node.position};   // `empty: null` is a word, not an absent value
  } else {
    text = read_text(node, sink);
  }
  if (!text) return std::nullopt;
  std::vector<std::string> names;
  for (const auto& [name, value] : words) {
    if (text->value == name) return syntax::Located<Value>{value, text->position};
    names.emplace_back(name);
  }
  report_word(*text, key, names, sink);
  return std::nullopt;
}

template <class Value>
syntax::Option<Value> MapReader::word(std::string_view key, Words<Value> words) {
  const Node* node = find(key);
  if (node == nullptr) return std::nullopt;
  return read_word(*node, key, words, sink_);
}

}  // namespace twowayc
