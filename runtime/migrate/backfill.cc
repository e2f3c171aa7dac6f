#include "runtime/migrate/backfill.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <unordered_map>

#include "runtime/model/error.h"
#include "runtime/store/orphans.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/field_value.h"
#include "runtime/transform/json_text.h"
#include "runtime/transform/mirror.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_pocketbase.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace {

constexpr std::size_t most_examples = 5;

struct Target {
  const Entity* entity;
  const RelationEdge* relation;
  const Entity* target;
  std::size_t field;          ///< index into the entity's fields
  std::string_view document;  ///< the field that has the array
};

/// The field of the column in whose document a mirror's array stands: `notes` for `notes.labels[]`.
std::string_view document_field(const Entity& entity, const RelationEdge& mirror) {
  for (const Explanation& line : entity.explanations) {
    const bool is_column = !line.column.empty() && mirror.column.starts_with(fmt::format("{}.", line.column));
    if (is_column && line.field != mirror.field) return line.field;
  }
  return {};
}

Target find_mirror(const Mapping& mapping, const std::string& name) {
  std::vector<Target> found;
  std::vector<std::string> all;
  for (const Entity* entity : mapping.entities) {
    for (const RelationEdge& relation : entity->relations) {
      if (!relation.many) continue;
      const std::string full = fmt::format("{}.{}", entity->collection, relation.field);
      all.push_back(full);
      if (name != full && name != relation.field) continue;
      std::size_t field = 0;
      while (entity->fields[field].name != relation.field) ++field;
      found.push_back(
          {entity, &relation, find_entity(mapping, relation.target), field, document_field(*entity, relation)});
    }
  }
  if (found.size() == 1) return found[0];
  throw cannot_start(found.empty() ? fmt::format("the mapping has no mirror {}", name)
                                   : fmt::format("several collections have a mirror {}", name),
                     all.empty() ? "It has none at all." : fmt::format("Name one of {}.", fmt::join(all, ", ")));
}

/// References of rows that were records a moment ago. Those of the mirror's target are all known, however they got
/// their ids; of others it is enough whether the key's own record is there.
class KnownRecords : public RecordResolver {
 public:
  KnownRecords(PocketBaseStore& store, const Entity& target) : store_(store), target_(target) {
    Arena arena;
    ToSql run(target, store.resolver(), arena);
    RowBuffer row(target.row_bytes);
    for (const auto reader = store.read(target); reader->next();) {
      arena.reset();
      const pocketbase::Id id{cell(reader->record(), target.fields[0].offset)};
      run.begin(id, reader->residue(), reader->created());
      target.to_sql(reader->record(), row.get(), run);
      KeyParts key;
      for (std::size_t i = 0; i < target.key.size(); ++i) {
        key[i] = cell(row.get(), target.columns[target.key[i]].offset);
      }
      add(record_id::encode(std::span<const Value>(key.data(), target.key.size()), arena), id.bytes());
    }
  }

  void add(std::string_view key, std::string_view id) { ids_.emplace(key, id); }

  std::optional<std::string_view> record_id(const Entity& target, std::span<const Value> key, Arena& arena) override {
    const std::string_view encoded = record_id::encode(key, arena);
    if (&target != &target_) {
      return store_.exists(target, encoded) ? std::optional(encoded) : std::nullopt;
    }
    const auto found = ids_.find(std::string(encoded));
    return found == ids_.end() ? std::nullopt : std::optional<std::string_view>(found->second);
  }

 private:
  PocketBaseStore& store_;
  const Entity& target_;
  std::unordered_map<std::string, std::string> ids_;  ///< by the key, as record_id::encode writes it
};

/// One record, as it is and as a way to SQL and back would have its relation.
class MirroredRecords {
 public:
  MirroredRecords(PocketBaseStore& store, const Target& mirror, KnownRecords& known)
      : mirror_(mirror),
        to_sql_(*mirror.entity, store.resolver(), arena_),
        to_pocketbase_(*mirror.entity, known, arena_),
        row_(mirror.entity->row_bytes),
        record_(mirror.entity->record_bytes),
        changed_(mirror.entity->record_bytes) {}

  /// Converts it there and back. False where its residue was edited: such a record is left alone.
  bool convert(const RecordReader& reader) {
    arena_.reset();
    const Entity& entity = *mirror_.entity;
    const pocketbase::Id id{cell(reader.record(), entity.fields[0].offset)};
    if (!to_sql_.begin(id, reader.residue(), reader.created())) return false;
    entity.to_sql(reader.record(), row_.get(), to_sql_);
    to_pocketbase_.begin(side_without_mirror());
    entity.to_pocketbase(row_.get(), record_.get(), to_pocketbase_);
    residue_ = to_pocketbase_.residue();
    return true;
  }

  /// How many of the array's records the relation lacks; the record with them is then changed().
  std::uint64_t complete(const RecordReader& reader) {
    const Entity& entity = *mirror_.entity;
    std::memcpy(changed_.get(), reader.record(), entity.record_bytes);
    const auto ids = ids_of(cell(reader.record(), offset()));
    std::set<std::string_view> there(ids.begin(), ids.end());
    std::string relation = "[";
    for (const std::string_view id : ids) append(relation, id);
    std::uint64_t added = 0;
    for (const std::string_view id : ids_of(cell(record_.get(), offset()))) {
      if (!there.insert(id).second) continue;
      append(relation, id);
      ++added;
    }
    cell(changed_.get(), offset()) = Value::text(arena_.copy(relation + "]"));
    return added;
  }
  const void* changed() const { return changed_.get(); }

  /// True where the record is otherwise what the way there and back makes of it, and no name waits to leave the array:
  /// then what the array says can be noted in note().
  bool can_note(const RecordReader& reader) {
    if (merges_) return false;
    for (const RecordField& field : mirror_.entity->fields) {
      const bool equal = same(cell(record_.get(), field.offset), cell(changed_.get(), field.offset));
      if (!field.insert_only && !equal) return false;
    }
    Residue made, old;
    if (!made.parse(residue_, arena_) || !old.parse(reader.residue(), arena_)) return false;
    const std::string_view* const base = made.find(mirror_.relation->field, residue_name::mirror);
    const std::string_view* const known = old.find(mirror_.relation->field, residue_name::mirror);
    if (base == nullptr || (known != nullptr && *known == *base)) return false;
    writer_.clear();
    const std::string name = residue_name::mirror + std::string(mirror_.relation->field);
    for (const Residue::Entry& entry : old.entries()) {
      if (entry.name != name) writer_.add_text(entry.name, entry.text);
    }
    writer_.add_text(mirror_.relation->field, *base, residue_name::mirror);
    return true;
  }
  Value note() { return writer_.document(); }

  /// Calls `take` with each name in the array that no record stands for.
  template <class Take>
  void each_unknown(const Take& take) {
    Residue made;
    if (!made.parse(residue_, arena_)) return;
    const std::string_view* const entry = made.find(mirror_.relation->field, residue_name::mirror);
    const auto text = entry == nullptr ? std::nullopt : read_tagged(*entry, arena_);
    const auto base = text && text->is_text() ? mirror::read_base(text->bytes()) : std::nullopt;
    const auto items = base ? mirror::read_items(base->array, arena_) : std::nullopt;
    if (!items) return;
    for (const std::size_t index : base->unlinked) {
      if (index < items->size() && (*items)[index].name) take(*(*items)[index].name);
    }
  }

  /// Part `part` of the target's key for a name in this record's array.
  Value key_part(std::size_t part, std::string_view name) const {
    const std::string_view column = mirror_.relation->key[part];
    if (column == "[]") return Value::text(name);
    for (const Column& candidate : mirror_.entity->columns) {
      if (column == fmt::format("{{{}}}", candidate.name)) return cell(row_.get(), candidate.offset);
    }
    return Value::null();
  }

 private:
  std::size_t offset() const { return mirror_.entity->fields[mirror_.field].offset; }

  static void append(std::string& relation, std::string_view id) {
    if (relation.size() > 1) relation.push_back(',');
    json_text::append_string(relation, id);
  }

  std::vector<std::string_view> ids_of(const Value& relation) {
    std::vector<std::string_view> ids;
    const auto items = relation.is_text() ? mirror::read_items(relation.bytes(), arena_) : std::nullopt;
    if (!items) return ids;
    for (const mirror::Item& item : *items) {
      if (item.name) ids.push_back(*item.name);
    }
    return ids;
  }

  /// What only PocketBase has of this record, but for the relation: that is to be made of the array.
  Value side_without_mirror() {
    Residue side;
    side_writer_.clear();
    merges_ = false;
    if (side.parse(to_sql_.side(), arena_)) {
      for (const Residue::Entry& entry : side.entries()) {
        merges_ |= entry.name == mirror_.document;
        if (entry.name != mirror_.relation->field) side_writer_.add_text(entry.name, entry.text);
      }
    }
    return side_writer_.document();
  }

  const Target& mirror_;
  Arena arena_;
  ToSql to_sql_;
  ToPocketBase to_pocketbase_;
  RowBuffer row_;
  RowBuffer record_;
  RowBuffer changed_;
  Value residue_;
  bool merges_ = false;  ///< the relation changes the array on the way to SQL
  ResidueWriter writer_;
  ResidueWriter side_writer_;
};

class Backfill {
 public:
  Backfill(const Mapping& mapping, const StoreAddress& address, const BackfillOptions& options)
      : mapping_(mapping), address_(address), options_(options), mirror_(find_mirror(mapping, options.mirror)) {
    report_.store = address.display;
    report_.collection = mirror_.entity->collection;
    report_.field = mirror_.relation->field;
    report_.target = mirror_.target->collection;
    report_.dry_run = options.dry_run;
  }

  BackfillReport run() {
    const std::size_t column = created_column();
    if (!options_.dry_run && options_.backup) back_up_if_needed(column);
    work(options_.dry_run ? Use::source : Use::target, !options_.dry_run, column);
    return std::move(report_);
  }

 private:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  /// The column that gets the name, as an index; none where nothing is to be made.
  std::size_t created_column() const {
    if (options_.create.empty()) return none;
    for (std::size_t i = 0; i < mirror_.target->columns.size(); ++i) {
      if (mirror_.target->columns[i].name == options_.create) return i;
    }
    throw cannot_start(fmt::format("{} has no column {}", mirror_.target->table, options_.create),
                       "--create names the column of the records to be made that gets the text of the array's item.");
  }

  /// A store in which nothing is to be done needs no copy.
  void back_up_if_needed(std::size_t column) {
    work(Use::source, false, column);
    const bool needed = report_.filled + report_.created + report_.noted > 0;
    BackfillReport fresh = report_;
    fresh.records = fresh.filled = fresh.links = fresh.noted = fresh.created = fresh.unknown = 0;
    fresh.unknown_examples.clear();
    if (needed) fresh.backup = back_up(address_, options_.open, options_.stamp);
    report_ = std::move(fresh);
  }

  void work(Use use, bool writes, std::size_t column) {
    const auto store = open_pocketbase(mapping_, address_, use, options_.open);
    KnownRecords known(*store, *mirror_.target);
    if (writes) {
      store->start_load(false, {});
      store->begin();
    }
    if (column != none) create(*store, known, writes, column);
    fill(*store, known, writes);
    if (!writes) return;
    store->commit();
    store->finish_load();
  }

  void create(PocketBaseStore& store, KnownRecords& known, bool writes, std::size_t column) {
    const Entity& target = *mirror_.target;
    const auto writer = writes ? store.write(target) : nullptr;
    MirroredRecords records(store, mirror_, known);
    Arena arena;
    ToPocketBase run(target, known, arena);
    RowBuffer row(target.row_bytes), record(target.record_bytes);
    std::set<std::string> made;
    for (const auto reader = store.read(*mirror_.entity); reader->next();) {
      if (!records.convert(*reader)) continue;
      records.each_unknown([&](std::string_view name) {
        arena.reset();
        row.clear();
        KeyParts key;
        for (std::size_t i = 0; i < target.key.size(); ++i) {
          key[i] = records.key_part(i, name);
          cell(row.get(), target.columns[target.key[i]].offset) = key[i];
        }
        const std::string id(record_id::encode(std::span<const Value>(key.data(), target.key.size()), arena));
        if (!made.insert(id).second) return;
        cell(row.get(), target.columns[column].offset) = Value::text(name);
        run.begin(Value::null());
        target.to_pocketbase(row.get(), record.get(), run);
        known.add(id, id);
        ++report_.created;
        if (writer) note(id, writer->write(record.get(), run.residue(), Value::text("")));
      });
    }
    if (writer) note(writer->settle(true));
  }

  void fill(PocketBaseStore& store, KnownRecords& known, bool writes) {
    const auto writer = writes ? store.write(*mirror_.entity) : nullptr;
    MirroredRecords records(store, mirror_, known);
    for (const auto reader = store.read(*mirror_.entity); reader->next();) {
      ++report_.records;
      if (!records.convert(*reader)) continue;
      records.each_unknown([&](std::string_view name) {
        ++report_.unknown;
        auto& examples = report_.unknown_examples;
        const bool is_new = std::find(examples.begin(), examples.end(), name) == examples.end();
        if (is_new && examples.size() < most_examples) examples.emplace_back(name);
      });
      const std::uint64_t added = records.complete(*reader);
      const bool notes = records.can_note(*reader);
      if (added == 0 && !notes) continue;
      report_.filled += added == 0 ? 0 : 1;
      report_.noted += added == 0 ? 1 : 0;
      report_.links += added;
      if (!writer) continue;
      const Value id = cell(reader->record(), mirror_.entity->fields[0].offset);
      note(id.bytes(), writer->write(records.changed(), notes ? records.note() : reader->residue(), reader->created()));
    }
    if (writer) note(writer->settle(true));
  }

  void note(std::string_view id, const Outcome& outcome) {
    if (outcome.what == Written::rejected) report_.rejected.push_back(fmt::format("{}: {}", id, outcome.reason));
  }
  void note(const Settlement& settlement) {
    for (const Rejection& rejection : settlement.rejected) {
      report_.rejected.push_back(fmt::format("{}: {}", rejection.key, rejection.reason));
    }
  }

  const Mapping& mapping_;
  const StoreAddress& address_;
  const BackfillOptions& options_;
  Target mirror_;
  BackfillReport report_;
};

}  // namespace

BackfillReport backfill(const Mapping& mapping, const StoreAddress& store, const BackfillOptions& options) {
  if (is_sql(store.kind)) {
    throw cannot_start(
        fmt::format("{} is a SQL database: it has the arrays alone, there is nothing to fill", store.display),
        "Name a PocketBase: a data directory or a server.");
  }
  if (!store.exists) throw cannot_start(fmt::format("{} does not exist", store.display), "Check the path.");
  return Backfill(mapping, store, options).run();
}

}  // namespace twoway
