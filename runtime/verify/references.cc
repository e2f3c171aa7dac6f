#include "runtime/verify/references.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "runtime/store/entity_columns.h"
#include "runtime/transform/mirror.h"
#include "runtime/verify/compare.h"

namespace twoway {

RowReferences::RowReferences(const Entity& entity, RecordResolver& resolver)
    : entity_(entity),
      record_(entity.record_bytes),
      run_(entity, resolver, arena_),
      followed_(entity.relations.size()) {
  run_.only_follow(*this);
}

const std::vector<Followed>& RowReferences::follow(const void* row) {
  std::fill(followed_.begin(), followed_.end(), Followed{});
  if (followed_.empty()) return followed_;
  arena_.reset();
  run_.begin(Value::null());
  entity_.to_pocketbase(row, record_.get(), run_);
  return followed_;
}

void RowReferences::reference(const Field& field, bool found) {
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    if (entity_.relations[i].field != field.name) continue;
    ++followed_[i].all;
    followed_[i].found += found ? 1 : 0;
  }
}

RecordExistence::Slot& RecordExistence::slot_of(const Entity& entity, std::string_view id) {
  std::vector<Slot>& slots = slots_[&entity];
  if (slots.empty()) slots.resize(cache_slots);
  return slots[std::hash<std::string_view>{}(id) % cache_slots];
}

void RecordExistence::saw(const Entity& entity, std::string_view id) {
  Slot& slot = slot_of(entity, id);
  slot.used = slot.exists = true;
  slot.id = id;
}

bool RecordExistence::exists(const Entity& entity, std::string_view id) {
  Slot& slot = slot_of(entity, id);
  if (!slot.used || slot.id != id) {
    slot.exists = store_.exists(entity, id);
    slot.used = true;
    slot.id = id;
  }
  return slot.exists;
}

RecordReferences::RecordReferences(const Mapping& mapping, const Entity& entity, RecordExistence& existence)
    : entity_(entity),
      existence_(existence),
      followed_(entity.relations.size()),
      dead_(entity.relations.size()) {
  for (const RelationEdge& relation : entity.relations) {
    const auto target = std::find_if(mapping.entities.begin(), mapping.entities.end(),
                                     [&](const Entity* one) { return one->name == relation.target; });
    const auto field = std::find_if(entity.fields.begin(), entity.fields.end(),
                                    [&](const RecordField& one) { return one.name == relation.field; });
    targets_.push_back(*target);
    offsets_.push_back(field->offset);
  }
}

const std::vector<Followed>& RecordReferences::follow(const void* record) {
  arena_.reset();
  for (std::size_t i = 0; i < followed_.size(); ++i) {
    followed_[i] = {};
    dead_[i].clear();
    const Value& value = cell(record, offsets_[i]);
    if (!value.is_text() || value.bytes().empty()) continue;
    if (!entity_.relations[i].many) {
      follow_one(i, value.bytes());
    } else if (value.bytes() != "[]") {
      const auto items = mirror::read_items(value.bytes(), arena_);
      if (!items) continue;
      for (const mirror::Item& item : *items) {
        if (item.name) follow_one(i, *item.name);
      }
    }
  }
  return followed_;
}

void RecordReferences::follow_one(std::size_t relation, std::string_view id) {
  ++followed_[relation].all;
  if (existence_.exists(*targets_[relation], id)) {
    ++followed_[relation].found;
  } else if (dead_[relation].empty()) {
    dead_[relation] = id;
  }
}

struct TableReferences::Followers {
  Followers(RunContext& run, const Entity& followed, const TableShape& shape, SqlStore* source_store,
            SqlStore* target_store)
      : context(run),
        entity(followed),
        places(followed, nullptr, shape, {}),
        row(followed.row_bytes),
        first(report_references(run.report, followed)) {
    if (source_store != nullptr) source = std::make_unique<RowReferences>(followed, source_store->resolver());
    if (target_store != nullptr) target = std::make_unique<RowReferences>(followed, target_store->resolver());
    if (source_store != nullptr) resolvers.first = &source_store->resolver();
    if (target_store != nullptr) resolvers.second = &target_store->resolver();
  }

  RunContext& context;
  const Entity& entity;
  TablePlaces places;
  RowBuffer row;
  std::size_t first;
  std::unique_ptr<RowReferences> source, target;
  std::pair<RecordResolver*, RecordResolver*> resolvers{};
  Arena arena;
};

TableReferences::TableReferences(RunContext& context, const TableShape& shape, SqlStore* source, SqlStore* target) {
  for (const Entity* entity : context.mapping.entities) {
    if (entity->table != shape.name || entity->relations.empty()) continue;
    followers_ = std::make_unique<Followers>(context, *entity, shape, source, target);
  }
}

TableReferences::~TableReferences() = default;

void TableReferences::follow(std::span<const Value> values) {
  if (!followers_) return;
  Followers& with = *followers_;
  with.row.clear();
  with.places.scatter(values, with.row.get(), {});
  with.arena.reset();
  const std::string_view key = key_text(with.entity, with.row.get(), with.arena);
  for (RecordResolver* resolver : {with.resolvers.first, with.resolvers.second}) {
    if (resolver != nullptr) resolver->saw(with.entity, key);
  }
  const std::vector<Followed>* source = with.source ? &with.source->follow(with.row.get()) : nullptr;
  const std::vector<Followed>* target = with.target ? &with.target->follow(with.row.get()) : nullptr;
  for (std::size_t i = 0; i < with.entity.relations.size(); ++i) {
    ReferenceReport& report = with.context.report.references[with.first + i];
    const auto count = [i](References& side, const std::vector<Followed>* followed) {
      if (followed == nullptr) return;
      side.all += (*followed)[i].all;
      side.nowhere += (*followed)[i].all - (*followed)[i].found;
    };
    count(report.source, source);
    count(report.target_side, target);
    if (source == nullptr || target == nullptr || (*target)[i].found >= (*source)[i].found) continue;
    with.context.differ(dangling(with.entity, with.entity.relations[i], key, {}));
  }
}

std::size_t report_references(RunReport& report, const Entity& entity) {
  const std::size_t first = report.references.size();
  for (const RelationEdge& relation : entity.relations) {
    ReferenceReport& made = report.references.emplace_back();
    made.entity = entity.name;
    made.column = relation.column;
    made.target = relation.target;
    made.position = position_of(entity, relation.column);
  }
  return first;
}

Difference dangling(const Entity& entity, const RelationEdge& relation, std::string_view key, std::string_view value) {
  return {std::string(entity.name),
          std::string(key),
          std::string(relation.column),
          fmt::format("a reference to a {} that is there", relation.target),
          fmt::format("{}, which leads nowhere", value.empty() ? "one" : value),
          std::string(position_of(entity, relation.column))};
}

}  // namespace twoway
