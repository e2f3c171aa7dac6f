#include "runtime/cli/upkeep.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json.hpp>

#include "runtime/cli/log.h"
#include "runtime/cli/store_argument.h"
#include "runtime/health/health.h"
#include "runtime/migrate/backfill.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

namespace json = boost::json;
using report::counted;
using report::grouped;
using report::printable;

OpenOptions open_options(const Options& options, const std::string& store) {
  OpenOptions open;
  open.credentials_file = options.credentials;
  open.ca_file = options.ca_file;
  open.state_directory = default_state_directory(store);
  return open;
}

std::string backfill_text(const BackfillReport& done) {
  std::string text = fmt::format(
      "{}{}.{} in {}: {} of {} got {} to {}\n", done.dry_run ? "dry run, nothing is written: " : "", done.collection,
      done.field, printable(done.store), grouped(done.filled), counted(done.records, "record", "records"),
      counted(done.links, "relation", "relations"), done.target);
  if (done.noted != 0) {
    text += fmt::format("noted in {} more what the array says\n", counted(done.noted, "record", "records"));
  }
  if (done.created != 0) {
    text += fmt::format("made {} in {}\n", counted(done.created, "record", "records"), done.target);
  }
  if (done.unknown != 0) {
    std::vector<std::string> examples;
    for (const std::string& name : done.unknown_examples) examples.push_back(printable(name));
    text += fmt::format("{} in arrays {} no record in {}: {}{}\n", counted(done.unknown, "name", "names"),
                        done.unknown == 1 ? "has" : "have", done.target, fmt::join(examples, ", "),
                        done.unknown > examples.size() ? ", ..." : "");
    text += "  --create COLUMN makes them, with the name in that column\n";
  }
  for (const std::string& rejected : done.rejected) text += fmt::format("rejected {}\n", printable(rejected));
  if (!done.backup.empty()) text += fmt::format("backup: {}\n", printable(done.backup));
  return text;
}

std::string backfill_json(const BackfillReport& done, ExitStatus status) {
  json::array examples, rejected;
  for (const std::string& name : done.unknown_examples) examples.emplace_back(printable(name));
  for (const std::string& words : done.rejected) rejected.emplace_back(printable(words));
  json::object document;
  document["store"] = printable(done.store);
  document["collection"] = done.collection;
  document["field"] = done.field;
  document["target"] = done.target;
  document["dry_run"] = done.dry_run;
  document["records"] = done.records;
  document["filled"] = done.filled;
  document["links"] = done.links;
  document["noted"] = done.noted;
  document["created"] = done.created;
  document["unknown"] = done.unknown;
  document["unknown_examples"] = std::move(examples);
  document["rejected"] = std::move(rejected);
  document["backup"] = printable(done.backup);
  document["status"] = static_cast<int>(status);
  return report::pretty(document);
}

}  // namespace

ExitStatus health(const Session& session) {
  const Options& options = session.options;
  const std::string store = store_path(options.store);
  const twoway::health::Report found =
      twoway::health::look(session.mapping, parse_store(store), open_options(options, store), !options.quick);
  if (options.json)
    session.console.out << twoway::health::json_text(session.mapping, found);
  else if (!options.quiet)
    session.console.out << twoway::health::text(session.mapping, found);
  return found.healthy() ? ExitStatus::done : ExitStatus::differences;
}

ExitStatus backfill(const Session& session) {
  const Options& options = session.options;
  const std::string store = store_path(options.store);
  BackfillOptions what;
  what.mirror = options.mirror;
  what.create = options.create;
  what.backup = !options.no_backup;
  what.dry_run = options.dry_run;
  what.stamp = utc_now("%Y%m%dT%H%M%SZ");
  what.open = open_options(options, store);
  Screen screen(session.console.err);
  Log log(screen, {options.log_format == "json", !session.console.err_is_terminal, options.quiet, options.verbose});
  what.open.log = [&](std::string_view level, std::string_view text) { log.write(level, text); };
  const BackfillReport done = twoway::backfill(session.mapping, parse_store(store), what);
  const ExitStatus status = done.rejected.empty() ? ExitStatus::done : ExitStatus::differences;
  if (options.json)
    session.console.out << backfill_json(done, status);
  else if (!options.quiet)
    session.console.out << backfill_text(done);
  return status;
}

}  // namespace twoway::cli
