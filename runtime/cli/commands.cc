#include "runtime/cli/commands.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <optional>

#include "runtime/cli/explain.h"
#include "runtime/cli/log.h"
#include "runtime/cli/metrics.h"
#include "runtime/cli/progress.h"
#include "runtime/cli/signals.h"
#include "runtime/cli/status.h"
#include "runtime/cli/store_argument.h"
#include "runtime/cli/upkeep.h"
#include "runtime/cli/version.h"
#include "runtime/drift/drift.h"
#include "runtime/migrate/ids.h"
#include "runtime/migrate/private_file.h"
#include "runtime/migrate/stores.h"
#include "runtime/report/earlier_receipt.h"
#include "runtime/report/findings.h"
#include "runtime/report/json_text.h"
#include "runtime/report/letters.h"
#include "runtime/report/receipt_files.h"
#include "runtime/report/summary.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

report::Verb verb_of(Command command) {
  if (command == Command::plan) return report::Verb::plan;
  if (command == Command::retry) return report::Verb::retry;
  return command == Command::verify ? report::Verb::verify : report::Verb::migrate;
}

/// Where a retry finds what a run left behind, and leaves its receipts: a directory, or the one that a receipt lies in.
std::string retried_state(const std::string& from) {
  std::error_code error;
  if (fs::is_directory(from, error)) return from;
  const fs::path directory = fs::path(from).parent_path();
  return directory.empty() ? "." : directory.string();
}

RunOptions run_options(const Options& options) {
  RunOptions result;
  const bool retries = options.command == Command::retry;  // it knows both stores by itself
  const bool one_store = options.command == Command::verify && !options.store.empty();
  const std::string& from = one_store ? options.store : options.from;
  if (!retries || !from.empty()) result.from = store_path(from);
  if (!one_store && (!retries || !options.to.empty())) result.to = store_path(options.to);
  result.pocketbase = options.pocketbase;
  result.ca_file = options.ca_file;
  result.credentials_file = options.credentials;
  result.state_directory = retries                 ? retried_state(options.store)
                           : options.state.empty() ? default_state_directory(one_store ? result.from : result.to)
                                                   : options.state;
  if (!options.max_rejected.empty()) result.max_rejected = std::stoull(options.max_rejected);
  result.dry_run = options.dry_run;
  result.people_directory = options.people;
  result.reset_passwords = options.reset_passwords;
  result.restart = options.restart;
  result.verification = options.no_verify                  ? Verification::none
                        : options.verification == "sample" ? Verification::sample
                        : options.verification == "count"  ? Verification::count
                        : options.verification == "none"   ? Verification::none
                                                           : Verification::all;
  constexpr std::size_t compared_unless_said = 1000;
  result.sample = static_cast<std::size_t>(options.sample);
  if (result.verification == Verification::sample && result.sample == 0) result.sample = compared_unless_said;
  result.seed = options.seed;
  result.while_open = options.while_open;
  result.backup = !options.no_backup;
  result.files.mode = retries || one_store      ? FileOptions::Mode::none
                      : options.files == "copy" ? FileOptions::Mode::copy
                      : options.files == "none" ? FileOptions::Mode::none
                                                : FileOptions::Mode::reuse;
  result.files.asked_for = !options.files.empty();
  result.files.uploads = options.uploads;
  result.files.uploads_path = options.uploads_path;
  result.files.link = options.link;
  result.extra = options.extra == "keep"     ? RunOptions::Extra::keep
                 : options.extra == "delete" ? RunOptions::Extra::remove
                                             : RunOptions::Extra::refuse;
  return result;
}

/// A receipt that cannot be written is better known before the run than after it.
void require_writable(const std::vector<std::string>& receipts) {
  for (const std::string& receipt : receipts) {
    const fs::path path(receipt);
    const fs::path directory = path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (fs::is_directory(path) || ::access(directory.c_str(), W_OK) != 0) {
      throw cannot_start(fmt::format("cannot write the receipt to {}", report::printable(receipt)),
                         "name a file in a directory that exists and may be written to");
    }
  }
}

bool has_content(const std::string& store) {
  if (is_url(store)) return true;  // nobody asked it yet
  const fs::path path = store;
  std::error_code error;
  if (fs::is_directory(path, error)) return fs::directory_iterator(path, error) != fs::directory_iterator();
  return fs::exists(path, error) && fs::file_size(path, error) > 0;
}

/// Asks a person at a terminal before a target that is not empty is written to. Nobody there: preflight protects it.
void confirm(const Session& session, const RunOptions& run) {
  if (session.options.yes || run.dry_run || !session.console.in_is_terminal || !has_content(run.to)) return;
  const bool deletes = run.extra == RunOptions::Extra::remove;
  const std::string_view extra = deletes ? " Rows that only it has will be DELETED." : "";
  const std::string_view backup = run.backup ? "It is backed up first." : "There will be NO backup.";
  const std::string_view state = is_url(run.to) ? "is a running store" : "is not empty";
  session.console.err << fmt::format("{} {}; its rows will be made equal to those of {}.{} {}\nGo on? [y/N] ",
                                     report::redacted(report::printable(run.to)), state,
                                     report::redacted(report::printable(run.from)), extra, backup)
                      << std::flush;
  std::string answer;
  std::getline(session.console.in, answer);
  if (answer == "y" || answer == "Y" || answer == "yes") return;
  throw cannot_start("not confirmed; nothing was written", "answer y, or give --yes");
}

/// Writes the receipts that were asked for; returns where the main one is.
std::string write_receipts(const Session& session, const RunReport& report, const RunOptions& run) {
  const report::ReceiptContext context{verb_of(session.options.command), program_version};
  std::string main_one;
  const bool writes = session.options.command == Command::migrate || session.options.command == Command::retry;
  if (writes && !report.dry_run) {
    const report::ReceiptPaths paths = report::write_receipts(report, context, run.state_directory);
    main_one = paths.kept_html;
  }
  for (const std::string& path : session.options.receipts) {
    report::write_receipt_to(report, context, path);
    if (main_one.empty()) main_one = path;
  }
  return main_one;
}

/// How one store is read so that its digests are in the receipt's terms.
Direction direction_of_reading(const report::EarlierReceipt& earlier, const std::string& store) {
  const bool sql = is_sql(parse_store(store).kind);
  const auto refuse = [&](std::string_view wanted) {
    throw cannot_start(fmt::format("{} is about {}; only a {} can be held against it", earlier.file,
                                   report::terms_name(earlier.direction), wanted),
                       "name such a store, or compare two stores: twoway verify --from STORE --to STORE");
  };
  switch (earlier.direction) {
    case Direction::to_pocketbase:
    case Direction::to_sql:
      return sql ? Direction::to_pocketbase : Direction::to_sql;
    case Direction::sql_to_sql:
      if (!sql) refuse("SQL database");
      break;
    case Direction::pocketbase_to_pocketbase:
      if (sql) refuse("PocketBase");
      break;
  }
  return earlier.direction;
}

/// The receipt that verify holds a store against.
std::optional<report::EarlierReceipt> earlier_of(const Session& session, RunOptions& run) {
  if (session.options.earlier.empty()) return std::nullopt;
  report::EarlierReceipt earlier = report::read_earlier(session.options.earlier);
  if (earlier.mapping != session.mapping.name) {
    throw cannot_start(fmt::format("{} is of the mapping {}, this program of {}", earlier.file,
                                   report::printable(earlier.mapping), session.mapping.name),
                       "use the program that wrote it");
  }
  if (session.options.store.empty()) return earlier;
  run.one_sided = direction_of_reading(earlier, run.from);
  for (const report::EarlierReceipt::Entity& entity : earlier.entities) run.chunk_keys[entity.table] = entity.chunk_key;
  return earlier;
}

/// Holds what a run read against an earlier receipt: the one that was named, or that of the way there, if it lies
/// beside the source.
void compare_with_earlier(const Session& session, RunReport& report, const RunOptions& run,
                          const std::optional<report::EarlierReceipt>& named) {
  const bool verifies = session.options.command == Command::verify;
  if (report.status == ExitStatus::interrupted) return;
  if (named && !report::same_terms(named->direction, report.direction)) {
    throw Error(verifies ? ExitStatus::cannot_start : ExitStatus::differences,
                fmt::format("{} is about {}, this run about {}", named->file, report::terms_name(named->direction),
                            report::terms_name(report.direction)),
                "only runs between stores of the same kinds can be compared");
  }
  if (named) return report::compare_with_earlier(report, *named, verifies);
  if (session.options.command != Command::migrate || report.dry_run) return;
  const auto found = report::find_earlier(default_state_directory(run.from), report);
  if (found) report::compare_with_earlier(report, *found, false);
}

/// Calls the action with progress and log on standard error.
RunReport call(const Session& session, RunOptions run) {
  const Console& console = session.console;
  const Options& options = session.options;
  const bool json_log = options.log_format == "json";
  const bool live = console.err_is_terminal && !json_log && !options.quiet;
  const bool writes = (options.command == Command::migrate || options.command == Command::retry) && !options.dry_run;
  Screen screen(console.err);
  Log log(screen, {json_log, !console.err_is_terminal, options.quiet, options.verbose});
  ProgressDisplay progress(screen, {live, console.utf8, writes, console.width, console.now,
                                    [&](std::string_view text) { log.info(text); }});
  std::optional<Signals> signals;
  if (console.signals) {
    signals.emplace();
    run.interrupted = &Signals::interrupted();
  }
  std::optional<Metrics> metrics;
  if (!options.metrics.empty()) {
    metrics.emplace(MetricsOptions{options.metrics, std::string(name(options.command)),
                                   std::string(session.mapping.name), std::string(program_version),
                                   [&](std::string_view text) { log.warning(text); }});
  }
  if (!options.quiet || metrics) {
    run.progress = [&](const Progress& now) {
      if (!options.quiet) progress.update(now);
      if (metrics) metrics->update(now);
    };
  }
  run.phase = [&](std::string_view phase) {
    log.debug(fmt::format("phase: {}", phase));
    if (metrics) metrics->phase(phase);
  };
  run.log = [&](std::string_view level, std::string_view text) { log.write(level, text); };
  const auto& action = options.command == Command::plan     ? session.actions.plan
                       : options.command == Command::verify ? session.actions.verify
                                                            : session.actions.migrate;
  try {
    RunReport report = options.command == Command::retry ? session.actions.retry(session.mapping, options.store, run)
                                                         : action(session.mapping, run);
    progress.finish(report.status != ExitStatus::interrupted);
    if (metrics) metrics->finish(&report, report::exit_status(report, verb_of(options.command)));
    return report;
  } catch (const Error& error) {
    progress.finish(false);
    if (metrics) metrics->finish(nullptr, error.status());
    throw;
  } catch (...) {
    progress.finish(false);
    if (metrics) metrics->finish(nullptr, ExitStatus::differences);
    throw;
  }
}

/// The same. Where the run cannot start, what was found beside the reason is listed.
RunReport call_or_list(const Session& session, const RunOptions& run) {
  try {
    return call(session, run);
  } catch (const Stopped& stopped) {
    const bool more = stopped.notes().size() > 1 && !session.options.json && !session.options.quiet;
    if (more) session.console.out << report::findings(stopped.notes(), session.options.verbose) << std::flush;
    throw;
  }
}

ExitStatus transfer(const Session& session) {
  RunOptions run = run_options(session.options);
  require_writable(session.options.receipts);
  const std::optional<report::EarlierReceipt> earlier = earlier_of(session, run);
  if (session.options.command == Command::migrate) confirm(session, run);
  RunReport report = call_or_list(session, run);
  compare_with_earlier(session, report, run, earlier);
  if (session.options.sample == 0) report.samples.clear();  // they were compared; nobody asked to see them
  const report::Verb verb = verb_of(session.options.command);
  std::string receipt;
  std::optional<Error> failed;
  try {
    receipt = write_receipts(session, report, run);
  } catch (const Error& error) {
    failed = error;
  }
  if (session.options.json) {
    session.console.out << report::receipt_json(report, {verb, program_version, session.options.sample > 0});
  } else if (!session.options.quiet) {
    session.console.out << report::summary(report, verb, {session.options.verbose, receipt});
  }
  if (failed) throw *failed;
  return report::exit_status(report, verb);
}

ExitStatus prepare(const Session& session) {
  const std::string store = store_path(session.options.store);
  RunOptions run;
  run.to = store;
  run.pocketbase = session.options.pocketbase;
  run.ca_file = session.options.ca_file;
  run.credentials_file = session.options.credentials;
  run.state_directory = default_state_directory(store);
  Screen screen(session.console.err);
  const bool timestamps = !session.console.err_is_terminal;
  Log log(screen, {session.options.log_format == "json", timestamps, session.options.quiet, session.options.verbose});
  run.log = [&](std::string_view level, std::string_view text) { log.write(level, text); };
  const std::string done = report::redacted(session.actions.prepare(session.mapping, store, run));
  if (session.options.json) {
    json::object document;
    document["prepared"] = json::string(report::redacted(report::printable(store)));
    document["text"] = json::string(report::printable(done));
    document["status"] = 0;
    session.console.out << report::pretty(document);
  } else if (!session.options.quiet) {
    session.console.out << done << (done.ends_with('\n') ? "" : "\n");
  }
  return ExitStatus::done;
}

ExitStatus restore(const Session& session) {
  const Options& options = session.options;
  RestoreOptions what;
  what.from = options.store;
  what.to = options.to.empty() ? std::string() : store_path(options.to);
  what.credentials_file = options.credentials;
  what.ca_file = options.ca_file;
  const std::string done = report::redacted(report::printable(session.actions.restore(what)));
  if (options.json) {
    json::object document;
    document["restored"] = json::string(done);
    document["status"] = 0;
    session.console.out << report::pretty(document);
  } else if (!options.quiet) {
    session.console.out << done << "\n";
  }
  return ExitStatus::done;
}

ExitStatus drift(const Session& session) {
  const Options& options = session.options;
  OpenOptions open;
  open.credentials_file = options.credentials;
  open.ca_file = options.ca_file;
  const twoway::drift::Report report =
      twoway::drift::look(session.mapping, parse_store(store_path(options.store)), open);
  if (options.json)
    session.console.out << twoway::drift::json_text(session.mapping, report);
  else if (options.suggest)
    session.console.out << twoway::drift::suggestions_text(report);
  else if (!options.quiet)
    session.console.out << twoway::drift::text(session.mapping, report, options.verbose);
  return report.drifted() ? ExitStatus::differences : ExitStatus::done;
}

ExitStatus ids(const Session& session) {
  const Options& options = session.options;
  OpenOptions open;
  open.credentials_file = options.credentials;
  open.ca_file = options.ca_file;
  const Entity& entity = entity_named(session.mapping, options.entity);
  const StoreAddress store = parse_store(store_path(options.store));
  const IdsForm form = options.json ? IdsForm::json : IdsForm::csv;
  std::optional<PrivateFile> file;
  if (!options.out.empty()) file.emplace(options.out);
  write_ids(session.mapping, entity, store, open, form, [&](std::string_view text) {
    if (file)
      file->write(text);
    else
      session.console.out << text;
  });
  if (file) file->finish();
  return ExitStatus::done;
}

ExitStatus letters(const Session& session) {
  const Options& options = session.options;
  const report::Letters letters = report::write_letters(
      session.mapping, {options.store, options.out, options.when, options.contact, options.overwrite});
  if (options.json) {
    session.console.out << report::letters_json(letters);
  } else if (!options.quiet) {
    session.console.out << report::letters_text(letters);
  }
  return ExitStatus::done;
}

ExitStatus explain(const Session& session) {
  const Options& options = session.options;
  session.console.out << (options.entity.empty() ? explain_mapping(session.mapping, options.json)
                                                 : explain_entity(session.mapping, options.entity, options.json));
  return ExitStatus::done;
}

}  // namespace

ExitStatus execute(const Session& session) {
  switch (session.options.command) {
    case Command::prepare: return prepare(session);
    case Command::explain: return explain(session);
    case Command::ids:
      return ids(session);
    case Command::letters:
      return letters(session);
    case Command::restore:
      return restore(session);
    case Command::drift:
      return drift(session);
    case Command::health:
      return health(session);
    case Command::backfill:
      return backfill(session);
    case Command::status:
      session.console.out << status(session.options.store, session.options.json, session.options.verbose);
      return ExitStatus::done;
    default: return transfer(session);
  }
}

}  // namespace twoway::cli
