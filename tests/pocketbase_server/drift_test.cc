// What drift finds in a PocketBase that its superuser has changed, over its interface and in its directory.
#include "runtime/drift/drift.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "tests/pocketbase_server/world.h"

namespace twoway::test {
namespace {

namespace json = boost::json;

drift::Report looked_at(const std::string& store) {
  const TemporaryDirectory directory("drift");
  OpenOptions options;
  options.credentials_file = (directory / "superuser").string();
  std::ofstream(options.credentials_file)
      << "POCKETBASE_SUPERUSER_EMAIL=" << PocketBaseServer::superuser_email
      << "\nPOCKETBASE_SUPERUSER_PASSWORD=" << PocketBaseServer::superuser_password << "\n";
  return drift::look(openwebui(), parse_store(store), options);
}

/// The text without the lines that name the store and the mapping.
std::string text_of(const drift::Report& report) {
  const std::string text = drift::text(openwebui(), report, false);
  return text.substr(text.find("\n\n") + 1);
}

/// What a superuser could click together in the dashboard.
void change(RestClient& client) {
  json::object chats = client.get("/api/collections/chats").body.as_object();
  json::array fields;
  for (json::value& field : chats.at("fields").as_array()) {
    json::object& object = field.as_object();
    const std::string name(object.at("name").as_string());
    if (name == "summary") object["name"] = "digest";
    if (name == "title") object["max"] = 5000;
    if (name == "tasks") object["maxSize"] = 1000;
    if (name == "archived") object["required"] = true;
    if (name == "pinned") object["presentable"] = true;
    if (name != "timer_at") fields.push_back(field);
  }
  fields.push_back({{"name", "stars"}, {"type", "number"}});
  json::array indexes = chats.at("indexes").as_array();
  indexes.pop_back();
  indexes.emplace_back("CREATE INDEX `idx_stars` ON `chats` (`stars`)");
  const Response patched = client.patch("/api/collections/chats", {{"listRule", ""},
                                                                   {"updateRule", "user_id = @request.auth.id"},
                                                                   {"viewRule", nullptr},
                                                                   {"fields", fields},
                                                                   {"indexes", indexes}});
  ASSERT_TRUE(patched.ok()) << patched.text;
  const Response made =
      client.post("/api/collections", {{"name", "polls"}, {"type", "base"}, {"fields", json::array()}});
  ASSERT_TRUE(made.ok()) << made.text;
  ASSERT_TRUE(client.remove("/api/collections/pinned_notes").ok());
}

constexpr const char* changed_text = R"text(
14 differences in 3 collections
  1 missing collection: pinned_notes
  1 new collection: polls
  chats
    missing fields: summary text; timer_at date
    new fields: digest text; stars number
    options: title.max 5000 (mapping: 9007199254740991); archived.required true (mapping: nothing);
        tasks.maxSize 1000 (mapping: 536870912)
    missing indexes: CREATE INDEX `idx_chats__user_id__updated_at__id__tags` ON `chats` (`user_id`, `...
    new indexes: CREATE INDEX `idx_stars` ON `chats` (`stars`)
    rules: listRule everyone (mapping: @request.auth.id != "" && user_id = @request.auth.id);
        viewRule superusers only (mapping: @request.auth.id != "" && user_id = @request.auth.id);
        updateRule user_id = @request.auth.id (mapping: superusers only)

Renamed? A schema does not say; people know.
  chats.summary is missing, digest is new, with the same id (text3458754147).
    If it was renamed in PocketBase, rename it back there: the mapping calls it summary.

--suggest prints what to write into the mapping.
)text";

constexpr const char* suggested_text =
    R"text(# Was chats.summary renamed to digest? Then what is said of the two below is not what you want.

# mapping/openwebui-pocketbase/entities/chat.yaml: replace below `rules:`
  list: ""
  update: "user_id = @request.auth.id"

# mapping/openwebui-pocketbase/entities/chat.yaml: remove below `rules:`
  view:

# mapping/openwebui-pocketbase/entities/chat.yaml: add below `only_in_pocketbase:`
  digest: { type: text, value: "" }
  stars: { type: number, value: 0 }
)text";

TEST(DriftOfPocketBase, AsTheMigrationMadeItAndAsSomebodyChangedIt) {
  Target target(false);
  const std::string directory = target.directory().string();
  for (const std::string& store : {target.url(), directory}) {
    const drift::Report report = looked_at(store);
    EXPECT_FALSE(report.drifted());
    EXPECT_EQ(text_of(report), "\nNo drift.\n") << store;
  }
  RestClient client = target.server().superuser();
  change(client);
  for (const std::string& store : {target.url(), directory}) {
    const drift::Report report = looked_at(store);
    EXPECT_TRUE(report.drifted());
    EXPECT_EQ(text_of(report), changed_text) << store;
    EXPECT_EQ(drift::suggestions_text(report), suggested_text) << store;
  }
}

TEST(DriftOfPocketBase, WhatIsNoPocketBase) {
  const TemporaryDirectory directory("drift");
  EXPECT_EQ(error_of([&] { looked_at(directory.path().string()); }),
            (directory / "data.db").string() + " does not exist | Check the path.");
}

}  // namespace
}  // namespace twoway::test
