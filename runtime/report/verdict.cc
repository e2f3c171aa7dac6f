#include "runtime/report/verdict.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/report/earlier_receipt.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

std::string rows(std::uint64_t number) { return counted(number, "row", "rows"); }

/// `3 rows differ, 1 is missing in the target`: every kind of trouble that is there, empty where there is none.
std::string trouble(const Totals& sum, bool extra_counts) {
  std::vector<std::string> parts;
  if (sum.different > 0) {
    parts.push_back(fmt::format("{} {}", rows(sum.different), sum.different == 1 ? "differs" : "differ"));
  }
  if (sum.missing > 0) {
    parts.push_back(fmt::format("{} {} missing in the target", rows(sum.missing), sum.missing == 1 ? "is" : "are"));
  }
  if (extra_counts && sum.extra > 0) {
    parts.push_back(fmt::format("{} {} only in the target", rows(sum.extra), sum.extra == 1 ? "is" : "are"));
  }
  if (sum.rejected > 0) {
    parts.push_back(fmt::format("{} {} rejected", rows(sum.rejected), sum.rejected == 1 ? "was" : "were"));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

/// Trouble that no row is counted for: references that lead nowhere, a source that was written to, an earlier receipt.
std::string other_trouble(const RunReport& report, std::string_view otherwise) {
  if (report.differences.empty()) return std::string(otherwise);
  return counted(report.differences.size(), "difference", "differences") + " beside the rows";
}

std::size_t stopping(const RunReport& report) {
  const auto stops = [](const Note& note) { return note.weight == Note::Weight::stops; };
  return static_cast<std::size_t>(std::count_if(report.notes.begin(), report.notes.end(), stops));
}

/// What a good verdict must not leave unsaid.
std::string asides(const RunReport& report, const Totals& sum) {
  std::string result;
  if (sum.extra > 0) result += fmt::format("; beside them, the target has {} of its own", rows(sum.extra));
  if (sum.superseded > 0 && report.direction == Direction::to_sql) {
    result += fmt::format("; {} edited in PocketBase replaced what the residue held",
                          counted(sum.superseded, "value", "values"));
  }
  return result;
}

Verdict planned(const RunReport& report, const Totals& sum, Verb verb) {
  const std::string found = trouble(sum, false);
  const std::uint64_t good_rows = sum.read - std::min(sum.read, sum.rejected);
  std::string text = fmt::format("Nothing was written. {} would go over", rows(good_rows));
  if (sum.rejected > 0) text += fmt::format(", {} would be rejected", rows(sum.rejected));
  text += ".";
  if (const std::size_t stops = stopping(report); stops > 0) {
    text += fmt::format(" The run would NOT START: {} in the way.",
                        stops == 1 ? "1 thing stands" : fmt::format("{} things stand", stops));
  }
  const bool all_well = report.status == ExitStatus::done && found.empty();
  return {all_well ? Level::good : Level::bad, verb == Verb::plan ? "planned" : "dry_run", text};
}

/// What was compared where not everything was.
std::string part_compared(const RunReport& report, const Totals& sum) {
  switch (report.verification) {
    case Verification::sample:
      return fmt::format("{} compared, chosen at random (seed {})", rows(sum.verified), report.seed);
    case Verification::count:
      return "only the numbers of rows were compared";
    default:
      return "none compared";
  }
}

/// One store, held against a receipt.
Verdict proven(const RunReport& report, const Totals& sum) {
  const bool same = report.earlier && report.earlier->differing.empty();
  if (report.status == ExitStatus::done && same) {
    return {Level::good, "equal", fmt::format("{} {} read.", earlier_sentence(*report.earlier), rows(sum.read))};
  }
  const std::string what = report.earlier && !same ? earlier_sentence(*report.earlier) : "See the differences.";
  return {Level::bad, "differences", fmt::format("DIFFERENCES: {} {} read.", what, rows(sum.read))};
}

Verdict compared(const RunReport& report, const Totals& sum) {
  if (report.one_sided) return proven(report, sum);
  if (report.verification != Verification::all && report.status == ExitStatus::done && trouble(sum, false).empty()) {
    return {Level::attention, "not_verified",
            fmt::format("NOT VERIFIED: {}, 0 differences.", part_compared(report, sum))};
  }
  if (report.status == ExitStatus::done && report.verified && trouble(sum, false).empty()) {
    const std::string compared_rows = rows(sum.verified);
    return {Level::good, "equal",
            fmt::format("Both sides are equal: {} compared, 0 differences{}.", compared_rows, asides(report, sum))};
  }
  std::string found = trouble(sum, true);
  if (found.empty()) found = other_trouble(report, "not everything was compared");
  return {Level::bad, "differences", fmt::format("DIFFERENCES: {}; {} compared.", found, rows(sum.verified))};
}

}  // namespace

std::string_view name(Verb verb) {
  constexpr std::array<std::string_view, 4> names{"migrate", "plan", "verify", "retry"};
  return names[static_cast<std::size_t>(verb)];
}

std::string_view name(Direction direction) { return direction_name(direction); }

std::string_view title(Direction direction) {
  constexpr std::array<std::string_view, 4> titles{"SQL to PocketBase", "PocketBase to SQL", "SQL to SQL",
                                                   "PocketBase to PocketBase"};
  return titles[static_cast<std::size_t>(direction)];
}

std::string_view name(Note::What what) {
  constexpr std::array<std::string_view, 19> names{
      "purged",    "lossy",       "unknown_table", "unknown_column", "adapted", "older_schema", "extra",
      "refused",   "left_behind", "warning",       "stop",           "in_use",  "space",        "version",
      "not_empty", "orphan",      "duplicate",     "residue",        "file"};
  return names[static_cast<std::size_t>(what)];
}

std::string_view title(Note::What what) {
  constexpr std::array<std::string_view, 19> titles{"Purged",
                                                    "Lossy",
                                                    "Unknown tables",
                                                    "Unknown columns",
                                                    "Adapted to the target",
                                                    "Older schema",
                                                    "Only in the target",
                                                    "Kept beside the table",
                                                    "Left behind",
                                                    "Warnings",
                                                    "What stops the run",
                                                    "In use",
                                                    "Room on the disks",
                                                    "Versions",
                                                    "The target is not empty",
                                                    "References that lead nowhere",
                                                    "Duplicates",
                                                    "Carried in the residue",
                                                    "Files"};
  return titles[static_cast<std::size_t>(what)];
}

std::string_view name(Note::Weight weight) {
  constexpr std::array<std::string_view, 3> names{"information", "look", "stops"};
  return names[static_cast<std::size_t>(weight)];
}

Totals totals(const RunReport& report) {
  Totals sum;
  for (const EntityReport& entity : report.entities) {
    sum.read += entity.read;
    sum.inserted += entity.inserted;
    sum.updated += entity.updated;
    sum.unchanged += entity.unchanged;
    sum.rejected += entity.rejected;
    sum.deleted += entity.deleted;
    sum.with_residue += entity.with_residue;
    sum.with_side += entity.with_side;
    sum.superseded += entity.superseded;
    sum.adapted += entity.adapted;
    sum.to_attic += entity.to_attic;
    sum.skipped += entity.skipped;
    sum.bytes += entity.bytes;
    sum.verified += entity.verified;
    sum.different += entity.different;
    sum.missing += entity.missing;
    sum.extra += entity.extra;
    sum.migrate_time += entity.migrate_time;
    sum.verify_time += entity.verify_time;
  }
  return sum;
}

Verdict verdict(const RunReport& report, Verb verb) {
  const Totals sum = totals(report);
  const std::uint64_t written = sum.inserted + sum.updated;
  if (report.status == ExitStatus::interrupted && !report.stopped.empty()) {
    return {Level::bad, "interrupted",
            fmt::format("STOPPED: {}; {} written so far. Mend the cause or allow more: the same command goes on from "
                        "there.",
                        report.stopped, rows(written))};
  }
  if (report.status == ExitStatus::interrupted) {
    return {Level::attention, "interrupted",
            report.dry_run || verb == Verb::plan || verb == Verb::verify
                ? "INTERRUPTED: nothing was written."
                : fmt::format("INTERRUPTED: {} written so far. The same command goes on from there.", rows(written))};
  }
  if (verb == Verb::verify) return compared(report, sum);
  if (verb == Verb::plan || report.dry_run) return planned(report, sum, verb);
  const std::string found = trouble(sum, false);
  if (verb == Verb::retry && report.status == ExitStatus::done && sum.read + sum.inserted + sum.updated == 0) {
    return {Level::good, "mended", "Nothing is to be mended: no row is rejected, and none that waits found its place."};
  }
  if (!found.empty() || report.status != ExitStatus::done) {
    const std::string what = found.empty() ? other_trouble(report, "the run did not end well, see the notes") : found;
    const std::string checked = report.verified ? fmt::format("{} compared", rows(sum.verified)) : "NOT VERIFIED";
    return {Level::bad, "differences", fmt::format("DIFFERENCES: {}; {}.", what, checked)};
  }
  if (!report.verified) {
    return {Level::attention, "not_verified",
            fmt::format("NOT VERIFIED: {} written, {} unchanged, {}.", rows(written), grouped(sum.unchanged),
                        part_compared(report, sum))};
  }
  if (verb == Verb::retry) {
    return {Level::good, "mended",
            fmt::format("Mended: {} written, {} unchanged; {} of their entities compared, 0 differences.",
                        rows(written), grouped(sum.unchanged), rows(sum.verified))};
  }
  return {Level::good, "verified",
          fmt::format("Everything arrived: {} compared, 0 differences{}.", rows(sum.verified), asides(report, sum))};
}

ExitStatus exit_status(const RunReport& report, Verb verb) {
  const bool hidden_trouble = report.status == ExitStatus::done && verdict(report, verb).level == Level::bad;
  return hidden_trouble ? ExitStatus::differences : report.status;
}

std::string total_digest(const RunReport& report) {
  std::vector<std::string> lines;
  for (const EntityReport& entity : report.entities) {
    if (entity.digest == Digest{}) continue;
    lines.push_back(fmt::format("{}{} {}\n", entity.attic ? "attic/" : "", entity.name, entity.digest.text()));
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string& line : lines) all += line;
  const XXH128_hash_t hash = XXH3_128bits(all.data(), all.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace twoway::report
