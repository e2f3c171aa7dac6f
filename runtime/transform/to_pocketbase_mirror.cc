// ToPocketBase's half of a mirror: building the relation from the array.
#include <algorithm>
#include <cassert>
#include <set>
#include <unordered_set>

#include "runtime/lens/utf8.h"
#include "runtime/transform/field_value.h"
#include "runtime/transform/json_text.h"
#include "runtime/transform/mirror.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_pocketbase.h"

namespace twoway {
namespace {

/// True if the document certainly has no member of that name: the bytes are not in it, and no escapes either.
bool cannot_name(std::string_view document, std::string_view member) {
  return document.find(member) == std::string_view::npos && document.find('\\') == std::string_view::npos;
}

}  // namespace

/// Records that a mirror shows, in order.
struct ToPocketBase::Shown {
  std::vector<std::string_view> ids;
  std::set<std::string_view> names;  // ordered, so that the residue is the same in each run
};

void ToPocketBase::show_kept(const Entity& target, const Value& encoded_keys, Shown& shown) {
  if (!encoded_keys.is_text()) return;
  const auto keys = mirror::read_items(encoded_keys.bytes(), arena_);
  if (!keys) return;
  for (const mirror::Item& item : *keys) {
    if (!item.name) continue;
    const auto id = find_encoded(target, *item.name);
    if (!id) continue;
    KeyParts parts;
    shown.ids.push_back(*id);
    record_id::decode(*item.name, std::span(parts.data(), target.key.size()), arena_);
    if (parts[0].is_text()) shown.names.insert(parts[0].bytes());
  }
}

void ToPocketBase::show_items(const Field& field, const Entity& target, const mirror::Array& array,
                              std::initializer_list<Value> with, Shown& shown) {
  KeyParts key;
  assert(with.size() + 1 <= key.size());
  std::copy(with.begin(), with.end(), key.begin() + 1);
  std::unordered_set<std::string_view> tried;
  for (const mirror::Item& item : array.items) {
    if (!item.name || !tried.insert(*item.name).second) continue;
    key[0] = Value::text(*item.name);
    const auto id = resolver_.record_id(target, std::span(key.data(), with.size() + 1), arena_);
    if (sink_ != nullptr) sink_->reference(field, id.has_value());
    if (!id) continue;
    shown.ids.push_back(*id);
    shown.names.insert(*item.name);
  }
}

void ToPocketBase::note_base(const Field& field, const Value& text, const mirror::Array& array, const Shown& shown) {
  mirror::Base base{array.items.empty() ? "[]" : text.bytes(), {}};
  std::unordered_set<std::string_view> linked;
  for (std::size_t i = 0; i < array.items.size(); ++i) {
    const auto& name = array.items[i].name;
    if (name && shown.names.contains(*name)) {
      linked.insert(*name);
    } else {
      base.unlinked.push_back(i);
    }
  }
  if (!base.unlinked.empty()) unlinked_.push_back(field.name);
  std::string names;
  if (linked.size() != shown.names.size()) {
    // The side entry shows records that the array does not name: these are what the way back must not add to it.
    for (const std::string_view name : shown.names) {
      if (!utf8::valid(name)) continue;
      names.append(names.empty() ? "[" : ",");
      json_text::append_string(names, name);
    }
    names.append(names.empty() ? "[]" : "]");
    base = {names, {}};
  } else if (array.items.empty()) {
    return;
  }
  scratch_.clear();
  mirror::append_base(scratch_, base);
  residue_.add(field.name, Value::text(scratch_), residue_name::mirror);
}

pocketbase::Relations ToPocketBase::mirror(const Field& field, const Entity& target, const sql::Json& document,
                                           std::string_view path, std::initializer_list<Value> with) {
  const Value none = Value::text("[]");
  const bool plain = document.is_null() || (document.is_text() && cannot_name(document.bytes(), path));
  if (plain && side_.empty()) return {none};
  const mirror::Array array = mirror::find(document, path, arena_);
  Shown shown;
  if (const std::optional<Value> keys = kept(field.name, array.text(document))) {
    used_side_ = true;
    show_kept(target, *keys, shown);
  } else {
    show_items(field, target, array, with, shown);
  }
  if (sink_ != nullptr) return {};
  note_base(field, array.text(document), array, shown);
  if (shown.ids.empty()) return {none};
  scratch_.assign(1, '[');
  for (const std::string_view id : shown.ids) {
    if (scratch_.size() > 1) scratch_.push_back(',');
    json_text::append_string(scratch_, id);
  }
  scratch_.push_back(']');
  return {Value::text(arena_.copy(scratch_))};
}

}  // namespace twoway
