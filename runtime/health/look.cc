#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "runtime/drift/drift.h"
#include "runtime/health/health.h"
#include "runtime/health/pocketbase_checks.h"
#include "runtime/report/text.h"
#include "runtime/store/postgresql/unfinished.h"

namespace twoway::health {

namespace {

using Result = Check::Result;
using report::counted;

/// What `twoway drift` finds, sorted under the words that people look for.
void add_declarations(const Mapping& mapping, const drift::Report& found, Report& report) {
  const bool sql = found.sql;
  if (!mapping.version_table.empty() && sql) {
    const std::string revision = found.revision.empty() ? "none" : found.revision;
    if (found.other_revision()) {
      report.checks.push_back({"revision", Result::finding,
                               fmt::format("{}, and the mapping is for {}", revision, found.mapped_revision),
                               "let the application upgrade the database, or use the program for its version"});
    } else {
      report.checks.push_back({"revision", Result::ok, revision, {}});
    }
  }
  std::map<std::string, std::vector<std::string>> differences;
  for (const drift::Finding& finding : found.differences) {
    const std::string name = finding.kind == "rule" || finding.kind == "index" ? finding.kind : "schema";
    differences[name].push_back(finding.name.empty() ? finding.table
                                                     : fmt::format("{}.{}", finding.table, finding.name));
  }
  const auto add = [&](std::string name, const std::string& kind, std::string fine) {
    const std::vector<std::string>& all = differences[kind];
    if (all.empty()) return report.checks.push_back({std::move(name), Result::ok, std::move(fine), {}});
    constexpr std::size_t shown = 3;
    const std::vector<std::string> first(all.begin(),
                                         all.begin() + static_cast<std::ptrdiff_t>(std::min(shown, all.size())));
    report.checks.push_back({std::move(name), Result::finding,
                             fmt::format("{}: {}{}", counted(all.size(), "difference", "differences"),
                                         fmt::join(first, ", "), all.size() > shown ? "..." : ""),
                             "twoway drift says what differs from the mapping"});
  };
  add("schema", "schema",
      sql ? "tables, columns and keys are the mapping's" : "collections, fields and their options are the mapping's");
  if (!sql) add("rules", "rule", "as the mapping has them");
  add("indexes", "index", "as the mapping has them");
}

void add_load(bool unfinished, Report& report) {
  if (!unfinished) return report.checks.push_back({"load", Result::ok, "no interrupted run", {}});
  report.checks.push_back({"load", Result::finding, "a run into this store was interrupted; indexes are set aside",
                           "run the same twoway migrate again, or go back with twoway restore"});
}

bool has_unfinished_load(const StoreAddress& store, const OpenOptions& options) {
  if (store.kind == StoreKind::sqlite_file) return unfinished_load(database_questions(store, options));
  postgresql::Connection connection(postgresql_address(store.url), postgresql::Access::read_only);
  return postgresql::unfinished::exists(connection);
}

/// Rows can only be read where what the mapping reads is there.
bool is_readable(const drift::Report& declared) {
  return !declared.other_revision() &&
         std::none_of(declared.differences.begin(), declared.differences.end(), [](const drift::Finding& finding) {
           return finding.what == drift::Finding::What::missing && finding.kind != "index";
         });
}

/// PocketBase does not save a record whose relation leads nowhere; applications of the SQL side live with such rows.
void add_orphans(const std::map<std::string, std::uint64_t>& orphans, bool sql, Report& report) {
  if (orphans.empty()) return report.checks.push_back({"orphans", Result::ok, "every reference leads somewhere", {}});
  std::uint64_t all = 0;
  std::vector<std::string> places;
  for (const auto& [place, count] : orphans) {
    all += count;
    places.push_back(fmt::format("{} in {}", report::grouped(count), place));
  }
  report.checks.push_back({"orphans", sql ? Result::hint : Result::finding,
                           fmt::format("{}: {}", counted(all, "reference leads nowhere", "references lead nowhere"),
                                       fmt::join(places, ", ")),
                           sql ? "nothing has to be done: a migration carries them, and they come back"
                               : "PocketBase saves none of these records until the relation is emptied or its target "
                                 "is back"});
}

}  // namespace

Report look(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options, bool rows) {
  Report report;
  const drift::Report declared = drift::look(mapping, store, options);
  report.store = declared.store;
  report.program = declared.program;
  add_declarations(mapping, declared, report);
  std::map<std::string, std::uint64_t> orphans;
  const auto take_for = [&](const Entity& entity) {
    return [&](const RelationEdge& relation, std::string_view) {
      ++orphans[fmt::format("{}.{}", is_sql(store.kind) ? entity.table : entity.collection,
                            is_sql(store.kind) ? relation.column : relation.field)];
    };
  };
  if (!is_sql(store.kind)) {
    const DatabaseQuestions questions = database_questions(store, options);
    add_migrations(mapping, questions, declared.differences.empty(), report);
    add_load(unfinished_load(questions), report);
    add_settings(questions, report);
    add_hooks(mapping, store, options, report);
    if (!rows) return report;
    if (store.kind == StoreKind::pocketbase_directory) add_integrity(store.path / "data.db", report);
    if (!is_readable(declared)) return report;
    read_pocketbase_orphans(mapping, store, options, take_for);
  } else {
    add_load(has_unfinished_load(store, options), report);
    if (!rows) return report;
    if (store.kind == StoreKind::sqlite_file) add_integrity(store.path, report);
    if (!is_readable(declared)) return report;
    const auto opened = open_sql(mapping, store, Use::source, options);
    for (const Entity* entity : mapping.entities) opened->read_orphans(*entity, take_for(*entity));
  }
  add_orphans(orphans, is_sql(store.kind), report);
  return report;
}

}  // namespace twoway::health
