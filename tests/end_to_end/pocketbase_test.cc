// The real PocketBase on what a migration wrote: every record can be read and saved again, people sign in with their
// old passwords and see what is theirs, strangers see nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <optional>

#include "generated/openwebui-pocketbase/mapping.h"
#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace json = boost::json;
constexpr const char* password = "correct horse battery staple";

const Mapping& mapping() { return openwebui_pocketbase::mapping(); }

/// A field that a client may send back as it got it.
std::optional<std::string> harmless_field(const Entity& entity) {
  for (const RecordField& field : entity.fields) {
    switch (field.type) {
      case PocketBaseType::text:
      case PocketBaseType::boolean:
      case PocketBaseType::number:
      case PocketBaseType::date:
        if (!field.hidden) return std::string(field.name);
        break;
      default: break;
    }
  }
  return std::nullopt;
}

TEST(PocketBase, EveryRecordCanBeReadAndSavedAgainAndStillComesBackExactly) {
  const TemporaryDirectory directory("editable");
  const auto original = hard(directory.path());
  expect_faithful(carry(original, directory / "pb_data"));
  std::size_t patched = 0;
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    for (const Entity* entity : mapping().entities) {
      const auto field = harmless_field(*entity);
      const std::string collection(entity->collection);
      for (const json::object& record : client.all(collection, field ? "id," + *field : "id", 200)) {
        const std::string id(record.at("id").as_string());
        json::object body;
        if (field) body[*field] = record.at(*field);
        const Response answer = client.patch(RestClient::record(collection, id) + "?fields=id", body);
        EXPECT_EQ(answer.status, 200) << collection << " " << id << ": " << answer.text;
        ++patched;
      }
    }
    server.stop();
  }
  EXPECT_GT(patched, 600U);
  // Each PATCH made PocketBase write its whole row anew.
  const auto returned = directory / "returned.db";
  expect_faithful(carry(directory / "pb_data", returned));
  EXPECT_EQ(differences(original, returned), "");
}

TEST(PocketBase, PeopleSignInWithTheirOldPasswordsAndSeeWhatIsTheirs) {
  const TemporaryDirectory directory("sign_in");
  const auto original = hard(directory.path());
  carry(original, directory / "pb_data");
  PocketBaseServer server(directory / "pb_data");
  SqliteFile sql(original, SqliteFile::Mode::read);
  for (const char* address : {"bob@example.com", "admin@localhost"}) {
    SCOPED_TRACE(address);
    RestClient client = server.client();
    const json::object me = client.sign_in("users", address, password);
    const std::string id(me.at("id").as_string());
    const auto rows = sql.rows("SELECT id FROM \"user\" WHERE email = ?", {address});
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(id, rows[0][0].bytes);
    const auto chats = client.all("chats", "id,user_id");
    EXPECT_EQ(static_cast<std::int64_t>(chats.size()),
              sql.integer("SELECT count(*) FROM chat WHERE user_id = ?", {rows[0][0]}));
    for (const Entity* entity : mapping().entities) {
      const std::string collection(entity->collection);
      const Response answer = client.get(RestClient::records(collection) + "?perPage=1&fields=id");
      if (!answer.ok()) continue;  // closed to everybody but superusers
      for (const json::object& record : client.all(collection, "id,user_id")) {
        const json::value* owner = record.if_contains("user_id");
        if (owner != nullptr) {
          EXPECT_EQ(owner->as_string(), id) << collection << " " << record.at("id").as_string();
        }
        if (collection == "users") {
          EXPECT_EQ(record.at("id").as_string(), id);
        }
      }
    }
    const Response raise = client.patch(RestClient::record("users", id), {{"role", "admin"}});
    EXPECT_TRUE(raise.status == 403 || raise.status == 404) << raise.text;
  }
}

TEST(PocketBase, AStrangerSeesNothingAndCannotSignUp) {
  const TemporaryDirectory directory("stranger");
  carry(hard(directory.path()), directory / "pb_data");
  PocketBaseServer server(directory / "pb_data");
  RestClient stranger = server.client();
  RestClient superuser = server.superuser();
  for (const Entity* entity : mapping().entities) {
    const std::string collection(entity->collection);
    SCOPED_TRACE(collection);
    const Response list = stranger.get(RestClient::records(collection));
    if (list.ok()) {
      EXPECT_TRUE(list.body.as_object().at("items").as_array().empty()) << list.text;
    } else {
      EXPECT_EQ(list.status, 403);
    }
    const Response one = superuser.get(RestClient::records(collection) + "?perPage=1&fields=id");
    const json::array& items = one.body.as_object().at("items").as_array();
    if (items.empty()) continue;
    const std::string id(items[0].as_object().at("id").as_string());
    const Response record = stranger.get(RestClient::record(collection, id));
    EXPECT_TRUE(record.status == 404 || record.status == 403) << record.text;
  }
  EXPECT_EQ(stranger.get(RestClient::records("twoway_attic")).status, 403);
  const Response sign_up = stranger.post(
      RestClient::records("users"),
      {{"email", "new@example.com"}, {"password", "12345678"}, {"passwordConfirm", "12345678"}, {"role", "admin"}});
  EXPECT_EQ(sign_up.status, 403) << sign_up.text;
}

TEST(PocketBase, PendingPeopleCannotSignIn) {
  const TemporaryDirectory directory("pending");
  const auto original = real(directory.path());
  {
    SqliteFile sql(original);
    sql.execute("UPDATE \"user\" SET role = 'pending' WHERE email = 'bob@example.com'");
  }
  carry(original, directory / "pb_data");
  PocketBaseServer server(directory / "pb_data");
  RestClient client = server.client();
  const Response answer = client.post("/api/collections/users/auth-with-password",
                                      {{"identity", "bob@example.com"}, {"password", password}});
  EXPECT_EQ(answer.status, 403) << answer.text;
}

TEST(PocketBase, TagsHaveTheirCompositeNameAndRelationsSayWhatTheArraysSay) {
  for (const auto unpack : {&real, &upgraded}) {
    const TemporaryDirectory directory("tags");
    const auto original = unpack(directory.path());
    carry(original, directory / "pb_data");
    SqliteFile data(directory / "pb_data" / "data.db", SqliteFile::Mode::read);
    SqliteFile sql(original, SqliteFile::Mode::read);
    const std::int64_t tags = sql.integer("SELECT count(*) FROM tag");
    EXPECT_GT(tags, 0);
    EXPECT_EQ(data.integer("SELECT count(DISTINCT id_comp) FROM tags WHERE id_comp = id_normalized || ':' || user_id"),
              tags);
    const std::string arrays = "SELECT id, json_extract(meta, '$.tags') FROM ";
    EXPECT_EQ(data.rows(arrays + "chats ORDER BY id"), sql.rows(arrays + "chat ORDER BY id"));
    // A name that its person has no tag of has no relation.
    EXPECT_EQ(data.rows("SELECT chats.id, tags.id_normalized, tags.user_id FROM chats, json_each(chats.tags) item "
                        "JOIN tags ON tags.id = item.value ORDER BY chats.id, item.key"),
              sql.rows("SELECT chat.id, tag.id, tag.user_id FROM chat, json_each(chat.meta, '$.tags') item "
                       "JOIN tag ON tag.id = item.value AND tag.user_id = chat.user_id ORDER BY chat.id, item.key"));
  }
}

TEST(PocketBase, RecordsMadeThereGoToSqlAndComeBackExactly) {
  const TemporaryDirectory directory("made_there");
  expect_faithful(carry(real(directory.path()), directory / "pb_data"));
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    const auto make = [&](const char* collection, const json::object& body) {
      const Response answer = client.post(RestClient::records(collection), body);
      EXPECT_EQ(answer.status, 200) << answer.text;
      return std::string(answer.body.as_object().at("id").as_string());
    };
    const std::string person = make("users", {{"email", "made@example.com"}, {"password", "12345678"},
                                              {"passwordConfirm", "12345678"}, {"name", "Made There"},
                                              {"emailVisibility", true}});
    const std::string folder = make("folders", {{"user_id", person}, {"name", "a folder"}});
    make("folders", {{"user_id", person}, {"name", "below"}, {"parent_id", folder}});
    const std::string tag = make("tags", {{"user_id", person}, {"name", "Brand New"}, {"id_normalized", "brand_new"}});
    const std::string chat =
        make("chats", {{"user_id", person}, {"title", "made"}, {"tags", json::array{tag}}, {"folder_id", folder},
                       {"created_at", "2026-01-02 03:04:05.678Z"}, {"chat", json::object{{"b", 1}, {"a", 2.5}}}});
    make("chat_messages", {{"chat_id", chat}, {"user_id", person}, {"role", "user"}, {"content", "hello"}});
    make("configs", {{"key", "ui.made_there"}, {"value", json::object{{"x", true}}}});
    make("channels", {{"user_id", person}, {"name", "general"}, {"created_at", "2026-01-02 03:04:05.678Z"}});
    server.stop();
  }
  expect_faithful(carry(directory / "pb_data", directory / "returned.db"));
  const RunReport again = carry(directory / "returned.db", directory / "pb_again");
  expect_faithful(again);
  SqliteFile before(directory / "pb_data" / "data.db", SqliteFile::Mode::read);
  SqliteFile after(directory / "pb_again" / "data.db", SqliteFile::Mode::read);
  for (const Entity* entity : mapping().entities) {
    // Not `residue`: it now says what SQL holds of these records.
    std::string fields = "created";
    for (const RecordField& field : entity->fields) {
      if (field.type != PocketBaseType::token) fields += ", " + identifier(field.name);
    }
    const std::string query = fmt::format("SELECT {} FROM {} ORDER BY id", fields, identifier(entity->collection));
    const auto expected = before.rows(query);
    const auto found = after.rows(query);
    ASSERT_EQ(expected.size(), found.size()) << entity->collection;
    for (std::size_t i = 0; i < expected.size(); ++i) {
      for (std::size_t c = 0; c < expected[i].size(); ++c) {
        EXPECT_EQ(expected[i][c], found[i][c])
            << entity->collection << " cell " << c << " of (" << fields << "): " << expected[i][c].describe()
            << " became " << found[i][c].describe();
      }
    }
  }
}

}  // namespace
}  // namespace twoway::test
