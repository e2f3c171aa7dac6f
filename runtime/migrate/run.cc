// The whole run, step by step: parse, preflight, backup, migrate, verify, report. What differs by the sorts of the two
// stores is the route's.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "runtime/journal/journal.h"
#include "runtime/journal/state_lock.h"
#include "runtime/migrate/carry_files.h"
#include "runtime/migrate/ending_with.h"
#include "runtime/migrate/preflight.h"
#include "runtime/migrate/retry.h"
#include "runtime/migrate/route.h"
#include "runtime/migrate/run_context.h"
#include "runtime/migrate/stores.h"
#include "runtime/model/error.h"
#include "runtime/store/processes.h"
#include "runtime/verify/sample.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

/// The ends of a run that reads one store only: the other one is never opened.
Ends one_end(const std::string& store, Direction direction) {
  Ends ends;
  ends.from = parse_store(store);
  ends.direction = direction;
  return ends;
}

/// The path of a sibling: `pb_data` -> `pb_data.twoway`, also where the path ends in a slash.
fs::path default_state(const StoreAddress& target) {
  fs::path path = target.path;
  if (!path.has_filename()) path = path.parent_path();
  return path.string() + ".twoway";
}

OpenOptions open_options(const RunOptions& options, const StoreAddress& target) {
  OpenOptions open;
  open.state_directory = options.state_directory.empty() ? default_state(target) : fs::path(options.state_directory);
  open.credentials_file = options.credentials_file;
  open.ca_file = options.ca_file;
  open.pocketbase = options.pocketbase;
  open.log = options.log;
  open.interrupted = options.interrupted;
  return open;
}

std::unique_ptr<Route> make_route(RunContext& context, const Ends& ends, const OpenOptions& options) {
  switch (ends.direction) {
    case Direction::to_pocketbase:
    case Direction::to_sql: return make_conversion(context, ends, options);
    case Direction::sql_to_sql: return make_table_copy(context, ends, options);
    case Direction::pocketbase_to_pocketbase: return make_record_copy(context, ends, options);
  }
  return nullptr;
}

class Run {
 public:
  Run(const Mapping& mapping, const RunOptions& options)
      : mapping_(mapping),
        options_(options),
        ends_(options.one_sided ? one_end(options.from, *options.one_sided) : parse_ends(options.from, options.to)),
        open_(open_options(options, options.one_sided ? ends_.from : ends_.to)),
        context_{mapping_, options_, stores_, report_},
        route_(make_route(context_, ends_, open_)) {
    report_.mapping = mapping.name;
    report_.mapping_digest = mapping.digest;
    report_.direction = ends_.direction;
    report_.from = ends_.from.display;
    report_.to = ends_.to.display;
    report_.dry_run = options.dry_run && !options.one_sided;
    report_.started = utc_now("%Y-%m-%dT%H:%M:%SZ");
    refuse_to_reset(options, mapping, ends_.direction);
    who_runs(report_);
    report_.verification = options.verification;
    report_.one_sided = options.one_sided.has_value();
    context_.people_directory =
        context_.writes() ? open_.state_directory : std::filesystem::path(options.people_directory);
    if (options.sample > 0) report_.seed = options.seed != 0 ? options.seed : random_seed();
  }

  RunReport migrate() {
    try {
      ending_with(ExitStatus::cannot_start, [&] {
        if (context_.writes()) look_at_journal();
        preflight();
      });
      ending_with(context_.writes() ? ExitStatus::interrupted : ExitStatus::cannot_start, [&] {
        if (journal_) journal_->set_expected(route_->expected_rows());
        context_.phase("migrate");
        route_->carry();
        if (context_.writes() && files_) files_->carry();
        if (context_.writes()) compare();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

  RunReport retry(const fs::path& file) {
    const bool any = ending_with(ExitStatus::cannot_start, [&] { return prepare_retry(file); });
    if (!any) {
      context_.log("info", "no row is rejected, and none waits");
      return finish();
    }
    try {
      ending_with(ExitStatus::interrupted, [&] {
        context_.phase("migrate");
        route_->carry();
        if (rejected_) rejected_->commit();
        compare();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

  RunReport verify() {
    try {
      ending_with(ExitStatus::cannot_start, [&] {
        route_->open_source();
        route_->open_target(Use::source);
        route_->remark(false);
        files_ = look_at_files(context_, ends_, open_.state_directory);
        compare();
        if (files_) files_->compare();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

  /// Reads one store, and makes the digests that a run from it would make.
  RunReport read_one() {
    try {
      ending_with(ExitStatus::cannot_start, [&] {
        route_->open_source();
        route_->carry();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

 private:
  static constexpr std::string_view retrying = "retry";  ///< a retry's outcome in the journal as long as it runs

  /// Only reads: before the preflight has passed, nothing is written, the state directory neither. Nobody else may
  /// write to the journal from here on.
  void look_at_journal() {
    StateLock::refuse_held(open_.state_directory);
    lock_target();
    read_journal();
  }

  void read_journal() {
    this_run_.mapping = mapping_.name;
    this_run_.mapping_digest = mapping_.digest;
    this_run_.direction = direction_name(ends_.direction);
    this_run_.from = report_.from;
    this_run_.to = report_.to;
    this_run_.started = report_.started;
    if (!options_.restart && Journal::exists(open_.state_directory)) {
      interrupted_ = Journal::read(open_.state_directory)->unfinished();
    }
    // Whoever carries everything has nothing to go on with in a retry that did not end.
    if (interrupted_ && interrupted_->outcome == retrying && !context_.only) interrupted_.reset();
    if (!interrupted_ || interrupted_->is_same(this_run_)) return;
    const bool other_mapping = interrupted_->mapping_digest != mapping_.digest;
    throw cannot_start(
        fmt::format("{} holds an interrupted run {}: {} -> {}, begun {}", open_.state_directory.string(),
                    other_mapping ? "of another mapping" : "between other stores", interrupted_->from, interrupted_->to,
                    interrupted_->started),
        "Finish it with the program and the command that began it, name another directory with --state, or give it up "
        "with --restart.");
  }

  /// Why the interrupted run's source is not this run's.
  std::string_view why_not_on() const {
    const bool then = interrupted_->source_state.ends_with(" --reset-passwords");
    return then == options_.reset_passwords ? "the source has changed since" : "--reset-passwords was said otherwise";
  }

  void lock() {
    if (!lock_) lock_ = std::make_unique<StateLock>(open_.state_directory);
  }

  /// Goes on with the interrupted run, or begins a new one. No row was written to the target before, and its backup is
  /// made: whoever finds the run in the journal may rely on that.
  void start_journal(bool target_empty) {
    lock();
    if (options_.restart) Journal::set_aside(open_.state_directory);
    journal_ = std::make_unique<Journal>(open_.state_directory);
    // Rows that were carried with other passwords are carried again.
    this_run_.source_state = route_->source_state();
    if (options_.reset_passwords) this_run_.source_state += " --reset-passwords";
    const bool goes_on = interrupted_ && !target_empty && interrupted_->source_state == this_run_.source_state;
    if (!goes_on) {
      if (interrupted_) {
        context_.log("info", fmt::format("an interrupted run began {}, but {}: everything is carried again",
                                         interrupted_->started, target_empty ? "its target is gone" : why_not_on()));
      }
      this_run_.backup = report_.backup;
      this_run_.target_created = report_.target_created;
      interrupted_.reset();
      journal_->start(this_run_);
    } else {
      context_.resumed = journal_->resume(interrupted_->id);
      report_.resumed = interrupted_->started;
      std::uint64_t rows = 0;
      for (const auto& [entity, checkpoint] : context_.resumed) rows += checkpoint.rows;
      context_.log("info",
                   fmt::format("going on with the run that began {}: {} rows are there", report_.resumed, rows));
    }
    context_.journal = journal_.get();
    rejected_ =
        std::make_unique<RejectedFile>(open_.state_directory, goes_on ? report_.resumed : report_.started, goes_on);
    context_.rejected_file = rejected_.get();
  }

  /// Selects the rows, and backs up the target. False where there is nothing to try.
  bool prepare_retry(const fs::path& file) {
    context_.only.emplace();
    if (!file.empty()) select_rows(file);
    look_at_journal();
    if (interrupted_ && interrupted_->outcome != retrying) {
      throw cannot_start(fmt::format("the run that began {} was interrupted", interrupted_->started),
                         "Say the command that began it again: it goes on there. Then retry.");
    }
    context_.phase("preflight");
    route_->open_source();
    recover_target(ends_.to);
    if (is_empty_target(mapping_, ends_.to, open_)) {
      throw cannot_start(fmt::format("{} is empty", report_.to), "Carry everything with `twoway migrate`.");
    }
    route_->open_target(Use::source);
    Preflight checks(context_, ends_, open_);
    checks.look_for_others(true, true);
    checks.decide(true);
    if (context_.only->empty() && route_->waiting() == 0) return false;
    route_->close_target();
    lock_ = std::make_unique<StateLock>(open_.state_directory);
    journal_ = std::make_unique<Journal>(open_.state_directory);
    if (interrupted_) {
      journal_->resume(interrupted_->id);
      report_.backup = interrupted_->backup;
    } else {
      if (options_.backup) make_backup();
      this_run_.outcome = retrying;
      this_run_.backup = report_.backup;
      journal_->start(this_run_);
    }
    route_->open_target(Use::target);
    return true;
  }

  void select_rows(const fs::path& file) {
    const std::vector<RejectedLine> lines = RejectedFile::read(file);
    if (lines.empty()) return;
    for (const RejectedLine& line : lines) {
      (*context_.only)[line.attic ? std::string(RunContext::attic_rows) : line.entity].insert(line.key);
    }
    rejected_ = std::make_unique<RejectedFile>(file, RejectedFile::run_of(file));
    context_.rejected_file = rejected_.get();
    context_.log("info", fmt::format("rows that are tried again: {}, named in {}", lines.size(), file.string()));
  }

  /// Everything that can be known before the first write; a run that writes opens its target here.
  void preflight() {
    context_.phase("preflight");
    Preflight checks(context_, ends_, open_);
    bool empty = false;
    const bool read = checks.guard(report_.from, [&] { route_->open_source(); });
    bool open = checks.guard(report_.to, [&] {
      if (context_.writes()) recover_target(ends_.to);
      empty = is_empty_target(mapping_, ends_.to, open_);
    });
    // An interrupted run's target is in the middle of a load.
    const bool looks = !empty && !(context_.writes() && interrupted_);
    if (open && looks && read) open = checks.guard(report_.to, [&] { route_->open_target(Use::source); });
    checks.look_for_others(read, open);
    if (!read || !open) checks.decide(false);
    checks.guard("--files", [&] { files_ = look_at_files(context_, ends_, open_.state_directory); });
    checks.look_for_room(empty, context_.options.backup && looks, files_.get());
    checks.note_versions(empty);
    route_->remark(looks);
    if (looks) {
      checks.note_content(route_->rows_in_target());
      preflight_extras(checks);
    }
    if (!context_.writes()) return;
    checks.decide(true);
    route_->look_for_orphans();
    context_.note_findings();
    if (!interrupted_ && checks.is_small_source()) rehearse();
    say_findings();
    if (looks) route_->close_target();
    open_for_writing(empty);
    // Those that an interrupted run did not get round to deleting.
    if (!empty && !looks && options_.extra == RunOptions::Extra::remove) preflight_extras(checks);
  }

  /// Two runs side by side would get into each other's way long before their databases are locked; a server would let
  /// both of them write. (PostgreSQL keeps a lock of its own, for all machines.)
  void lock_target() {
    if (ends_.to.kind == StoreKind::postgresql) return;
    target_lock_ = std::make_unique<NamedLock>("twoway writes to " + identity_of(ends_.to));
    if (!target_lock_->holder()) return;
    throw cannot_start(fmt::format("another {} writes to {}", *target_lock_->holder(), report_.to),
                       "Wait until it has ended, or end it.");
  }

  /// A small source is read and converted once beforehand, so that all findings are there before the first write.
  void rehearse() {
    RunOptions options = options_;
    options.dry_run = options.while_open = true;
    options.files.mode = FileOptions::Mode::none;  // they have been looked at
    options.people_directory.clear();
    options.progress = nullptr;
    options.log = nullptr;
    options.phase = nullptr;
    RunReport planned = Run(mapping_, options).migrate();
    if (planned.status == ExitStatus::interrupted) throw Interrupted{};
    std::erase_if(report_.notes, [](const Note& note) { return is_of_conversion(note.what); });
    for (Note& note : planned.notes) {
      if (is_of_conversion(note.what)) report_.notes.push_back(std::move(note));
    }
    for (const Note& note : planned.notes) {
      if (note.what == Note::What::refused) context_.log("warning", fmt::format("{}: {}", note.subject, note.text));
    }
    for (const RejectedRow& row : planned.rejected) {
      context_.log("warning", fmt::format("{} {} will be rejected: {}", row.entity, row.key, row.reason));
    }
  }

  void say_findings() const {
    for (const Note& note : report_.notes) {
      const std::string count = note.count > 0 ? fmt::format(" ({})", note.count) : std::string();
      const bool counted = note.keys.empty() || note.what == Note::What::residue;  // one for each column
      const std::string keys = counted ? std::string() : fmt::format(" (keys: {})", note.first_keys());
      context_.log(note.weight == Note::Weight::look ? "warning" : "info",
                   fmt::format("{}{}: {}{}", note.subject, count, note.text, keys));
    }
  }

  /// Nothing is written to an existing target before it passed its checks and was backed up.
  void open_for_writing(bool empty) {
    if (empty) {
      // A server has settings, files and collections of its own beside the mapping's.
      if (options_.backup && ends_.to.kind == StoreKind::pocketbase_server) make_backup();
      const std::string done = prepare_target(mapping_, ends_.to, open_);
      context_.log("info", done);
      report_.target_created = true;
      start_journal(true);
    } else if (interrupted_) {
      // What the target held before was backed up then, and what it holds beyond the source was decided.
      report_.backup = interrupted_->backup;
      report_.target_created = interrupted_->target_created;
      start_journal(false);
    } else {
      lock();
      if (options_.backup) make_backup();
      start_journal(false);
    }
    route_->open_target(Use::target);
  }

  void make_backup() {
    context_.phase("backup");
    report_.backup = back_up(ends_.to, open_, utc_now("%Y%m%dT%H%M%SZ"));
    context_.log("info", fmt::format("backed up {} to {}", report_.to, report_.backup));
  }

  /// Rows that only the target has: the operator decides.
  void preflight_extras(Preflight& checks) {
    const Route::Extras extras = route_->find_extras();
    for (const Route::Extras::Place& place : extras.by_place) {
      Note& note = report_.notes.emplace_back();
      note.what = Note::What::extra;
      note.subject = note.entity = place.name;
      note.count = place.rows;
      note.text = "only the target has these";
      note.keys = place.keys;
      note.weight = Note::Weight::look;
      note.choice = "--extra keep leaves them, --extra delete removes them";
    }
    if (extras.rows == 0 || options_.extra != RunOptions::Extra::refuse) return;
    checks.stop(
        Note::What::extra, report_.to,
        cannot_start(fmt::format("{} has rows that {} does not have: {}", report_.to, report_.from, extras.places),
                     "Say --extra keep to leave them, or --extra delete to remove them (a backup is made first)."));
  }

  void compare() {
    context_.phase("verify");
    switch (options_.verification) {
      case Verification::all:
        route_->verify();
        report_.verified = true;
        return;
      case Verification::sample: return route_->verify();
      case Verification::count: return route_->count();
      case Verification::none: return;
    }
  }

  /// A source is read in one snapshot; what was written to it meanwhile did not go over, and must not be missed.
  void check_source() {
    if (const auto unread = unread_part(ends_.from)) {
      Note& note = report_.notes.emplace_back();
      note.what = Note::What::warning;
      note.subject = report_.from;
      note.text = *unread;
      context_.log("warning", *unread);
    }
    if (!route_->source_changed()) return;
    context_.differ({"source", report_.from, {}, "left alone during the run", "written to by another program", {}});
  }

  RunReport finish() {
    check_source();
    report_.finished = utc_now("%Y-%m-%dT%H:%M:%SZ");
    if (report_.status == ExitStatus::interrupted) return std::move(report_);
    const bool extras_allowed = options_.extra == RunOptions::Extra::keep;
    bool wrong = !report_.differences.empty();
    for (const EntityReport& entity : report_.entities) {
      wrong = wrong || entity.rejected > 0 || entity.different > 0 || entity.missing > 0 ||
              (entity.extra > 0 && !extras_allowed);
    }
    const bool stopped = std::any_of(report_.notes.begin(), report_.notes.end(),
                                     [](const Note& note) { return note.weight == Note::Weight::stops; });
    report_.status = stopped ? ExitStatus::cannot_start : wrong ? ExitStatus::differences : ExitStatus::done;
    if (journal_) journal_->finish(wrong ? "differences" : "done", report_.finished);
    return std::move(report_);
  }

  const Mapping& mapping_;
  const RunOptions& options_;
  Ends ends_;
  OpenOptions open_;
  OpenStores stores_;
  RunReport report_;
  RunContext context_;
  std::unique_ptr<Route> route_;
  std::unique_ptr<NamedLock> target_lock_;
  std::unique_ptr<StateLock> lock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<RejectedFile> rejected_;
  std::unique_ptr<CarryFiles> files_;
  JournalRun this_run_;
  std::optional<JournalRun> interrupted_;
};

}  // namespace

RunReport plan(const Mapping& mapping, const RunOptions& options) {
  RunOptions dry = options;
  dry.dry_run = true;
  return Run(mapping, dry).migrate();
}

RunReport migrate(const Mapping& mapping, const RunOptions& options) { return Run(mapping, options).migrate(); }

RunReport verify(const Mapping& mapping, const RunOptions& options) {
  if (!options.one_sided) return Run(mapping, options).verify();
  RunOptions reading = options;
  reading.dry_run = true;
  return Run(mapping, reading).read_one();
}

RunReport retry_rows(const Mapping& mapping, const RunOptions& options, const fs::path& file) {
  return Run(mapping, options).retry(file);
}

std::string prepare(const Mapping& mapping, const std::string& store, const RunOptions& options) {
  const StoreAddress address = parse_store(store);
  return prepare_target(mapping, address, open_options(options, address));
}

}  // namespace twoway
