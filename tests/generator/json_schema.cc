#include "tests/generator/json_schema.h"

#include <algorithm>
#include <regex>
#include <stdexcept>

#include <boost/json/serialize.hpp>

namespace twowayc {
namespace {

namespace json = boost::json;

std::string text_of(const json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : json::serialize(value);
}

bool is_of_type(const json::value& type, std::string_view wanted) {
  if (type.is_string()) return type.as_string() == wanted;
  return std::any_of(type.as_array().begin(), type.as_array().end(),
                     [&](const json::value& one) { return one.as_string() == wanted; });
}

bool is_in(const json::array& values, const Node& node) {
  return std::any_of(values.begin(), values.end(), [&](const json::value& value) {
    if (value.is_null()) return json_type(node) == "null";
    if (value.is_bool()) return json_type(node) == "boolean" && node.text == text_of(value);
    return json_type(node) == "string" && node.text == value.as_string();
  });
}

/// Keywords that are not checked; any other that a schema has and this does not know is a mistake.
void expect_known(const json::object& schema) {
  static const std::string_view known[] = {
      "$schema", "$defs", "$ref", "title", "description", "type", "enum", "anyOf", "properties", "required",
      "additionalProperties", "items", "minItems", "minProperties", "maxProperties", "pattern"};
  for (const auto& [key, value] : schema) {
    if (std::find(std::begin(known), std::end(known), std::string_view(key)) == std::end(known)) {
      throw std::runtime_error("a keyword that this cannot check: " + std::string(key));
    }
  }
}

}  // namespace

std::string_view json_type(const Node& node) {
  static const std::regex number("[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?");
  switch (node.kind) {
    case Node::Kind::null: return "null";
    case Node::Kind::list: return "array";
    case Node::Kind::map: return "object";
    case Node::Kind::scalar: break;
  }
  if (node.quoted) return "string";
  if (node.text == "true" || node.text == "false") return "boolean";
  return std::regex_match(node.text, number) ? "number" : "string";
}

const json::object& JsonSchema::resolved(const json::object& schema) const {
  const json::value* const reference = schema.if_contains("$ref");
  if (reference == nullptr) return schema;
  constexpr std::string_view prefix = "#/$defs/";
  const std::string_view name = std::string_view(reference->as_string()).substr(prefix.size());
  return root().at("$defs").at(name).as_object();
}

const json::object& JsonSchema::branch_for(const json::object& schema, Node::Kind kind) const {
  const json::object& whole = resolved(schema);
  const json::value* const branches = whole.if_contains("anyOf");
  if (branches == nullptr) return whole;
  const std::string_view wanted = kind == Node::Kind::list ? "array" : kind == Node::Kind::map ? "object" : "string";
  for (const json::value& branch : branches->as_array()) {
    const json::object& one = resolved(branch.as_object());
    const json::value* const type = one.if_contains("type");
    if (type != nullptr && is_of_type(*type, wanted)) return one;
  }
  return whole;
}

std::string JsonSchema::check(const json::object& unresolved, const Node& node, const std::string& path) const {
  const json::object& schema = resolved(unresolved);
  expect_known(schema);
  if (const json::value* branches = schema.if_contains("anyOf")) {
    std::string last;
    for (const json::value& branch : branches->as_array()) {
      last = check(branch.as_object(), node, path);
      if (last.empty()) return {};
    }
    return last;
  }
  const json::value* const type = schema.if_contains("type");
  if (type != nullptr && !is_of_type(*type, json_type(node))) {
    return path + " is " + std::string(json_type(node)) + ", not " + text_of(*type);
  }
  const json::value* const words = schema.if_contains("enum");
  if (words != nullptr && !is_in(words->as_array(), node)) return path + " is none of " + text_of(*words);
  const json::value* const pattern = schema.if_contains("pattern");
  if (pattern != nullptr && json_type(node) == "string" &&
      !std::regex_search(node.text, std::regex(text_of(*pattern)))) {
    return path + " does not match " + text_of(*pattern);
  }
  if (node.kind == Node::Kind::map) return check_map(schema, node, path);
  if (node.kind == Node::Kind::list) return check_list(schema, node, path);
  return {};
}

std::string JsonSchema::check_map(const json::object& schema, const Node& node, const std::string& path) const {
  const json::value* const properties = schema.if_contains("properties");
  const json::value* const others = schema.if_contains("additionalProperties");
  for (const Node::Entry& entry : node.entries) {
    const std::string below = path + "/" + entry.key;
    const json::value* own = properties == nullptr ? nullptr : properties->as_object().if_contains(entry.key);
    if (own == nullptr) own = others;
    if (own == nullptr) continue;
    if (own->is_bool()) return below + " is not a property";
    if (std::string found = check(own->as_object(), entry.value, below); !found.empty()) return found;
  }
  if (const json::value* required = schema.if_contains("required")) {
    for (const json::value& key : required->as_array()) {
      const bool is_there = std::any_of(node.entries.begin(), node.entries.end(),
                                        [&](const Node::Entry& entry) { return key.as_string() == entry.key; });
      if (!is_there) return path + " lacks " + text_of(key);
    }
  }
  const auto limit = [&](std::string_view key) { return schema.if_contains(key); };
  const std::size_t size = node.entries.size();
  if (limit("minProperties") && size < limit("minProperties")->to_number<std::size_t>()) return path + " has too few";
  if (limit("maxProperties") && size > limit("maxProperties")->to_number<std::size_t>()) return path + " has too many";
  return {};
}

std::string JsonSchema::check_list(const json::object& schema, const Node& node, const std::string& path) const {
  const json::value* const least = schema.if_contains("minItems");
  if (least != nullptr && node.items.size() < least->to_number<std::size_t>()) return path + " has too few";
  const json::value* const items = schema.if_contains("items");
  if (items == nullptr) return {};
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    std::string found = check(items->as_object(), node.items[i], path + "/" + std::to_string(i));
    if (!found.empty()) return found;
  }
  return {};
}

}  // namespace twowayc
