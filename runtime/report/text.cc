#include "runtime/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

namespace twoway::report {
namespace {

/// Length of the UTF-8 sequence at the start of `text` and its code point; length 0 where it is not UTF-8.
struct Sequence {
  std::size_t length = 0;
  std::uint32_t point = 0;
};

Sequence first_sequence(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return {1, lead};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
  std::uint32_t point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80u) return {};
    point = (point << 6) | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (overlong || surrogate || point > 0x10FFFF) return {};
  return {length, point};
}

/// True for what must not reach a terminal or a page: control characters and what turns the direction of writing.
bool dangerous(std::uint32_t point) {
  const bool control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
  const bool separator = point == 0x2028 || point == 0x2029;
  const bool direction = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
                         point == 0x200E || point == 0x200F || point == 0x061C;
  return control || separator || direction || point == 0xFEFF;
}

/// Covers the value of each `name=value` whose name is `name`, up to a blank, `&`, `;` or a quote.
void cover(std::string& text, std::string_view name) {
  std::size_t at = 0;
  while ((at = text.find(name, at)) != std::string::npos) {
    at += name.size();
    const std::size_t end = std::min(text.find_first_of(" &;'\"\n", at), text.size());
    text.replace(at, end - at, "***");
  }
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string counted(std::uint64_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", grouped(number), number == 1 ? one : many);
}

std::string duration(std::chrono::nanoseconds time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
  if (milliseconds < 1000) return fmt::format("{} ms", milliseconds);
  if (milliseconds < 59'950) return fmt::format("{:.1f} s", static_cast<double>(milliseconds) / 1000.0);
  const auto seconds = (milliseconds + 500) / 1000;
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

std::string size(std::uint64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes);
  std::string_view unit;
  for (const std::string_view next : {"kB", "MB", "GB", "TB"}) {
    amount /= 1000;
    unit = next;
    if (amount < 999.95) break;
  }
  return fmt::format("{:.1f} {}", amount, unit);
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Sequence next = first_sequence(text);
    if (next.length == 0 || dangerous(next.point)) {
      result += "\xEF\xBF\xBD";
    } else {
      result += text.substr(0, next.length);
    }
    text.remove_prefix(std::max<std::size_t>(next.length, 1));
  }
  return result;
}

std::string redacted(std::string_view text) {
  std::string result(text);
  std::size_t at = 0;
  while ((at = result.find("://", at)) != std::string::npos) {
    at += 3;
    const std::size_t end = std::min(result.find_first_of(" '\"\n", at), result.size());
    // The last @: a password may hold one, and a path that does loses no more than its beginning.
    const std::size_t sign = std::string_view(result).substr(0, end).rfind('@');
    if (sign != std::string::npos && sign >= at) result.replace(at, sign - at, "***");
  }
  for (const std::string_view name : {"password=", "PASSWORD=", "passwd=", "token=", "secret="}) cover(result, name);
  return result;
}

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0u) != 0x80u; }));
}

void Table::add(std::vector<std::string> cells) {
  assert(cells.size() == columns_.size());
  for (std::string& cell : cells) cell = printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::text(std::string_view indent) const {
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string result;
  for (const auto& row : rows_) {
    std::string line(indent);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - width(row[i]), ' ');
      if (i > 0) line += "  ";
      line += columns_[i] == Align::right ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

}  // namespace twoway::report
