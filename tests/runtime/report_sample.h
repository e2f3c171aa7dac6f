// Reports and a mapping that the tests of the receipt and of the command line share.
#pragma once

#include <array>
#include <string>

#include "runtime/migrate/migration.h"

namespace twoway::sample {

using namespace std::chrono_literals;

inline EntityReport entity(std::string name, std::uint64_t rows) {
  EntityReport report;
  report.name = name;
  report.table = name;
  report.collection = name + "s";
  report.read = report.inserted = report.verified = rows;
  report.bytes = rows * 100;
  report.migrate_time = rows * 1us;
  report.verify_time = rows * 500ns;
  if (rows > 0) report.digest = {0x1111111111111111u * (rows % 9 + 1), 0x1111111111111111u * (rows % 9 + 1)};
  return report;
}

/// A run in which everything arrived.
inline RunReport good() {
  RunReport report;
  report.mapping = "openwebui-pocketbase";
  report.mapping_digest = "ab12";
  report.from = "webui.db";
  report.to = "pb_data";
  report.from_version = "Open WebUI 0.12.4";
  report.to_version = "PocketBase 0.40.6";
  report.started = "2026-11-21T12:00:00Z";
  report.finished = "2026-11-21T12:00:09Z";
  report.verified = true;
  report.target_created = true;
  report.entities = {entity("user", 345), entity("chat", 12000), entity("memory", 0)};
  report.entities[1].with_residue = 7;
  report.notes = {{Note::What::purged, "auth.session_stamp", 345, "sessions end", "entities/user.yaml:31"},
                  {Note::What::unknown_table, "table forktable", 12, "kept in the attic", ""}};
  return report;
}

/// A run with every kind of trouble.
inline RunReport bad() {
  RunReport report = good();
  report.status = ExitStatus::differences;
  report.target_created = false;
  report.backup = "pb_data.twoway/backup-1.db";
  report.entities[1].rejected = 1;
  report.entities[1].different = 2;
  report.entities[1].missing = 1;
  report.entities[1].superseded = 1;
  report.entities[1].superseded_examples = {"c1 title"};
  EntityReport attic = entity("forktable", 12);
  attic.attic = true;
  attic.collection.clear();
  report.entities.push_back(attic);
  report.rejected = {{"chat", "c9", "title", "longer than the field allows"}};
  report.differences = {{"chat", "c1", "title", "'Hello'", "'Hallo'", "entities/chat.yaml:7"},
                        {"chat", "c2", "", "a row", "nothing", ""}};
  return report;
}

/// What became of nine files.
inline FileReport files() {
  FileReport files;
  files.entity = files.field = "file";
  files.position = "entities/file.yaml:18";
  files.from = "/srv/uploads";
  files.to = "pb_data/storage/twoway_file";
  files.named = 9;
  files.present = 7;
  files.bytes = 2130;
  files.hashed = 6;
  files.missing = files.elsewhere = 1;
  files.other_hash = 2;
  files.unnamed = 3;
  files.copied = files.verified = 5;
  files.skipped = files.failed = 1;
  files.copied_bytes = 2000;
  files.digest = {0, 7};
  files.copy_time = std::chrono::microseconds(12);
  files.verify_time = std::chrono::microseconds(5);
  return files;
}

inline constexpr std::array<Explanation, 4> chat_lines{{
    {"id", "id", "record_id", FieldClass::iso, "", "entities/chat.yaml:5"},
    {"user_id", "user_id", "reference", FieldClass::residue, "of user; on_delete cascade", "entities/chat.yaml:7"},
    {"secret", "", "", FieldClass::purge, "sessions end", "entities/chat.yaml:8"},
    {"", "verified", "bool", FieldClass::derived, "only in PocketBase", "entities/chat.yaml:9"},
}};
inline constexpr std::array<Explanation, 1> user_lines{
    {{"id", "id", "record_id", FieldClass::iso, "", "entities/user.yaml:5"}}};
inline constexpr std::array<RelationEdge, 1> chat_edges{{{"user_id", "user_id", "user", false, false}}};
inline constexpr std::array<Join, 1> user_joins{{{"auth", "id", "id", 0}}};

inline Entity make_entity(std::string_view name, std::string_view collection, std::span<const Explanation> lines) {
  Entity result{};
  result.name = result.table = name;
  result.collection = collection;
  result.explanations = lines;
  return result;
}

/// Two entities and a purged table.
inline const Mapping& mapping() {
  static const Entity user = [] {
    Entity result = make_entity("user", "users", user_lines);
    result.auth = true;
    result.joins = user_joins;
    return result;
  }();
  static const Entity chat = [] {
    Entity result = make_entity("chat", "chats", chat_lines);
    result.relations = chat_edges;
    return result;
  }();
  static const std::array<const Entity*, 2> entities{&user, &chat};
  static const std::array<PurgedTable, 1> purged{
      {{"oauth_session", FieldClass::purge, "sessions end", "mapping.yaml:12"}}};
  static const Mapping result = [] {
    Mapping made{};
    made.name = "openwebui-pocketbase";
    made.digest = "ab12";
    made.version_name = "Open WebUI 0.12.4";
    made.entities = entities;
    made.purged = purged;
    return made;
  }();
  return result;
}

}  // namespace twoway::sample
