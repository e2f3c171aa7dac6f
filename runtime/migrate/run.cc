// The whole run, step by step: parse, preflight, backup, migrate, verify, report.
#include <ctime>
#include <map>

#include <fmt/format.h>

#include "runtime/migrate/run_context.h"
#include "runtime/migrate/stores.h"
#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/directory_store.h"
#include "runtime/store/sql/sqlite_store.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

std::string now(const char* form) {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, form, &parts);
  return {text, size};
}

/// The path of a sibling: `pb_data` -> `pb_data.twoway`, also where the path ends in a slash.
fs::path default_state(const StoreAddress& target) {
  fs::path path = target.path;
  if (!path.has_filename()) path = path.parent_path();
  return path.string() + ".twoway";
}

void note_purged(const Mapping& mapping, OpenStores& stores, RunReport& report) {
  const auto add = [&](const Declared& declared, std::string subject, std::uint64_t count) {
    report.notes.push_back({declared.what == FieldClass::purge ? Note::What::purged : Note::What::lossy,
                            std::move(subject), count, std::string(declared.reason), std::string(declared.position)});
  };
  const bool from_sql = report.direction == Direction::to_pocketbase;
  for (const PurgedTable& table : mapping.purged) {
    add(table, fmt::format("table {}", table.name), from_sql ? stores.sql->count_table(table.name) : 0);
  }
  for (const Entity* entity : mapping.entities) {
    if (entity->declared.empty()) continue;
    const std::uint64_t rows = from_sql ? stores.sql->count(*entity) : stores.pocketbase->count(*entity);
    for (const Declared& declared : entity->declared) {
      const bool joined = declared.name.find('.') != std::string_view::npos;
      add(declared, joined ? std::string(declared.name) : fmt::format("{}.{}", entity->name, declared.name), rows);
    }
  }
}

/// Runs a part of a run. Whatever fails in it ends the program with `status`: only the run knows whether something can
/// have been written by then.
template <class Part>
auto ending_with(ExitStatus status, const Part& part) {
  try {
    return part();
  } catch (const Error& error) {
    throw Error(status, error.what(), error.hint());
  }
}

/// Judged by the source's number of rows and the size of the first ones.
bool has_many_small_rows(RunContext& context, const Entity& entity) {
  constexpr std::uint64_t many = 5000, sampled = 100;
  constexpr std::size_t small_bytes = 2000;  // well within a page of 4096 bytes
  const bool to_pocketbase = context.report.direction == Direction::to_pocketbase;
  const std::uint64_t rows =
      to_pocketbase ? context.stores.sql->count(entity) : context.stores.pocketbase->count(entity);
  if (rows < many) return false;
  std::size_t bytes = 0;
  const auto sum = [&](auto reader) {
    for (std::uint64_t i = 0; i < sampled && reader->next(); ++i) bytes += reader->bytes();
  };
  if (to_pocketbase) {
    sum(context.stores.sql->read(entity));
  } else {
    sum(context.stores.pocketbase->read(entity));
  }
  return bytes < sampled * small_bytes;
}

class Run {
 public:
  Run(const Mapping& mapping, const RunOptions& options)
      : mapping_(mapping), options_(options), ends_(parse_ends(options.from, options.to)),
        context_{mapping_, options_, stores_, report_} {
    report_.mapping = mapping.name;
    report_.mapping_digest = mapping.digest;
    report_.direction = ends_.direction;
    report_.from = ends_.from.path.string();
    report_.to = ends_.to.path.string();
    report_.dry_run = options.dry_run;
    report_.started = now("%Y-%m-%dT%H:%M:%SZ");
    for (const Entity* entity : mapping.entities) {
      EntityReport& entity_report = report_.entities.emplace_back();
      entity_report.name = entity->name;
      entity_report.table = entity->table;
      entity_report.collection = entity->collection;
    }
  }

  RunReport migrate() {
    ending_with(ExitStatus::cannot_start, [&] { preflight(); });
    try {
      ending_with(context_.writes() ? ExitStatus::interrupted : ExitStatus::cannot_start, [&] {
        carry();
        if (options_.verify && context_.writes()) verify_all();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

  RunReport verify() {
    try {
      ending_with(ExitStatus::cannot_start, [&] {
        open_source();
        open_target(Use::source);
        note_purged(mapping_, stores_, report_);
        verify_all();
      });
    } catch (const Interrupted&) {
      report_.status = ExitStatus::interrupted;
    }
    return finish();
  }

 private:
  void preflight() {
    open_source();
    if (context_.writes()) recover_target(ends_.to);
    const bool empty = is_empty_target(mapping_, ends_.to);
    if (context_.writes()) open_for_writing(empty);
    if (!context_.writes() && !empty) open_target(Use::source);
    note_purged(mapping_, stores_, report_);
    if (target_open_) remark_target();
    if (!empty) preflight_extras();
  }

  void open_source() {
    if (ends_.direction == Direction::to_pocketbase) {
      stores_.sql = std::make_unique<SqliteStore>(mapping_, ends_.from.path, Use::source);
      report_.from_version = stores_.sql->version();
    } else {
      stores_.pocketbase = std::make_unique<DirectoryStore>(mapping_, ends_.from.path, Use::source);
      report_.from_version = stores_.pocketbase->version();
    }
  }

  void open_target(Use use) {
    if (ends_.direction == Direction::to_pocketbase) {
      stores_.pocketbase = std::make_unique<DirectoryStore>(mapping_, ends_.to.path, use);
      report_.to_version = stores_.pocketbase->version();
    } else {
      stores_.sql = std::make_unique<SqliteStore>(mapping_, ends_.to.path, use);
      report_.to_version = stores_.sql->version();
    }
    target_open_ = true;
  }

  /// Nothing is written to an existing target before it passed its checks and was backed up.
  void open_for_writing(bool empty) {
    const fs::path state =
        options_.state_directory.empty() ? default_state(ends_.to) : fs::path(options_.state_directory);
    if (empty) {
      prepare_target(mapping_, ends_.to, options_.pocketbase);
      context_.log("info", fmt::format("made the schema in {}", report_.to));
      report_.target_created = true;
    } else {
      open_target(Use::source);
      preflight_extras();
      close_target();
      if (options_.backup) {
        report_.backup = back_up(ends_.to, state, now("%Y%m%dT%H%M%SZ"));
        context_.log("info", fmt::format("backed up {} to {}", report_.to, report_.backup));
      }
    }
    open_target(Use::target);
  }

  void close_target() {
    if (ends_.direction == Direction::to_pocketbase) {
      stores_.pocketbase.reset();
    } else {
      stores_.sql.reset();
    }
    target_open_ = false;
  }

  void remark_target() {
    if (report_.direction != Direction::to_sql) return;
    const auto remarks = stores_.sql->remarks();
    if (remarks.empty()) return;
    report_.notes.push_back({Note::What::older_schema, report_.to, remarks.size(),
                             "columns that are NOT NULL here and were not in the mapping's schema; a NULL for them is "
                             "written as the empty value",
                             {}});
  }

  /// Rows that only the target has: the operator decides.
  void preflight_extras() {
    if (extras_checked_) return;
    extras_checked_ = true;
    std::uint64_t total = 0;
    std::string places;
    for (std::size_t i = 0; i < mapping_.entities.size(); ++i) {
      const std::uint64_t extras = target_extras(context_, *mapping_.entities[i], false);
      if (extras == 0) continue;
      total += extras;
      places += fmt::format("{}{} in {}", places.empty() ? "" : ", ", extras, mapping_.entities[i]->name);
      extras_[i] = extras;
      report_.notes.push_back({Note::What::extra, std::string(mapping_.entities[i]->name), extras,
                               "only the target has these", {}});
    }
    if (report_.direction == Direction::to_pocketbase) {
      stale_attic_ = stale_attic_entries(context_, false);
      total += stale_attic_;
      if (stale_attic_ > 0) {
        places += fmt::format("{}{} in the attic", places.empty() ? "" : ", ", stale_attic_);
        report_.notes.push_back({Note::What::extra, "attic", stale_attic_, "only the target has these", {}});
      }
    }
    if (total == 0 || options_.dry_run || options_.extra != RunOptions::Extra::refuse) return;
    throw cannot_start(fmt::format("{} has rows that {} does not have: {}", report_.to, report_.from, places),
                       "Say --extra keep to leave them, or --extra delete to remove them (a backup is made first).");
  }

  void carry() {
    const std::size_t entities = mapping_.entities.size();
    const bool to_pocketbase = report_.direction == Direction::to_pocketbase;
    if (context_.writes()) start_load();
    if (!to_pocketbase && stores_.sql) carry_attic(context_, AtticPart::shapes);
    for (std::size_t i = 0; i < entities; ++i) {
      const Entity& entity = *mapping_.entities[i];
      if (to_pocketbase) {
        carry_to_pocketbase(context_, entity, i);
      } else {
        carry_to_sql(context_, entity, i);
      }
    }
    if (to_pocketbase) carry_attic(context_, AtticPart::all);
    if (!to_pocketbase) carry_attic(context_, stores_.sql ? AtticPart::contents : AtticPart::all);
    if (options_.dry_run) return;
    if (options_.extra == RunOptions::Extra::remove) remove_extras();
    stores_.target(report_.direction).finish_load();
  }

  void start_load() {
    const bool empty = target_has_no_rows();
    std::vector<const Entity*> many_small_rows;
    for (const Entity* entity : mapping_.entities) {
      if (empty && has_many_small_rows(context_, *entity)) many_small_rows.push_back(entity);
    }
    stores_.target(report_.direction).start_load(empty, many_small_rows);
  }

  bool target_has_no_rows() {
    const bool to_pocketbase = report_.direction == Direction::to_pocketbase;
    for (const Entity* entity : mapping_.entities) {
      if ((to_pocketbase ? stores_.pocketbase->count(*entity) : stores_.sql->count(*entity)) != 0) return false;
    }
    return true;
  }

  void remove_extras() {
    Transactions& target = stores_.target(report_.direction);
    if (stale_attic_ > 0) {
      target.begin();
      stale_attic_entries(context_, true);
      target.commit();
    }
    // Those that refer to others go first.
    for (std::size_t i = mapping_.entities.size(); i-- > 0;) {
      if (extras_.find(i) == extras_.end()) continue;
      target.begin();
      report_.entities[i].deleted = target_extras(context_, *mapping_.entities[i], true);
      target.commit();
    }
  }

  void verify_all() {
    verify_attic(context_);
    for (std::size_t i = 0; i < mapping_.entities.size(); ++i) verify_entity(context_, *mapping_.entities[i], i);
    report_.verified = true;
  }

  /// A source is read in one snapshot; what was written to it meanwhile did not go over, and must not be missed.
  void check_source() {
    const bool from_sql = report_.direction == Direction::to_pocketbase;
    if (!(from_sql ? stores_.sql->changed_since_open() : stores_.pocketbase->changed_since_open())) return;
    context_.differ({"source", report_.from, {}, "left alone during the run", "written to by another program", {}});
  }

  RunReport finish() {
    check_source();
    report_.finished = now("%Y-%m-%dT%H:%M:%SZ");
    if (report_.status == ExitStatus::interrupted) return std::move(report_);
    const bool extras_allowed = options_.extra == RunOptions::Extra::keep;
    bool wrong = !report_.differences.empty();
    for (const EntityReport& entity : report_.entities) {
      wrong = wrong || entity.rejected > 0 || entity.different > 0 || entity.missing > 0 ||
              (entity.extra > 0 && !extras_allowed);
    }
    report_.status = wrong ? ExitStatus::differences : ExitStatus::done;
    return std::move(report_);
  }

  const Mapping& mapping_;
  const RunOptions& options_;
  Ends ends_;
  OpenStores stores_;
  RunReport report_;
  RunContext context_;
  bool target_open_ = false;
  bool extras_checked_ = false;
  std::map<std::size_t, std::uint64_t> extras_;
  std::uint64_t stale_attic_ = 0;
};

}  // namespace

RunReport plan(const Mapping& mapping, const RunOptions& options) {
  RunOptions dry = options;
  dry.dry_run = true;
  return Run(mapping, dry).migrate();
}

RunReport migrate(const Mapping& mapping, const RunOptions& options) { return Run(mapping, options).migrate(); }

RunReport verify(const Mapping& mapping, const RunOptions& options) { return Run(mapping, options).verify(); }

std::string prepare(const Mapping& mapping, const std::string& store, const RunOptions& options) {
  const fs::path path = store;
  const bool file = path.extension() == ".db" || path.extension() == ".sqlite" || path.extension() == ".sqlite3";
  const StoreAddress address = parse_store(store, file ? StoreKind::sqlite_file : StoreKind::pocketbase_directory);
  prepare_target(mapping, address, options.pocketbase);
  if (address.kind == StoreKind::sqlite_file) {
    return fmt::format("made the tables of {} in {}",
                       mapping.version_name.empty() ? mapping.name : mapping.version_name, address.path.string());
  }
  return fmt::format("made the collections of {} in {}", mapping.name, address.path.string());
}

}  // namespace twoway
