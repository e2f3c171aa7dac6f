#include "runtime/cli/status.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>
#include <iomanip>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "runtime/journal/journal.h"
#include "runtime/journal/state_lock.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

namespace json = boost::json;

std::time_t seconds_of(const std::string& utc) {
  std::tm parts{};
  std::istringstream in(utc);
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  return in.fail() ? 0 : timegm(&parts);
}

struct Sums {
  std::uint64_t rows = 0;
  std::uint64_t rows_total = 0;
  std::uint64_t bytes = 0;
  double rows_a_second = 0;
  double bytes_a_second = 0;
  std::string last_noted;
};

using Expected = std::vector<std::pair<std::string, std::uint64_t>>;

/// The entities that were begun, then those that will come.
std::vector<Checkpoint> with_those_to_come(std::vector<Checkpoint> checkpoints, const Expected& expected) {
  for (const auto& [entity, rows] : expected) {
    const bool begun = std::any_of(checkpoints.begin(), checkpoints.end(),
                                   [&](const Checkpoint& checkpoint) { return checkpoint.entity == entity; });
    if (begun || rows == 0) continue;
    Checkpoint& checkpoint = checkpoints.emplace_back();
    checkpoint.entity = entity;
    checkpoint.rows_total = rows;
  }
  return checkpoints;
}

Sums sums_of(const JournalRun& run, const std::vector<Checkpoint>& checkpoints) {
  Sums sums;
  for (const Checkpoint& checkpoint : checkpoints) {
    sums.rows += checkpoint.rows;
    sums.rows_total += checkpoint.rows_total;
    sums.bytes += checkpoint.bytes;
    sums.last_noted = std::max(sums.last_noted, checkpoint.noted);
  }
  const auto took = static_cast<double>(seconds_of(sums.last_noted) - seconds_of(run.started));
  if (took >= 1) {
    sums.rows_a_second = static_cast<double>(sums.rows) / took;
    sums.bytes_a_second = static_cast<double>(sums.bytes) / took;
  }
  return sums;
}

/// `running (process 12)`, `interrupted`, `done`...
std::string state_of(const JournalRun& run, bool newest, const std::optional<std::string>& holder) {
  if (!run.finished.empty()) return run.outcome;
  if (!newest) return "given up";
  return holder ? fmt::format("running (process {})", *holder) : std::string("interrupted: the same command goes on");
}

json::object run_object(const JournalRun& run, const std::string& state, const std::vector<Checkpoint>& checkpoints) {
  json::object object;
  object["started"] = json::string(run.started);
  object["finished"] = run.finished.empty() ? json::value(nullptr) : json::value(json::string(run.finished));
  object["state"] = json::string(state);
  object["from"] = json::string(report::printable(run.from));
  object["to"] = json::string(report::printable(run.to));
  object["direction"] = json::string(run.direction);
  object["backup"] =
      run.backup.empty() ? json::value(nullptr) : json::value(json::string(report::printable(run.backup)));
  if (run.finished.empty()) {
    const Sums sums = sums_of(run, checkpoints);
    object["rows"] = sums.rows;
    object["rows_total"] = sums.rows_total;
    object["rows_a_second"] = sums.rows_a_second;
    object["bytes_a_second"] = sums.bytes_a_second;
  }
  json::array entities;
  for (const Checkpoint& checkpoint : checkpoints) {
    json::object entity;
    entity["name"] = json::string(report::printable(checkpoint.entity));
    entity["rows"] = checkpoint.rows;
    entity["rows_total"] = checkpoint.rows_total;
    entity["bytes"] = checkpoint.bytes;
    entity["inserted"] = checkpoint.inserted;
    entity["updated"] = checkpoint.updated;
    entity["unchanged"] = checkpoint.unchanged;
    entity["rejected"] = checkpoint.rejected;
    entity["done"] = checkpoint.done;
    entities.emplace_back(std::move(entity));
  }
  object["entities"] = std::move(entities);
  return object;
}

std::string table_of(const std::vector<Checkpoint>& checkpoints) {
  using report::Align;
  report::Table table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.add({"entity", "rows", "of", "written", "unchanged", "rejected"});
  for (const Checkpoint& checkpoint : checkpoints) {
    table.add({report::printable(checkpoint.entity), report::grouped(checkpoint.rows),
               report::grouped(checkpoint.rows_total), report::grouped(checkpoint.inserted + checkpoint.updated),
               report::grouped(checkpoint.unchanged), report::grouped(checkpoint.rejected)});
  }
  return table.text();
}

/// `all`: the run noted beforehand how many rows it will read.
std::string progress_of(const Sums& sums, bool all) {
  std::string text = fmt::format("{} of {} rows{}", report::grouped(sums.rows), report::grouped(sums.rows_total),
                                 all ? "" : " of the entities begun so far");
  if (sums.rows_a_second > 0) {
    text += fmt::format(", {:.0f} rows and {} a second, about {:.0f} s left{}", sums.rows_a_second,
                        report::size(static_cast<std::uint64_t>(sums.bytes_a_second)),
                        static_cast<double>(sums.rows_total - sums.rows) / sums.rows_a_second,
                        all ? ", without verification" : " for them");
  }
  return text + (sums.last_noted.empty() ? "\n" : fmt::format("; last batch {}\n", sums.last_noted));
}

}  // namespace

std::string status(const std::filesystem::path& state_directory, bool as_json, bool verbose) {
  const auto journal = Journal::read(state_directory);
  const auto holder = StateLock::holder(state_directory);
  const std::vector<JournalRun> runs = journal->runs();
  json::array array;
  std::string text;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string state = state_of(runs[i], i == 0, holder);
    const bool whole = i == 0 || verbose;
    const bool finished = !runs[i].finished.empty();
    const Expected expected = finished ? Expected() : journal->expected(runs[i].id);
    const std::vector<Checkpoint> checkpoints =
        whole || as_json ? with_those_to_come(journal->latest(runs[i].id), expected) : std::vector<Checkpoint>();
    if (as_json) array.emplace_back(run_object(runs[i], state, checkpoints));
    text += fmt::format("{}: {} -> {}, {}\n", runs[i].started, report::printable(runs[i].from),
                        report::printable(runs[i].to), state);
    if (!whole || checkpoints.empty()) continue;
    text += table_of(checkpoints);
    if (!finished) text += progress_of(sums_of(runs[i], checkpoints), !expected.empty());
  }
  if (!as_json) return text;
  json::object document;
  document["runs"] = std::move(array);
  return report::pretty(document);
}

}  // namespace twoway::cli
