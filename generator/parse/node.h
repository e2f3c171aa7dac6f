// A YAML document as a tree, with positions. Nothing in it is interpreted yet.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/source_position.h"

namespace twowayc {

/// A scalar, a list or a map. Keys of maps are plain text by then: the reader refuses others, and duplicates.
struct Node {
  enum class Kind { null, scalar, list, map };
  struct Entry;

  Kind kind = Kind::null;
  Position position;
  std::string text;               ///< of a scalar; of null, how it was written ("" for nothing at all)
  bool quoted = false;            ///< a scalar in quotes or a block scalar: always text
  std::vector<Node> items;        ///< of a list
  std::vector<Entry> entries;     ///< of a map, in the order of the file
};

struct Node::Entry {
  std::string key;
  Position key_position;
  Node value;
};

/// "a map", "a list", "text", "nothing": for messages.
std::string_view describe_kind(const Node& node);

}  // namespace twowayc
