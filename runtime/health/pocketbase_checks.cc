#include "runtime/health/pocketbase_checks.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>

#include "runtime/report/text.h"
#include "runtime/store/pocketbase_directory/record_file.h"
#include "runtime/store/sqlite/bulk_load.h"

namespace twoway::health {

namespace {

namespace json = boost::json;
using Result = Check::Result;

// The first `serve` without a superuser makes this one (PocketBase's core/auth_model and cmd/serve: pbinstaller).
constexpr std::string_view installer = "__pbinstaller@example.com";
constexpr std::string_view first_app_url = "http://localhost:8090";

void add_settings_of(const json::object& settings, Report& report) {
  const auto member = [&](std::string_view group, std::string_view name) {
    const json::value* const object = settings.if_contains(group);
    const json::value* const value =
        object != nullptr && object->is_object() ? object->as_object().if_contains(name) : nullptr;
    return value == nullptr ? json::value() : *value;
  };
  if (member("smtp", "enabled") != true) {
    report.checks.push_back({"mail", Result::hint, "no mail server is set: nobody can reset a password by himself",
                             "Settings > Mail settings in PocketBase's dashboard"});
    return;
  }
  if (member("meta", "appURL") == json::value(first_app_url)) {
    report.checks.push_back({"mail", Result::hint, fmt::format("links in mails lead to {}", first_app_url),
                             "Settings > Application in PocketBase's dashboard: the application's URL"});
    return;
  }
  report.checks.push_back({"mail", Result::ok, "a mail server is set", {}});
}

}  // namespace

void add_migrations(const Mapping& mapping, const DatabaseQuestions& questions, bool same_schema, Report& report) {
  std::vector<std::string> missing;
  for (const Mapping::MigrationFile& file : mapping.pocketbase_migrations) {
    const auto applied = questions(fmt::format("SELECT count(*) FROM _migrations WHERE file = '{}'", file.name));
    if (applied.at(0).at(0) == "0") missing.emplace_back(file.name);
  }
  if (missing.empty()) {
    report.checks.push_back({"migrations", Result::ok, "the mapping's are applied", {}});
  } else if (same_schema) {
    report.checks.push_back({"migrations", Result::ok, "not applied as files: the collections were imported", {}});
  } else {
    report.checks.push_back({"migrations", Result::finding, fmt::format("not applied: {}", fmt::join(missing, ", ")),
                             "apply them: pocketbase migrate up, or twoway prepare for a new PocketBase"});
  }
}

bool unfinished_load(const DatabaseQuestions& questions) {
  return questions(fmt::format("SELECT count(*) FROM sqlite_master WHERE name = '{}'", sqlite::BulkLoad::table))
             .at(0)
             .at(0) != "0";
}

void add_settings(const DatabaseQuestions& questions, Report& report) {
  std::vector<std::string> lost;
  const std::string_view declared =
      "SELECT substr(i.value, instr(i.value, '`') + 1, instr(substr(i.value, instr(i.value, '`') + 1), '`') - 1) AS n "
      "FROM _collections, json_each(indexes) i WHERE i.value LIKE 'CREATE%INDEX `%' AND n NOT IN (SELECT name FROM "
      "sqlite_master WHERE type = 'index') ORDER BY n";
  for (const auto& row : questions(std::string(declared))) lost.push_back(row.at(0));
  if (!lost.empty()) {
    report.checks.push_back(
        {"database", Result::finding,
         fmt::format("{} declared and not there: {}", report::counted(lost.size(), "index is", "indexes are"),
                     fmt::join(lost, ", ")),
         "save the collection in PocketBase's dashboard: it makes them again"});
  } else {
    report.checks.push_back({"database", Result::ok, "has every index that a collection declares", {}});
  }
  const auto people = questions(fmt::format("SELECT count(*) FROM _superusers WHERE email != '{}'", installer));
  if (people.at(0).at(0) == "0") {
    report.checks.push_back(
        {"superuser", Result::hint, "there is none", "pocketbase superuser upsert EMAIL PASSWORD --dir pb_data"});
  } else {
    report.checks.push_back({"superuser", Result::ok, "there is one", {}});
  }
  const auto rows = questions("SELECT value FROM _params WHERE id = 'settings'");
  boost::system::error_code error;
  const json::value settings = rows.empty() ? json::value(json::object()) : json::parse(rows[0].at(0), error);
  if (error || !settings.is_object()) {
    report.checks.push_back({"mail", Result::hint, "the settings are encrypted, so nothing can be said of mail",
                             "look in PocketBase's dashboard"});
  } else {
    add_settings_of(settings.as_object(), report);
  }
}

void add_hooks(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options, Report& report) {
  if (store.kind != StoreKind::pocketbase_server) return;
  for (const HookState& hook : hook_states(mapping, store, options)) {
    if (hook.problem.empty()) {
      report.checks.push_back({"hook", Result::ok, fmt::format("{} is in place", hook.file), {}});
      continue;
    }
    report.checks.push_back({"hook", hook.is_for_applications ? Result::finding : Result::hint,
                             fmt::format("{}: {}", hook.file, hook.problem),
                             "put the file that twoway prepare writes into pb_hooks beside pb_data"});
  }
}

void add_integrity(const std::filesystem::path& file, Report& report) {
  constexpr std::size_t cache_bytes = 8 * 1024 * 1024;
  sqlite::Connection connection(file, sqlite::Access::read_only, cache_bytes);
  const std::string found = connection.damage();
  if (found.empty()) {
    report.checks.push_back({"integrity", Result::ok, "SQLite finds its file in order", {}});
  } else {
    report.checks.push_back({"integrity", Result::finding, fmt::format("SQLite finds its file damaged: {}", found),
                             "go back to a backup; sqlite3's .recover saves what can be saved"});
  }
}

void read_pocketbase_orphans(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options,
                             const std::function<TakeOrphan(const Entity&)>& take_for) {
  if (store.kind == StoreKind::pocketbase_server) {
    const auto opened = open_pocketbase(mapping, store, Use::source, options);
    for (const Entity* entity : mapping.entities) opened->read_orphans(*entity, take_for(*entity));
    return;
  }
  constexpr std::size_t cache_bytes = 8 * 1024 * 1024;
  RecordFile file(mapping, store.path / "data.db", sqlite::Access::read_only, cache_bytes, store.display);
  for (const Entity* entity : mapping.entities) file.read_orphans(*entity, take_for(*entity));
}

}  // namespace twoway::health
