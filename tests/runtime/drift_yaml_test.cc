// Single declarations of the mapping language from what a live schema says.
#include <gtest/gtest.h>

#include <array>

#include "runtime/drift/yaml_lines.h"

namespace twoway::drift {
namespace {

LiveColumn column(std::string type, std::optional<std::string> default_text = {}) {
  LiveColumn result;
  result.name = "a";
  result.declared_type = std::move(type);
  result.default_text = std::move(default_text);
  return result;
}

std::string typed(const std::string& type) { return column_line("sqlite", column(type)); }
std::string with_default(const std::string& sql) { return column_line("sqlite", column("text", sql)); }
std::string on_postgresql(const std::string& sql) { return column_line("postgresql", column("text", sql)); }

TEST(DriftYaml, ScalarsAreQuotedWhereYamlNeedsIt) {
  EXPECT_EQ(yaml_scalar("chat_id2"), "chat_id2");
  EXPECT_EQ(yaml_scalar(""), "\"\"");
  EXPECT_EQ(yaml_scalar("2fa"), "\"2fa\"");
  EXPECT_EQ(yaml_scalar("Off"), "\"Off\"");
  EXPECT_EQ(yaml_scalar("a b"), "\"a b\"");
  EXPECT_EQ(yaml_scalar("say \"C:\\x\"\n\t"), "\"say \\\"C:\\\\x\\\"\\n\\x09\"");
}

TEST(DriftYaml, TypesThatTheLanguageHas) {
  EXPECT_EQ(typed("VARCHAR(12)"), "a: { type: varchar(12) }");
  EXPECT_EQ(typed("character varying(12)"), "a: { type: varchar(12) }");
  EXPECT_EQ(typed("NUMERIC"), "a: { type: numeric }");
  EXPECT_EQ(typed("timestamp without time zone"), "a: { type: datetime }");
}

TEST(DriftYaml, OfOtherTypesTheNearestAndWhatTheDatabaseHas) {
  EXPECT_EQ(typed(""), "a: { type: blob }   # without a type in the database");
  EXPECT_EQ(typed("LONGBLOB"), "a: { type: blob }   # LONGBLOB in the database");
  EXPECT_EQ(typed("jsonb"), "a: { type: json }   # jsonb in the database");
  EXPECT_EQ(typed("smallint"), "a: { type: integer }   # smallint in the database");
  EXPECT_EQ(typed("TINYINT"), "a: { type: bigint }   # TINYINT in the database");
  EXPECT_EQ(typed("NCHAR(3)"), "a: { type: text }   # NCHAR(3) in the database");
  EXPECT_EQ(typed("CLOB"), "a: { type: text }   # CLOB in the database");
  EXPECT_EQ(typed("MEDIUMTEXT"), "a: { type: text }   # MEDIUMTEXT in the database");
  EXPECT_EQ(typed("timestamp with time zone"), "a: { type: datetime }   # timestamp with time zone in the database");
  EXPECT_EQ(typed("numeric(10,2)"), "a: { type: numeric }   # numeric(10,2) in the database");
  EXPECT_EQ(typed("DECIMAL"), "a: { type: numeric }   # DECIMAL in the database");
  EXPECT_EQ(typed("REALLY"), "a: { type: real }   # REALLY in the database");
  EXPECT_EQ(typed("FLOAT4"), "a: { type: real }   # FLOAT4 in the database");
  EXPECT_EQ(typed("DOUBLE X"), "a: { type: real }   # DOUBLE X in the database");
  EXPECT_EQ(typed("uuid"), "a: { type: text }   # uuid in the database");
  EXPECT_EQ(typed("interval"), "a: { type: text }   # interval in the database");
  EXPECT_EQ(typed("point"), "a: { type: text }   # point in the database");
  EXPECT_EQ(typed("point(2)"), "a: { type: bigint }   # point(2) in the database");
}

TEST(DriftYaml, DefaultsOfSqlite) {
  EXPECT_EQ(with_default("'it''s'"), "a: { type: text, default: \"'it''s'\" }");
  EXPECT_EQ(with_default("'a'||'b'"), "a: { type: text, default: \"('a'||'b')\" }");
  EXPECT_EQ(with_default("'"), "a: { type: text, default: \"(')\" }");
  EXPECT_EQ(with_default("-1.5"), "a: { type: text, default: \"-1.5\" }");
  EXPECT_EQ(with_default("+2"), "a: { type: text, default: \"+2\" }");
  for (const char* word : {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"}) {
    EXPECT_EQ(with_default(word), std::string("a: { type: text, default: ") + word + " }");
  }
  for (const char* word : {"NULL", "true", "false", "TRUE", "FALSE"}) {
    EXPECT_EQ(with_default(word), std::string("a: { type: text, default: \"") + word + "\" }");
  }
  EXPECT_EQ(with_default("unixepoch()"), "a: { type: text, default: \"(unixepoch())\" }");
  EXPECT_EQ(with_default(""), "a: { type: text, default: \"()\" }");
}

TEST(DriftYaml, DefaultsOfPostgresql) {
  EXPECT_EQ(on_postgresql("'x'::character varying"), "a: { type: text, default: \"'x'\" }");
  EXPECT_EQ(on_postgresql("lower('x'::text)"), "a: { type: text, postgresql: { default: \"lower('x'::text)\" } }");
  EXPECT_EQ(on_postgresql("true"), "a: { type: text, default: \"1\" }");
  EXPECT_EQ(on_postgresql("false"), "a: { type: text, default: \"0\" }");
  EXPECT_EQ(on_postgresql("now()"), "a: { type: text, default: CURRENT_TIMESTAMP, postgresql: { default: now() } }");
  EXPECT_EQ(on_postgresql("nextval('config_id_seq'::regclass)"),
            "a: { type: text, postgresql: { sequence: config_id_seq } }");
  EXPECT_EQ(on_postgresql("gen_random_uuid()"), "a: { type: text, postgresql: { default: \"gen_random_uuid()\" } }");
}

constexpr std::array<Explanation, 5> lines{{{"created_at", "created_at", "epoch_milliseconds", {}, "", ""},
                                            {"updated_at", "updated_at", "epoch_milliseconds", {}, "", ""},
                                            {"seen_at", "seen_at", "epoch_nanoseconds", {}, "", ""},
                                            {"told_at", "told_at", "text", {}, "", ""},
                                            {"age", "age", "epoch_seconds", {}, "", ""}}};
constexpr std::array<RecordField, 2> fields{
    {{"id", PocketBaseType::id, false, false, 0}, {"Title", PocketBaseType::text, false, false, 0}}};
constexpr std::array<std::uint16_t, 2> one_and_two{0, 1};
constexpr std::array<Join, 1> joins{{{"auth", "id", "id", 0}}};

Entity entity(std::string_view name, std::size_t key_parts) {
  Entity result{};
  result.name = result.table = name;
  result.key = std::span(one_and_two).first(key_parts);
  return result;
}

/// Three entities in order: user (joined with auth), chat, and tag, whose key has two parts.
struct Shop {
  Entity user = entity("user", 1), chat = entity("chat", 1), tag = entity("tag", 2);
  std::array<const Entity*, 3> all{&user, &chat, &tag};
  Mapping mapping{};

  Shop() {
    user.joins = joins;
    chat.explanations = lines;
    chat.fields = fields;
    mapping.entities = all;
  }
  std::string line(const Entity* own, LiveColumn of, std::vector<LiveForeignKey> keys = {}) const {
    LiveTable table;
    table.name = own == nullptr ? "poll" : own->table;
    table.foreign_keys = std::move(keys);
    const std::string name = of.name;
    return field_line(mapping, own, table, of, name);
  }
};

LiveColumn named(std::string name, std::string type = "TEXT", bool not_null = false) {
  LiveColumn result = column(std::move(type));
  result.name = std::move(name);
  result.not_null = not_null;
  return result;
}

TEST(DriftYaml, FieldsHaveTheLensOfTheirType) {
  const Shop shop;
  EXPECT_EQ(shop.line(&shop.chat, named("a", "VARCHAR(5)")), "a: { lens: text }");
  EXPECT_EQ(shop.line(&shop.chat, named("a", "BLOB")), "a: { lens: base64 }");
  EXPECT_EQ(shop.line(&shop.chat, named("a", "INTEGER")), "a: { lens: number }");
  EXPECT_EQ(shop.line(&shop.chat, named("a_at", "TEXT")), "a_at: { lens: text }");
  EXPECT_EQ(shop.line(&shop.chat, named("a_at", "INTEGER")), "a_at: { lens: epoch_milliseconds }");
  EXPECT_EQ(shop.line(&shop.chat, named("a_at", "BIGINT")), "a_at: { lens: epoch_milliseconds }");
  EXPECT_EQ(shop.line(&shop.user, named("a_at", "BIGINT")), "a_at: { lens: epoch_seconds }") << "it has no times";
  EXPECT_EQ(shop.line(nullptr, named("a_at", "BIGINT")), "a_at: { lens: epoch_seconds }");
}

TEST(DriftYaml, FieldsHaveNamesThatPocketBaseTakes) {
  const Shop shop;
  EXPECT_EQ(shop.line(&shop.chat, named("Created")), "Created: { to: Created_, lens: text }");
  EXPECT_EQ(shop.line(&shop.chat, named("title")), "title: { to: title_, lens: text }");
  EXPECT_EQ(shop.line(nullptr, named("title")), "title: { lens: text }");
  EXPECT_EQ(shop.line(nullptr, named("2fa on")), "\"2fa on\": { to: _2fa_on, lens: text }");
  EXPECT_EQ(shop.line(nullptr, named("")), "\"\": { to: _, lens: text }");
  LiveTable table;
  table.name = "auth";
  EXPECT_EQ(field_line(shop.mapping, &shop.user, table, named("passkey"), "auth.passkey"),
            "auth.passkey: { lens: text }");
}

TEST(DriftYaml, ReferencesToKeysOfOnePart) {
  const Shop shop;
  const auto to = [](std::string table, std::string on_delete = "NO ACTION") {
    return std::vector<LiveForeignKey>{{{"owner"}, std::move(table), {"id"}, std::move(on_delete)}};
  };
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("user", "CASCADE")),
            "owner: { lens: reference, of: user, on_delete: cascade }");
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("user")),
            "owner: { lens: reference, of: user, on_delete: clear }");
  EXPECT_EQ(shop.line(&shop.chat, named("owner", "TEXT", true), to("user")),
            "owner: { lens: reference, of: user, on_delete: restrict }");
  EXPECT_EQ(shop.line(&shop.user, named("owner"), to("chat")),
            "owner: { lens: reference, of: chat, on_delete: clear, deferred: true }")
      << "chats are made after users";
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("chat")),
            "owner: { lens: reference, of: chat, on_delete: clear, deferred: true }");
  EXPECT_EQ(shop.line(nullptr, named("owner"), to("poll")),
            "owner: { lens: reference, of: poll, on_delete: clear, deferred: true }");
  EXPECT_EQ(shop.line(nullptr, named("owner"), to("chat")), "owner: { lens: reference, of: chat, on_delete: clear }");
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("tag")), "owner: { lens: text }") << "of two parts";
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("auth")), "owner: { lens: text }") << "joined";
  EXPECT_EQ(shop.line(&shop.chat, named("owner"), to("elsewhere")), "owner: { lens: text }");
  EXPECT_EQ(shop.line(&shop.chat, named("other"), to("user")), "other: { lens: text }");
}

TEST(DriftYaml, Indexes) {
  LiveIndex index;
  index.name = "chat_title";
  index.columns = {{"title", "", true, ""}, {"", "lower(x)", false, ""}, {"name", "", false, "NOCASE"}};
  EXPECT_EQ(index_line(index), "- { name: chat_title, on: [\"title DESC\", \"lower(x)\", \"name COLLATE NOCASE\"] }");
  index.columns.resize(1);
  index.unique = true;
  index.where = "title <> ''";
  EXPECT_EQ(index_line(index), "- { name: chat_title, on: [\"title DESC\"], unique: true, where: \"title <> ''\" }");
  index.origin = LiveIndex::Origin::unique_constraint;
  EXPECT_EQ(index_line(index), "- [\"title DESC\"]");
}

TEST(DriftYaml, ForeignKeys) {
  EXPECT_EQ(foreign_key_line({{"a", "b c"}, "chat", {"id", "user"}, "NO ACTION"}),
            "- { on: [a, \"b c\"], to: chat, columns: [id, user] }");
  EXPECT_EQ(foreign_key_line({{"a"}, "chat", {"id"}, "SET NULL"}),
            "- { on: [a], to: chat, columns: [id], on_delete: set null }");
}

}  // namespace
}  // namespace twoway::drift
