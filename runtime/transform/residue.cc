#include "runtime/transform/residue.h"

#include <algorithm>
#include <bit>
#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>
#include <limits>

#include "runtime/lens/decimal.h"
#include "runtime/lens/utf8.h"
#include "runtime/model/hexadecimal.h"
#include "runtime/transform/json_text.h"

namespace twoway {
namespace {

/// A document that grew beyond this is not kept as a buffer for the next record.
constexpr std::size_t kept_capacity = 1'048'576;

/// The value of a lower case hex digit.
std::optional<unsigned> hex_value(char c) {
  const std::size_t value = hexadecimal_digits.find(c);
  return value == std::string_view::npos ? std::nullopt : std::optional(static_cast<unsigned>(value));
}

std::optional<std::string_view> read_hex(std::string_view hex, Arena& arena) {
  if (hex.size() % 2 != 0) return std::nullopt;
  const std::size_t size = hex.size() / 2;
  char* bytes = arena.allocate(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto high = hex_value(hex[2 * i]);
    const auto low = hex_value(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    bytes[i] = static_cast<char>(*high << 4 | *low);
  }
  return std::string_view(bytes, size);
}

std::optional<Value> read_integer(std::string_view digits) {
  const auto value = decimal::read_integer(digits);
  return value ? std::optional(Value::integer(*value)) : std::nullopt;
}

std::optional<Value> read_real(std::string_view hex) {
  if (hex.size() != 16) return std::nullopt;
  std::uint64_t bits = 0;
  for (const char c : hex) {
    const auto digit = hex_value(c);
    if (!digit) return std::nullopt;
    bits = bits << 4 | *digit;
  }
  return Value::real(std::bit_cast<double>(bits));
}

/// Appends the tag and all of a value that is not text: what needs no escapes in JSON.
void append_plain(std::string& out, const Value& value) {
  switch (value.kind()) {
    case Kind::null: out.push_back('n'); return;
    case Kind::integer: {
      char digits[decimal::integer_bytes];
      out.push_back('i');
      out.append(digits, decimal::write_integer(digits, value.as_integer()));
      return;
    }
    case Kind::real: {
      const auto bits = std::bit_cast<std::uint64_t>(value.as_real());
      out.push_back('r');
      for (int shift = 60; shift >= 0; shift -= 4) out.push_back(hexadecimal_digits[bits >> shift & 15]);
      return;
    }
    case Kind::text: out.push_back('x'); break;
    case Kind::blob: out.push_back('b'); break;
  }
  append_hexadecimal(out, value.bytes());
}

bool carried(const Value& value) { return value.is_text() && utf8::valid(value.bytes()); }

/// Takes the events of Boost.JSON's parser: one flat object of strings, nothing else.
class FlatObjectHandler {
 public:
  static constexpr std::size_t max_array_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_object_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_string_size = std::numeric_limits<std::size_t>::max();
  static constexpr std::size_t max_key_size = std::numeric_limits<std::size_t>::max();
  using error_code = boost::json::error_code;
  using piece = boost::json::string_view;

  FlatObjectHandler(std::vector<Residue::Entry>& entries, Arena& arena) : entries_(entries), arena_(arena) {}

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code& e) {
    if (depth_++ == 0) return true;
    return refuse(e);
  }
  bool on_object_end(std::size_t, error_code&) { return true; }
  bool on_array_begin(error_code& e) { return refuse(e); }
  bool on_array_end(std::size_t, error_code& e) { return refuse(e); }
  bool on_key_part(piece part, std::size_t, error_code&) { return collect(part); }
  bool on_key(piece part, std::size_t, error_code&) {
    entries_.push_back({finish(part), {}});
    return true;
  }
  bool on_string_part(piece part, std::size_t, error_code& e) { return depth_ == 1 ? collect(part) : refuse(e); }
  bool on_string(piece part, std::size_t, error_code& e) {
    if (depth_ != 1) return refuse(e);
    entries_.back().text = finish(part);
    return true;
  }
  bool on_number_part(piece, error_code& e) { return refuse(e); }
  bool on_int64(std::int64_t, piece, error_code& e) { return refuse(e); }
  bool on_uint64(std::uint64_t, piece, error_code& e) { return refuse(e); }
  bool on_double(double, piece, error_code& e) { return refuse(e); }
  bool on_bool(bool, error_code& e) { return refuse(e); }
  bool on_null(error_code& e) { return refuse(e); }
  bool on_comment_part(piece, error_code& e) { return refuse(e); }
  bool on_comment(piece, error_code& e) { return refuse(e); }

 private:
  static bool refuse(error_code& e) {
    e = boost::json::error::syntax;
    return false;
  }
  bool collect(piece part) {
    parts_.append(part.data(), part.size());
    return true;
  }
  std::string_view finish(piece last) {
    if (parts_.empty()) return arena_.copy({last.data(), last.size()});
    collect(last);
    const std::string_view whole = arena_.copy(parts_);
    parts_.clear();
    return whole;
  }

  std::vector<Residue::Entry>& entries_;
  Arena& arena_;
  std::string parts_;
  int depth_ = 0;
};

bool names_differ(const std::vector<Residue::Entry>& entries) {
  std::vector<std::string_view> names;
  for (const Residue::Entry& entry : entries) names.push_back(entry.name);
  std::sort(names.begin(), names.end());
  return std::adjacent_find(names.begin(), names.end()) == names.end();
}

}  // namespace

void append_tagged(std::string& out, const Value& value) {
  if (!carried(value)) return append_plain(out, value);
  out.push_back('t');
  out.append(value.bytes());
}

void append_column_name(std::string& out, std::string_view column) {
  if (!column.starts_with('~') && utf8::valid(column)) {
    out.append(column);
    return;
  }
  out.push_back('~');
  append_hexadecimal(out, column);
}

std::optional<std::string_view> read_column_name(std::string_view name, Arena& arena) {
  if (!name.starts_with('~')) return name;
  return read_hex(name.substr(1), arena);
}

std::optional<Value> read_tagged(std::string_view tagged, Arena& arena) {
  if (tagged.empty()) return std::nullopt;
  const std::string_view rest = tagged.substr(1);
  switch (tagged.front()) {
    case 'n': return rest.empty() ? std::optional(Value::null()) : std::nullopt;
    case 'i': return read_integer(rest);
    case 'r': return read_real(rest);
    case 't': return Value::text(rest);
    case 'x':
    case 'b': {
      const std::optional<std::string_view> bytes = read_hex(rest, arena);
      if (!bytes) return std::nullopt;
      return tagged.front() == 'x' ? Value::text(*bytes) : Value::blob(*bytes);
    }
    default: return std::nullopt;
  }
}

void ResidueWriter::clear() {
  json_.clear();
  closed_ = false;
  if (json_.capacity() > kept_capacity) json_.shrink_to_fit();
}

void ResidueWriter::open(std::string_view name, char prefix) {
  if (closed_) json_.pop_back();
  closed_ = false;
  json_.append(json_.empty() ? "{\"" : ",\"");
  if (prefix != 0) json_.push_back(prefix);
  json_text::append_escaped(json_, name);
  json_.append("\":\"");
}

void ResidueWriter::add(std::string_view name, const Value& value, char prefix, std::string_view before) {
  open(name, prefix);
  json_.append(before);
  if (carried(value)) {
    json_.push_back('t');
    json_text::append_escaped(json_, value.bytes());
  } else {
    append_plain(json_, value);
  }
  json_.push_back('"');
}

void ResidueWriter::add_text(std::string_view name, std::string_view text, char prefix) {
  open(name, prefix);
  json_text::append_escaped(json_, text);
  json_.push_back('"');
}

std::size_t ResidueWriter::end_of_string(std::size_t quote) const {
  std::size_t i = quote + 1;
  while (json_[i] != '"') i += json_[i] == '\\' ? 2 : 1;
  return i + 1;
}

void ResidueWriter::for_each_name(const std::function<void(std::string_view)>& take) const {
  for (std::size_t begin = 1; begin < json_.size();) {
    const std::size_t colon = end_of_string(begin);
    take(std::string_view(json_).substr(begin + 1, colon - begin - 2));
    begin = end_of_string(colon + 1) + 1;
  }
}

void ResidueWriter::remove(std::string_view name) {
  if (closed_) json_.pop_back();
  closed_ = false;
  std::string key = "\"";
  json_text::append_escaped(key, name);
  key += '"';
  for (std::size_t begin = 1; begin < json_.size();) {
    const std::size_t colon = end_of_string(begin);
    const std::size_t end = end_of_string(colon + 1);
    if (json_.compare(begin, colon - begin, key) != 0) {
      begin = end + 1;
      continue;
    }
    // With one comma: the one after it, or for the last entry the one before it (or the opening brace).
    json_.erase(end == json_.size() ? begin - 1 : begin, end - begin + 1);
    return;
  }
}

Value ResidueWriter::document() {
  if (json_.empty()) return Value::null();
  if (!closed_) json_.push_back('}');
  closed_ = true;
  return Value::text(json_);
}

bool Residue::parse(const Value& document, Arena& arena) {
  entries_.clear();
  if (document.is_null() || document.is_empty_text()) return true;
  if (!document.is_text()) return false;
  const std::string_view text = document.bytes();
  if (text == "null") return true;
  boost::json::basic_parser<FlatObjectHandler> parser(boost::json::parse_options(), entries_, arena);
  boost::json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  // write_some stops after the document; only white space may follow.
  const bool good = !error && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos;
  if (good && names_differ(entries_)) return true;
  entries_.clear();
  return false;
}

const std::string_view* Residue::find(std::string_view name, char prefix) const {
  for (const Entry& entry : entries_) {
    if (prefix == 0 ? entry.name == name
                    : !entry.name.empty() && entry.name.front() == prefix && entry.name.substr(1) == name) {
      return &entry.text;
    }
  }
  return nullptr;
}

}  // namespace twoway
