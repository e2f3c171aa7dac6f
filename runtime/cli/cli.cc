#include "runtime/cli/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <new>

#include "runtime/cli/commands.h"
#include "runtime/cli/help.h"
#include "runtime/cli/options.h"
#include "runtime/cli/version.h"
#include "runtime/model/memory.h"
#include "runtime/report/findings.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

namespace json = boost::json;

std::string version(const Mapping& mapping, bool as_json) {
  if (!as_json) {
    const std::string side = mapping.version_name.empty() ? "" : fmt::format(" ({})", mapping.version_name);
    return fmt::format("twoway {}\nmapping {}{}, digest {}\n", program_version, mapping.name, side, mapping.digest);
  }
  json::object document;
  document["program"] = "twoway";
  document["version"] = json::string(program_version);
  document["mapping"] = json::string(mapping.name);
  document["mapping_digest"] = json::string(mapping.digest);
  document["version_name"] = json::string(mapping.version_name);
  return report::pretty(document);
}

/// Says what ended the command: for people on standard error and, where JSON was asked for, on standard output.
ExitStatus fail(const Console& console, bool as_json, const Error& error) {
  const std::string what = report::redacted(report::printable(error.what()));
  const std::string hint = report::redacted(report::printable(error.hint()));
  console.err << "error: " << what << "\n";
  if (!hint.empty()) console.err << "hint: " << hint << "\n";
  console.err.flush();
  if (as_json) {
    json::object document;
    document["error"] = what;
    document["hint"] = hint;
    document["status"] = static_cast<int>(error.status());
    if (const auto* const stopped = dynamic_cast<const Stopped*>(&error)) {
      document["notes"] = report::notes_array(stopped->notes());
    }
    console.out << report::pretty(document);
  }
  return error.status();
}

ExitStatus dispatch(const Mapping& mapping, const Actions& actions, const Console& console, const Options& options) {
  if (options.help) {
    console.out << help(mapping, options.command);
    return ExitStatus::done;
  }
  if (options.version) {
    console.out << version(mapping, options.json);
    return ExitStatus::done;
  }
  require_complete(options);
  return execute({mapping, actions, console, options});
}

/// An error that no one foresaw: where rows may have been written, it is not `nothing was written`.
Error unforeseen(const Options& options, const char* what) {
  const bool writes =
      options.command == Command::migrate || options.command == Command::retry || options.command == Command::backfill;
  const bool may_have_written = writes && !options.dry_run;
  if (!may_have_written) return cannot_start(what);
  return Error(ExitStatus::differences, what, "the same command goes on from the last finished batch");
}

/// Where memory fails, rows may have been written, unless the command writes none; going on is right in both cases.
/// Nothing is allocated here.
ExitStatus without_memory(const Console& console, const Options& options) {
  console.err << "error: " << not_enough_memory << "\nhint: " << not_enough_memory_hint << "\n";
  console.err.flush();
  const bool may_have_written = options.command == Command::migrate && !options.dry_run;
  return may_have_written ? ExitStatus::interrupted : ExitStatus::cannot_start;
}

/// Runs what the arguments ask for; every failure but that of memory is said and becomes a status.
ExitStatus run_command(const Mapping& mapping, const Actions& actions, const Console& console,
                       const std::vector<std::string>& arguments, Options& options) {
  // Known before parsing, as parsing may fail.
  bool as_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  try {
    options = parse(arguments);
    as_json = options.json;
    return dispatch(mapping, actions, console, options);
  } catch (const Error& error) {
    return fail(console, as_json, error);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    return fail(console, as_json, unforeseen(options, error.what()));
  }
}

}  // namespace

int run(const Mapping& mapping, const Actions& actions, const Console& console,
        const std::vector<std::string>& arguments) {
  Options options;
  ExitStatus status = ExitStatus::done;
  try {
    status = run_command(mapping, actions, console, arguments, options);
  } catch (const std::bad_alloc&) {
    status = without_memory(console, options);
  }
  console.out.flush();
  if (!console.out.good() && status == ExitStatus::done) {
    console.err << "error: cannot write to standard output\n";
    status = ExitStatus::differences;
  }
  return static_cast<int>(status);
}

}  // namespace twoway::cli
