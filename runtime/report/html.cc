#include "runtime/report/html.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "runtime/report/text.h"

namespace twoway::report::html {
namespace {

constexpr double row_height = 24;     ///< of one entity in the chart
constexpr double label_width = 210;   ///< room for the entities' names
constexpr double rows_width = 250;    ///< longest bar of rows
constexpr double time_left = 560;     ///< where the bars of time begin
constexpr double time_width = 250;    ///< longest bar of time
constexpr double chart_width = 920;
constexpr double heading_height = 26;
constexpr std::size_t label_longest = 30;  ///< characters of a name

/// The name, cut where it would run into the bars.
std::string label(const EntityReport& entity) {
  std::string name = printable(entity.attic ? "attic: " + entity.name : entity.name);
  if (width(name) <= label_longest) return name;
  std::size_t kept = 0;
  std::size_t end = 0;
  while (kept < label_longest - 1) {
    ++end;
    while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0u) == 0x80u) ++end;
    ++kept;
  }
  return name.substr(0, end) + "\xE2\x80\xA6";
}

std::string rectangle(std::string_view style_class, double x, double y, double length) {
  return fmt::format("<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"12\" rx=\"2\"/>\n",
                     style_class, x, y, length);
}

std::string words(double x, double y, std::string_view style_class, std::string_view text) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"{}\">{}</text>\n", x, y, style_class, escaped(text));
}

/// A length on a linear scale; what is there at all is seen.
double scaled(double amount, double most, double room) {
  if (amount <= 0 || most <= 0) return 0;
  return std::max(1.5, amount / most * room);
}

std::uint64_t row_count(const EntityReport& entity) { return std::max(entity.read, entity.verified); }

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : redacted(printable(text))) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      case '\'': result += "&#39;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string code(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("<code>{}</code>", escaped(text));
}

std::string table(const std::vector<std::string>& heading, const std::vector<bool>& numbers,
                  const std::vector<std::vector<std::string>>& rows) {
  const auto cell = [&](std::string_view tag, std::size_t column, std::string_view content) {
    return fmt::format("<{}{}>{}</{}>", tag, numbers[column] ? " class=\"number\"" : "", content, tag);
  };
  std::string result = "<div class=\"scroll\"><table>\n<thead><tr>";
  for (std::size_t i = 0; i < heading.size(); ++i) result += cell("th", i, heading[i]);
  result += "</tr></thead>\n<tbody>\n";
  for (const auto& row : rows) {
    assert(row.size() == heading.size());
    result += row.front() == "Total" ? "<tr class=\"total\">" : "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) result += cell("td", i, row[i]);
    result += "</tr>\n";
  }
  return result + "</tbody>\n</table></div>\n";
}

std::string bars(const std::vector<EntityReport>& entities) {
  std::vector<const EntityReport*> shown;
  double most_rows = 0;
  double most_time = 0;
  for (const EntityReport& entity : entities) {
    if (row_count(entity) == 0) continue;
    shown.push_back(&entity);
    most_rows = std::max(most_rows, static_cast<double>(row_count(entity)));
    most_time = std::max(most_time, static_cast<double>((entity.migrate_time + entity.verify_time).count()));
  }
  if (shown.empty()) return {};
  const double height = heading_height + row_height * static_cast<double>(shown.size());
  std::string svg = fmt::format("<div class=\"scroll\"><svg viewBox=\"0 0 {} {}\" role=\"img\"", chart_width, height);
  svg += " aria-label=\"Rows and time of each entity\">\n";
  svg += words(label_width, 14, "note", "rows") + rectangle("bar-migrate", time_left, 4, 12) +
         words(time_left + 17, 14, "note", "migrating") + rectangle("bar-verify", time_left + 90, 4, 12) +
         words(time_left + 107, 14, "note", "verifying");
  double y = heading_height;
  for (const EntityReport* entity : shown) {
    const double rows = scaled(static_cast<double>(row_count(*entity)), most_rows, rows_width);
    const double migrate = scaled(static_cast<double>(entity->migrate_time.count()), most_time, time_width);
    const double verify = scaled(static_cast<double>(entity->verify_time.count()), most_time, time_width);
    svg += words(0, y + 13, "name", label(*entity));
    svg += rectangle("bar-rows", label_width, y + 3, rows);
    svg += words(label_width + rows + 6, y + 13, "note", grouped(row_count(*entity)));
    if (migrate > 0) svg += rectangle("bar-migrate", time_left, y + 3, migrate);
    if (verify > 0) svg += rectangle("bar-verify", time_left + migrate, y + 3, verify);
    const std::string time = duration(entity->migrate_time + entity->verify_time);
    svg += words(time_left + migrate + verify + 6, y + 13, "note", time);
    y += row_height;
  }
  return svg + "</svg></div>\n";
}

namespace {

/// Bytes read in a second of migrating; 0 where nothing is known.
double speed(const EntityReport& entity) {
  const double seconds = std::chrono::duration<double>(entity.migrate_time).count();
  return seconds > 0 ? static_cast<double>(entity.bytes) / seconds : 0;
}

}  // namespace

std::string sizes(const std::vector<EntityReport>& entities) {
  std::vector<const EntityReport*> shown;
  double most_bytes = 0;
  double most_speed = 0;
  for (const EntityReport& entity : entities) {
    if (entity.bytes == 0) continue;
    shown.push_back(&entity);
    most_bytes = std::max(most_bytes, static_cast<double>(entity.bytes));
    most_speed = std::max(most_speed, speed(entity));
  }
  if (shown.empty()) return {};
  const double height = heading_height + row_height * static_cast<double>(shown.size());
  std::string svg = fmt::format("<div class=\"scroll\"><svg viewBox=\"0 0 {} {}\" role=\"img\"", chart_width, height);
  svg += " aria-label=\"Size and speed of each entity\">\n";
  svg +=
      words(label_width, 14, "note", "size") + words(time_left, 14, "note", "read, converted and written in a second");
  double y = heading_height;
  for (const EntityReport* entity : shown) {
    const double bytes = scaled(static_cast<double>(entity->bytes), most_bytes, rows_width);
    const double rate = scaled(speed(*entity), most_speed, time_width);
    svg += words(0, y + 13, "name", label(*entity));
    svg += rectangle("bar-rows", label_width, y + 3, bytes);
    svg += words(label_width + bytes + 6, y + 13, "note", size(entity->bytes));
    if (rate > 0) {
      svg += rectangle("bar-migrate", time_left, y + 3, rate);
      const std::string words_of_rate = size(static_cast<std::uint64_t>(speed(*entity))) + "/s";
      svg += words(time_left + rate + 6, y + 13, "note", words_of_rate);
    }
    y += row_height;
  }
  return svg + "</svg></div>\n";
}

}  // namespace twoway::report::html
