#include <array>
#include <boost/json.hpp>

#include "runtime/drift/drift.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::drift {

namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 3> changes{"new", "missing", "changed"};
constexpr std::array<std::string_view, 4> actions{"add", "replace", "remove", "create"};

json::value or_null(const std::string& text) {
  return text.empty() ? json::value() : json::value(json::string(report::printable(text)));
}

json::array findings(const std::vector<Finding>& list) {
  json::array array;
  for (const Finding& finding : list) {
    array.push_back(json::object{{"change", changes[static_cast<std::size_t>(finding.what)]},
                                 {"kind", finding.kind},
                                 {"table", or_null(finding.table)},
                                 {"name", or_null(finding.name)},
                                 {"mapped", or_null(finding.mapped)},
                                 {"found", or_null(finding.found)},
                                 {"position", or_null(finding.position)},
                                 {"note", or_null(finding.note)}});
  }
  return array;
}

}  // namespace

std::string json_text(const Mapping& mapping, const Report& report) {
  json::object document;
  document["store"] = json::string(report::printable(report.store));
  document["program"] = json::string(report.program);
  document["revision"] = or_null(report.revision);
  document["mapping"] = json::string(mapping.name);
  document["mapping_digest"] = json::string(mapping.digest);
  document["mapped_version"] = report.sql ? or_null(std::string(mapping.version_name)) : json::value();
  document["mapped_revision"] = or_null(report.mapped_revision);
  document["differences"] = findings(report.differences);
  document["age"] = findings(report.age);
  json::array questions;
  for (const Question& question : report.questions) {
    questions.push_back(json::object{{"table", or_null(question.table)},
                                     {"missing", or_null(question.missing)},
                                     {"found", or_null(question.found)},
                                     {"why", or_null(question.why)},
                                     {"position", or_null(question.position)}});
  }
  document["renamed"] = std::move(questions);
  json::array suggestions;
  for (const Suggestion& suggestion : report.suggestions) {
    suggestions.push_back(json::object{{"action", actions[static_cast<std::size_t>(suggestion.action)]},
                                       {"file", json::string(suggestion.file)},
                                       {"below", or_null(suggestion.path)},
                                       {"yaml", json::string(suggestion.yaml)}});
  }
  document["suggestions"] = std::move(suggestions);
  document["status"] = report.drifted() ? 1 : 0;
  return report::pretty(document);
}

}  // namespace twoway::drift
