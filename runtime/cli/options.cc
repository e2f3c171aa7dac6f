#include "runtime/cli/options.h"

#include <fmt/format.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <array>

#include "runtime/cli/suggest.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

constexpr std::array<std::string_view, 13> command_names{"migrate", "plan",  "verify", "prepare", "explain", "status",
                                                         "restore", "retry", "drift",  "health",  "backfill",
                                                         "ids",     "letters"};

CLI::App* command(CLI::App& app, Options& options, Command which) {
  CLI::App* sub = app.add_subcommand(std::string(name(which)));
  sub->set_help_flag();
  sub->fallthrough();
  sub->parse_complete_callback([&options, which] { options.command = which; });
  return sub;
}

/// What reaching a PocketBase server may need.
void add_server(CLI::App* sub, Options& options) {
  sub->add_option("--ca-file", options.ca_file);
  sub->add_option("--credentials", options.credentials);
}

/// What opening a store may need.
void add_access(CLI::App* sub, Options& options) {
  sub->add_option("--pocketbase", options.pocketbase);
  add_server(sub, options);
}

void add_stores(CLI::App* sub, Options& options, const char* receipt = "--receipt") {
  sub->add_option("--from", options.from);
  sub->add_option("--to", options.to);
  sub->add_option(receipt, options.receipts)->allow_extra_args(false);
  add_access(sub, options);
}

/// How much is compared, and what is shown of it.
void add_verification(CLI::App* sub, Options& options) {
  sub->add_option("--verify", options.verification);
  sub->add_option("--sample", options.sample);
  sub->add_option("--seed", options.seed);
}

/// What decides whether a run starts: `plan` answers for the same options.
void add_preflight(CLI::App* sub, Options& options) {
  sub->add_flag("--no-backup", options.no_backup);
  sub->add_option("--extra", options.extra);
  sub->add_option("--state", options.state);
  sub->add_flag("--while-open", options.while_open);
}

/// What becomes of the files that rows name.
void add_files(CLI::App* sub, Options& options) {
  sub->add_option("--files", options.files);
  sub->add_option("--uploads", options.uploads);
  sub->add_option("--uploads-path", options.uploads_path);
}

void add_reset(CLI::App* sub, Options& options) { sub->add_flag("--reset-passwords", options.reset_passwords); }

/// The commands that only read what is there, and say it in another form.
void declare_listings(CLI::App& app, Options& options) {
  CLI::App* ids = command(app, options, Command::ids);
  ids->add_option("STORE", options.store);
  ids->add_option("--entity", options.entity);
  ids->add_flag("--csv", options.csv);
  ids->add_option("--out", options.out);
  add_server(ids, options);
  CLI::App* letters = command(app, options, Command::letters);
  letters->add_option("RECEIPT", options.store);
  letters->add_option("--out", options.out);
  letters->add_option("--when", options.when);
  letters->add_option("--contact", options.contact);
  letters->add_flag("--overwrite", options.overwrite);
}

void add_metrics(CLI::App* sub, Options& options) { sub->add_option("--metrics", options.metrics); }

/// The hint for a word that stands where no word was expected.
std::string hint_for(const std::string& word, const Options& options) {
  if (options.command == Command::none && !word.starts_with('-')) {
    const std::string_view meant = nearest(word, command_names);
    return meant.empty() ? fmt::format("commands are {}", fmt::join(command_names, ", "))
                         : fmt::format("did you mean {}?", meant);
  }
  return options.command == Command::none ? "twoway --help lists the options"
                                          : fmt::format("twoway {} --help lists the options", name(options.command));
}

/// What CLI11 does not understand, in our words. Messages never repeat what a URL may hide.
[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& error, Options& options) {
  for (const CLI::App* sub : app.get_subcommands()) {
    const auto found = std::find(command_names.begin(), command_names.end(), sub->get_name());
    options.command = static_cast<Command>(found - command_names.begin() + 1);
  }
  const std::vector<std::string> rest = app.remaining(true);
  if (!rest.empty()) {
    const std::string& word = rest.front();
    const bool is_command = options.command == Command::none && !word.starts_with('-');
    const std::string shown = report::redacted(report::printable(word));
    throw cannot_start(fmt::format("{}: {}", is_command ? "no such command" : "not expected here", shown),
                       hint_for(word, options));
  }
  const std::string message = error.what();
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && message.starts_with("--")) {
    throw cannot_start(fmt::format("{} takes one value, once", message.substr(0, message.find_first_of(": "))),
                       hint_for("-", options));
  }
  throw cannot_start(report::redacted(report::printable(message)), hint_for("-", options));
}

void require(bool present, std::string_view what, const Options& options) {
  if (present) return;
  throw cannot_start(fmt::format("{} is missing", what), hint_for("-", options));
}

constexpr std::array<std::string_view, 4> verifications{"all", "sample", "count", "none"};

void require_stores(const Options& options) {
  if (options.command == Command::verify && !options.store.empty()) {
    require(!options.earlier.empty(), "--receipt FILE", options);
    if (!options.from.empty() || !options.to.empty()) {
      throw cannot_start("STORE stands for one store alone; it cannot go with --from and --to", hint_for("-", options));
    }
    return;
  }
  require(!options.from.empty(), "--from STORE", options);
  require(!options.to.empty(), "--to STORE", options);
}

void require_verification(const Options& options) {
  constexpr std::uint64_t most_samples = 10'000;  // they are held in memory
  const auto refuse_if = [&](bool wrong, const char* what) {
    if (wrong) throw cannot_start(what, hint_for("-", options));
  };
  const bool known = std::find(verifications.begin(), verifications.end(), options.verification) != verifications.end();
  refuse_if(!known, "--verify is all, sample, count or none");
  refuse_if(options.no_verify && options.verification != "all", "--no-verify and --verify exclude each other");
  const bool looks = options.verification == "sample" || (options.verification == "all" && !options.no_verify);
  refuse_if(options.sample > most_samples, "--sample shows at most 10000 rows");
  refuse_if(options.sample > 0 && !looks,
            "--sample shows rows that were compared; it goes with --verify all or sample");
  refuse_if(options.sample > 0 && options.dry_run, "--sample shows what arrived; it cannot go with --dry-run");
  refuse_if(options.seed != 0 && options.sample == 0 && options.verification != "sample",
            "--seed is for --sample and --verify sample");
  if (options.command != Command::verify) return;
  refuse_if(options.verification == "none", "verify has nothing to do with --verify none");
  const bool whole = options.verification == "all";
  refuse_if(!options.earlier.empty() && !whole, "a receipt speaks of all rows; --receipt goes with --verify all");
  refuse_if(!options.store.empty() && options.sample > 0, "--sample shows two stores; it cannot go with STORE");
}

void require_files(const Options& options) {
  constexpr std::array<std::string_view, 3> modes{"none", "reuse", "copy"};
  const auto refuse_if = [&](bool wrong, const char* what) {
    if (wrong) throw cannot_start(what, hint_for("-", options));
  };
  const bool known = options.files.empty() || std::find(modes.begin(), modes.end(), options.files) != modes.end();
  refuse_if(!known, "--files is none, reuse or copy");
  refuse_if(options.link && options.files != "copy", "--link goes with --files copy");
  refuse_if(!options.uploads_path.empty() && options.files != "copy", "--uploads-path goes with --files copy");
  refuse_if(!options.uploads.empty() && options.files == "none", "--uploads goes with --files reuse or copy");
  refuse_if(options.files == "copy" && !options.store.empty(),
            "--files copy compares two stores; it cannot go with STORE");
}

/// The commands that read two stores from end to end.
void declare_moves(CLI::App& app, Options& options) {
  CLI::App* migrate = command(app, options, Command::migrate);
  add_stores(migrate, options);
  migrate->add_flag("--dry-run", options.dry_run);
  migrate->add_flag("--restart", options.restart);
  add_verification(migrate, options);
  migrate->add_flag("--no-verify", options.no_verify);
  migrate->add_option("--receipt-there", options.earlier);
  add_preflight(migrate, options);
  add_files(migrate, options);
  migrate->add_flag("--link", options.link);
  migrate->add_option("--max-rejected", options.max_rejected);
  migrate->add_flag("--yes", options.yes);
  add_reset(migrate, options);
  add_metrics(migrate, options);
  CLI::App* plan = command(app, options, Command::plan);
  add_stores(plan, options);
  add_metrics(plan, options);
  add_preflight(plan, options);
  add_files(plan, options);
  plan->add_flag("--link", options.link);
  add_reset(plan, options);
  plan->add_option("--people", options.people);
  CLI::App* verify = command(app, options, Command::verify);
  add_stores(verify, options, "--write-receipt");
  add_verification(verify, options);
  verify->add_option("--receipt", options.earlier);
  verify->add_option("STORE", options.store);
  add_files(verify, options);
  add_reset(verify, options);
  add_metrics(verify, options);
}

/// The commands that look after one store.
void declare_upkeep(CLI::App& app, Options& options) {
  CLI::App* drift = command(app, options, Command::drift);
  drift->add_option("STORE", options.store);
  drift->add_flag("--suggest", options.suggest);
  add_server(drift, options);
  CLI::App* health = command(app, options, Command::health);
  health->add_option("STORE", options.store);
  health->add_flag("--quick", options.quick);
  add_server(health, options);
  CLI::App* backfill = command(app, options, Command::backfill);
  backfill->add_option("NAME", options.mirror);
  backfill->add_option("STORE", options.store);
  backfill->add_option("--create", options.create);
  backfill->add_flag("--dry-run", options.dry_run);
  backfill->add_flag("--no-backup", options.no_backup);
  add_server(backfill, options);
}

}  // namespace

std::string_view name(Command command) {
  return command == Command::none ? std::string_view() : command_names[static_cast<std::size_t>(command) - 1];
}

void declare(CLI::App& app, Options& options) {
  app.set_help_flag();
  app.require_subcommand(0, 1);
  app.add_flag("-h,--help", options.help);
  app.add_flag("--version", options.version);
  app.add_flag("--json", options.json);
  app.add_flag("--quiet", options.quiet);
  app.add_flag("--verbose", options.verbose);
  app.add_option("--log-format", options.log_format);
  declare_moves(app, options);
  CLI::App* prepare = command(app, options, Command::prepare);
  prepare->add_option("STORE", options.store);
  add_access(prepare, options);
  command(app, options, Command::explain)->add_option("ENTITY", options.entity);
  command(app, options, Command::status)->add_option("DIR", options.store);
  CLI::App* restore = command(app, options, Command::restore);
  restore->add_option("RECEIPT", options.store);
  restore->add_option("--to", options.to);
  add_access(restore, options);
  CLI::App* retry = command(app, options, Command::retry);
  retry->add_option("RECEIPT", options.store);
  add_stores(retry, options);
  add_metrics(retry, options);
  retry->add_flag("--no-verify", options.no_verify);
  add_reset(retry, options);
  retry->add_flag("--no-backup", options.no_backup);
  retry->add_flag("--while-open", options.while_open);
  declare_upkeep(app, options);
  declare_listings(app, options);
}

Options parse(const std::vector<std::string>& arguments) {
  Options options;
  CLI::App app;
  declare(app, options);
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    refuse(app, error, options);
  }
  return options;
}

void require_complete(const Options& options) {
  constexpr std::array<std::string_view, 2> formats{"text", "json"};
  constexpr std::array<std::string_view, 3> extras{"refuse", "keep", "delete"};
  if (std::find(formats.begin(), formats.end(), options.log_format) == formats.end()) {
    throw cannot_start("--log-format is text or json", hint_for("-", options));
  }
  if (std::find(extras.begin(), extras.end(), options.extra) == extras.end()) {
    throw cannot_start("--extra is refuse, keep or delete", hint_for("-", options));
  }
  const bool number =
      options.max_rejected.size() < 19 && options.max_rejected.find_first_not_of("0123456789") == std::string::npos;
  if (!number) throw cannot_start("--max-rejected is a number of rows", hint_for("-", options));
  if (options.quiet && options.verbose) {
    throw cannot_start("--quiet and --verbose exclude each other", hint_for("-", options));
  }
  switch (options.command) {
    case Command::none:
      throw cannot_start("a command is missing", fmt::format("commands are {}; twoway --help says more",
                                                             fmt::join(command_names, ", ")));
    case Command::migrate:
    case Command::plan:
    case Command::verify:
      require_stores(options);
      require_verification(options);
      require_files(options);
      return;
    case Command::backfill:
      require(!options.mirror.empty(), "NAME", options);
      require(!options.store.empty(), "STORE", options);
      return;
    case Command::prepare:
    case Command::drift:
    case Command::health:
      require(!options.store.empty(), "STORE", options);
      return;
    case Command::status:
      require(!options.store.empty(), "DIR", options);
      return;
    case Command::restore:
    case Command::retry:
      require(!options.store.empty(), "RECEIPT or DIR", options);
      return;
    case Command::ids:
      require(!options.store.empty(), "STORE", options);
      require(!options.entity.empty(), "--entity ENTITY", options);
      if (options.csv && options.json)
        throw cannot_start("--csv and --json exclude each other", hint_for("-", options));
      return;
    case Command::letters:
      require(!options.store.empty(), "RECEIPT or DIR", options);
      require(!options.out.empty(), "--out DIR", options);
      return;
    case Command::explain: return;
  }
}

}  // namespace twoway::cli
