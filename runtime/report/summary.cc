#include "runtime/report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "runtime/report/earlier_receipt.h"
#include "runtime/report/estimate.h"
#include "runtime/report/files_report.h"
#include "runtime/report/findings.h"
#include "runtime/report/people.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

constexpr std::size_t shown_rows = 5;   ///< rejected rows and differences that are shown without --verbose
constexpr std::size_t shown_notes = 8;  ///< notes that are shown without --verbose

/// A column of the table: heading, what it counts, and whether it shows where all counts are 0.
struct Count {
  std::string_view heading;
  std::uint64_t (*of)(const EntityReport&);
  bool always;
};

std::vector<Count> counts(const RunReport& report, Verb verb) {
  std::vector<Count> result;
  if (report.one_sided) return {{"rows", [](const EntityReport& e) { return e.read; }, true}};
  if (verb != Verb::verify) {
    const bool future = verb == Verb::plan || report.dry_run;
    result.push_back({future ? "rows" : "read", [](const EntityReport& e) { return e.read; }, true});
    const std::string_view written = future ? "to write" : "written";
    result.push_back({written, [](const EntityReport& e) { return e.inserted + e.updated; }, !future});
    result.push_back({"unchanged", [](const EntityReport& e) { return e.unchanged; }, !future});
    result.push_back({"residue", [](const EntityReport& e) { return e.with_residue; }, true});
    result.push_back({"side", [](const EntityReport& e) { return e.with_side; }, false});
    result.push_back({"superseded", [](const EntityReport& e) { return e.superseded; }, false});
    result.push_back({"adapted", [](const EntityReport& e) { return e.adapted; }, false});
    result.push_back({"skipped", [](const EntityReport& e) { return e.skipped; }, false});
    result.push_back({"attic", [](const EntityReport& e) { return e.to_attic; }, false});
    result.push_back({"deleted", [](const EntityReport& e) { return e.deleted; }, false});
    result.push_back({"rejected", [](const EntityReport& e) { return e.rejected; }, true});
  }
  if (verb == Verb::verify || report.verified || report.verification == Verification::sample) {
    result.push_back({"verified", [](const EntityReport& e) { return e.verified; }, true});
  }
  result.push_back({"different", [](const EntityReport& e) { return e.different; }, verb == Verb::verify});
  result.push_back({"missing", [](const EntityReport& e) { return e.missing; }, verb == Verb::verify});
  result.push_back({"extra", [](const EntityReport& e) { return e.extra; }, verb == Verb::verify});
  std::erase_if(result, [&](const Count& count) {
    return !count.always &&
           std::all_of(report.entities.begin(), report.entities.end(), [&](const auto& e) { return count.of(e) == 0; });
  });
  return result;
}

std::string table(const RunReport& report, Verb verb) {
  const std::vector<Count> columns = counts(report, verb);
  std::vector<Align> aligns(columns.size() + 1, Align::right);
  aligns.front() = Align::left;
  Table lines(aligns);
  std::vector<std::string> heading{"entity"};
  for (const Count& column : columns) heading.emplace_back(column.heading);
  lines.add(heading);
  std::size_t without_rows = 0;
  std::vector<std::uint64_t> sums(columns.size(), 0);
  for (const EntityReport& entity : report.entities) {
    std::vector<std::string> cells{entity.attic ? "attic: " + entity.name : entity.name};
    bool any = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::uint64_t number = columns[i].of(entity);
      sums[i] += number;
      any = any || number > 0;
      cells.push_back(grouped(number));
    }
    if (any) {
      lines.add(cells);
    } else {
      ++without_rows;
    }
  }
  std::vector<std::string> last{"total"};
  for (const std::uint64_t sum : sums) last.push_back(grouped(sum));
  lines.add(last);
  std::string result = lines.text();
  if (without_rows > 0) result += counted(without_rows, "entity", "entities") + " without rows\n";
  return result;
}

std::string more(std::size_t hidden, bool verbose) {
  if (hidden == 0) return {};
  return fmt::format("  and {} more, {}\n", grouped(hidden), verbose ? "not kept" : "see the receipt or --verbose");
}

/// One line; the position only where it was asked for.
std::string note_line(const Note& note, bool verbose) {
  const std::string count = note.count > 0 ? fmt::format(" ({})", grouped(note.count)) : "";
  const std::string position = verbose && !note.position.empty() ? fmt::format(" [{}]", note.position) : "";
  const std::string line = fmt::format("  {}: {}{}: {}{}", name(note.what), note.subject, count, note.text, position);
  return redacted(printable(line)) + "\n";
}

/// What the mapping declares comes with every run: one line for all of it, unless `all` is asked for.
std::string notes(const RunReport& report, bool all, bool verbose) {
  std::string result;
  std::size_t shown = 0;
  std::size_t hidden = 0;
  std::size_t declared = 0;
  std::vector<Note> sorted = report.notes;
  std::stable_partition(sorted.begin(), sorted.end(), [](const Note& n) { return n.what == Note::What::warning; });
  for (const Note& note : sorted) {
    const bool said =
        note.what == Note::What::space || note.what == Note::What::version || note.what == Note::What::not_empty;
    if (!all && said && note.weight == Note::Weight::information) continue;  // the log has it, and it is over
    const bool by_mapping = note.what == Note::What::purged || note.what == Note::What::lossy;
    if (!all && by_mapping) {
      ++declared;
    } else if (!all && note.what != Note::What::warning && shown >= shown_notes) {
      ++hidden;
    } else {
      ++shown;
      result += note_line(note, verbose);
    }
  }
  if (declared > 0) {
    result += fmt::format("  {} purged or lossy by the mapping's word, see the receipt or --verbose\n",
                          counted(declared, "column or table", "columns or tables"));
  }
  if (result.empty()) return {};
  return "\nnotes\n" + result + more(hidden, false);
}

std::string rejected(const RunReport& report, bool verbose) {
  if (report.rejected.empty()) return {};
  const std::size_t shown = verbose ? report.rejected.size() : std::min(shown_rows, report.rejected.size());
  std::string result = "\nrejected\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const RejectedRow& row = report.rejected[i];
    const std::string column = row.column.empty() ? "" : " " + row.column;
    result += redacted(printable(fmt::format("  {} {}{}: {}", row.entity, row.key, column, row.reason))) + "\n";
  }
  const std::uint64_t all = std::max<std::uint64_t>(totals(report).rejected, report.rejected.size());
  return result + more(all - shown, verbose);
}

std::string differences(const RunReport& report, bool verbose) {
  if (report.differences.empty()) return {};
  const std::size_t shown = verbose ? report.differences.size() : std::min(shown_rows, report.differences.size());
  std::string result = "\ndifferences\n";
  for (std::size_t i = 0; i < shown; ++i) {
    const Difference& d = report.differences[i];
    const std::string column = d.column.empty() ? "" : " " + d.column;
    const std::string position = d.position.empty() ? "" : fmt::format(" [{}]", d.position);
    const std::string where = fmt::format("  {} {}{}", d.entity, d.key, column);
    const std::string line = fmt::format("{}: expected {}, found {}{}", where, d.expected, d.found, position);
    result += redacted(printable(line)) + "\n";
  }
  return result + more(report.differences.size() - shown, verbose);
}

/// How many references there are, and of which some lead nowhere.
std::string references(const RunReport& report, bool verbose) {
  References from, to;
  std::string lines;
  for (const ReferenceReport& one : report.references) {
    from.all += one.source.all;
    from.nowhere += one.source.nowhere;
    to.all += one.target_side.all;
    to.nowhere += one.target_side.nowhere;
    if (!verbose && one.source.nowhere + one.target_side.nowhere == 0) continue;
    if (one.source.all + one.target_side.all == 0) continue;
    const std::string position = verbose && !one.position.empty() ? fmt::format(" [{}]", one.position) : "";
    const std::string line =
        fmt::format("  {}.{} -> {}: {}, {} and {} lead nowhere{}", one.entity, one.column, one.target,
                    grouped(one.source.all), grouped(one.source.nowhere), grouped(one.target_side.nowhere), position);
    lines += redacted(printable(line)) + "\n";
  }
  if (from.all + to.all == 0) return {};
  return fmt::format("\nreferences: {} in the source, {} in the target; {} and {} of them lead nowhere\n{}",
                     grouped(from.all), grouped(to.all), grouped(from.nowhere), grouped(to.nowhere), lines);
}

/// Rows side by side.
std::string samples(const RunReport& report) {
  if (report.samples.empty()) return {};
  std::string result = fmt::format("\n{} chosen at random (--seed {}), source and target side by side\n",
                                   counted(report.samples.size(), "row", "rows"), report.seed);
  for (const SampleRow& row : report.samples) {
    const std::string head = fmt::format("{} {}{}", row.entity, row.key, row.equal ? "" : ": NOT EQUAL");
    result += "\n" + redacted(printable(head)) + "\n";
    Table lines({Align::left, Align::left, Align::left});
    for (const SampleRow::Line& line : row.lines) {
      lines.add({redacted(printable(line.name)), redacted(printable(line.source)), redacted(printable(line.target))});
    }
    result += lines.text("  ");
  }
  return result;
}

}  // namespace

std::string summary(const RunReport& report, Verb verb, const SummaryOptions& options) {
  const std::string first =
      report.one_sided ? fmt::format("{} against {}", report.from, report.earlier ? report.earlier->receipt : "nothing")
                       : fmt::format("{}: {} -> {}", title(report.direction), report.from, report.to);
  std::string result = redacted(printable(first)) + "\n\n" + table(report, verb);
  result += verb == Verb::plan || report.dry_run ? findings(report.notes, options.verbose)
                                                 : notes(report, options.verbose, options.verbose);
  result += rejected(report, options.verbose);
  result += differences(report, options.verbose);
  result += files_text(report);
  result += references(report, options.verbose);
  result += people_lines(report);
  result += samples(report);
  result += "\n" + verdict(report, verb).text + "\n";
  if (verb == Verb::plan) {
    if (const auto expected = estimate(report)) result += estimate_text(*expected);
  }
  if (report.earlier && !report.one_sided) {
    result += redacted(printable(earlier_sentence(*report.earlier))) + "\n";
  }
  if (!report.backup.empty()) result += "backup:  " + printable(report.backup) + "\n";
  if (!report.rejected_file.empty()) {
    result += "rejected: " + printable(report.rejected_file) + "; after their cause is mended: twoway retry\n";
  }
  if (!options.receipt.empty()) result += "receipt: " + printable(options.receipt) + "\n";
  return result;
}

}  // namespace twoway::report
