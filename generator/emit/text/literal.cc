#include "generator/emit/text/literal.h"

#include <charconv>
#include <cstdint>
#include <limits>

#include <fmt/format.h>

namespace twowayc {
namespace {

/// Bytes of a character that turns the direction of text: GCC refuses them, and reviewers are deceived by them.
bool starts_direction_mark(std::string_view text) {
  if (text.size() < 3 || text[0] != '\xe2') return false;
  const auto second = static_cast<unsigned char>(text[1]);
  const auto third = static_cast<unsigned char>(text[2]);
  return (second == 0x80 && third >= 0xaa && third <= 0xae) || (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

void append_octal(std::string& out, char c) { out += fmt::format("\\{:03o}", static_cast<unsigned char>(c)); }

/// Leading zeros would make an octal literal, and the least integer has no literal at all.
std::string integer_literal(const std::string& text) {
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  if (number == std::numeric_limits<std::int64_t>::min()) return "-9223372036854775807 - 1";
  return std::to_string(number);
}

std::string real_literal(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  std::string out = fmt::format("{}", number);
  if (out.find_first_not_of("-0123456789") == std::string::npos) out += ".0";
  return out;
}

}  // namespace

std::string cpp_text(std::string_view text) {
  std::string out = "\"";
  bool nul = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\' || (c == '?' && out.back() == '?')) {  // two question marks may begin a trigraph
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      nul = nul || c == '\0';
      append_octal(out, c);
    } else if (starts_direction_mark(text.substr(i))) {
      for (int k = 0; k < 3; ++k) append_octal(out, text[i + static_cast<std::size_t>(k)]);
      i += 2;
    } else {
      out += c;
    }
  }
  out += '"';
  return nul ? fmt::format("std::string_view({}, {})", out, text.size()) : out;
}

std::string comment_text(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (starts_direction_mark(text.substr(i))) {
      i += 2;
    } else {
      out += static_cast<unsigned char>(text[i]) < 0x20 || text[i] == '\x7f' ? ' ' : text[i];
    }
  }
  constexpr std::string_view backslash_trigraph = "?\?/";
  for (std::size_t at = 0; (at = out.find(backslash_trigraph)) != std::string::npos;) out.insert(at + 2, " ");
  if (!out.empty() && out.back() == '\\') out += '.';
  return out;
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      out += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else if (starts_direction_mark(text.substr(i))) {
      const unsigned code = 0x2000U | ((static_cast<unsigned char>(text[i + 1]) & 0x3fU) << 6U) |
                            (static_cast<unsigned char>(text[i + 2]) & 0x3fU);
      out += fmt::format("\\u{:04x}", code);
      i += 2;
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      out += ' ';
    } else {
      if (std::string_view("\\`*_|<>[]").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
  }
  return out;
}

std::string markdown_code(std::string_view text) {
  std::string out;
  bool tick = false;
  for (const char c : text) {
    tick = tick || c == '`';
    if (c == '|') out += '\\';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return tick ? "`` " + out + " ``" : "`" + out + "`";
}

std::string sql_name(std::string_view name) {
  std::string out = "\"";
  for (const char c : name) out.append(c == '"' ? 2 : 1, c);
  return out + '"';
}

std::string sql_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out.append(c == '\'' ? 2 : 1, c);
  return out + '\'';
}

std::string cpp_value(const Default& value, bool boolean) {
  switch (value.kind) {
    case Default::Kind::none:
    case Default::Kind::created:
    case Default::Kind::null: return "Value::null()";
    case Default::Kind::integer:
      if (boolean) return value.text == "0" ? "Value::boolean(false)" : "Value::boolean(true)";
      return fmt::format("Value::integer({})", integer_literal(value.text));
    case Default::Kind::real: return fmt::format("Value::real({})", real_literal(value.text));
    case Default::Kind::text:
      if (boolean) return value.text == "true" ? "Value::boolean(true)" : "Value::boolean(false)";
      return fmt::format("Value::text({})", cpp_text(value.text));
  }
  return "Value::null()";
}

std::string printed(const MappingModel& model, Position position) {
  if (!position.known() || position.file >= model.files.size()) return "";
  return fmt::format("{}:{}", model.files[position.file], position.line);
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

}  // namespace twowayc
