#include "runtime/store/pocketbase_directory/record_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"
#include "runtime/store/missing.h"
#include "runtime/store/orphans.h"
#include "runtime/store/pocketbase_directory/attic_records.h"
#include "runtime/store/pocketbase_directory/record_streams.h"
#include "runtime/store/sqlite/schema.h"

namespace twoway {

using sqlite::quoted_name;

namespace {

/// The last of the migrations by which PocketBase 0.23 took its present shape (facts: its core/migrations).
constexpr std::string_view shape_migration = "1717233559_v0.23_migrate4.go";

}  // namespace

void check_pocketbase(sqlite::Connection& connection, const std::string& name) {
  const bool has_tables = connection.integer(
      "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('_migrations', '_collections')") == 2;
  if (!has_tables) {
    throw cannot_start(
        fmt::format("{} is not a PocketBase database: it has no _collections", name),
        "Name the directory that PocketBase was started with (--dir), usually pb_data.");
  }
  sqlite::Statement applied = connection.prepare("SELECT count(*) FROM _migrations WHERE file = ?");
  applied.bind(0, Value::text(shape_migration));
  const bool new_shape =
      applied.step() && applied.column(0).as_integer() > 0 &&
      connection.integer("SELECT count(*) FROM pragma_table_info('_collections') WHERE name = 'fields'");
  if (!new_shape) {
    throw cannot_start(fmt::format("{} was written by a PocketBase before 0.23", name),
                       "Start PocketBase 0.23 or newer on it once, so that it upgrades the directory.");
  }
}

RecordFile::RecordFile(const Mapping& mapping, const std::filesystem::path& file, sqlite::Access access,
                       std::size_t cache_bytes, const std::string& name)
    : mapping_(mapping), connection_(file, access, cache_bytes), resolver_(connection_) {
  check_pocketbase(connection_, name);
  check_collections(mapping, name);
}

void RecordFile::check_collections(const Mapping& mapping, const std::string& name) {
  const sqlite::LiveSchema schema = sqlite::read_schema(connection_);
  std::vector<std::string> missing;
  const auto check = [&](std::string_view collection, const std::vector<std::string_view>& fields) {
    const sqlite::LiveTable* live = schema.find(collection);
    if (live == nullptr) {
      missing.push_back(fmt::format("collection {}", collection));
      return;
    }
    for (std::string_view field : fields) {
      if (live->find(field) == nullptr) missing.push_back(fmt::format("field {}.{}", collection, field));
    }
  };
  for (const Entity* entity : mapping.entities) {
    std::vector<std::string_view> fields{"residue", "created"};
    for (const RecordField& field : entity->fields) fields.push_back(field.name);
    check(entity->collection, fields);
  }
  check(attic_collection, {"table", "kind", "name", "row"});
  refuse_missing(mapping, name, std::move(missing),
                 "Make the collections of a new directory with `twoway prepare`. In one that was made by an older "
                 "mapping, copy the mapping's migration under a new number and let PocketBase apply it (`migrate "
                 "up`).");
}

std::string RecordFile::version() {
  return connection_.text("SELECT file FROM _migrations WHERE file LIKE '%.go' ORDER BY file DESC LIMIT 1");
}

std::unique_ptr<RecordReader> RecordFile::read(const Entity& entity) {
  return std::make_unique<DirectoryRecordReader>(connection_, entity);
}

std::uint64_t RecordFile::count(const Entity& entity) {
  return static_cast<std::uint64_t>(
      connection_.integer(fmt::format("SELECT count(*) FROM {}", quoted_name(entity.collection))));
}

void RecordFile::read_orphans(const Entity& entity,
                              const std::function<void(const RelationEdge&, std::string_view)>& take) {
  std::vector<const RelationEdge*> relations;
  std::vector<std::string> conditions;
  for (const RelationEdge& relation : entity.relations) {
    const Entity* const target = find_entity(mapping_, relation.target);
    if (target == nullptr) continue;
    const std::string field = "t." + quoted_name(relation.field), collection = quoted_name(target->collection);
    relations.push_back(&relation);
    conditions.push_back(
        relation.many
            ? fmt::format("(json_valid({0}) AND EXISTS (SELECT 1 FROM json_each({0}) AS j WHERE NOT EXISTS "
                          "(SELECT 1 FROM {1} AS r WHERE r.id = j.value)))",
                          field, collection)
            : fmt::format("({0} <> '' AND NOT EXISTS (SELECT 1 FROM {1} AS r WHERE r.id = {0}))", field, collection));
  }
  if (relations.empty()) return;
  sqlite::Statement rows =
      connection_.prepare(fmt::format("SELECT t.id, {} FROM {} AS t WHERE {}", fmt::join(conditions, ", "),
                                      quoted_name(entity.collection), fmt::join(conditions, " OR ")));
  while (rows.step()) {
    for (std::size_t i = 0; i < relations.size(); ++i) {
      const Value found = rows.column(static_cast<int>(i + 1));
      if (found.is_integer() && found.as_integer() != 0) take(*relations[i], rows.column(0).bytes());
    }
  }
}

void RecordFile::read_attic(const std::function<void(const AtticEntry&)>& take) {
  // Tables and columns first, then rows, then indexes, triggers and views: the order in which they can be made again.
  sqlite::Statement entries = connection_.prepare(fmt::format(
      "SELECT \"table\", kind, name, row, id FROM {} ORDER BY CASE kind WHEN 'table' THEN 0 WHEN 'column' THEN 1 "
      "WHEN 'row' THEN 2 ELSE 3 END, rowid",
      attic_collection));
  while (entries.step()) {
    const Value table = entries.column(0), kind = entries.column(1), name = entries.column(2), row = entries.column(3);
    AtticEntry entry;
    const auto what = kind.is_text() ? kind_of(kind.bytes()) : std::nullopt;
    const bool whole = what && table.is_text() && name.is_text() && row.is_text() && read_attic_row(row.bytes(), entry);
    entry.what = whole ? *what : AtticEntry::What::broken;
    if (table.is_text()) entry.table = table.bytes();
    entry.name = whole ? name.bytes() : entries.column(4).bytes();
    take(entry);
  }
}

std::vector<std::string> RecordFile::other_attic_ids(const std::unordered_set<std::string>& kept) {
  std::vector<std::string> others;
  sqlite::Statement ids = connection_.prepare(
      fmt::format("SELECT id FROM {} WHERE substr(name, 1, {}) != ?", attic_collection, AtticEntry::duplicate.size()));
  ids.bind(0, Value::text(AtticEntry::duplicate));
  while (ids.step()) {
    const Value id = ids.column(0);
    if (id.is_text() && !kept.contains(std::string(id.bytes()))) others.emplace_back(id.bytes());
  }
  return others;
}

}  // namespace twoway
