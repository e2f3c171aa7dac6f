#include "runtime/report/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "runtime/health/health.h"
#include "runtime/report/json_text.h"

namespace twoway::health {

namespace {

using Result = Check::Result;

std::string_view word(Result result) {
  return result == Result::ok ? "ok" : result == Result::hint ? "hint" : "finding";
}

}  // namespace

std::size_t Report::count(Check::Result result) const {
  return static_cast<std::size_t>(
      std::count_if(checks.begin(), checks.end(), [&](const Check& check) { return check.result == result; }));
}

std::string text(const Mapping& mapping, const Report& report) {
  std::string text =
      fmt::format("store:   {}, {}\nmapping: {}\n\n", report::printable(report.store), report.program, mapping.name);
  for (const Check& check : report.checks) {
    text += fmt::format("{:<8} {:<11} {}\n", word(check.result), check.name, report::printable(check.text));
    if (!check.advice.empty()) text += fmt::format("{:>23}{}\n", "-> ", report::printable(check.advice));
  }
  const std::size_t findings = report.count(Result::finding), hints = report.count(Result::hint);
  text += findings == 0 ? "\nHealthy" : "\n" + report::counted(findings, "finding", "findings");
  if (hints != 0) text += ", " + report::counted(hints, "hint", "hints");
  return text + ".\n";
}

std::string json_text(const Mapping& mapping, const Report& report) {
  namespace json = boost::json;
  json::array checks;
  for (const Check& check : report.checks) {
    checks.push_back(json::object{{"name", check.name},
                                  {"result", word(check.result)},
                                  {"text", report::printable(check.text)},
                                  {"advice", report::printable(check.advice)}});
  }
  json::object document;
  document["store"] = report::printable(report.store);
  document["program"] = report.program;
  document["mapping"] = mapping.name;
  document["mapping_digest"] = mapping.digest;
  document["checks"] = std::move(checks);
  document["status"] = report.healthy() ? 0 : 1;
  return report::pretty(document);
}

}  // namespace twoway::health
