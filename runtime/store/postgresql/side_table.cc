#include "runtime/store/postgresql/side_table.h"

#include <map>

#include <fmt/format.h>
#include <xxhash.h>

#include "runtime/store/postgresql/schema.h"

namespace twoway::postgresql {

namespace {
/// An entry of an index may have 2,704 bytes; entity and key share it.
constexpr std::size_t longest_key = 2'000;
}  // namespace

void KeySet::insert(std::string_view key) { hashes_.insert(XXH3_64bits(key.data(), key.size())); }

bool KeySet::may_contain(std::string_view key) const {
  if (hashes_.empty()) return false;
  if (key.size() <= longest_key) return hashes_.contains(XXH3_64bits(key.data(), key.size()));
  const std::string stored = side_table::stored_key(key);
  return hashes_.contains(XXH3_64bits(stored.data(), stored.size()));
}

namespace side_table {

namespace {

/// Documents that go to the server at once.
constexpr std::size_t chunk_bytes = 8 * 1024 * 1024;

struct Texts {
  std::vector<std::string> entities, keys, documents;
  std::size_t bytes = 0;

  std::size_t size() const { return entities.size(); }
};

/// Runs a statement over `unnest($1, $2[, $3])`.
Result run(Connection& connection, const std::string& sql, const Texts& texts) {
  std::string memory[3];
  std::vector<Parameter> parameters{text_array_parameter(texts.entities, memory[0]),
                                    text_array_parameter(texts.keys, memory[1])};
  if (!texts.documents.empty()) parameters.push_back(text_array_parameter(texts.documents, memory[2]));
  return connection.query(sql, parameters);
}

void insert(Connection& connection, Texts& texts, Changes& changes) {
  if (texts.size() == 0) return;
  const Result result = run(
      connection,
      fmt::format("WITH written AS (INSERT INTO {0} AS target (entity, key, residue) SELECT * FROM unnest($1::text[], "
                  "$2::text[], $3::text[]) ON CONFLICT (entity, key) DO UPDATE SET residue = excluded.residue WHERE "
                  "target.residue <> excluded.residue RETURNING xmax = 0 AS fresh) SELECT count(*) FILTER (WHERE "
                  "fresh), count(*) FILTER (WHERE NOT fresh) FROM written",
                  side_table_name),
      texts);
  changes.inserted += static_cast<std::uint64_t>(result.integer(0, 0));
  changes.updated += static_cast<std::uint64_t>(result.integer(0, 1));
  texts = {};
}

}  // namespace

bool exists(Connection& connection) {
  const std::string name = quoted_name(connection.schema()) + "." + std::string(side_table_name);
  const Parameter parameter = text_parameter(name);
  return connection.integer("SELECT pg_catalog.to_regclass($1::text) IS NOT NULL", {&parameter, 1}) != 0;
}

void create(Connection& connection) {
  connection.execute(fmt::format("CREATE TABLE IF NOT EXISTS {} (entity text NOT NULL, key text NOT NULL, residue text "
                                 "NOT NULL, PRIMARY KEY (entity, key))",
                                 side_table_name));
}

Changes write(Connection& connection, std::span<const SideEntry> entries) {
  Changes changes;
  if (entries.empty()) return changes;
  std::map<std::pair<std::string, std::string>, const SideEntry*> latest;
  bool any_document = false;
  for (const SideEntry& entry : entries) {
    latest[{entry.entity, stored_key(entry.key)}] = &entry;
    any_document = any_document || !entry.document.empty();
  }
  if (!exists(connection)) {
    if (!any_document) return changes;
    create(connection);
  }
  Texts written, removed;
  for (const auto& [name, entry] : latest) {
    Texts& texts = entry->document.empty() ? removed : written;
    texts.entities.push_back(name.first);
    texts.keys.push_back(name.second);
    if (entry->document.empty()) continue;
    texts.documents.push_back(entry->document);
    texts.bytes += entry->document.size();
    if (texts.bytes >= chunk_bytes) insert(connection, written, changes);
  }
  insert(connection, written, changes);
  if (removed.size() > 0) {
    const Result result = run(connection,
                              fmt::format("DELETE FROM {} AS target USING unnest($1::text[], $2::text[]) AS "
                                          "gone(entity, key) WHERE target.entity = gone.entity AND target.key = "
                                          "gone.key",
                                          side_table_name),
                              removed);
    changes.removed = static_cast<std::uint64_t>(result.changes());
  }
  return changes;
}

bool has_entries(Connection& connection, std::string_view entity) {
  if (!exists(connection)) return false;
  const Parameter name = text_parameter(entity);
  return connection.integer(fmt::format("SELECT EXISTS (SELECT FROM {} WHERE entity = $1)", side_table_name),
                            {&name, 1}) != 0;
}

std::uint64_t count(Connection& connection, std::string_view entity) {
  if (!exists(connection)) return 0;
  const Parameter name = text_parameter(entity);
  return static_cast<std::uint64_t>(
      connection.integer(fmt::format("SELECT count(*) FROM {} WHERE entity = $1", side_table_name), {&name, 1}));
}

std::optional<std::string> find(Connection& connection, std::string_view entity, std::string_view key) {
  if (!exists(connection)) return std::nullopt;
  return find_known(connection, entity, key);
}

std::optional<std::string> find_known(Connection& connection, std::string_view entity, std::string_view key) {
  const std::string stored = stored_key(key);
  const Parameter parameters[] = {text_parameter(entity), text_parameter(stored)};
  const Result result = connection.query_prepared(
      fmt::format("SELECT residue FROM {} WHERE entity = $1 AND key = $2", side_table_name), parameters);
  if (result.rows() == 0) return std::nullopt;
  return result.text(0, 0);
}

KeySet keys(Connection& connection, std::string_view entity) {
  KeySet set;
  if (!exists(connection)) return set;
  const Parameter name = text_parameter(entity);
  const Result result =
      connection.query(fmt::format("SELECT key FROM {} WHERE entity = $1", side_table_name), {&name, 1});
  for (int i = 0; i < result.rows(); ++i) set.insert(result.bytes(i, 0));
  return set;
}

std::uint64_t clear(Connection& connection, std::string_view entity) {
  if (!exists(connection)) return 0;
  const Parameter name = text_parameter(entity);
  return static_cast<std::uint64_t>(
      connection.query(fmt::format("DELETE FROM {} WHERE entity = $1", side_table_name), {&name, 1}).changes());
}

std::string prefix_of_many(std::string_view key) { return stored_key(key) + "~h"; }

std::string key_of_many(std::string_view key, std::string_view hash, std::uint64_t number) {
  return fmt::format("{}{}-{}", prefix_of_many(key), hash, number);
}

std::optional<std::string> find_first(Connection& connection, std::string_view entity, std::string_view prefix) {
  if (!exists(connection)) return std::nullopt;
  const Parameter parameters[] = {text_parameter(entity), text_parameter(prefix)};
  const Result result = connection.query(
      fmt::format("SELECT residue FROM {} WHERE entity = $1 AND starts_with(key, $2) ORDER BY key COLLATE \"C\" "
                  "LIMIT 1",
                  side_table_name),
      parameters);
  if (result.rows() == 0) return std::nullopt;
  return result.text(0, 0);
}

std::uint64_t remove_all(Connection& connection, std::string_view entity, std::string_view prefix) {
  if (!exists(connection)) return 0;
  const Parameter parameters[] = {text_parameter(entity), text_parameter(prefix)};
  const Result result = connection.query(
      fmt::format("DELETE FROM {} WHERE entity = $1 AND starts_with(key, $2)", side_table_name), parameters);
  return static_cast<std::uint64_t>(result.changes());
}

std::string stored_key(std::string_view key) {
  if (key.size() <= longest_key) return std::string(key);
  const XXH128_hash_t hash = XXH3_128bits(key.data(), key.size());
  // `~h` begins nothing that record_id::encode writes. The cut may fall into a character.
  std::size_t cut = longest_key - 40;
  while (cut > 0 && (static_cast<unsigned char>(key[cut]) & 0xC0U) == 0x80U) --cut;
  return fmt::format("{}~h{:016x}{:016x}", key.substr(0, cut), hash.high64, hash.low64);
}

}  // namespace side_table

}  // namespace twoway::postgresql
