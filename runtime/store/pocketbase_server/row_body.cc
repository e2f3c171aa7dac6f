#include "runtime/store/pocketbase_server/row_body.h"

#include <cassert>
#include <cmath>

#include <fmt/format.h>
#include <simdjson.h>

#include "runtime/model/hexadecimal.h"

namespace twoway {

namespace {

// Element types of JSONB (sqlite.org/jsonb.html).
constexpr unsigned jsonb_null = 0, jsonb_int = 3, jsonb_float = 5, jsonb_text_raw = 10, jsonb_array = 11;
constexpr std::size_t array_head = 5;  // always with a size of four bytes, so that it can be filled in later

void put_head(char* at, unsigned type, std::uint32_t size) {
  at[0] = static_cast<char>(type | 0xe0U);
  for (unsigned i = 0; i < 4; ++i) at[1 + i] = static_cast<char>((size >> (24U - 8U * i)) & 0xffU);
}

/// A number that SQLite reads back as the same bits (tested with millions), and as a real.
std::string real_text(double value) {
  if (std::isinf(value)) return value < 0 ? "-9e999" : "9e999";
  std::string text = fmt::format("{:.17g}", value);
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

void append_json_text(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += fmt::format("\\u{:04x}", byte);
    } else {
      out += c;
    }
  }
  out += '"';
}

}  // namespace

RowBody::RowBody(Form form) : form_(form) { clear(); }

void RowBody::clear() {
  text_.clear();
  ends_.clear();
  ids_.clear();
  tagged_.clear();
  closed_ = false;
  if (form_ == Form::jsonb) text_.resize(array_head);
  else text_ = "[";
}

void RowBody::begin_row() {
  if (form_ == Form::json && !ends_.empty()) text_ += ',';
  row_begin_ = text_.size();
  column_ = 0;
  open_array();
}

void RowBody::end_row() {
  if (form_ == Form::jsonb) {
    close_array(row_begin_);
  } else if (text_.back() == ',') {
    text_.back() = ']';
  } else {
    text_ += ']';
  }
  ends_.push_back(text_.size());
}

void RowBody::drop_row() {
  text_.resize(row_begin_);
  if (form_ == Form::json && !ends_.empty()) text_.pop_back();
  if (ids_.size() > ends_.size()) ids_.pop_back();
}

void RowBody::open_array() {
  if (form_ == Form::jsonb) text_.append(array_head, '\0');
  else text_ += '[';
}

void RowBody::close_array(std::size_t begin) {
  put_head(text_.data() + begin, jsonb_array, static_cast<std::uint32_t>(text_.size() - begin - array_head));
}

void RowBody::add_element(unsigned type, std::string_view payload) {
  if (form_ == Form::json) {
    text_ += payload;
    return;
  }
  if (payload.size() <= 11) {
    text_ += static_cast<char>(type | (payload.size() << 4U));
  } else {
    const std::size_t at = text_.size();
    text_.append(array_head, '\0');
    put_head(text_.data() + at, type, static_cast<std::uint32_t>(payload.size()));
  }
  text_ += payload;
}

void RowBody::add_text(std::string_view bytes) {
  if (form_ == Form::jsonb) {
    add_element(jsonb_text_raw, bytes);
  } else if (simdjson::validate_utf8(bytes.data(), bytes.size())) {
    append_json_text(text_, bytes);
  } else {
    tagged_.insert(column_);
    text_ += R"(["t",")";
    append_hexadecimal(text_, bytes);
    text_ += "\"]";
  }
}

void RowBody::add_blob(std::string_view bytes) {
  tagged_.insert(column_);
  if (form_ == Form::json) {
    text_ += R"(["b",")";
    append_hexadecimal(text_, bytes);
    text_ += "\"]";
    return;
  }
  const std::size_t begin = text_.size();
  open_array();
  add_element(jsonb_text_raw, bytes);
  close_array(begin);
}

void RowBody::add(const Value& value) {
  if (column_ == 0) ids_.emplace_back(value.is_text() || value.is_blob() ? value.bytes() : std::string_view());
  switch (value.kind()) {
    case Kind::null: add_element(jsonb_null, form_ == Form::json ? "null" : ""); break;
    case Kind::integer: add_element(jsonb_int, fmt::format_int(value.as_integer()).c_str()); break;
    case Kind::real: add_element(jsonb_float, real_text(value.as_real())); break;
    case Kind::text: add_text(value.bytes()); break;
    case Kind::blob: add_blob(value.bytes()); break;
  }
  if (form_ == Form::json) text_ += ',';
  ++column_;
}

std::size_t RowBody::begin_of(std::size_t row) const {
  const std::size_t separator = form_ == Form::json ? 1 : 0;
  if (row == 0) return form_ == Form::json ? 1 : array_head;
  return ends_[row - 1] + separator;
}

std::string_view RowBody::body() {
  if (form_ == Form::jsonb) {
    close_array(0);
  } else if (!closed_) {
    text_ += ']';
  }
  closed_ = true;
  return text_;
}

std::string RowBody::body(std::size_t first, std::size_t last) const {
  assert(first < last && last <= ends_.size());
  const std::size_t begin = begin_of(first), end = ends_[last - 1];
  std::string out = form_ == Form::json ? "[" : std::string(array_head, '\0');
  out.append(text_, begin, end - begin);
  if (form_ == Form::json) out += ']';
  else put_head(out.data(), jsonb_array, static_cast<std::uint32_t>(end - begin));
  return out;
}

std::string RowBody::id(std::size_t row) const { return ids_[row]; }

}  // namespace twoway
