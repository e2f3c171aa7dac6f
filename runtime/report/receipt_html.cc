#include "runtime/report/receipt_html.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/report/chunk_tree.h"
#include "runtime/report/earlier_receipt.h"
#include "runtime/report/files_report.h"
#include "runtime/report/html.h"
#include "runtime/report/people.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

using html::code;
using html::escaped;

std::string section(std::string_view heading, std::string_view content) {
  if (content.empty()) return {};
  return fmt::format("<section>\n<h2>{}</h2>\n{}</section>\n", heading, content);
}

std::string verdict_box(const RunReport& report, Verb verb) {
  const Verdict found = verdict(report, verb);
  constexpr std::array<std::string_view, 3> classes{"good", "attention", "bad"};
  const Totals sum = totals(report);
  std::string line = fmt::format("{}, {} read", counted(report.entities.size(), "entity", "entities"), size(sum.bytes));
  if (sum.migrate_time.count() > 0) line += ", migrated in " + duration(sum.migrate_time);
  if (sum.verify_time.count() > 0) line += ", verified in " + duration(sum.verify_time);
  return fmt::format("<div class=\"verdict {}\">\n<p>{}</p>\n<p>{}</p>\n</div>\n",
                     classes[static_cast<std::size_t>(found.level)], escaped(found.text), line);
}

/// Who, when, which versions, which digests.
std::string facts(const RunReport& report, const ReceiptContext& context) {
  std::string list = "<dl>\n";
  const auto add = [&](std::string_view term, const std::string& markup) {
    if (!markup.empty()) list += fmt::format("<dt>{}</dt><dd>{}</dd>\n", term, markup);
  };
  const auto store = [](std::string_view where, std::string_view version) {
    return code(where) + (version.empty() ? "" : " &#183; " + escaped(version));
  };
  add("From", store(report.from, report.from_version));
  add("To", store(report.to, report.to_version) + (report.target_created ? " &#183; made by this run" : ""));
  if (report.one_sided) add("Held against", code(report.earlier ? report.earlier->receipt : ""));
  add("Direction", std::string(title(report.direction)));
  if (!report.user.empty()) add("Run by", escaped(report.user) + " on " + escaped(report.host));
  add("Started", escaped(report.started));
  add("Finished", escaped(report.finished));
  if (!report.resumed.empty()) add("Goes on with", "the run that began " + escaped(report.resumed));
  add("Mapping", escaped(report.mapping) + " " + code(report.mapping_digest));
  add("Program", fmt::format("twoway {}, {}{}", escaped(context.program_version), name(context.verb),
                             report.dry_run ? ", dry run" : ""));
  add("Backup of the target", code(report.backup));
  add("Rejected rows", code(report.rejected_file));
  add("Root over all rows", code(rows_root(report)));
  if (report.earlier) add("Earlier receipt", escaped(earlier_sentence(*report.earlier)));
  return section("The run", list + "</dl>\n");
}

/// How people can sign in afterwards.
std::string people(const RunReport& report) {
  std::string list;
  for (const auto& [term, markup] : people_facts(report)) {
    list += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escaped(term), markup);
  }
  return section("People", list.empty() ? list : "<dl>\n" + list + "</dl>\n");
}

std::string notes(const RunReport& report) {
  std::string content;
  using What = Note::What;
  constexpr std::array order{What::stop,         What::in_use,        What::space,          What::warning,
                             What::orphan,       What::duplicate,     What::extra,          What::refused,
                             What::left_behind,  What::unknown_table, What::unknown_column, What::adapted,
                             What::older_schema, What::file,          What::residue,        What::purged,
                             What::lossy,        What::not_empty,     What::version};
  for (const Note::What what : order) {
    std::vector<std::vector<std::string>> rows;
    for (const Note& note : report.notes) {
      if (note.what != what) continue;
      const std::string count = note.count == 0 ? "" : grouped(note.count);
      const std::string keys = note.keys.empty() ? "" : ": " + code(note.first_keys());
      rows.push_back({code(note.subject), count, escaped(note.text) + keys, code(note.position)});
    }
    if (rows.empty()) continue;
    content += fmt::format("<h3>{}</h3>\n", title(what));
    const std::vector<std::string> heading{"What", "Count", "Why, or what happens to it", "Mapping"};
    content += html::table(heading, {false, true, false, false}, rows);
  }
  return section("Notes", content);
}

/// Values that the other side cannot show, and what edits did to them.
std::string residue(const RunReport& report) {
  const Totals sum = totals(report);
  if (sum.with_residue + sum.with_side + sum.superseded == 0) return {};
  std::string content = fmt::format(
      "<p>{} carry residue (exact SQL values that PocketBase cannot show); {} have an entry in the side table "
      "(what only PocketBase holds). An untouched round trip gives both back to the byte.</p>\n",
      counted(sum.with_residue, "record", "records"), counted(sum.with_side, "row", "rows"));
  std::vector<std::vector<std::string>> rows;
  for (const EntityReport& entity : report.entities) {
    for (const std::string& example : entity.superseded_examples) {
      rows.push_back({escaped(entity.name), code(example)});
    }
  }
  if (sum.superseded > 0) {
    content += "<h3>Superseded by edits</h3>\n";
    content += fmt::format("<p>{} replaced by an edit in PocketBase; the edit counts.</p>\n",
                           counted(sum.superseded, "residue value was", "residue values were"));
  }
  if (!rows.empty()) content += html::table({"Entity", "Key and column (examples)"}, {false, false}, rows);
  return section("Residue", content);
}

/// Says that a list is not all there is.
std::string kept_of(std::size_t kept, std::uint64_t all) {
  if (kept >= all) return {};
  return fmt::format("<p class=\"quiet\">The first {} of {}.</p>\n", grouped(kept), grouped(all));
}

std::string rejected(const RunReport& report) {
  if (report.rejected.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const RejectedRow& row : report.rejected) {
    rows.push_back({escaped(row.entity), code(row.key), code(row.column), escaped(row.reason)});
  }
  const std::string list = html::table({"Entity", "Key", "Column", "Reason"}, std::vector<bool>(4, false), rows);
  return section("Rejected rows", kept_of(rows.size(), totals(report).rejected) + list);
}

std::string differences(const RunReport& report) {
  if (report.differences.empty()) return {};
  std::vector<std::vector<std::string>> rows;
  for (const Difference& d : report.differences) {
    rows.push_back({escaped(d.entity), code(d.key), d.column.empty() ? "whole row" : code(d.column), code(d.expected),
                    code(d.found), code(d.position)});
  }
  return section("Differences", html::table({"Entity", "Key", "Column", "Expected", "Found", "Mapping"},
                                            std::vector<bool>(6, false), rows));
}

std::string references(const RunReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const ReferenceReport& one : report.references) {
    if (one.source.all + one.target_side.all == 0) continue;
    rows.push_back({escaped(one.entity), code(one.column), escaped(one.target), grouped(one.source.all),
                    grouped(one.source.nowhere), grouped(one.target_side.all), grouped(one.target_side.nowhere),
                    code(one.position)});
  }
  if (rows.empty()) return {};
  const std::vector<std::string> heading{"Entity",       "Column",        "Refers to",    "In the source",
                                         "lead nowhere", "In the target", "lead nowhere", "Mapping"};
  return section("References", html::table(heading, {false, false, false, true, true, true, true, false}, rows));
}

}  // namespace

std::string receipt_html(const RunReport& report, const ReceiptContext& context) {
  const std::string heading = fmt::format("twoway receipt: {}, {}", escaped(report.mapping), title(report.direction));
  std::string page = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n";
  page += "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += fmt::format("<title>{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n", heading, html::style);
  page += fmt::format("<h1>{}</h1>\n", heading);
  page += verdict_box(report, context.verb);
  page += differences(report);
  page += rejected(report);
  page += facts(report, context);
  page += section("Entities", html::entities(report));
  page += section("Rows and time", html::bars(report.entities));
  page += section("Size and speed", html::sizes(report.entities));
  page += section("Files", files_table(report));
  page += people(report);
  page += references(report);
  page += notes(report);
  page += residue(report);
  page += section("Digests", html::digests(report));
  page += fmt::format("<footer>twoway {}. The same facts for machines: receipt.json.</footer>\n",
                      escaped(context.program_version));
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace twoway::report
