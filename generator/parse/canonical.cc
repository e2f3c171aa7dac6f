#include "generator/parse/canonical.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace twowayc {
namespace {

/// True for a scalar that means something else in quotes: a number, a truth value, a keyword such as `created`.
bool quotes_count(std::string_view text) {
  if (text.empty() || text == "true" || text == "false" || text == "null" || text == "~") return true;
  if (text == "created") return true;
  return text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

void append(const Node& node, bool keep_order, std::string& out);

void append_map(const Node& node, bool keep_order, std::string& out) {
  std::vector<const Node::Entry*> entries;
  for (const Node::Entry& entry : node.entries) entries.push_back(&entry);
  if (!keep_order) {
    std::sort(entries.begin(), entries.end(),
              [](const Node::Entry* a, const Node::Entry* b) { return a->key < b->key; });
  }
  out += '{';
  for (const Node::Entry* entry : entries) {
    out += fmt::format("{}:{}=", entry->key.size(), entry->key);
    append(entry->value, entry->key == "columns", out);
  }
  out += '}';
}

void append(const Node& node, bool keep_order, std::string& out) {
  switch (node.kind) {
    case Node::Kind::null: out += '~'; break;
    case Node::Kind::scalar:
      out += fmt::format("{}{}:{}", node.quoted && quotes_count(node.text) ? '"' : 's', node.text.size(), node.text);
      break;
    case Node::Kind::list:
      out += '[';
      for (const Node& item : node.items) append(item, false, out);
      out += ']';
      break;
    case Node::Kind::map: append_map(node, keep_order, out); break;
  }
}

}  // namespace

std::string canonical_text(const Node& node) {
  std::string out;
  append(node, false, out);
  return out;
}

}  // namespace twowayc
