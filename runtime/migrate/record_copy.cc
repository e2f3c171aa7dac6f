// PocketBase to PocketBase, a data directory and a server or two of a kind: records go over as they are.
#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/route.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/verify/compare.h"

namespace twoway {

namespace {

class RecordCopy : public Route {
 public:
  RecordCopy(RunContext& context, const Ends& ends, OpenOptions options)
      : context_(context), ends_(ends), options_(std::move(options)) {
    context_.report_entities();
  }

  void open_source() override {
    source_ = open_pocketbase(context_.mapping, ends_.from, Use::source, options_);
    context_.report.from_version = source_->version();
  }

  void open_target(Use use) override {
    target_ = open_pocketbase(context_.mapping, ends_.to, use, options_);
    context_.report.to_version = target_->version();
    context_.target = use == Use::target ? target_.get() : nullptr;
  }

  void close_target() override {
    context_.target = nullptr;
    target_.reset();
  }

  void remark(bool) override {}

  Extras find_extras() override {
    Extras extras;
    for (const Entity* entity : context_.mapping.entities) {
      std::vector<std::string> keys;
      const std::uint64_t found = extras_of(*entity, false, &keys);
      extras.add(found, entity->name, std::move(keys));
    }
    extras.add(stale_attic(false), "the attic");
    return extras;
  }

  std::uint64_t rows_in_target() override {
    std::uint64_t all = 0;
    for (const Entity* entity : context_.mapping.entities) all += target_->count(*entity);
    return all;
  }

  void look_for_orphans() override {
    for (const Entity* entity : context_.mapping.entities) {
      if (context_.writes() && !is_cheap_to_scan(source_->count(*entity), *source_->read(*entity))) continue;
      source_->read_orphans(*entity, [&](const RelationEdge& relation, std::string_view key) {
        context_.findings.orphan(*entity, relation, key);
      });
    }
  }

  void carry() override {
    if (context_.writes() && !context_.only) start_load();
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      if (context_.takes(context_.mapping.entities[i]->name)) carry_entity(*context_.mapping.entities[i], i);
    }
    if (!context_.writes()) look_for_orphans();
    context_.note_findings();
    if (!context_.writes()) return;
    if (context_.takes(RunContext::attic_rows)) carry_attic();
    if (context_.options.extra == RunOptions::Extra::remove) remove_extras();
    context_.phase("finish");
    target_->finish_load();
  }

  void verify() override {
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      if (context_.takes(context_.mapping.entities[i]->name)) verify_entity(*context_.mapping.entities[i], i);
    }
    if (!context_.takes(RunContext::attic_rows)) return;
    if (attic_digest(*source_) == attic_digest(*target_)) return;
    context_.differ({"attic", {}, {}, "the source's entries", "others", {}});
  }

  std::vector<std::pair<std::string, std::uint64_t>> expected_rows() override {
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const Entity* entity : context_.mapping.entities) rows.emplace_back(entity->name, source_->count(*entity));
    return rows;
  }

  std::string source_state() const override { return source_->state(); }

  bool source_changed() const override { return source_ && source_->changed_since_open(); }

 private:
  void start_load() {
    bool empty = true;
    std::vector<const Entity*> many_small_records;
    for (const Entity* entity : context_.mapping.entities) empty = empty && target_->count(*entity) == 0;
    for (const Entity* entity : context_.mapping.entities) {
      if (!empty || source_->count(*entity) == 0) continue;
      const auto reader = source_->read(*entity);
      const bool one = are_many_and_small(source_->count(*entity),
                                          [&] { return reader->next() ? reader->bytes() : std::size_t{0}; });
      if (one) many_small_records.push_back(entity);
    }
    target_->start_load(empty, many_small_records);
  }

  void carry_entity(const Entity& entity, std::size_t index) {
    EntityReport& report = context_.report.entities[index];
    const auto started = std::chrono::steady_clock::now();
    const auto reader = source_->read(entity);
    const auto writer = context_.writes() ? target_->write(entity) : nullptr;
    Batches batches(
        context_, Progress::Phase::migrate, report, index, source_->count(entity), Batches::settle_of(writer.get()),
        [&] { return target_->count(entity); }, scan_records(entity));
    while (reader->next()) {
      ++report.read;
      report.bytes += reader->bytes();
      if (!reader->residue().is_null()) ++report.with_residue;
      add(report.digest, record_digest(entity, reader->record(), reader->residue(), reader->created()));
      const std::string_view id = cell(reader->record(), entity.fields[0].offset).bytes();
      if (writer && !batches.skips() && context_.takes(entity.name, id)) {
        const Outcome outcome = writer->write(reader->record(), reader->residue(), reader->created());
        RunContext::count(report, outcome);
        if (outcome.what == Written::rejected) {
          context_.reject(report, std::string(id), outcome, shown_record(entity, reader->record(), reader->residue()));
        }
      }
      batches.row(reader->bytes());
    }
    batches.finish();
    report.migrate_time += std::chrono::steady_clock::now() - started;
  }

  ScanRows scan_records(const Entity& entity) {
    return [&](std::uint64_t first, const auto& take) {
      const auto reader = source_->read(entity);
      for (std::uint64_t number = 0; reader->next(); ++number) {
        if (number < first) continue;
        const bool more = take(cell(reader->record(), entity.fields[0].offset).bytes(),
                               [&] { return shown_record(entity, reader->record(), reader->residue()); });
        if (!more) return;
      }
    };
  }

  void carry_attic() {
    EntityReport* report = nullptr;
    target_->begin();
    source_->read_attic([&](const AtticEntry& entry) {
      if (report == nullptr) {
        report = &context_.report.entities.emplace_back();
        report->attic = true;
        report->name = "attic";
        report->collection = "twoway_attic";
      }
      ++report->read;
      const Outcome outcome = target_->write_attic(entry);
      RunContext::count(*report, outcome);
      if (outcome.what != Written::rejected) return;
      context_.reject(*report, entry.name, outcome, shown_entry(context_.mapping, entry));
    });
    if (report != nullptr) {
      const Settlement settlement = target_->settle_attic(true);
      RunContext::count(*report, settlement);
      for (const Rejection& rejection : settlement.rejected) {
        context_.reject(*report, rejection.key, {Written::rejected, rejection.column, rejection.reason}, {});
      }
    }
    target_->commit();
    context_.stop_at_most_rejected();
  }

  std::uint64_t extras_of(const Entity& entity, bool remove, std::vector<std::string>* first_keys = nullptr) {
    std::vector<std::string> ids;
    std::uint64_t extras = 0;
    for (const auto reader = target_->read(entity); reader->next();) {
      const std::string_view id = cell(reader->record(), entity.fields[0].offset).bytes();
      if (source_->exists(entity, id)) continue;
      ++extras;
      if (first_keys != nullptr && first_keys->size() < Note::most_keys) first_keys->emplace_back(id);
      if (remove) ids.emplace_back(id);
    }
    for (const std::string& id : ids) target_->erase(entity, id);
    return extras;
  }

  std::uint64_t stale_attic(bool remove) {
    std::unordered_set<std::string> kept;
    source_->read_attic([&](const AtticEntry& entry) { kept.insert(target_->attic_id(entry)); });
    return target_->other_attic_entries(kept, remove);
  }

  void remove_extras() {
    target_->begin();
    stale_attic(true);
    for (std::size_t i = context_.mapping.entities.size(); i-- > 0;) {
      context_.report.entities[i].deleted = extras_of(*context_.mapping.entities[i], true);
    }
    target_->commit();
  }

  static Digest attic_digest(PocketBaseStore& store) {
    Digest sum;
    store.read_attic([&](const AtticEntry& entry) { add(sum, values_digest(entry.values)); });
    return sum;
  }

  static Digest sum(PocketBaseStore& store, const Entity& entity, std::uint64_t& records) {
    Digest digest;
    for (const auto reader = store.read(entity); reader->next(); ++records) {
      add(digest, record_digest(entity, reader->record(), reader->residue(), reader->created()));
    }
    return digest;
  }

  void verify_entity(const Entity& entity, std::size_t index) {
    EntityReport& report = context_.report.entities[index];
    const auto started = std::chrono::steady_clock::now();
    std::uint64_t expected_records = 0;
    const bool known = report.read > 0 && report.read == source_->count(entity);
    const Digest expected = known ? report.digest : sum(*source_, entity, expected_records);
    const Digest found = sum(*target_, entity, report.verified);
    if (!(expected == found)) name_differences(entity, report);
    report.digest = found;
    report.verify_time += std::chrono::steady_clock::now() - started;
  }

  /// Record by record, by the digest under each id. The ids are held in memory: something is wrong, and names matter
  /// more than bytes.
  void name_differences(const Entity& entity, EntityReport& report) {
    std::unordered_map<std::string, Digest> expected;
    for (const auto reader = source_->read(entity); reader->next();) {
      expected.emplace(cell(reader->record(), entity.fields[0].offset).bytes(),
                       record_digest(entity, reader->record(), reader->residue(), reader->created()));
    }
    const bool keep = context_.options.extra == RunOptions::Extra::keep;
    for (const auto reader = target_->read(entity); reader->next();) {
      const std::string id(cell(reader->record(), entity.fields[0].offset).bytes());
      const auto wanted = expected.find(id);
      if (wanted == expected.end()) {
        ++report.extra;
        if (!keep) context_.differ({report.name, id, {}, "no record", "a record", {}});
        continue;
      }
      const Digest digest = record_digest(entity, reader->record(), reader->residue(), reader->created());
      if (!(digest == wanted->second)) {
        ++report.different;
        context_.differ({report.name, id, {}, wanted->second.text(), digest.text(), {}});
      }
      expected.erase(wanted);
    }
    report.missing = expected.size();
    for (const auto& [id, digest] : expected) context_.differ({report.name, id, {}, "a record", "none", {}});
  }

  RunContext& context_;
  const Ends& ends_;
  OpenOptions options_;
  std::unique_ptr<PocketBaseStore> source_;
  std::unique_ptr<PocketBaseStore> target_;
};

}  // namespace

std::unique_ptr<Route> make_record_copy(RunContext& context, const Ends& ends, OpenOptions options) {
  return std::make_unique<RecordCopy>(context, ends, std::move(options));
}

}  // namespace twoway
