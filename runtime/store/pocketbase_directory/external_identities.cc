#include "runtime/store/pocketbase_directory/external_identities.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <ctime>

#include "runtime/store/pocketbase_directory/hashed_id.h"

namespace twoway {

using sqlite::quoted_name;

namespace {

std::uint64_t hash_of(std::string_view provider, std::string_view identity) {
  const std::string text = fmt::format("{}:{}{}", provider.size(), provider, identity);
  return XXH3_64bits(text.data(), text.size());
}

std::string row_id(const IdentityRow& row) {
  return hashed_id(fmt::format("{}\n{}:{}\n{}", row.collection, row.record.size(), row.record, row.provider));
}

std::string text_of(const Value& value) {
  return value.is_text() || value.is_blob() ? std::string(value.bytes()) : std::string();
}

}  // namespace

std::string pocketbase_now() {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  std::tm parts{};
  gmtime_r(&now.tv_sec, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
  constexpr long per_millisecond = 1'000'000;
  return fmt::format("{}.{:03}Z", std::string_view(text, size), now.tv_nsec / per_millisecond);
}

ExternalIdentities::ExternalIdentities(sqlite::Connection& connection, const Entity& entity)
    : connection_(connection),
      entity_(entity),
      rows_(connection.prepare(fmt::format(
          "SELECT provider, providerId FROM {} WHERE collectionRef = ? AND recordRef = ?", identities_collection))),
      owner_(connection.prepare(
          fmt::format("SELECT id, recordRef FROM {} WHERE collectionRef = ? AND provider = ? AND providerId = ?",
                      identities_collection))) {}

Identities ExternalIdentities::rows_of(std::string_view record) {
  Identities found;
  rows_.reset();
  rows_.bind(0, Value::text(entity_.collection_id));
  rows_.bind(1, Value::text(record));
  while (rows_.step()) {
    std::string provider = text_of(rows_.column(0));
    if (!is_other(provider)) found[std::move(provider)] = text_of(rows_.column(1));
  }
  rows_.reset();
  return found;
}

bool ExternalIdentities::is_other(std::string_view provider) const {
  const auto& others = entity_.people->other_providers;
  return std::find(others.begin(), others.end(), provider) != others.end();
}

Identities ExternalIdentities::named_in(const Value& document) const {
  Identities named = identities_in(document, entity_.people->member);
  for (const std::string_view other : entity_.people->other_providers) {
    if (const auto found = named.find(other); found != named.end()) named.erase(found);
  }
  return named;
}

std::optional<ExternalIdentities::Owner> ExternalIdentities::owner_of(std::string_view provider,
                                                                      std::string_view identity) {
  owner_.reset();
  owner_.bind(0, Value::text(entity_.collection_id));
  owner_.bind(1, Value::text(provider));
  owner_.bind(2, Value::text(identity));
  if (!owner_.step()) return std::nullopt;
  Owner owner{text_of(owner_.column(0)), text_of(owner_.column(1))};
  owner_.reset();
  return owner;
}

const std::unordered_set<std::uint64_t>& ExternalIdentities::named_by_several() {
  if (named_by_several_) return *named_by_several_;
  std::unordered_set<std::uint64_t> once;
  named_by_several_.emplace();
  const std::string field = quoted_name(entity_.people->identities_field);
  sqlite::Statement documents = connection_.prepare(
      fmt::format("SELECT {0} FROM {1} WHERE {0} IS NOT NULL", field, quoted_name(entity_.collection)));
  while (documents.step()) {
    for (const auto& [provider, identity] : named_in(documents.column(0))) {
      const std::uint64_t hash = hash_of(provider, identity);
      if (!once.insert(hash).second) named_by_several_->insert(hash);
    }
  }
  return *named_by_several_;
}

bool ExternalIdentities::could_have_no_row(std::string_view provider, std::string_view identity) {
  return owner_of(provider, identity) || named_by_several().contains(hash_of(provider, identity));
}

Identities ExternalIdentities::now(std::string_view record, const Identities& named) {
  Identities all = rows_of(record);
  if (named == all) return all;
  for (const auto& [provider, identity] : named) {
    if (!all.contains(provider) && could_have_no_row(provider, identity)) all[provider] = identity;
  }
  return all;
}

IdentityCounts ExternalIdentities::edits() {
  IdentityCounts counts;
  sqlite::Statement people = connection_.prepare(fmt::format(
      "SELECT id, {} FROM {}", quoted_name(entity_.people->identities_field), quoted_name(entity_.collection)));
  while (people.step()) {
    const Identities named = named_in(people.column(1));
    const Identities all = now(text_of(people.column(0)), named);
    for (const auto& identity : all) counts.added += std::find(named.begin(), named.end(), identity) == named.end();
    for (const auto& identity : named) counts.removed += std::find(all.begin(), all.end(), identity) == all.end();
    counts.linked += all.size();
  }
  return counts;
}

Value ExternalIdentities::shown(std::string_view record, const Value& document) {
  const Identities named = named_in(document);
  const Identities now = this->now(record, named);
  if (named == now) return document;
  if (!patch_) {
    patch_ = connection_.prepare("SELECT json_patch(CASE WHEN json_valid(?1) THEN ?1 ELSE '{}' END, ?2)");
  }
  const std::string patch = identities_patch(named, now, entity_.people->member);
  patch_.reset();
  patch_.bind(0, document);
  patch_.bind(1, Value::text(patch));
  if (!patch_.step()) return document;
  shown_ = text_of(patch_.column(0));
  patch_.reset();
  return Value::text(shown_);
}

std::vector<std::string> ExternalIdentities::superfluous(const IsOurs& ours) {
  std::vector<std::string> ids;
  const std::string field = quoted_name(entity_.people->identities_field);
  sqlite::Statement rows = connection_.prepare(
      fmt::format("SELECT e.id, e.recordRef, e.provider, e.providerId, p.id IS NULL, p.{} FROM {} AS e LEFT JOIN {} AS "
                  "p ON p.id = e.recordRef WHERE e.collectionRef = ?",
                  field, identities_collection, quoted_name(entity_.collection)));
  rows.bind(0, Value::text(entity_.collection_id));
  while (rows.step()) {
    if (is_other(text_of(rows.column(2)))) continue;
    const bool no_record = rows.column(4).as_integer() != 0;
    const Identities named = named_in(rows.column(5));
    const auto known = named.find(text_of(rows.column(2)));
    if (!no_record && known != named.end() && known->second == text_of(rows.column(3))) continue;
    if (no_record || ours(text_of(rows.column(1)))) ids.push_back(text_of(rows.column(0)));
  }
  return ids;
}

IdentityCounts ExternalIdentities::missing(const IsOurs& ours, const std::vector<std::string>& gone,
                                           const std::function<void(const IdentityRow&)>& add) {
  IdentityCounts counts;
  const std::unordered_set<std::string> without(gone.begin(), gone.end());
  std::unordered_set<std::uint64_t> made;
  const std::string field = quoted_name(entity_.people->identities_field);
  sqlite::Statement people = connection_.prepare(
      fmt::format("SELECT id, {0} FROM {1} WHERE {0} IS NOT NULL", field, quoted_name(entity_.collection)));
  while (people.step()) {
    const std::string record = text_of(people.column(0));
    const Identities named = named_in(people.column(1));
    if (named.empty() || !ours(record)) continue;
    for (const auto& [provider, identity] : named) {
      const std::optional<Owner> owner = owner_of(provider, identity);
      if (owner && !without.contains(owner->row)) {
        ++(owner->record == record ? counts.linked : counts.taken);
        continue;
      }
      if (!made.insert(hash_of(provider, identity)).second) {
        ++counts.taken;
        continue;
      }
      IdentityRow row{{}, std::string(entity_.collection_id), record, provider, identity};
      row.id = row_id(row);
      add(row);
      ++counts.added;
      ++counts.linked;
    }
  }
  counts.removed = gone.size();
  return counts;
}

}  // namespace twoway
