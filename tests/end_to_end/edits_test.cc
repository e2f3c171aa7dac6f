// People work in PocketBase; what they did arrives in SQL, and every other row is still exact.
#include <gtest/gtest.h>

#include "tests/end_to_end/journey.h"
#include "tests/end_to_end/openwebui_reader.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

/// A migrated real database with a running PocketBase, and the original beside it to which the same edits are made in
/// SQL.
class Edits : public testing::Test {
 protected:
  Edits() : directory_("edits"), original_(real(directory_.path())) {
    carry(original_, directory_ / "pb_data");
    server_ = std::make_unique<PocketBaseServer>(directory_ / "pb_data");
    client_ = std::make_unique<RestClient>(server_->superuser());
    expected_ = std::make_unique<SqliteFile>(original_);
    bob_ = expected_->text("SELECT id FROM \"user\" WHERE email = 'bob@example.com'");
  }

  void patch(const char* collection, const std::string& id, const json::object& body) {
    const Response answer = client_->patch(RestClient::record(collection, id), body);
    ASSERT_EQ(answer.status, 200) << answer.text;
  }
  std::string make(const char* collection, const json::object& body) {
    const Response answer = client_->post(RestClient::records(collection), body);
    EXPECT_EQ(answer.status, 200) << answer.text;
    return answer.ok() ? std::string(answer.body.as_object().at("id").as_string()) : std::string();
  }
  json::object get(const char* collection, const std::string& id) {
    return client_->get(RestClient::record(collection, id)).body.as_object();
  }
  /// The chat with the most tags.
  std::string tagged_chat() {
    return expected_->text("SELECT id FROM chat ORDER BY json_array_length(meta, '$.tags') DESC LIMIT 1");
  }
  /// Stops the server, migrates back, and returns the new database.
  fs::path go_back() {
    server_->stop();
    const fs::path returned = directory_ / "returned.db";
    expect_faithful(carry(directory_ / "pb_data", returned));
    return returned;
  }

  TemporaryDirectory directory_;
  fs::path original_;
  std::unique_ptr<PocketBaseServer> server_;
  std::unique_ptr<RestClient> client_;
  std::unique_ptr<SqliteFile> expected_;
  std::string bob_;
};

TEST_F(Edits, ATitleAndTheTagsOfAChat) {
  const std::string chat = tagged_chat();
  ASSERT_NE(chat, "");
  const json::array tags = get("chats", chat).at("tags").as_array();
  ASSERT_GT(tags.size(), 3U);
  const json::object first = get("tags", std::string(tags[0].as_string()));
  const std::string removed(first.at("id_normalized").as_string());
  const std::string fresh = make("tags", {{"name", "Brand New"}, {"id_normalized", "brand_new"}, {"user_id", bob_},
                                          {"id_comp", "brand_new:" + bob_}});
  json::array now(tags.begin() + 1, tags.end());
  now.push_back(json::string(fresh));
  patch("chats", chat, {{"title", "EDITED"}, {"tags", now}});
  const fs::path returned = go_back();

  expected_->run("INSERT INTO tag (id, name, user_id, meta) VALUES ('brand_new', 'Brand New', ?, NULL)", {bob_});
  expected_->run("UPDATE chat SET title = 'EDITED', meta = json_set(json_remove(meta, (SELECT fullkey FROM json_each("
                 "chat.meta, '$.tags') WHERE value = ?)), '$.tags[#]', 'brand_new') WHERE id = ?",
                 {removed, chat});
  expected_.reset();
  // twoway_residue holds the new tag's record id, which no tag row can show.
  EXPECT_EQ(differences(original_, returned, {"twoway_residue"}), "");
}

TEST_F(Edits, TheLastTagIsRemovedAndNotResurrected) {
  const std::string chat = expected_->text(
      "SELECT c.id FROM chat c JOIN tag t ON t.user_id = c.user_id WHERE json_array_length(c.meta, '$.tags') = 1 AND "
      "t.id = json_extract(c.meta, '$.tags[0]') LIMIT 1");
  ASSERT_NE(chat, "");
  patch("chats", chat, {{"tags", json::array{}}});
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  EXPECT_EQ(sql.text("SELECT json_extract(meta, '$.tags') FROM chat WHERE id = ?", {chat}), "[]");
}

TEST_F(Edits, AnArrayThatTheApplicationEditedWins) {
  const std::string chat = tagged_chat();
  patch("chats", chat, {{"meta", json::object{{"tags", json::array{"only_here", "foo_bar"}}}}});
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  const std::string tags = sql.text("SELECT json_extract(meta, '$.tags') FROM chat WHERE id = ?", {chat});
  EXPECT_NE(tags.find("only_here"), std::string::npos) << tags;
  EXPECT_NE(tags.find("foo_bar"), std::string::npos) << tags;
}

TEST_F(Edits, ANewChatWithANewTag) {
  const std::string tag = make("tags", {{"name", "New"}, {"id_normalized", "new"}, {"user_id", bob_}});
  const std::string chat =
      make("chats", {{"title", "made in PocketBase"}, {"user_id", bob_}, {"tags", json::array{tag}},
                     {"chat", json::object{{"history", json::object{}}}}, {"created_at", "2026-01-02 03:04:05.678Z"}});
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  const auto rows =
      sql.rows("SELECT user_id, created_at, meta, typeof(updated_at), archived FROM chat WHERE id = ?", {chat});
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0][0], Cell(bob_));
  EXPECT_EQ(rows[0][1], Cell(std::int64_t{1767323045}));
  EXPECT_EQ(rows[0][2], Cell("{\"tags\":[\"new\"]}"));
  EXPECT_EQ(rows[0][3], Cell("integer"));  // Open WebUI cannot read a NULL there
  EXPECT_EQ(rows[0][4], Cell(0));
  EXPECT_EQ(sql.text("SELECT name FROM tag WHERE id = 'new' AND user_id = ?", {bob_}), "New");
}

TEST_F(Edits, ADeletedRecordIsGoneAndNothingElse) {
  const std::string prompt = expected_->text("SELECT id FROM prompt LIMIT 1");
  ASSERT_EQ(client_->remove(RestClient::record("prompts", prompt)).status, 204);
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  EXPECT_EQ(sql.integer("SELECT count(*) FROM prompt WHERE id = ?", {prompt}), 0);
  EXPECT_EQ(sql.integer("SELECT count(*) FROM prompt"), expected_->integer("SELECT count(*) FROM prompt") - 1);
  expected_.reset();
  EXPECT_EQ(differences(original_, returned, {"prompt", "prompt_history"}), "");
}

TEST_F(Edits, ADeletedUserTakesAllThatIsHisAlong) {
  const Response answer = client_->remove(RestClient::record("users", bob_));
  ASSERT_EQ(answer.status, 204) << answer.text;
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  for (const char* table : {"chat", "folder", "tag", "note", "memory", "file", "feedback", "automation", "calendar"}) {
    EXPECT_GT(expected_->integer("SELECT count(*) FROM \"" + std::string(table) + "\" WHERE user_id = ?", {bob_}), 0)
        << table;
    EXPECT_EQ(sql.integer("SELECT count(*) FROM \"" + std::string(table) + "\" WHERE user_id = ?", {bob_}), 0) << table;
  }
  EXPECT_EQ(sql.integer("SELECT count(*) FROM auth WHERE id = ?", {bob_}), 0);
  EXPECT_EQ(sql.integer("SELECT count(*) FROM chat_message WHERE chat_id NOT IN (SELECT id FROM chat)"), 0);
  // What is not his is as it was.
  const std::string others = "SELECT count(*) FROM chat WHERE user_id != ?";
  EXPECT_EQ(sql.integer(others, {bob_}), expected_->integer(others, {bob_}));
  expected_.reset();
  EXPECT_EQ(differences(original_, returned, {"user", "auth", "chat", "folder", "tag", "note", "pinned_note", "memory",
                                              "file", "feedback", "automation", "automation_run", "calendar",
                                              "calendar_event", "calendar_event_attendee", "chat_message", "chat_file",
                                              "shared_chat", "prompt", "prompt_history", "group_member",
                                              "channel_member", "message", "message_reaction", "channel",
                                              "knowledge_file", "twoway_residue", "channel_file"}),
            "");
}

TEST_F(Edits, OpenWebuisOwnCodeReadsAllOfThem) {
  const std::string tag = make("tags", {{"name", "New"}, {"id_normalized", "new"}, {"user_id", bob_}});
  const std::string person = make("users", {{"email", "made@example.com"}, {"password", "12345678"},
                                            {"passwordConfirm", "12345678"}, {"name", "Made There"}});
  make("chats", {{"title", "made in PocketBase"}, {"user_id", person}, {"tags", json::array{}}});
  make("folders", {{"user_id", person}, {"name", "a folder"}});
  make("notes", {{"user_id", person}, {"title", "a note"}});
  make("prompts", {{"user_id", person}, {"command", "made"}, {"name", "made"}, {"content", "x"}});
  make("memories", {{"user_id", person}, {"content", "likes tea"}});
  patch("chats", tagged_chat(), {{"title", "EDITED"}, {"tags", json::array{tag}}});
  const std::string admin = expected_->text("SELECT id FROM \"user\" WHERE email = 'admin@example.com'");
  ASSERT_EQ(client_->remove(RestClient::record("users", admin)).status, 204);
  expected_->execute("DELETE FROM oauth_session; UPDATE auth SET session_stamp = NULL;");
  expected_.reset();
  const int before = unreadable(read_with_openwebui(original_));
  const ProcessResult after = read_with_openwebui(
      go_back(), {"--check-schema", "--sign-in", "bob@example.com", "correct horse battery staple", "--sign-in",
                  "made@example.com", "12345678"});
  EXPECT_EQ(after.status, 0) << after.describe();
  EXPECT_LE(unreadable(after), before) << after.describe();
}

TEST_F(Edits, APasswordChangedInPocketBaseIsTheNewOneInSql) {
  patch("users", bob_, {{"password", "another one entirely"}, {"passwordConfirm", "another one entirely"}});
  const fs::path returned = go_back();
  SqliteFile sql(returned, SqliteFile::Mode::read);
  const std::string before = expected_->text("SELECT password FROM auth WHERE id = ?", {bob_});
  const std::string after = sql.text("SELECT password FROM auth WHERE id = ?", {bob_});
  EXPECT_NE(after, before);
  EXPECT_EQ(after.substr(0, 4), "$2a$");
}

}  // namespace
}  // namespace twoway::test
