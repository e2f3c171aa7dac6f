#include "tests/end_to_end/planted.h"

#include <fmt/format.h>

#include <stdexcept>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace {

constexpr const char* bcrypt = "$2b$12$C6UzMDM.H6dfI/f/IKcEeO5ZPm0aN1DaWVbCM1DqPz0VqJ9fHnJ7S";
constexpr const char* argon2 = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$8aMZ5W9e0cIuY1xG6vJmTg";

const Entity& entity_of(std::string_view table) {
  for (const Entity* entity : mapping_under_test().entities) {
    if (entity->table == table) return *entity;
  }
  throw std::runtime_error("no such table: " + std::string(table));
}

}  // namespace

const std::vector<std::string> planted_secrets{bcrypt,
                                               argon2,
                                               "sk-key-of-a-person-3141",
                                               "sk-key-in-settings-2718",
                                               "sk-key-in-config-1618",
                                               "sk-key-in-valves-1414",
                                               "oauth-subject-1732",
                                               "oauth-token-2236",
                                               "session-stamp-2449",
                                               "secret-for-mfa-2645"};

const std::vector<std::pair<std::string_view, std::string_view>> refused_rows{{"user", "person-2"},
                                                                              {"memory", "memory-1"},
                                                                              {"api_key", "key-1"},
                                                                              {"config", "openai.keys"},
                                                                              {"chat_message", "message-1"}};

std::filesystem::path planted(const TemporaryDirectory& directory) {
  std::filesystem::rename(fresh(directory.path()), directory / "planted.db");
  SqliteFile file(directory / "planted.db");
  const std::string text(planted_text);
  const std::string document = R"({"title": ")" + text + R"(", "messages": []})";
  for (const std::string& person : {std::string("person-1"), std::string("person-2")}) {
    file.insert("user",
                {{"id", person},
                 {"name", "A person"},
                 {"email", person + "@example.com"},
                 {"role", "user"},
                 {"profile_image_url", "/user.png"},
                 {"last_active_at", 1},
                 {"updated_at", 1},
                 {"created_at", 1},
                 {"oauth", R"({"google": {"sub": "oauth-subject-1732"}})"},
                 {"settings", R"({"ui": {"directConnections": {"OPENAI_API_KEYS": ["sk-key-in-settings-2718"]}}})"}});
    file.insert("auth", {{"id", person},
                         {"email", person + "@example.com"},
                         {"password", person == "person-1" ? argon2 : bcrypt},
                         {"active", 1},
                         {"mfa", R"({"totp": "secret-for-mfa-2645"})"},
                         {"session_stamp", "session-stamp-2449"}});
  }
  for (const std::string& number : {std::string("1"), std::string("2")}) {
    file.insert("memory", {{"id", "memory-" + number},
                           {"user_id", "person-1"},
                           {"content", text},
                           {"updated_at", 1},
                           {"created_at", 1},
                           {"type", "memory"}});
    file.insert("chat_message", {{"id", "message-" + number},
                                 {"chat_id", "chat-1"},
                                 {"user_id", "person-1"},
                                 {"role", "user"},
                                 {"content", "\"" + text + "\""},
                                 {"created_at", 1},
                                 {"updated_at", 1}});
  }
  file.insert("chat", {{"id", "chat-1"},
                       {"user_id", "person-1"},
                       {"title", text},
                       {"chat", document},
                       {"meta", "{}"},
                       {"created_at", 1},
                       {"updated_at", 1}});
  file.insert("api_key", {{"id", "key-1"},
                          {"user_id", "person-1"},
                          {"key", "sk-key-of-a-person-3141"},
                          {"created_at", 1},
                          {"updated_at", 1}});
  file.insert("config", {{"key", "openai.keys"}, {"value", R"(["sk-key-in-config-1618"])"}, {"updated_at", 1}});
  file.insert("oauth_session", {{"id", "session-1"},
                                {"user_id", "person-1"},
                                {"provider", "google"},
                                {"token", "oauth-token-2236"},
                                {"expires_at", 1},
                                {"created_at", 1},
                                {"updated_at", 1}});
  file.insert("tool", {{"id", "tool-1"},
                       {"user_id", "person-1"},
                       {"name", "A tool"},
                       {"content", "pass"},
                       {"specs", "[]"},
                       {"meta", "{}"},
                       {"valves", R"({"key": "sk-key-in-valves-1414"})"},
                       {"updated_at", 1},
                       {"created_at", 1}});
  return directory / "planted.db";
}

namespace {

std::string sqlite_trigger(std::string_view table, std::string_view column, std::string_view value) {
  return fmt::format(
      "CREATE TRIGGER refuse_{0} BEFORE INSERT ON \"{0}\" WHEN NEW.\"{1}\" = '{2}' BEGIN SELECT RAISE(ABORT, 'not "
      "now'); END;",
      table, column, value);
}

}  // namespace

std::string refuse_in_sqlite() {
  std::string sql;
  for (const auto& [table, key] : refused_rows) sql += sqlite_trigger(table, table == "config" ? "key" : "id", key);
  return sql;
}

std::string refuse_in_pocketbase() {
  std::string sql;
  for (const auto& [table, key] : refused_rows) {
    // In record ids a point is `~2e`.
    sql += sqlite_trigger(entity_of(table).collection, "id", table == "config" ? "openai~2ekeys" : key);
  }
  return sql;
}

std::string refuse_in_postgresql() {
  // As careless functions do, it quotes the whole row.
  std::string sql =
      "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now: %', NEW; END "
      "$$;";
  for (const auto& [table, key] : refused_rows) {
    sql += fmt::format(
        "CREATE TRIGGER refuse BEFORE INSERT ON \"{0}\" FOR EACH ROW WHEN (NEW.\"{1}\" = '{2}') EXECUTE FUNCTION "
        "refuse();",
        table, table == "config" ? "key" : "id", key);
  }
  return sql;
}

std::string take_again_in_sqlite() {
  std::string sql;
  for (const auto& [table, key] : refused_rows) {
    sql += fmt::format("DROP TRIGGER IF EXISTS refuse_{}; DROP TRIGGER IF EXISTS refuse_{};", table,
                       entity_of(table).collection);
  }
  return sql;
}

std::string take_again_in_postgresql() { return "DROP FUNCTION refuse() CASCADE"; }

}  // namespace twoway::test
