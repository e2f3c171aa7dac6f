// As much of JSON Schema as docs/schema/ uses, over YAML trees.
#pragma once

#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "generator/parse/node.h"

namespace twowayc {

class JsonSchema {
 public:
  explicit JsonSchema(boost::json::value root) : root_(std::move(root)) {}

  const boost::json::object& root() const { return root_.as_object(); }
  /// What `$ref` names; the schema itself where it names nothing.
  const boost::json::object& resolved(const boost::json::object& schema) const;
  /// The branch of `anyOf` that a node of this kind is for; the schema itself where there is none.
  const boost::json::object& branch_for(const boost::json::object& schema, Node::Kind kind) const;
  /// The first thing that does not hold, with the path to it; empty if all does.
  std::string violation(const Node& node) const { return check(root(), node, ""); }

 private:
  std::string check(const boost::json::object& schema, const Node& node, const std::string& path) const;
  std::string check_map(const boost::json::object& schema, const Node& node, const std::string& path) const;
  std::string check_list(const boost::json::object& schema, const Node& node, const std::string& path) const;

  boost::json::value root_;
};

/// What an editor takes a YAML node for: "string", "number", "boolean", "null", "array", "object".
std::string_view json_type(const Node& node);

}  // namespace twowayc
