#include "runtime/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <vector>

#include "runtime/drift/drift.h"

namespace twoway::drift {

namespace {

using What = Finding::What;
using report::counted;
using report::printable;

constexpr std::size_t line_width = 100;
constexpr std::size_t longest_value = 80;

std::string shortened(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? ' ' : c;
  out = printable(out);
  if (report::width(out) <= longest_value) return out;
  std::size_t end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(out[end]) & 0xc0) == 0x80) --end;  // not within a character
  return out.substr(0, end) + "...";
}

/// `label: a; b; c`, broken between the items.
std::string wrapped(std::string_view indent, const std::string& label, const std::vector<std::string>& items,
                    std::string_view separator) {
  const std::string hanging(indent.size() + 4, ' ');
  std::string text, line = std::string(indent) + label;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? std::string(separator) : "");
    const bool first = line == std::string(indent) + label;
    const bool fits = report::width(line) + 1 + report::width(item) <= line_width;
    if (!first && !fits) {
      text += line + "\n";
      line = hanging + item;
    } else {
      line += (line.find_first_not_of(' ') == std::string::npos ? "" : " ") + item;
    }
  }
  return text + line + "\n";
}

/// What stands before a group of findings of one table.
std::string label_of(const Finding& finding) {
  static const std::map<std::string, std::string, std::less<>> plurals{
      {"column", "columns"}, {"field", "fields"}, {"index", "indexes"}, {"foreign key", "foreign keys"}};
  if (const auto plural = plurals.find(finding.kind); plural != plurals.end()) {
    const std::string_view how = finding.what == What::added     ? "new"
                                 : finding.what == What::missing ? "missing"
                                                                 : "changed";
    return fmt::format("{} {}:", how, plural->second);
  }
  if (finding.kind == "not null") {
    return finding.found == "NOT NULL" ? "NOT NULL in the store only:" : "NOT NULL in the mapping only:";
  }
  if (finding.kind == "primary key") return "primary key:";
  return finding.kind + "s:";
}

/// The order of groups: what is missing, what is new, what is otherwise.
int rank_of(const Finding& finding) {
  static constexpr std::array<std::string_view, 9> kinds{"column",      "field",  "type",  "not null",   "default",
                                                         "primary key", "option", "index", "foreign key"};
  const auto place = std::find(kinds.begin(), kinds.end(), finding.kind) - kinds.begin();
  constexpr int order[] = {1, 0, 2};  // added, missing, changed
  return static_cast<int>(place) * 3 + order[static_cast<std::size_t>(finding.what)];
}

std::string item_of(const Finding& finding) {
  const std::string name = printable(finding.name);
  if (finding.kind == "not null") return name;
  if (finding.what != What::changed) {
    const std::string text = shortened(finding.what == What::added ? finding.found : finding.mapped);
    // PocketBase's indexes are statements, and have their name in them.
    return name.empty() || text.starts_with("CREATE ") ? text : fmt::format("{} {}", name, text);
  }
  const auto value = [](const std::string& text) { return text.empty() ? std::string("nothing") : shortened(text); };
  return fmt::format("{}{}{} (mapping: {})", name, name.empty() ? "" : " ", value(finding.found),
                     value(finding.mapped));
}

bool is_whole(const Finding& finding) { return finding.kind == "table" || finding.kind == "collection"; }

/// Tables or collections as a whole, then one block for each with what differs in it.
std::string listed(const std::vector<Finding>& findings, std::string_view indent, const Report& report) {
  std::string text;
  for (const What what : {What::missing, What::added}) {
    std::vector<std::string> names;
    for (const Finding& finding : findings) {
      if (is_whole(finding) && finding.what == what) names.push_back(printable(finding.table));
    }
    if (names.empty()) continue;
    const std::string things = fmt::format("{} {}{}", what == What::missing ? "missing" : "new",
                                           report.sql ? "table" : "collection", names.size() == 1 ? "" : "s");
    text += wrapped(indent, fmt::format("{} {}:", names.size(), things), names, ",");
  }
  std::vector<std::string> tables;
  for (const Finding& finding : findings) {
    if (!is_whole(finding) && std::find(tables.begin(), tables.end(), finding.table) == tables.end()) {
      tables.push_back(finding.table);
    }
  }
  for (const std::string& table : tables) {
    std::map<std::pair<int, std::string>, std::vector<std::string>> groups;
    for (const Finding& finding : findings) {
      if (is_whole(finding) || finding.table != table) continue;
      groups[{rank_of(finding), label_of(finding)}].push_back(item_of(finding));
    }
    text += fmt::format("{}{}\n", indent, printable(table));
    for (const auto& [label, items] : groups) text += wrapped(std::string(indent) + "  ", label.second, items, ";");
  }
  return text;
}

std::string tally(const std::vector<Finding>& findings, const Report& report) {
  std::set<std::string> tables;
  for (const Finding& finding : findings) tables.insert(finding.table);
  return fmt::format(
      "{} in {}", counted(findings.size(), "difference", "differences"),
      report.sql ? counted(tables.size(), "table", "tables") : counted(tables.size(), "collection", "collections"));
}

std::string head(const Mapping& mapping, const Report& report) {
  const auto revision = [](const std::string& value) {
    return value.empty() ? std::string("no revision") : "revision " + printable(value);
  };
  const bool named = !report.mapped_revision.empty();
  std::string text = fmt::format("store:   {}, {}{}\n", printable(report.store), report.program,
                                 named ? ", " + revision(report.revision) : "");
  text += fmt::format("mapping: {}{}{}\n", mapping.name,
                      report.sql && !mapping.version_name.empty() ? fmt::format(", {}", mapping.version_name) : "",
                      named ? ", " + revision(report.mapped_revision) : "");
  if (report.other_revision()) {
    text += fmt::format(
        "\nThis is {}, the mapping is for {}:\nwhat follows is what lies between the two, as far as a schema "
        "shows it.\n",
        revision(report.revision), revision(report.mapped_revision));
  }
  return text;
}

std::string asked(const Mapping& mapping, const Question& question, const Report& report) {
  const std::string missing = printable(question.missing), found = printable(question.found);
  std::string text = fmt::format("  {}{} is missing, {} is new, {}.\n", printable(question.table),
                                 question.table.empty() ? missing : "." + missing, found, printable(question.why));
  if (!report.sql) {
    return text + fmt::format("    If it was renamed in PocketBase, rename it back there: the mapping calls it {}.\n",
                              missing);
  }
  if (question.table.empty()) {
    return text + fmt::format("    If it was renamed, write {} for {} in\n    {}, and in the entity's `sql:`.\n", found,
                              missing, mapping.schema_file);
  }
  text += fmt::format("    If it was renamed, write {} for {} in\n    {} (tables: {}: columns:)", found, missing,
                      mapping.schema_file, printable(question.table));
  if (question.position.empty()) return text + ".\n";
  return text + fmt::format(",\n    and {}: {{ to: {}, ... }} for {}: {{ ... }} in\n    {}.\n", found, missing, missing,
                            question.position);
}

std::string aged(const Report& report, bool verbose) {
  constexpr std::size_t few = 12;
  const bool all = verbose || report.age.size() <= few;
  const std::string sum = tally(report.age, report);
  std::string text =
      report.other_revision()
          ? fmt::format(
                "\nPerhaps only the database's age: {}. Releases upgrade a database, but\ndeclare new ones "
                "otherwise, and the mapping gets along with both",
                sum)
          : fmt::format(
                "\nOnly the database's age: {}. An older release made it, and it was\nupgraded; the mapping "
                "gets along with that. It is no drift",
                sum);
  text += all ? ":\n" : " (--verbose lists all):\n";
  if (all) text += listed(report.age, "  ", report);
  std::map<std::string, std::map<std::string, std::size_t>> counts;
  std::map<std::string, std::string> notes;
  for (const Finding& finding : report.age) {
    if (!finding.note.empty()) {
      const std::string name = finding.name.empty() ? finding.table : finding.table + "." + finding.name;
      notes[name] = finding.note;
    }
    ++counts[finding.table][finding.kind];
  }
  for (const auto& [table, kinds] : all ? decltype(counts){} : counts) {
    std::vector<std::string> parts;
    for (const auto& [kind, count] : kinds) {
      parts.push_back(kind == "not null" ? fmt::format("{} NOT NULL", count)
                      : kind == "table"  ? "the table itself"
                      : kind == "index"  ? counted(count, "index", "indexes")
                                         : counted(count, kind, kind + "s"));
    }
    text += wrapped("  ", printable(table) + ":", parts, ",");
  }
  for (const auto& [name, note] : notes) text += fmt::format("  {}: {}\n", printable(name), printable(note));
  return text;
}

}  // namespace

std::string text(const Mapping& mapping, const Report& report, bool verbose) {
  std::string text = head(mapping, report);
  if (report.differences.empty()) {
    text += report.other_revision() ? "\nNothing that a schema shows differs.\n" : "\nNo drift.\n";
  } else {
    text += fmt::format("\n{}\n", tally(report.differences, report));
    text += listed(report.differences, "  ", report);
  }
  if (!report.questions.empty()) {
    text += "\nRenamed? A schema does not say; people know.\n";
    for (const Question& question : report.questions) text += asked(mapping, question, report);
  }
  if (!report.age.empty()) text += aged(report, verbose);
  if (!report.suggestions.empty()) text += "\n--suggest prints what to write into the mapping.\n";
  return text;
}

std::string suggestions_text(const Report& report) {
  static constexpr std::array<std::string_view, 4> words{"add", "replace", "remove", "a new file"};
  std::string text;
  for (const Question& question : report.questions) {
    text += fmt::format("# Was {} renamed to {}? Then what is said of the two below is not what you want.\n",
                        printable(question.table.empty() ? question.missing : question.table + "." + question.missing),
                        printable(question.found));
  }
  for (const Suggestion& suggestion : report.suggestions) {
    if (!text.empty()) text += "\n";
    const std::string_view word = words[static_cast<std::size_t>(suggestion.action)];
    const bool file_goes = suggestion.action == Suggestion::Action::remove && suggestion.path.empty();
    text += suggestion.path.empty()
                ? fmt::format("# {}: {}\n", printable(suggestion.file), file_goes ? "remove the file" : word)
                : fmt::format("# {}: {} below `{}`\n", printable(suggestion.file), word, printable(suggestion.path));
    std::string line;
    for (const char c : suggestion.yaml) {
      line += c;
      if (c != '\n') continue;
      line.pop_back();
      text += printable(line) + "\n";
      line.clear();
    }
  }
  return text.empty() ? "# There is nothing to write into the mapping.\n" : text;
}

}  // namespace twoway::drift
