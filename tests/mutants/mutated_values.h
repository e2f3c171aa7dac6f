// What a value of a mapping may be mistaken for.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"
#include "generator/parse/node.h"

namespace twowayc::test {

/// Where a value stands: the file and the keys that lead to it. The items of a list are "[0]", "[1]"...
struct Place {
  std::string file;
  std::vector<std::string> keys;

  bool in_sql() const { return file.starts_with("sql/"); }
  bool in_entity() const { return file.starts_with("entities/"); }
  bool below(const std::string& key) const;
  /// The nearest key that is no number in a list.
  const std::string& key() const;
  /// "fields.title.lens"
  std::string text() const;
};

/// Other values of the same kind, none twice; empty where the value is not to be changed.
std::vector<Node> other_values(const Place& place, const Node& value, const MappingModel& model);

}  // namespace twowayc::test
