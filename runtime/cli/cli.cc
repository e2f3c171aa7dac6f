#include "runtime/cli/cli.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "runtime/cli/commands.h"
#include "runtime/cli/help.h"
#include "runtime/cli/options.h"
#include "runtime/cli/version.h"
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
  const bool writes = options.command == Command::migrate || options.command == Command::retry;
  const bool may_have_written = writes && !options.dry_run;
  if (!may_have_written) return cannot_start(what);
  return Error(ExitStatus::differences, what, "the same command goes on from the last finished batch");
}

}  // namespace

int run(const Mapping& mapping, const Actions& actions, const Console& console,
        const std::vector<std::string>& arguments) {
  // Known before parsing, as parsing may fail.
  bool as_json = std::find(arguments.begin(), arguments.end(), "--json") != arguments.end();
  Options options;
  ExitStatus status = ExitStatus::done;
  try {
    options = parse(arguments);
    as_json = options.json;
    status = dispatch(mapping, actions, console, options);
  } catch (const Error& error) {
    status = fail(console, as_json, error);
  } catch (const std::exception& error) {
    status = fail(console, as_json, unforeseen(options, error.what()));
  }
  console.out.flush();
  if (!console.out.good() && status == ExitStatus::done) {
    console.err << "error: cannot write to standard output\n";
    status = ExitStatus::differences;
  }
  return static_cast<int>(status);
}

}  // namespace twoway::cli
