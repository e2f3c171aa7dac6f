// SQL to PocketBase and back: the route on which values are converted.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runtime/migrate/route.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/field_value.h"

namespace twoway {

namespace {

class Conversion : public Route {
 public:
  Conversion(RunContext& context, const Ends& ends, OpenOptions options)
      : context_(context),
        ends_(ends),
        options_(std::move(options)),
        to_pocketbase_(ends.direction == Direction::to_pocketbase) {
    context_.report_entities();
  }

  void open_source() override { context_.report.from_version = open(to_pocketbase_, ends_.from, Use::source); }

  void open_target(Use use) override { context_.report.to_version = open(!to_pocketbase_, ends_.to, use); }

  void close_target() override {
    context_.target = nullptr;
    if (to_pocketbase_) {
      context_.stores.pocketbase.reset();
    } else {
      context_.stores.sql.reset();
    }
  }

  void remark(bool target_open) override {
    note_purged();
    if (!target_open || to_pocketbase_) return;
    const auto remarks = context_.stores.sql->remarks();
    if (remarks.empty()) return;
    context_.report.notes.push_back({Note::What::older_schema, context_.report.to, remarks.size(),
                                     "columns that are NOT NULL here and were not in the mapping's schema; a NULL for "
                                     "them is written as the empty value",
                                     {}});
  }

  Extras find_extras() override {
    Extras extras;
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      std::vector<std::string> keys;
      const std::uint64_t found = target_extras(context_, *context_.mapping.entities[i], false, &keys);
      if (found > 0) extras_[i] = found;
      extras.add(found, context_.mapping.entities[i]->name, std::move(keys));
    }
    if (to_pocketbase_) {
      stale_attic_ = stale_attic_entries(context_, false);
      extras.add(stale_attic_, "the attic");
    }
    return extras;
  }

  std::uint64_t rows_in_target() override {
    std::uint64_t all = 0;
    for (const Entity* entity : context_.mapping.entities) all += rows(*entity, !to_pocketbase_);
    return all;
  }

  void look_for_orphans() override {
    for (const Entity* entity : context_.mapping.entities) {
      if (context_.writes() && !is_cheap_to_scan(*entity)) continue;
      const auto take = [&](const RelationEdge& relation, std::string_view key) {
        context_.findings.orphan(*entity, relation, key);
      };
      if (to_pocketbase_) {
        context_.stores.sql->read_orphans(*entity, take);
      } else {
        context_.stores.pocketbase->read_orphans(*entity, take);
      }
    }
  }

  void carry() override {
    // The conversion of rows finds their orphans by itself, all of them; that of records does not look for any.
    if (to_pocketbase_) context_.findings.clear();
    if (!to_pocketbase_ && !context_.writes()) look_for_orphans();
    if (context_.writes() && !context_.only) start_load();
    const auto rehearsal = context_.writes() ? nullptr : rehearse();
    const auto people = list_people();
    const bool attic = context_.takes(RunContext::attic_rows);
    if (!to_pocketbase_ && context_.stores.sql && attic) carry_attic(context_, AtticPart::shapes);
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      const Entity& entity = *context_.mapping.entities[i];
      if (!context_.takes(entity.name)) continue;
      if (to_pocketbase_) {
        carry_to_pocketbase(context_, entity, i, rehearsal.get());
      } else {
        carry_to_sql(context_, entity, i, rehearsal.get());
      }
    }
    if (attic) carry_attic(context_, !to_pocketbase_ && context_.stores.sql ? AtticPart::contents : AtticPart::all);
    context_.note_findings();
    if (people) people->finish();
    if (!context_.writes()) return settle_people(people.get());
    if (context_.options.extra == RunOptions::Extra::remove) remove_extras();
    if (context_.only && !to_pocketbase_) move_waiting(context_, context_.stores.sql->tables());
    settle_people(people.get());
    context_.phase("finish");
    context_.target->finish_load();
    if (to_pocketbase_) return;
    settle_waiting(context_, context_.stores.sql->tables());
    if (!context_.only) note_refused(context_, context_.stores.sql->tables().refused());
  }

  void verify() override {
    if (context_.takes(RunContext::attic_rows)) verify_attic(context_);
    verify_entities(context_);
  }

  void count() override {
    if (context_.takes(RunContext::attic_rows)) verify_attic(context_);
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      const Entity& entity = *context_.mapping.entities[i];
      if (context_.takes(entity.name)) count_entity(context_, entity, i);
    }
  }

  std::vector<std::pair<std::string, std::uint64_t>> expected_rows() override {
    std::vector<std::pair<std::string, std::uint64_t>> expected;
    for (const Entity* entity : context_.mapping.entities) {
      expected.emplace_back(entity->name, rows(*entity, to_pocketbase_));
    }
    return expected;
  }

  std::uint64_t waiting() override { return to_pocketbase_ ? 0 : waiting_rows(context_.stores.sql->tables()); }

  std::string source_state() const override {
    return to_pocketbase_ ? context_.stores.sql->state() : context_.stores.pocketbase->state();
  }

  bool source_changed() const override {
    if (to_pocketbase_) return context_.stores.sql && context_.stores.sql->changed_since_open();
    return context_.stores.pocketbase && context_.stores.pocketbase->changed_since_open();
  }

 private:
  /// The list of the people that this run carries; null where it carries none, or not all of them.
  std::unique_ptr<PeopleList> list_people() {
    const Entity* const entity = people_of(context_.mapping);
    if (entity == nullptr || context_.only || context_.options.one_sided) return nullptr;
    auto list = std::make_unique<PeopleList>(*entity, to_pocketbase_, context_.people_directory);
    context_.people = list.get();
    return list;
  }

  /// After the rows: identities elsewhere become PocketBase's own, and sessions end. `list` is null in a retry.
  void settle_people(PeopleList* list) {
    const Entity* const entity = people_of(context_.mapping);
    if (entity == nullptr || context_.options.one_sided) return;
    PeopleReport report = list == nullptr ? PeopleReport() : list->report();
    if (!to_pocketbase_ && list != nullptr) note_identity_edits(*entity, report);
    report.reset_passwords = context_.options.reset_passwords;
    if (!context_.writes()) {
      report.signed_out = report.accounts;
    } else {
      link_identities(*entity, report, list == nullptr);
      // There may be credentials of nobody.
      report.signed_out = std::min(end_sessions(*entity, list == nullptr), report.accounts);
    }
    context_.people = nullptr;
    if (list != nullptr) context_.report.people = std::move(report);
  }

  void link_identities(const Entity& entity, PeopleReport& report, bool retry) {
    if (!to_pocketbase_ || entity.people->identities == People::none) return;
    const bool none_there = context_.report.target_created && report.identities == 0;
    if (none_there && !retry) return;
    PocketBaseStore& pocketbase = *context_.stores.pocketbase;
    RowBuffer row(entity.row_bytes);
    std::vector<std::pair<std::string_view, Value>> unknown;
    Arena arena;
    context_.target->begin();
    const IdentityCounts counts = pocketbase.link_identities(entity, [&](std::string_view record) {
      arena.reset();
      KeyParts parts;
      const std::span<Value> key(parts.data(), entity.key.size());
      return pocketbase.resolver().row_key(entity, record, key, arena) &&
             context_.stores.sql->find(entity, key, row.get(), unknown);
    });
    context_.target->commit();
    report.linked = counts.added;
    report.unlinked = counts.removed;
  }

  /// What people linked and unlinked in PocketBase goes into their documents.
  void note_identity_edits(const Entity& entity, PeopleReport& report) {
    if (entity.people->identities == People::none) return;
    const IdentityCounts edits = context_.stores.pocketbase->identity_edits(entity);
    report.linked = edits.added;
    report.unlinked = edits.removed;
    if (edits.added + edits.removed == 0) return;
    Note& note = context_.report.notes.emplace_back();
    note.weight = Note::Weight::look;
    note.entity = entity.name;
    note.subject = fmt::format("{}.{}", entity.name, entity.people->identities_field);
    note.count = edits.added + edits.removed;
    note.text = fmt::format("accounts elsewhere that were linked ({}) or unlinked ({}) in PocketBase; the rows say so",
                            edits.added, edits.removed);
  }

  /// A run that changed nothing ends no session: it may be said twice. Returns how many accounts are signed out.
  std::uint64_t end_sessions(const Entity& entity, bool retry) {
    std::uint64_t changed = 0, new_accounts = 0;
    for (const EntityReport& report : context_.report.entities) {
      changed += report.inserted + report.updated + report.deleted;
      if (report.name == entity.name && !report.attic) new_accounts = report.inserted;
    }
    if (changed == 0 || (to_pocketbase_ && (retry || context_.report.target_created))) {
      return to_pocketbase_ ? new_accounts : 0;  // a new record has a new key
    }
    if (!to_pocketbase_ && entity.people->sessions.empty()) return 0;
    context_.target->begin();
    const std::uint64_t ended = to_pocketbase_ ? context_.stores.pocketbase->renew_token_keys(entity)
                                               : context_.stores.sql->end_sessions(entity, !retry);
    context_.target->commit();
    return ended;
  }

  void remove_extras() {
    Transactions& target = *context_.target;
    if (stale_attic_ > 0) {
      target.begin();
      stale_attic_entries(context_, true);
      target.commit();
    }
    // Those that refer to others go first.
    for (std::size_t i = context_.mapping.entities.size(); i-- > 0;) {
      if (extras_.find(i) == extras_.end()) continue;
      target.begin();
      context_.report.entities[i].deleted = target_extras(context_, *context_.mapping.entities[i], true);
      target.commit();
    }
  }

  std::string open(bool sql, const StoreAddress& address, Use use) {
    if (sql) {
      context_.stores.sql = open_sql(context_.mapping, address, use, options_);
      if (use == Use::target) context_.target = context_.stores.sql.get();
      return context_.stores.sql->version();
    }
    context_.stores.pocketbase = open_pocketbase(context_.mapping, address, use, options_);
    if (use == Use::target) context_.target = context_.stores.pocketbase.get();
    return context_.stores.pocketbase->version();
  }

  void note_purged() {
    const auto add = [&](const Declared& declared, std::string subject, std::uint64_t count) {
      context_.report.notes.push_back({declared.what == FieldClass::purge ? Note::What::purged : Note::What::lossy,
                                       std::move(subject), count, std::string(declared.reason),
                                       std::string(declared.position)});
    };
    for (const PurgedTable& table : context_.mapping.purged) {
      add(table, fmt::format("table {}", table.name),
          to_pocketbase_ ? context_.stores.sql->count_table(table.name) : 0);
    }
    for (const Entity* entity : context_.mapping.entities) {
      if (entity->declared.empty()) continue;
      const std::uint64_t rows =
          to_pocketbase_ ? context_.stores.sql->count(*entity) : context_.stores.pocketbase->count(*entity);
      for (const Declared& declared : entity->declared) {
        const bool joined = declared.name.find('.') != std::string_view::npos;
        add(declared, joined ? std::string(declared.name) : fmt::format("{}.{}", entity->name, declared.name), rows);
      }
    }
  }

  /// True where all rows of the entity's table are read in next to no time: few, or none of them large.
  bool is_cheap_to_scan(const Entity& entity) {
    return to_pocketbase_ ? Route::is_cheap_to_scan(rows(entity, true), *context_.stores.sql->read(entity))
                          : Route::is_cheap_to_scan(rows(entity, false), *context_.stores.pocketbase->read(entity));
  }

  /// The target's keys, unique indexes and checks, to be tried by rows that are not written.
  std::unique_ptr<ConstraintRehearsal> rehearse() const {
    const StoreAddress& target = ends_.to;
    if (to_pocketbase_) {
      const bool live = target.kind == StoreKind::pocketbase_directory && context_.stores.pocketbase;
      return ConstraintRehearsal::of_collections(
          context_.mapping, live ? statements_of(target.path / "data.db", true) : unique_indexes_in(context_.mapping));
    }
    const bool live = target.kind == StoreKind::sqlite_file && context_.stores.sql;
    const auto& made = context_.mapping.sqlite_schema;
    return ConstraintRehearsal::of_tables(context_.mapping, live ? statements_of(target.path, false)
                                                                 : std::vector<std::string>(made.begin(), made.end()));
  }

  std::uint64_t rows(const Entity& entity, bool in_sql) const {
    return in_sql ? context_.stores.sql->count(entity) : context_.stores.pocketbase->count(entity);
  }

  void start_load() {
    bool empty = true;
    for (const Entity* entity : context_.mapping.entities) empty = empty && rows(*entity, !to_pocketbase_) == 0;
    std::vector<const Entity*> many_small_rows;
    for (const Entity* entity : context_.mapping.entities) {
      const auto is_one = [&](auto reader) {
        return are_many_and_small(rows(*entity, to_pocketbase_),
                                  [&] { return reader->next() ? reader->bytes() : std::size_t{0}; });
      };
      if (!empty || rows(*entity, to_pocketbase_) == 0) continue;
      const bool one = to_pocketbase_ ? is_one(context_.stores.sql->read(*entity))
                                      : is_one(context_.stores.pocketbase->read(*entity));
      if (one) many_small_rows.push_back(entity);
    }
    context_.target->start_load(empty, many_small_rows);
  }

  RunContext& context_;
  const Ends& ends_;
  OpenOptions options_;
  bool to_pocketbase_;
  std::map<std::size_t, std::uint64_t> extras_;
  std::uint64_t stale_attic_ = 0;
};

}  // namespace

void Route::Extras::add(std::uint64_t found, std::string_view place, std::vector<std::string> keys) {
  if (found == 0) return;
  rows += found;
  places += fmt::format("{}{} in {}", places.empty() ? "" : ", ", found, place);
  by_place.push_back({std::string(place), found, std::move(keys)});
}

std::unique_ptr<Route> make_conversion(RunContext& context, const Ends& ends, OpenOptions options) {
  return std::make_unique<Conversion>(context, ends, std::move(options));
}

}  // namespace twoway
