// What differs between two SQL schemas, what of it is put down to age, and how people read it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "runtime/drift/sql_drift.h"
#include "runtime/drift/suggest.h"
#include "tests/runtime/report_sample.h"

namespace twoway::drift {
namespace {

using Origin = LiveIndex::Origin;

LiveColumn column(std::string name, std::string type = "TEXT", bool not_null = false,
                  std::optional<std::string> default_text = {}) {
  LiveColumn result;
  result.name = std::move(name);
  result.declared_type = std::move(type);
  result.not_null = not_null;
  result.default_text = std::move(default_text);
  return result;
}

LiveIndex unique(std::string name, std::vector<std::string> columns, Origin origin = Origin::statement) {
  LiveIndex index;
  index.name = std::move(name);
  index.unique = true;
  for (const std::string& one : columns) index.columns.push_back({one, "", false, ""});
  index.origin = origin;
  return index;
}

LiveTable chat() {
  LiveTable table;
  table.name = "chat";
  table.columns = {column("id", "VARCHAR", true), column("user_id"), column("title")};
  table.primary_key = {"id"};
  return table;
}

LiveSchema schema(std::vector<LiveTable> tables, std::string dialect = "sqlite") {
  LiveSchema result;
  result.dialect = std::move(dialect);
  result.tables = std::move(tables);
  return result;
}

/// A report on a store; with `revision` the mapping knows of revisions, and is for `r1`.
Report report_on(std::string revision = "r1", bool knows = true) {
  Report report;
  report.store = "shop.db";
  report.program = "SQLite 3";
  report.revision = std::move(revision);
  if (knows) report.mapped_revision = "r1";
  return report;
}

Report compared(const LiveTable& live, const LiveTable& mapped, Report report = report_on(),
                const std::string& dialect = "sqlite") {
  compare_schemas(sample::mapping(), schema({live}, dialect), schema({mapped}, dialect), report);
  return report;
}

/// `what kind name: mapped -> found`, a line each.
std::string listed(const std::vector<Finding>& findings) {
  constexpr std::array<std::string_view, 3> words{"added", "missing", "changed"};
  std::string text;
  for (const Finding& finding : findings) {
    text += std::string(words[static_cast<std::size_t>(finding.what)]) + " " + finding.kind + " " + finding.table +
            "." + finding.name + ": " + finding.mapped + " -> " + finding.found + "\n";
  }
  return text;
}

TEST(DriftOfSchemas, TypesOfOneFamilyAreAgeWhereRevisionsAreKnown) {
  constexpr auto same = [](std::string_view a, std::string_view b) { return is_same_family("sqlite", a, b); };
  EXPECT_TRUE(same("BIGINT", "integer"));
  EXPECT_TRUE(same("VARCHAR(3)", "text"));
  EXPECT_TRUE(same("CLOB", "text"));
  EXPECT_TRUE(same("", "blob"));
  EXPECT_TRUE(same("REAL", "FLOAT"));
  EXPECT_TRUE(same("double", "real"));
  EXPECT_TRUE(same("NUMERIC", "INT"));
  EXPECT_FALSE(same("JSON", "TEXT"));
  EXPECT_FALSE(same("REAL", "INT"));
  EXPECT_TRUE(is_same_family("postgresql", "text", "character varying(3)"));
  EXPECT_TRUE(is_same_family("postgresql", "bigint", "bigint"));
  EXPECT_FALSE(is_same_family("postgresql", "bigint", "text"));
  EXPECT_FALSE(is_same_family("postgresql", "text", "bigint"));

  LiveTable live = chat();
  live.columns[1].declared_type = "varchar";
  live.columns[2].declared_type = "";
  Report report = compared(live, chat());
  EXPECT_EQ(listed(report.age), "changed type chat.user_id: TEXT -> varchar\n");
  EXPECT_EQ(listed(report.differences), "changed type chat.title: TEXT -> \n");
  EXPECT_EQ(report.age[0].position, "entities/chat.yaml:7");
  report = compared(live, chat(), report_on("", false));
  EXPECT_EQ(report.age.size(), 0u);
  EXPECT_EQ(report.differences.size(), 2u);
  live.columns[2].declared_type = "TEXT";
  live.columns[1].declared_type = "text";
  EXPECT_FALSE(compared(live, chat()).drifted()) << "SQLite does not care for the case";
  EXPECT_EQ(compared(live, chat(), report_on(), "postgresql").differences.size(), 1u);
}

TEST(DriftOfSchemas, WhatASchemaForbidsOnTheStoresSideAloneIsAge) {
  LiveTable live = chat();
  live.columns[0].not_null = false;
  live.columns[1].not_null = true;
  live.columns[2].default_text = "''";
  const Report report = compared(live, chat());
  EXPECT_EQ(listed(report.differences), "changed not null chat.id: NOT NULL -> NULL\n");
  EXPECT_EQ(listed(report.age),
            "changed not null chat.user_id: NULL -> NOT NULL\nchanged default chat.title: none -> ''\n");
  EXPECT_EQ(compared(live, chat(), report_on("", false)).differences.size(), 3u);
}

TEST(DriftOfSchemas, ColumnsThatComeAndGo) {
  LiveTable live = chat(), mapped = chat();
  live.columns[2].name = "heading";
  live.columns.push_back(column("computed"));
  live.columns.back().generated = true;
  live.columns.push_back(column("old", "", true, "0"));
  mapped.columns.push_back(column("score", "REAL"));
  Report report = report_on();
  const std::array<Leftover, 1> leftovers{{{"chat.old", "of 0.3"}}};
  Mapping mapping = sample::mapping();
  mapping.leftovers = leftovers;
  compare_schemas(mapping, schema({live}), schema({mapped}), report);
  EXPECT_EQ(listed(report.differences),
            "missing column chat.title: TEXT -> \n"
            "missing column chat.score: REAL -> \n"
            "added column chat.heading:  -> TEXT\n");
  EXPECT_EQ(listed(report.age), "added column chat.old:  -> without a type NOT NULL DEFAULT 0\n");
  EXPECT_EQ(report.age[0].note, "of 0.3");
  ASSERT_EQ(report.questions.size(), 1u);
  EXPECT_EQ(report.questions[0].why, "of the same type (TEXT) and in the same place");
}

TEST(DriftOfSchemas, NoQuestionWhereTheNewColumnStandsElsewhere) {
  LiveTable live = chat();
  live.columns.erase(live.columns.begin() + 2);
  live.columns.insert(live.columns.begin(), column("heading"));
  const Report report = compared(live, chat());
  EXPECT_EQ(report.differences.size(), 2u);
  EXPECT_EQ(report.questions.size(), 0u);
}

TEST(DriftOfSchemas, TablesThatComeAndGo) {
  LiveTable renamed = chat();
  renamed.name = "talk";
  LiveTable other = chat();
  other.name = "alien";
  other.columns[0].name = "number";
  LiveTable view = chat(), shadow = chat(), forgotten = chat();
  view.name = "recent", shadow.name = "search_data", forgotten.name = "old";
  view.kind = LiveTable::Kind::view, shadow.kind = LiveTable::Kind::shadow;
  forgotten.columns.resize(1);
  Report report = report_on();
  const std::array<Leftover, 2> leftovers{{{"old.id", "of no table"}, {"old", "of 0.2"}}};
  Mapping mapping = sample::mapping();
  mapping.leftovers = leftovers;
  compare_schemas(mapping, schema({other, forgotten, view, shadow, renamed}), schema({chat()}), report);
  EXPECT_EQ(
      listed(report.differences),
      "missing table chat.: 3 columns -> \nadded table alien.:  -> 3 columns\nadded table talk.:  -> 3 columns\n");
  EXPECT_EQ(listed(report.age), "added table old.:  -> 1 column\n");
  ASSERT_EQ(report.questions.size(), 1u) << "a view with the same columns is no table under another name";
  EXPECT_EQ(report.questions[0].found, "talk");
}

TEST(DriftOfSchemas, PrimaryKeys) {
  LiveTable live = chat(), mapped = chat();
  live.primary_key = {};
  EXPECT_EQ(listed(compared(live, mapped).differences), "changed primary key chat.: (id) -> none\n");
  live.indexes = {unique("by_id", {"id"})};
  EXPECT_EQ(listed(compared(live, mapped).age),
            "changed primary key chat.: (id) -> none\nadded index chat.by_id:  -> unique (id)\n")
      << "rows are kept apart all the same";
  live.columns[0].not_null = false;
  EXPECT_EQ(listed(compared(live, mapped).differences),
            "changed not null chat.id: NOT NULL -> NULL\nchanged primary key chat.: (id) -> none\n");
  live.columns[0].name = "number";
  EXPECT_NE(listed(compared(live, mapped).differences).find("primary key"), std::string::npos);
  live = chat();
  mapped.primary_key = {};
  EXPECT_EQ(listed(compared(live, mapped).differences), "changed primary key chat.: none -> (id)\n");
}

TEST(DriftOfSchemas, IndexesAreComparedByWhatTheyMean) {
  LiveTable live = chat(), mapped = chat();
  LiveIndex index;
  index.name = "a";
  index.columns = {{"", "lower( \"title\" ) || 'A b'", false, ""}};
  mapped.indexes = {index};
  index.name = "b";
  index.columns[0].expression = "LOWER(`title`)||'A b'";
  live.indexes = {index};
  EXPECT_FALSE(compared(live, mapped).drifted()) << "names, quotes, blanks and case say nothing";
  live.indexes[0].columns[0].expression = "lower(title)||'a b'";
  live.indexes[0].name = "a";
  Report report = compared(live, mapped);
  EXPECT_EQ(listed(report.differences),
            "changed index chat.a: (lower( \"title\" ) || 'A b') -> (lower(title)||'a b')\n");
  live.indexes[0].name = "b";
  report = compared(live, mapped);
  EXPECT_EQ(listed(report.differences), "added index chat.b:  -> (lower(title)||'a b')\n");
  EXPECT_EQ(listed(report.age), "missing index chat.a: (lower( \"title\" ) || 'A b') -> \n")
      << "at the same revision the application takes it for up to date";
  EXPECT_EQ(listed(compared(live, mapped, report_on("r0")).age), "");
}

TEST(DriftOfSchemas, UniqueIndexesThatSayNothingNew) {
  LiveTable live = chat(), mapped = chat();
  live.indexes = {unique("by_id", {"id"}), unique("by_title", {"title"})};
  live.indexes.push_back(unique("some", {"user_id"}));
  live.indexes.back().where = "title <> ''";
  live.indexes.push_back(unique("folded", {"user_id"}));
  live.indexes.back().columns[0].collation = "NOCASE";
  live.indexes.push_back(unique("worked_out", {""}));
  live.indexes.back().columns[0].expression = "title || id";
  live.indexes.back().columns[0].descending = true;
  live.indexes.push_back(unique("pkey", {"id"}, Origin::primary_key));
  Report report = compared(live, mapped);
  EXPECT_EQ(listed(report.age), "added index chat.by_id:  -> unique (id)\n");
  EXPECT_EQ(listed(report.differences),
            "added index chat.by_title:  -> unique (title)\n"
            "added index chat.some:  -> unique (user_id) where title <> ''\n"
            "added index chat.folded:  -> unique (user_id COLLATE NOCASE)\n"
            "added index chat.worked_out:  -> unique (title || id DESC)\n");
  EXPECT_EQ(compared(live, mapped, report_on("", false)).age.size(), 0u);
  // What the mapping declares twice needs to be there once only; what the primary key does, not at all.
  mapped.indexes = {unique("", {"title"}, Origin::unique_constraint), unique("by_user", {"user_id"}),
                    unique("", {"id"}, Origin::unique_constraint)};
  live.indexes = {unique("t1", {"title"}), unique("t2", {"title"})};
  report = compared(live, mapped);
  EXPECT_EQ(listed(report.differences), "missing index chat.by_user: unique (user_id) -> \n");
  EXPECT_EQ(listed(report.age), "added index chat.t2:  -> unique (title)\n");
}

TEST(DriftOfSchemas, UniqueIndexesAndKeysStandInForEachOther) {
  LiveTable live = chat(), mapped = chat();
  mapped.primary_key = {"title"};
  live.indexes = {unique("by_title", {"title"})};
  live.columns[2].not_null = mapped.columns[2].not_null = true;
  const Report report = compared(live, mapped);
  EXPECT_EQ(listed(report.age),
            "changed primary key chat.: (title) -> (id)\nadded index chat.by_title:  -> unique (title)\n");
  EXPECT_EQ(compared(live, mapped, report_on("", false)).age.size(), 0u);
  // A constraint is no index of a statement, whatever its name.
  live = mapped = chat();
  live.indexes = {unique("same", {"title"})};
  mapped.indexes = {unique("same", {"user_id"}, Origin::unique_constraint)};
  EXPECT_EQ(listed(compared(live, mapped).differences),
            "missing index chat.: unique (user_id) -> \nadded index chat.same:  -> unique (title)\n");
  std::swap(live.indexes, mapped.indexes);
  EXPECT_EQ(listed(compared(live, mapped).differences),
            "missing index chat.same: unique (title) -> \nadded index chat.:  -> unique (user_id)\n");
  mapped.indexes[0].unique = false;
  live.indexes = {};
  EXPECT_EQ(compared(live, mapped, report_on("", false)).differences.size(), 1u);
}

TEST(DriftOfSchemas, ForeignKeys) {
  LiveTable live = chat(), mapped = chat();
  live.foreign_keys = {{{"user_id"}, "user", {"id"}, "CASCADE"}};
  mapped.foreign_keys = {{{"user_id"}, "user", {"id"}, "NO ACTION"}};
  EXPECT_EQ(listed(compared(live, mapped).differences),
            "missing foreign key chat.: (user_id) to user (id) -> \n"
            "added foreign key chat.:  -> (user_id) to user (id) ON DELETE CASCADE\n");
  EXPECT_FALSE(compared(live, live).drifted());
}

TEST(DriftText, OfNothing) {
  Report report = report_on("", false);
  EXPECT_EQ(text(sample::mapping(), report, false),
            "store:   shop.db, SQLite 3\nmapping: openwebui-pocketbase, Open WebUI 0.12.4\n\nNo drift.\n");
  report.sql = false;
  EXPECT_EQ(text(sample::mapping(), report, false),
            "store:   shop.db, SQLite 3\nmapping: openwebui-pocketbase\n\nNo drift.\n");
  EXPECT_EQ(text(sample::mapping(), report_on(""), false),
            "store:   shop.db, SQLite 3, no revision\n"
            "mapping: openwebui-pocketbase, Open WebUI 0.12.4, revision r1\n\n"
            "This is no revision, the mapping is for revision r1:\n"
            "what follows is what lies between the two, as far as a schema shows it.\n\n"
            "Nothing that a schema shows differs.\n");
  EXPECT_EQ(suggestions_text(report), "# There is nothing to write into the mapping.\n");
}

TEST(DriftText, LongValuesAreShortenedBetweenCharacters) {
  LiveTable live = chat();
  live.columns[2].default_text = std::string("'") + std::string(78, 'x') + "\xc3\xa4\n" + std::string(20, 'y') + "'";
  const std::string said = text(sample::mapping(), compared(live, chat(), report_on("", false)), false);
  EXPECT_EQ(said,
            "store:   shop.db, SQLite 3\nmapping: openwebui-pocketbase, Open WebUI 0.12.4\n\n"
            "1 difference in 1 table\n  chat\n    defaults: title '" +
                std::string(78, 'x') + "... (mapping: none)\n");
}

TEST(DriftText, OfEachKindOfQuestion) {
  Report report = report_on("", false);
  report.questions = {{"", "chat", "talk", "with the same columns", ""},
                      {"chat", "title", "heading", "of the same type", ""},
                      {"chat", "name", "label", "of the same type", "entities/chat.yaml:9"}};
  Mapping mapping = sample::mapping();
  mapping.schema_file = "sql/shop.yaml";
  const std::string said = text(mapping, report, false);
  EXPECT_EQ(said.substr(said.find("Renamed?")),
            "Renamed? A schema does not say; people know.\n"
            "  chat is missing, talk is new, with the same columns.\n"
            "    If it was renamed, write talk for chat in\n    sql/shop.yaml, and in the entity's `sql:`.\n"
            "  chat.title is missing, heading is new, of the same type.\n"
            "    If it was renamed, write heading for title in\n    sql/shop.yaml (tables: chat: columns:).\n"
            "  chat.name is missing, label is new, of the same type.\n"
            "    If it was renamed, write label for name in\n    sql/shop.yaml (tables: chat: columns:),\n"
            "    and label: { to: name, ... } for name: { ... } in\n    entities/chat.yaml:9.\n");
  EXPECT_EQ(suggestions_text(report),
            "# Was chat renamed to talk? Then what is said of the two below is not what you want.\n"
            "# Was chat.title renamed to heading? Then what is said of the two below is not what you want.\n"
            "# Was chat.name renamed to label? Then what is said of the two below is not what you want.\n");
}

TEST(DriftText, MuchAgeIsSummedUp) {
  Report report = report_on();
  for (int i = 0; i < 12; ++i) {
    report.age.push_back(
        {Finding::What::changed, "not null", "chat", "c" + std::to_string(i), "NULL", "NOT NULL", "", ""});
  }
  report.age.push_back({Finding::What::added, "table", "old", "", "", "3 columns", "", "of 0.2"});
  report.age.push_back({Finding::What::missing, "index", "chat", "i", "(a)", "", "", ""});
  report.age.push_back({Finding::What::changed, "type", "chat", "t", "TEXT", "VARCHAR", "", "longer"});
  const std::string said = text(sample::mapping(), report, false);
  EXPECT_EQ(said.substr(said.find("\nOnly")),
            "\nOnly the database's age: 15 differences in 2 tables. An older release made it, and it was\n"
            "upgraded; the mapping gets along with that. It is no drift (--verbose lists all):\n"
            "  chat: 1 index, 12 NOT NULL, 1 type\n  old: the table itself\n"
            "  chat.t: longer\n  old: of 0.2\n");
  const std::string all = text(sample::mapping(), report, true);
  EXPECT_EQ(all.substr(all.find("It is")),
            "It is no drift:\n  1 new table: old\n  chat\n    types: t VARCHAR (mapping: TEXT)\n"
            "    NOT NULL in the store only: c0; c1; c2; c3; c4; c5; c6; c7; c8; c9; c10; c11\n"
            "    missing indexes: i (a)\n  chat.t: longer\n  old: of 0.2\n");
  report.age[0].found = "NULL";
  report.age.resize(1);
  const std::string few = text(sample::mapping(), report, false);
  EXPECT_EQ(few.substr(few.find("It is")), "It is no drift:\n  chat\n    NOT NULL in the mapping only: c0\n");
}

TEST(DriftSuggestions, QuoteOddNames) {
  LiveTable live = chat(), mapped = chat(), gone = chat();
  live.columns.push_back(column("order no", "BIGINT", true));
  live.primary_key = {"id", "order no"};
  mapped.columns.push_back(column("a: b"));
  gone.name = "no";
  Mapping mapping = sample::mapping();
  mapping.schema_file = "sql/shop.yaml";
  const LiveSchema all = schema({live});
  Report report = report_on("r2");
  compare_schemas(mapping, all, schema({mapped, gone}), report);
  report.questions.clear();
  suggest_for_sql(mapping, all, report);
  const std::string text = suggestions_text(report);
  EXPECT_NE(text.find("primary_key: [id, \"order no\"]\n"), text.npos) << text;
  EXPECT_NE(text.find("\n      \"a: b\":\n"), text.npos) << text;
  EXPECT_NE(text.find("\n  \"no\":\n"), text.npos) << text;
}

TEST(DriftSuggestions, OfEachKind) {
  LiveTable live = chat(), mapped = chat();
  live.columns[1] = column("user_id", "BIGINT", true);
  live.columns.push_back(column("seen_at", "BIGINT"));
  mapped.columns.push_back(column("score", "REAL"));
  live.primary_key = {"id", "user_id"};
  live.indexes = {unique("by_title", {"title"}), unique("", {"seen_at"}, Origin::unique_constraint)};
  mapped.indexes = {unique("gone", {"user_id"})};
  live.foreign_keys = {{{"user_id"}, "user", {"id"}, "CASCADE"}};
  LiveTable tagged = chat(), keyless = chat(), gone = chat(), plain = chat();
  tagged.name = "tagged", keyless.name = "keyless", gone.name = "user", plain.name = "plain";
  tagged.primary_key = {"id", "user_id"};
  tagged.columns[0].primary_key_position = 1, tagged.columns[1].primary_key_position = 2;
  tagged.columns.push_back(column("worked_out"));
  tagged.columns.back().generated = true;
  tagged.indexes = {unique("", {"id", "user_id"}, Origin::primary_key), unique("i", {"title"}),
                    unique("", {"title"}, Origin::unique_constraint)};
  tagged.foreign_keys = {{{"user_id"}, "user", {"id"}, "NO ACTION"}};
  keyless.primary_key = {};
  plain.columns.resize(1);
  plain.columns[0].primary_key_position = 1;
  Mapping mapping = sample::mapping();
  mapping.schema_file = "sql/shop.yaml";
  const LiveSchema all = schema({live, keyless, plain, tagged});
  Report report = report_on("r2");
  compare_schemas(mapping, all, schema({mapped, gone}), report);
  report.questions.clear();
  suggest_for_sql(mapping, all, report);
  EXPECT_EQ(suggestions_text(report), R"(# sql/shop.yaml: replace below `version:`
  value: r2

# sql/shop.yaml: remove below `tables:`
  user:

# entities/user.yaml: remove the file

# sql/shop.yaml: replace below `tables: chat: columns:`
      user_id: { type: bigint, null: false }

# sql/shop.yaml: remove below `tables: chat: columns:`
      score:

# entities/chat.yaml: remove below `fields:`
  score:

# sql/shop.yaml: add below `tables: chat: columns:`
      seen_at: { type: bigint }

# entities/chat.yaml: add below `fields:`
  seen_at: { lens: epoch_seconds }

# sql/shop.yaml: replace below `tables: chat:`
    primary_key: [id, user_id]

# sql/shop.yaml: remove below `tables: chat: indexes:`
      - { name: gone, on: [user_id], unique: true }

# sql/shop.yaml: add below `tables: chat: indexes:`
      - { name: by_title, on: [title], unique: true }

# sql/shop.yaml: add below `tables: chat: unique:`
      - [seen_at]

# sql/shop.yaml: add below `tables: chat: foreign_keys:`
      - { on: [user_id], to: user, columns: [id], on_delete: cascade }

# sql/shop.yaml: add below `tables:`
  plain:
    columns:
      id: { type: varchar, null: false }
    primary_key: [id]
  tagged:
    columns:
      id: { type: varchar, null: false }
      user_id: { type: text }
      title: { type: text }
    primary_key: [id, user_id]
    foreign_keys:
      - { on: [user_id], to: user, columns: [id] }
    indexes:
      - { name: i, on: [title], unique: true }
    unique:
      - [title]

# entities/plain.yaml: a new file
entity: plain
sql: plain
pocketbase: plain
key: { id: record_id }
fields: {}

# entities/tagged.yaml: a new file
entity: tagged
sql: tagged
pocketbase: tagged
key: { id: record_id, user_id: record_id }
fields:
  title: { lens: text }
)");
}

TEST(DriftSuggestions, OfTablesThatNoEntityHas) {
  LiveTable live = chat(), mapped = chat();
  live.name = mapped.name = "log";
  live.columns[2].name = "line";
  live.primary_key = {};
  LiveTable joined = chat();
  joined.name = "auth";
  Mapping mapping = sample::mapping();
  mapping.entities = {};
  mapping.schema_file = "shop.yaml";
  Report report = report_on("");
  const LiveSchema all = schema({live});
  compare_schemas(mapping, all, schema({mapped, joined}), report);
  report.questions.clear();
  suggest_for_sql(mapping, all, report);
  EXPECT_EQ(suggestions_text(report), R"(# shop.yaml: remove below `tables:`
  auth:

# shop.yaml: remove below `tables: log: columns:`
      title:

# shop.yaml: add below `tables: log: columns:`
      line: { type: text }
)");
}

}  // namespace
}  // namespace twoway::drift
