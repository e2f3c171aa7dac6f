#include "runtime/report/json_text.h"

#include <boost/json.hpp>

namespace twoway::report {
namespace {

namespace json = boost::json;

void append(std::string& out, const json::value& value, std::size_t depth);

void append_line(std::string& out, std::size_t depth) {
  out += '\n';
  out.append(2 * depth, ' ');
}

void append_object(std::string& out, const json::object& object, std::size_t depth) {
  bool first = true;
  out += '{';
  for (const auto& member : object) {
    if (!first) out += ',';
    first = false;
    append_line(out, depth + 1);
    out += json::serialize(json::string(member.key()));
    out += ": ";
    append(out, member.value(), depth + 1);
  }
  if (!first) append_line(out, depth);
  out += '}';
}

void append_array(std::string& out, const json::array& array, std::size_t depth) {
  bool first = true;
  out += '[';
  for (const json::value& item : array) {
    if (!first) out += ',';
    first = false;
    append_line(out, depth + 1);
    append(out, item, depth + 1);
  }
  if (!first) append_line(out, depth);
  out += ']';
}

void append(std::string& out, const json::value& value, std::size_t depth) {
  if (const auto* object = value.if_object()) {
    append_object(out, *object, depth);
  } else if (const auto* array = value.if_array()) {
    append_array(out, *array, depth);
  } else {
    out += json::serialize(value);
  }
}

}  // namespace

std::string pretty(const boost::json::value& document) {
  std::string result;
  append(result, document, 0);
  result += '\n';
  return result;
}

}  // namespace twoway::report
