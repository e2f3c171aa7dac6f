// What differs between the collections of a PocketBase and the mapping's, and the document for machines.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "runtime/drift/pocketbase_drift.h"
#include "runtime/drift/suggest.h"
#include "tests/runtime/report_sample.h"

namespace twoway::drift {
namespace {

namespace json = boost::json;

Report report_on_server() {
  Report report;
  report.store = "http://localhost:8090";
  report.program = "PocketBase";
  report.sql = false;
  return report;
}

Report compared(std::string_view live, std::string_view mapped) {
  Report report = report_on_server();
  compare_collections(sample::mapping(), json::parse(live).as_array(), json::parse(mapped).as_array(), report);
  return report;
}

/// What differs between two descriptions of one collection of chats.
std::string differences(const std::string& live, const std::string& mapped) {
  const Report report = compared(R"([{"name": "chats", )" + live + "}]", R"([{"name": "chats", )" + mapped + "}]");
  std::string text;
  for (const Finding& finding : report.differences) {
    text += finding.kind + " " + finding.name + ": " + finding.mapped + " -> " + finding.found + "\n";
  }
  return text;
}

TEST(DriftOfCollections, Rules) {
  EXPECT_EQ(differences(R"("listRule": "")", R"("listRule": null)"), "")
      << "of nothing and nothing, PocketBase makes either";
  EXPECT_EQ(differences(R"("listRule": "id != ''")", R"("listRule": null)"),
            "rule listRule: superusers only -> id != ''\n");
  EXPECT_EQ(differences(R"("viewRule": "")", R"("viewRule": "a = b")"), "rule viewRule: a = b -> everyone\n");
  EXPECT_EQ(differences(R"("type": "base")", R"("viewRule": "a = b")"), "rule viewRule: a = b -> superusers only\n");
}

TEST(DriftOfCollections, OptionsHoldByTheirValue) {
  EXPECT_EQ(differences(R"("a": 1.0)", R"("a": 1)"), "");
  EXPECT_EQ(differences(R"("a": 2)", R"("a": 1)"), "option a: 1 -> 2\n");
  EXPECT_EQ(differences(R"("a": "1")", R"("a": 1)"), "option a: 1 -> 1\n");
  EXPECT_EQ(differences(R"("b": 0)", R"("a": false, "c": 0, "d": "", "e": [], "f": null)"), "");
  EXPECT_EQ(differences(R"("b": 0)", R"("a": true, "c": 1, "d": "x", "e": [1], "f": {})"),
            "option a: true -> \noption c: 1 -> \noption d: x -> \noption e: [1] -> \noption f: {} -> \n");
  EXPECT_EQ(differences(R"("a": {"on": true, "more": 7})", R"("a": {"on": true, "off": 0})"), "");
  EXPECT_EQ(differences(R"("a": {"on": false})", R"("a": {"on": true})"),
            "option a: {\"on\":true} -> {\"on\":false}\n");
  EXPECT_EQ(differences(R"("a": 5)", R"("a": {"on": true})"), "option a: {\"on\":true} -> 5\n");
}

TEST(DriftOfCollections, Fields) {
  const Report report = compared(
      R"([{"name": "chats", "fields": [
            {"name": "user_id", "id": "f1", "type": "text", "max": 5, "presentable": true, "help": "x", "min": 0},
            {"name": "heading", "id": "f2", "type": "text"},
            {"name": "stars", "id": "f9", "type": "number"}]}])",
      R"([{"name": "chats", "fields": [{"name": "user_id", "id": "f1", "type": "relation"},
                                       {"name": "title", "id": "f2", "type": "text"},
                                       {"name": "due", "id": "f3", "type": "date"}]}])");
  EXPECT_EQ(text(sample::mapping(), report, false),
            "store:   http://localhost:8090, PocketBase\nmapping: openwebui-pocketbase\n\n"
            "6 differences in 1 collection\n  chats\n    missing fields: title text; due date\n"
            "    new fields: heading text; stars number\n"
            "    options: user_id.type text (mapping: relation); user_id.max 5 (mapping: nothing)\n\n"
            "Renamed? A schema does not say; people know.\n"
            "  chats.title is missing, heading is new, with the same id (f2).\n"
            "    If it was renamed in PocketBase, rename it back there: the mapping calls it title.\n");
  EXPECT_EQ(report.differences[0].position, "entities/chat.yaml:7");
  EXPECT_EQ(report.differences[2].position, "") << "nobody maps it";
}

TEST(DriftOfCollections, WhatPocketBaseAddsToItsOwnUsers) {
  constexpr std::string_view mapped = R"([{"name": "users", "fields": []}])";
  EXPECT_FALSE(compared(R"([{"name": "users", "id": "_pb_users_auth_", "fields": [
                              {"name": "avatar", "id": "file376926767", "type": "file"}]}])",
                        mapped)
                   .drifted());
  EXPECT_TRUE(
      compared(R"([{"name": "users", "id": "_pb_users_auth_", "fields": [{"name": "avatar", "id": "f1"}]}])", mapped)
          .drifted());
  EXPECT_TRUE(
      compared(R"([{"name": "users", "id": "other", "fields": [{"name": "avatar", "id": "file376926767"}]}])", mapped)
          .drifted());
}

TEST(DriftOfCollections, OfOddForms) {
  EXPECT_EQ(differences(R"("fields": 7, "indexes": [7])", R"("fields": [], "indexes": [])"), "index 7:  -> 7\n");
  const Report report = compared(R"([{"name": 7, "system": 1, "type": "base"}, {"name": "chats"},
                                     {"name": "mine", "fields": [{"name": "a", "type": "text"}]}])",
                                 R"([{"name": "mine", "fields": []}])");
  EXPECT_EQ(report.differences.size(), 3u);
}

TEST(DriftOfCollections, Indexes) {
  EXPECT_EQ(differences(R"j("indexes": ["CREATE INDEX `a` ON `chats` (`x`)", "CREATE INDEX `b` ON `chats` (`x`)",
                                       "CREATE INDEX d ON chats (x)"])j",
                        R"j("indexes": ["CREATE INDEX `a` ON `chats` (`x`)", "CREATE INDEX `b` ON `chats` (`y`)",
                                       "CREATE INDEX `c` ON `chats` (`x`)"])j"),
            "index b: CREATE INDEX `b` ON `chats` (`y`) -> CREATE INDEX `b` ON `chats` (`x`)\n"
            "index c: CREATE INDEX `c` ON `chats` (`x`) -> \n"
            "index CREATE INDEX d ON chats (x):  -> CREATE INDEX d ON chats (x)\n");
}

TEST(DriftOfCollections, Collections) {
  const Report report = compared(
      R"([{"name": "talks", "id": "c1", "type": "base"},
          {"name": "_superusers", "system": true}, {"name": "mine", "system": false, "type": "view"}])",
      R"([{"name": "chats", "id": "c1", "type": "base"}, {"name": "due", "id": "c2", "type": "base"}])");
  EXPECT_EQ(text(sample::mapping(), report, false),
            "store:   http://localhost:8090, PocketBase\nmapping: openwebui-pocketbase\n\n"
            "4 differences in 4 collections\n  2 missing collections: chats, due\n  2 new collections: talks, mine\n\n"
            "Renamed? A schema does not say; people know.\n"
            "  chats is missing, talks is new, with the same id (c1).\n"
            "    If it was renamed in PocketBase, rename it back there: the mapping calls it chats.\n");
}

TEST(DriftSuggestions, ForPocketBase) {
  Report report = report_on_server();
  const auto add = [&](Finding::What what, std::string kind, std::string name, std::string found,
                       std::string collection = "chats") {
    report.differences.push_back(
        {what, std::move(kind), std::move(collection), std::move(name), "", std::move(found), "", ""});
  };
  add(Finding::What::added, "field", "stars", "number");
  add(Finding::What::added, "field", "picture", "file");
  add(Finding::What::missing, "field", "title", "text");
  add(Finding::What::added, "field", "elsewhere", "text", "mine");
  for (const char* rule : {"listRule", "viewRule", "createRule"}) add(Finding::What::changed, "rule", rule, "a = b");
  add(Finding::What::changed, "rule", "updateRule", "everyone");
  add(Finding::What::changed, "rule", "deleteRule", "superusers only");
  add(Finding::What::changed, "rule", "authRule", "everyone");
  add(Finding::What::changed, "rule", "odd", "everyone");
  suggest_for_pocketbase(sample::mapping(), report);
  EXPECT_EQ(suggestions_text(report), R"(# entities/chat.yaml: add below `only_in_pocketbase:`
  stars: { type: number, value: 0 }

# entities/chat.yaml: replace below `rules:`
  list: "a = b"
  view: "a = b"
  create: "a = b"
  update: ""

# entities/chat.yaml: remove below `rules:`
  delete:
)");
}

TEST(DriftJson, SaysAllOfIt) {
  Report report = report_on_server();
  report.sql = true;
  report.revision = "r2";
  report.mapped_revision = "r1";
  report.differences = {{Finding::What::added, "column", "chat", "a", "", "TEXT", "", ""}};
  report.age = {{Finding::What::missing, "index", "chat", "i", "(a)", "", "entities/chat.yaml:7", "old"}};
  report.questions = {{"", "chat", "talk", "with the same columns", ""}};
  report.suggestions = {{Suggestion::Action::create, "a.yaml", "", "a: b\n"}};
  EXPECT_EQ(json::parse(json_text(sample::mapping(), report)), json::parse(R"j({
    "store": "http://localhost:8090", "program": "PocketBase", "revision": "r2", "mapping": "openwebui-pocketbase",
    "mapping_digest": "ab12", "mapped_version": "Open WebUI 0.12.4", "mapped_revision": "r1",
    "differences": [{"change": "new", "kind": "column", "table": "chat", "name": "a", "mapped": null, "found": "TEXT",
                     "position": null, "note": null}],
    "age": [{"change": "missing", "kind": "index", "table": "chat", "name": "i", "mapped": "(a)", "found": null,
             "position": "entities/chat.yaml:7", "note": "old"}],
    "renamed": [{"table": null, "missing": "chat", "found": "talk", "why": "with the same columns",
                 "position": null}],
    "suggestions": [{"action": "create", "file": "a.yaml", "below": null, "yaml": "a: b\n"}],
    "status": 1})j"));
  report = report_on_server();
  const json::value nothing = json::parse(json_text(sample::mapping(), report));
  EXPECT_EQ(nothing.at("status"), 0);
  EXPECT_TRUE(nothing.at("mapped_version").is_null());
}

}  // namespace
}  // namespace twoway::drift
