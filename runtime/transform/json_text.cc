#include "runtime/transform/json_text.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <utility>

#include "runtime/lens/utf8.h"

namespace twoway::json_text {
namespace {

namespace json = boost::json;

/// PocketBase (Go) refuses documents that are nested deeper; comparing is recursive, hence the lower limit.
constexpr std::size_t compared_depth = 1000;

std::optional<json::value> parse(std::string_view text, json::storage_ptr memory, std::size_t depth) {
  json::parse_options options;
  options.max_depth = depth;
  json::error_code error;
  json::value document = json::parse({text.data(), text.size()}, error, std::move(memory), options);
  if (error) return std::nullopt;
  return document;
}

bool is_number(const json::value& v) { return v.is_int64() || v.is_uint64() || v.is_double(); }

double as_double(const json::value& v) {
  if (v.is_int64()) return static_cast<double>(v.get_int64());
  if (v.is_uint64()) return static_cast<double>(v.get_uint64());
  return v.get_double();
}

bool equal(const json::value& a, const json::value& b) {
  if (is_number(a)) return is_number(b) && as_double(a) == as_double(b);
  if (a.kind() != b.kind()) return false;
  if (a.is_array()) {
    const json::array& left = a.get_array();
    const json::array& right = b.get_array();
    if (left.size() != right.size()) return false;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (!equal(left[i], right[i])) return false;
    }
    return true;
  }
  if (a.is_object()) {
    const json::object& left = a.get_object();
    const json::object& right = b.get_object();
    if (left.size() != right.size()) return false;
    for (const json::key_value_pair& member : left) {
      const json::value* other = right.if_contains(member.key());
      if (other == nullptr || !equal(member.value(), *other)) return false;
    }
    return true;
  }
  return a == b;
}

}  // namespace

void append_escaped(std::string& out, std::string_view bytes) {
  static constexpr char hex[] = "0123456789abcdef";
  std::size_t run = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(bytes[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(bytes.substr(run, i - run));
    run = i + 1;
    if (c == '"' || c == '\\') {
      out.push_back('\\');
      out.push_back(static_cast<char>(c));
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      out.append("\\u00");
      out.push_back(hex[c >> 4]);
      out.push_back(hex[c & 15]);
    }
  }
  out.append(bytes.substr(run));
}

void append_string(std::string& out, std::string_view bytes) {
  out.push_back('"');
  append_escaped(out, bytes);
  out.push_back('"');
}

std::optional<std::string_view> read_string(std::string_view token, Arena& arena) {
  if (token.size() < 2 || token.front() != '"' || token.back() != '"') return std::nullopt;
  const std::string_view inside = token.substr(1, token.size() - 2);
  if (inside.find('\\') == std::string_view::npos) {
    if (!utf8::valid(inside)) return std::nullopt;
    return inside;
  }
  unsigned char buffer[1024];
  json::monotonic_resource memory(buffer, sizeof buffer);
  const std::optional<json::value> parsed = parse(token, &memory, 1);
  if (!parsed || !parsed->is_string()) return std::nullopt;
  const json::string& text = parsed->get_string();
  return arena.copy({text.data(), text.size()});
}

bool same_document(std::string_view a, std::string_view b) {
  json::monotonic_resource memory;
  const std::optional<json::value> left = parse(a, &memory, compared_depth);
  if (!left) return false;
  const std::optional<json::value> right = parse(b, &memory, compared_depth);
  return right && equal(*left, *right);
}

}  // namespace twoway::json_text
