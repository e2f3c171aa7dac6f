// PocketBase to PocketBase, a data directory and a server or two of a kind: records go over as they are.
#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/route.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/verify/compare.h"
#include "runtime/verify/references.h"
#include "runtime/verify/sample.h"

namespace twoway {

namespace {

class RecordCopy : public Route {
 public:
  RecordCopy(RunContext& context, const Ends& ends, OpenOptions options)
      : context_(context), ends_(ends), options_(std::move(options)) {
    context_.report_entities();
    for (EntityReport& report : context_.report.entities) report.chunk_key = {"id"};
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
    if (context_.takes(RunContext::attic_rows)) carry_attic();
    if (!context_.writes()) return;
    if (context_.options.extra == RunOptions::Extra::remove) remove_extras();
    link_identities();
    context_.phase("finish");
    target_->finish_load();
  }

  void verify() override {
    const bool all = context_.options.verification == Verification::all;
    std::vector<std::uint64_t> have;
    for (const Entity* entity : context_.mapping.entities) {
      have.push_back(context_.takes(entity->name) ? target_->count(*entity) : 0);
    }
    const std::vector<std::size_t> dealt = deal(context_.options.sample, context_.report.seed, have);
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      const Entity& entity = *context_.mapping.entities[i];
      if (dealt[i] > 0) compare_sample(entity, i, dealt[i], !all);
      if (all && context_.takes(entity.name)) verify_entity(entity, i);
    }
    if (context_.takes(RunContext::attic_rows)) compare_attic(all);
  }

  void count() override {
    for (std::size_t i = 0; i < context_.mapping.entities.size(); ++i) {
      const Entity& entity = *context_.mapping.entities[i];
      if (!context_.takes(entity.name)) continue;
      context_.count_both(context_.report.entities[i], source_->count(entity), target_->count(entity));
    }
  }

  std::vector<std::pair<std::string, std::uint64_t>> expected_rows() override {
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const Entity* entity : context_.mapping.entities) rows.emplace_back(entity->name, source_->count(*entity));
    return rows;
  }

  std::string source_state() const override { return source_->state(); }

  bool source_changed() const override { return source_ && source_->changed_since_open(); }

 private:
  /// Records come with the identities elsewhere that their PocketBase has; the target gets rows of its own for them.
  void link_identities() {
    const Entity* const entity = people_of(context_.mapping);
    if (entity == nullptr || entity->people->identities == People::none) return;
    target_->begin();
    target_->link_identities(*entity, [&](std::string_view record) { return source_->exists(*entity, record); });
    target_->commit();
  }

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
      add_row(report, hash_of(entity, *reader), digest_of(entity, *reader));
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
    bool any = false;
    if (context_.writes()) target_->begin();
    source_->read_attic([&](const AtticEntry& entry) {
      any = true;
      EntityReport& report = attic_report();
      ++report.read;
      const Digest digest = values_digest(entry.values);
      add_row(report, digest.low, digest);
      if (!context_.writes()) return;
      const Outcome outcome = target_->write_attic(entry);
      RunContext::count(report, outcome);
      if (outcome.what != Written::rejected) return;
      context_.reject(report, entry.name, outcome, shown_entry(context_.mapping, entry));
    });
    if (!context_.writes()) return;
    if (any) {
      EntityReport& report = attic_report();
      const Settlement settlement = target_->settle_attic(true);
      RunContext::count(report, settlement);
      for (const Rejection& rejection : settlement.rejected) {
        context_.reject(report, rejection.key, {Written::rejected, rejection.column, rejection.reason}, {});
      }
    }
    target_->commit();
    context_.stop_at_most_rejected();
  }

  void compare_attic(bool all) {
    const RowSums expected = attic_sums(*source_), found = attic_sums(*target_);
    if (all && !expected.chunks.empty()) {
      EntityReport& report = attic_report();
      if (report.read == 0) set_rows(report, expected);
    }
    if (expected.digest == found.digest) return;
    context_.differ({"attic", {}, {}, "the source's entries", "others", {}});
  }

  EntityReport& attic_report() {
    for (EntityReport& report : context_.report.entities) {
      if (report.attic) return report;
    }
    EntityReport& report = context_.report.entities.emplace_back();
    report.attic = true;
    report.name = "attic";
    report.collection = "twoway_attic";
    return report;
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

  static RowSums attic_sums(PocketBaseStore& store) {
    RowSums sums;
    store.read_attic([&](const AtticEntry& entry) {
      const Digest digest = values_digest(entry.values);
      sums.add(digest.low, digest);
    });
    return sums;
  }

  static Digest digest_of(const Entity& entity, const RecordReader& reader) {
    return record_digest(entity, reader.record(), reader.residue(), reader.created());
  }

  static std::uint64_t hash_of(const Entity& entity, const RecordReader& reader) {
    return key_hash(std::span(&cell(reader.record(), entity.fields[0].offset), 1));
  }

  static RowSums sum(PocketBaseStore& store, const Entity& entity, std::uint64_t& records) {
    RowSums sums;
    for (const auto reader = store.read(entity); reader->next(); ++records) {
      sums.add(hash_of(entity, *reader), digest_of(entity, *reader));
    }
    return sums;
  }

  RowSums sum_and_follow(const Entity& entity, EntityReport& report) {
    RowSums sums;
    RecordReferences in_source(context_.mapping, entity, source_existence());
    RecordReferences in_target(context_.mapping, entity, target_existence());
    const std::size_t first = report_references(context_.report, entity);
    for (const auto reader = target_->read(entity); reader->next(); ++report.verified) {
      sums.add(hash_of(entity, *reader), digest_of(entity, *reader));
      target_existence().saw(entity, cell(reader->record(), entity.fields[0].offset).bytes());
      const std::vector<Followed>& there = in_source.follow(reader->record());
      const std::vector<Followed>& here = in_target.follow(reader->record());
      for (std::size_t i = 0; i < here.size(); ++i) {
        ReferenceReport& references = context_.report.references[first + i];
        references.source.all += there[i].all;
        references.source.nowhere += there[i].all - there[i].found;
        references.target_side.all += here[i].all;
        references.target_side.nowhere += here[i].all - here[i].found;
        if (here[i].found >= there[i].found) continue;
        const std::string_view id = cell(reader->record(), entity.fields[0].offset).bytes();
        context_.differ(dangling(entity, entity.relations[i], id, in_target.dead(i)));
      }
    }
    return sums;
  }

  RecordExistence& source_existence() {
    if (!source_existence_) source_existence_ = std::make_unique<RecordExistence>(*source_);
    return *source_existence_;
  }

  RecordExistence& target_existence() {
    if (!target_existence_) target_existence_ = std::make_unique<RecordExistence>(*target_);
    return *target_existence_;
  }

  /// Chosen records by their ids. The same seed chooses the same ones in both stores, so nothing is looked up.
  using ChosenRecords = std::map<std::string, std::pair<Digest, SampleRow>>;
  ChosenRecords choose(PocketBaseStore& store, const Entity& entity, std::size_t size) {
    Sample sample(size, context_.report.seed);
    std::map<std::string, Digest> digests;
    for (const auto reader = store.read(entity); reader->next();) {
      const std::uint64_t key = hash_of(entity, *reader);
      if (!sample.wants(key)) continue;
      SampleRow row = sample_of(entity, reader->record());
      digests[row.key] = digest_of(entity, *reader);
      sample.take(key, std::move(row));
    }
    std::vector<SampleRow> rows;
    sample.give(rows);
    ChosenRecords chosen;
    for (SampleRow& row : rows) {
      std::string id = row.key;
      chosen.emplace(id, std::pair(digests[id], std::move(row)));
    }
    return chosen;
  }

  void compare_sample(const Entity& entity, std::size_t index, std::size_t size, bool counts) {
    EntityReport& report = context_.report.entities[index];
    const ChosenRecords there = choose(*source_, entity, size), here = choose(*target_, entity, size);
    for (const auto& [id, chosen] : there) {
      const auto found = here.find(id);
      if (found == here.end() && target_->exists(entity, id)) continue;  // an extra record was chosen in its place
      SampleRow row = chosen.second;
      row.equal = found != here.end() && found->second.first == chosen.first;
      for (std::size_t i = 0; i < row.lines.size(); ++i) {
        row.lines[i].target = found == here.end() ? "none" : found->second.second.lines[i].source;
      }
      context_.report.samples.push_back(std::move(row));
      if (!counts) continue;
      ++report.verified;
      if (found == here.end()) {
        ++report.missing;
        context_.differ({report.name, id, {}, "a record", "none", {}});
      } else if (!(found->second.first == chosen.first)) {
        ++report.different;
        context_.differ({report.name, id, {}, chosen.first.text(), found->second.first.text(), {}});
      }
    }
  }

  void verify_entity(const Entity& entity, std::size_t index) {
    EntityReport& report = context_.report.entities[index];
    const auto started = std::chrono::steady_clock::now();
    std::uint64_t expected_records = 0;
    const bool known = report.read > 0 && report.read == source_->count(entity);
    if (!known) set_rows(report, sum(*source_, entity, expected_records));
    const RowSums found = sum_and_follow(entity, report);
    if (!(report.digest == found.digest)) name_differences(entity, report);
    report.verify_time += std::chrono::steady_clock::now() - started;
  }

  /// Record by record, by the digest under each id. The ids are held in memory: something is wrong, and names matter
  /// more than bytes.
  void name_differences(const Entity& entity, EntityReport& report) {
    std::unordered_map<std::string, Digest> expected;
    for (const auto reader = source_->read(entity); reader->next();) {
      expected.emplace(cell(reader->record(), entity.fields[0].offset).bytes(),
                       digest_of(entity, *reader));
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
      const Digest digest = digest_of(entity, *reader);
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
  std::unique_ptr<RecordExistence> source_existence_;
  std::unique_ptr<RecordExistence> target_existence_;
};

}  // namespace

std::unique_ptr<Route> make_record_copy(RunContext& context, const Ends& ends, OpenOptions options) {
  return std::make_unique<RecordCopy>(context, ends, std::move(options));
}

}  // namespace twoway
