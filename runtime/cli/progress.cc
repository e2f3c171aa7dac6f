#include "runtime/cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto redraw_interval = 100ms;
constexpr auto line_interval = 10s;
constexpr double shortest_measure_s = 0.2;   ///< a rate over less says nothing
constexpr std::size_t longest_bar = 40;
constexpr std::size_t shortest_bar = 6;
constexpr std::size_t name_width = 24;       ///< of an entity in the lines it leaves

std::uint64_t whole(double number) { return number <= 0 ? 0 : static_cast<std::uint64_t>(std::llround(number)); }

/// The first `width` characters.
std::string cut(std::string_view text, std::size_t width) {
  std::size_t characters = 0;
  std::size_t end = 0;
  for (; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xC0u) != 0x80u;
    if (starts && characters++ == width) break;
  }
  return std::string(text.substr(0, end));
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t have = report::width(text);
  return have >= width ? text : text + std::string(width - have, ' ');
}

}  // namespace

std::string_view ProgressDisplay::doing() const {
  if (current_->phase == Progress::Phase::verify) return "verifying";
  return options_.writes ? "migrating" : "reading";
}

std::string_view ProgressDisplay::done() const {
  if (current_->phase == Progress::Phase::verify) return "verified";
  return options_.writes ? "migrated" : "read";
}

void ProgressDisplay::update(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  const Time now = options_.now();
  if (current_ && (current_->phase != progress.phase || current_->entity != progress.entity)) close(true);
  if (!current_) {
    // A resumed run has rows behind it that it did not carry; a small entity is done at the first word.
    const bool at_once = progress.rows == progress.rows_total;
    current_ = Current{.phase = progress.phase,
                       .entity = std::string(progress.entity),
                       .index = progress.entity_index,
                       .entities = progress.entities,
                       .first_rows = at_once ? 0 : progress.rows,
                       .first_bytes = at_once ? 0 : progress.bytes,
                       .started = last_end_.value_or(now),
                       .updated = now,
                       .shown = options_.live ? now - redraw_interval : now};
  }
  current_->rows = progress.rows;
  current_->rows_total = progress.rows_total;
  current_->bytes = progress.bytes;
  current_->updated = now;
  const auto interval = options_.live ? Time::duration(redraw_interval) : Time::duration(line_interval);
  if (now - current_->shown >= interval) show(now);
}

void ProgressDisplay::finish(bool complete) {
  const std::lock_guard lock(mutex_);
  if (current_) close(complete);
  screen_.clear();
}

double ProgressDisplay::seconds(Time now) const {
  return std::chrono::duration<double>(now - current_->started).count();
}

std::size_t ProgressDisplay::room() const { return std::max<std::size_t>(options_.width(), 20) - 1; }

/// `2,439 rows/s  56.1 MB/s`, empty where it is too early to say.
std::string ProgressDisplay::figures(Time now) const {
  const double time = seconds(now);
  if (time < shortest_measure_s) return {};
  const auto rows = static_cast<double>(current_->rows - std::min(current_->rows, current_->first_rows));
  const auto bytes = static_cast<double>(current_->bytes - std::min(current_->bytes, current_->first_bytes));
  std::string result = report::grouped(whole(rows / time)) + " rows/s";
  if (bytes > 0) result += fmt::format("  {}/s", report::size(whole(bytes / time)));
  return result;
}

/// `1:05 left`, empty where nobody can know.
std::string ProgressDisplay::time_left(Time now) const {
  const double time = seconds(now);
  const auto rows = static_cast<double>(current_->rows - std::min(current_->rows, current_->first_rows));
  if (time < shortest_measure_s || rows <= 0 || current_->rows_total <= current_->rows) return {};
  const std::uint64_t left = whole(static_cast<double>(current_->rows_total - current_->rows) * time / rows);
  if (left >= 3600) return fmt::format("{}:{:02}:{:02} left", left / 3600, left / 60 % 60, left % 60);
  return fmt::format("{}:{:02} left", left / 60, left % 60);
}

std::string ProgressDisplay::bar(double part, std::size_t cells) const {
  if (!options_.utf8) {
    const std::size_t full = whole(std::floor(part * static_cast<double>(cells)));
    return "[" + std::string(full, '#') + std::string(cells - full, '-') + "]";
  }
  constexpr std::array<std::string_view, 8> eighths{"",       "\u258F", "\u258E", "\u258D",
                                                    "\u258C", "\u258B", "\u258A", "\u2589"};
  const std::size_t steps = whole(std::floor(part * static_cast<double>(cells) * 8));
  std::string result;
  for (std::size_t i = 0; i < steps / 8; ++i) result += "\u2588";
  result += eighths[steps % 8];
  const std::size_t used = steps / 8 + (steps % 8 > 0 ? 1 : 0);
  for (std::size_t i = used; i < cells; ++i) result += "\u00B7";
  return result;
}

/// One line that fits the terminal: what is done, the bar with what room is left, figures.
std::string ProgressDisplay::bar_line(Time now) const {
  const std::size_t room = this->room();
  const std::uint64_t total = std::max(current_->rows_total, current_->rows);
  const double part = static_cast<double>(current_->rows) / static_cast<double>(total);
  const std::string count = std::to_string(current_->entities);
  const std::string left = fmt::format("{} {:>{}}/{} {}", doing(), current_->index + 1, count.size(),
                                       count, padded(report::printable(current_->entity), 16));
  std::string right = fmt::format("{}/{}", report::grouped(current_->rows), report::grouped(total));
  for (const std::string& more : {figures(now), time_left(now)}) {
    if (!more.empty() && left.size() + right.size() + more.size() + shortest_bar + 8 <= room) right += "  " + more;
  }
  const std::size_t used = report::width(left) + report::width(right) + 2 + (options_.utf8 ? 0 : 2);
  const std::size_t cells = used < room ? std::min(longest_bar, room - used) : 0;
  if (cells < shortest_bar) return cut(left + " " + right, room);
  return cut(left + " " + bar(part, cells) + " " + right, room);
}

void ProgressDisplay::show(Time now) {
  current_->shown = now;
  const std::uint64_t total = std::max(current_->rows_total, current_->rows);
  if (total == 0) return;
  if (options_.live) {
    screen_.live(bar_line(now));
    return;
  }
  std::string text = fmt::format("{} {}: {} of {} rows ({}%)", doing(), current_->entity,
                                 report::grouped(current_->rows), report::grouped(total), current_->rows * 100 / total);
  for (const std::string& more : {figures(now), time_left(now)}) {
    if (!more.empty()) text += "  " + more;
  }
  options_.line(text);
}

/// The line that an entity leaves behind.
void ProgressDisplay::close(bool complete) {
  const Time end = current_->updated;
  last_end_ = end;
  if (options_.live) screen_.clear();
  if (complete) current_->rows = std::max(current_->rows, current_->rows_total);
  if (current_->rows > 0) {
    const std::string rows = report::counted(current_->rows, "row", "rows");
    const std::string time = report::duration(end - current_->started);
    const std::string rate = figures(end);
    if (options_.live) {
      const std::string_view mark = !complete ? "-" : options_.utf8 ? "\u2713" : "*";
      const std::string text =
          fmt::format("{} {} {}{:>16}{:>14}  {}", mark, complete ? done() : doing(),
                      padded(report::printable(current_->entity), name_width), rows, time, rate);
      screen_.line(cut(text.substr(0, text.find_last_not_of(' ') + 1), room()));
    } else {
      options_.line(fmt::format("{} {}: {} in {}{}", complete ? done() : "stopped in",
                                current_->entity, rows, time, rate.empty() ? "" : "  " + rate));
    }
  }
  current_.reset();
}

}  // namespace twoway::cli
