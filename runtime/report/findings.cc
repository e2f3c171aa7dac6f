#include "runtime/report/findings.h"

#include <fmt/format.h>

#include "runtime/report/text.h"
#include "runtime/report/verdict.h"

namespace twoway::report {

namespace json = boost::json;

namespace {

std::string line(const Note& note, bool positions) {
  const std::string count = note.count > 0 ? fmt::format(" ({})", grouped(note.count)) : "";
  const std::string position = positions && !note.position.empty() ? fmt::format(" [{}]", note.position) : "";
  std::string text =
      redacted(printable(fmt::format("  {}: {}{}: {}{}", name(note.what), note.subject, count, note.text, position))) +
      "\n";
  // There may be one for each column, and nothing needs doing about them.
  if (note.what == Note::What::residue && !positions) return text;
  if (!note.keys.empty()) text += redacted(printable(fmt::format("    keys: {}", note.first_keys()))) + "\n";
  if (!note.choice.empty()) text += redacted(printable(fmt::format("    choice: {}", note.choice))) + "\n";
  return text;
}

json::string text_of(std::string_view foreign) { return json::string(redacted(printable(foreign))); }

}  // namespace

std::string findings(const std::vector<Note>& notes, bool positions) {
  std::string result;
  for (const auto& [weight, heading] :
       {std::pair(Note::Weight::stops, "what stops the run"), std::pair(Note::Weight::look, "needs a look"),
        std::pair(Note::Weight::information, "for information")}) {
    std::string lines;
    for (const Note& note : notes) {
      if (note.weight == weight) lines += line(note, positions);
    }
    if (!lines.empty()) result += fmt::format("\n{}\n{}", heading, lines);
  }
  return result;
}

json::array notes_array(const std::vector<Note>& notes) {
  json::array array;
  for (const Note& note : notes) {
    json::object object;
    object["what"] = json::string(name(note.what));
    object["weight"] = json::string(name(note.weight));
    object["subject"] = text_of(note.subject);
    object["entity"] = text_of(note.entity);
    object["column"] = text_of(note.column);
    object["count"] = note.count;
    object["text"] = text_of(note.text);
    object["position"] = text_of(note.position);
    json::array keys;
    for (const std::string& key : note.keys) keys.emplace_back(text_of(key));
    object["keys"] = std::move(keys);
    object["choice"] = text_of(note.choice);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace twoway::report
