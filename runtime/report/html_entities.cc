#include <fmt/format.h>

#include <algorithm>

#include "runtime/report/html.h"
#include "runtime/report/text.h"
#include "runtime/report/verdict.h"

namespace twoway::report::html {
namespace {

/// A column of numbers: what it counts, whether it shows where all are 0, whether a number in it is bad news.
struct Count {
  std::string_view heading;
  std::uint64_t EntityReport::*of;
  std::uint64_t Totals::*sum;
  bool always;
  bool alarming;
};

constexpr Count all_counts[] = {
    {"Read", &EntityReport::read, &Totals::read, true, false},
    {"Inserted", &EntityReport::inserted, &Totals::inserted, true, false},
    {"Updated", &EntityReport::updated, &Totals::updated, false, false},
    {"Unchanged", &EntityReport::unchanged, &Totals::unchanged, false, false},
    {"Deleted", &EntityReport::deleted, &Totals::deleted, false, false},
    {"Residue", &EntityReport::with_residue, &Totals::with_residue, true, false},
    {"Side table", &EntityReport::with_side, &Totals::with_side, false, false},
    {"Superseded", &EntityReport::superseded, &Totals::superseded, false, false},
    {"Adapted", &EntityReport::adapted, &Totals::adapted, false, false},
    {"To attic", &EntityReport::to_attic, &Totals::to_attic, false, false},
    {"Rejected", &EntityReport::rejected, &Totals::rejected, true, true},
    {"Verified", &EntityReport::verified, &Totals::verified, true, false},
    {"Different", &EntityReport::different, &Totals::different, false, true},
    {"Missing", &EntityReport::missing, &Totals::missing, false, true},
    {"Extra", &EntityReport::extra, &Totals::extra, false, false},
};

std::string number(std::uint64_t value, bool alarming) {
  if (value == 0) return "<span class=\"none\">0</span>";
  return alarming ? fmt::format("<span class=\"alarm\">{}</span>", grouped(value)) : grouped(value);
}

std::string shown_name(const EntityReport& entity) {
  return escaped(entity.name) + (entity.attic ? " <span class=\"quiet\">attic</span>" : "");
}

}  // namespace

std::string entities(const RunReport& report) {
  const Totals sum = totals(report);
  std::vector<Count> columns;
  std::vector<std::string> heading{"Entity"};
  for (const Count& count : all_counts) {
    if (!count.always && sum.*count.sum == 0) continue;
    columns.push_back(count);
    heading.emplace_back(count.heading);
  }
  std::vector<bool> numbers(heading.size(), true);
  numbers.front() = false;
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> without;
  for (const EntityReport& entity : report.entities) {
    std::vector<std::string> cells{shown_name(entity)};
    const bool any = std::any_of(columns.begin(), columns.end(), [&](const Count& c) { return entity.*c.of != 0; });
    for (const Count& count : columns) cells.push_back(number(entity.*count.of, count.alarming));
    if (any) {
      rows.push_back(std::move(cells));
    } else {
      without.push_back(shown_name(entity));
    }
  }
  std::vector<std::string> last{"Total"};
  for (const Count& count : columns) last.push_back(number(sum.*count.sum, count.alarming));
  rows.push_back(std::move(last));
  std::string result = table(heading, numbers, rows);
  if (!without.empty()) result += fmt::format("<p class=\"quiet\">Without rows: {}.</p>\n", fmt::join(without, ", "));
  return result;
}

std::string digests(const RunReport& report) {
  std::string result;
  for (const EntityReport& entity : report.entities) {
    if (entity.digest == Digest{}) continue;
    result += fmt::format("<li>{} {}</li>\n", code(entity.digest.text()), shown_name(entity));
  }
  return result.empty() ? result : "<ul class=\"digests\">\n" + result + "</ul>\n";
}

}  // namespace twoway::report::html
