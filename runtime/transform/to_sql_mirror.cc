// ToSql's half of a mirror: merging the relation into the document.
#include <algorithm>
#include <cassert>
#include <unordered_map>

#include "runtime/transform/field_value.h"
#include "runtime/transform/json_text.h"
#include "runtime/transform/mirror.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/side_entry.h"
#include "runtime/transform/to_sql.h"

namespace twoway {
namespace {

using State = mirror::Array::State;

/// True if a merge replaces something of the document that is no array of the mirror.
bool overwrites(const mirror::Array& array, const Value& document) {
  return array.state == State::no_array || (array.state == State::no_object && !document.is_null());
}

}  // namespace

/// A record that a mirror's relation names.
struct ToSql::Related {
  std::string_view encoded_key;
  std::optional<std::string_view> name;  ///< part 0 of its key, where that can stand in the array
  bool ours;                             ///< its other key parts are this row's, so its name leads back to it
};

void ToSql::read_relation(const Entity& target, const Value& relation, std::initializer_list<Value> with,
                          std::vector<Related>& related) {
  if (!relation.is_text() || relation.bytes() == "[]") return;
  const auto ids = mirror::read_items(relation.bytes(), arena_);
  if (!ids) return;
  KeyParts parts;
  assert(with.size() + 1 == target.key.size() && target.key.size() <= parts.size());
  const std::span key(parts.data(), target.key.size());
  related.reserve(ids->size());
  for (const mirror::Item& id : *ids) {
    if (!id.name || !resolver_.row_key(target, *id.name, key, arena_)) continue;
    Related record{record_id::encode(key, arena_), std::nullopt, false};
    if (key[0].is_text()) record.name = key[0].bytes();
    record.ours = std::equal(with.begin(), with.end(), key.begin() + 1,
                             [](const Value& a, const Value& b) { return same(a, b); });
    related.push_back(record);
  }
}

sql::Json ToSql::merge(const Field& field, const Field& document_field, const Entity& target,
                       const pocketbase::Relations& relation, const pocketbase::Json& shown, const sql::Json& document,
                       std::string_view path, std::initializer_list<Value> with) {
  std::vector<Related> related;
  read_relation(target, relation, with, related);
  mirror::Array array = mirror::find(document, path, arena_);
  if (related.empty() && array.items.empty()) return document;

  std::vector<std::string_view> names;
  for (const Related& record : related) {
    if (record.name) names.push_back(*record.name);
  }
  const std::string_view* entry = residue_.empty() ? nullptr : residue_.find(field.name, residue_name::mirror);
  const std::optional<Value> text = entry == nullptr ? std::nullopt : read_tagged(*entry, arena_);
  const auto base = text && text->is_text() ? mirror::read_base(text->bytes()) : std::nullopt;
  Value merged = document;
  if (array.state != State::unreadable) {
    const mirror::Merge change = mirror::merge(base, array.items, names, arena_);
    if (change.changed) {
      if (overwrites(array, document)) superseded_.push_back(field.column.empty() ? field.name : field.column);
      merged = mirror::replace(document, array, path, change, arena_);
      side_.remove(document_field.name);
      side_entry::add(side_, document_field.name, merged, shown);
      array = mirror::find(merged, path, arena_);
    }
  }
  // Names that had no record when this very array was shown, and have none now, say nothing about the relation.
  std::vector<std::string_view> unlinked;
  if (base && merged.is_text() && array.state == State::found && array.text(merged).bytes() == base->array) {
    for (const std::size_t index : base->unlinked) {
      if (index >= array.items.size() || !array.items[index].name) continue;
      if (!has_record(target, *array.items[index].name, with)) unlinked.push_back(*array.items[index].name);
    }
  }
  keep_relation(field, related, array, merged, unlinked);
  return {merged};
}

bool ToSql::has_record(const Entity& target, std::string_view name, std::initializer_list<Value> with) {
  KeyParts parts;
  parts[0] = Value::text(name);
  std::copy(with.begin(), with.end(), parts.begin() + 1);
  const std::span key(parts.data(), with.size() + 1);
  return resolver_.exists(target, record_id::encode(std::span<const Value>(key), arena_));
}

void ToSql::keep_relation(const Field& field, const std::vector<Related>& related, const mirror::Array& array,
                          const Value& document, const std::vector<std::string_view>& unlinked) {
  // What the array would show is certain only if each of its names is a record of this relation, in this order.
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < related.size(); ++i) {
    if (related[i].name && related[i].ours) places.emplace(*related[i].name, i);
  }
  std::size_t next = 0;
  bool certain = true;
  for (const mirror::Item& item : array.items) {
    if (!item.name || std::find(unlinked.begin(), unlinked.end(), *item.name) != unlinked.end()) continue;
    const auto place = places.find(*item.name);
    certain = certain && place != places.end() && place->second <= next;
    if (!certain) break;
    if (place->second == next) ++next;
  }
  if (certain && next == related.size()) return;
  scratch_.assign(1, '[');
  for (const Related& record : related) {
    if (scratch_.size() > 1) scratch_.push_back(',');
    json_text::append_string(scratch_, record.encoded_key);
  }
  scratch_.push_back(']');
  side_entry::add(side_, field.name, array.text(document), Value::text(scratch_));
}

}  // namespace twoway
