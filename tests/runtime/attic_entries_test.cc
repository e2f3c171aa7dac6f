// Entries of the attic, and those that somebody changed: they say nothing, and end nothing.
#include "runtime/store/attic_entries.h"

#include <gtest/gtest.h>

#include "runtime/transform/residue.h"

namespace twoway::attic_entry {
namespace {

std::string tagged_text(std::string_view text) { return tagged(Value::text(text)); }

AtticEntry with_columns(std::string_view columns) {
  return {AtticEntry::What::table, "fork", "", {{"columns", tagged_text(columns)}}};
}

TEST(AtticEntries, ShapesComeBack) {
  TableShape shape;
  shape.name = "fork";
  shape.columns = {{"id", "INT", SqlType::integer, true},
                   {"part", "TEXT", SqlType::text, false},
                   {"x", "BLOB", SqlType::blob, false}};
  shape.key = {1, 0};
  const AtticEntry entry = table(shape, "CREATE TABLE fork", sqlite);
  const auto read = attic_entry::shape(entry);
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->key, shape.key);
  EXPECT_EQ(read->sql, "CREATE TABLE fork");
  ASSERT_EQ(read->columns.size(), 3u);
  EXPECT_EQ(read->columns[0].name, "id");
  EXPECT_TRUE(read->columns[0].not_null);
  EXPECT_EQ(read->columns[2].type, SqlType::blob);
  EXPECT_EQ(dialect(entry), "sqlite");
}

TEST(AtticEntries, ShapesThatSomebodyChanged) {
  EXPECT_FALSE(attic_entry::shape({AtticEntry::What::table, "fork", "", {}}).has_value());
  EXPECT_FALSE(attic_entry::shape({AtticEntry::What::table, "fork", "", {{"columns", "untagged"}}}).has_value());
  EXPECT_FALSE(
      attic_entry::shape({AtticEntry::What::table, "fork", "", {{"columns", tagged(Value::integer(7))}}}).has_value());
  for (const char* columns :
       {"", "{", "{}", "[]", "[7]", "[{}]", "[{\"name\": \"a\"}]", "[{\"name\": 7, \"type\": \"text\"}]",
        "[{\"name\": \"a\", \"type\": 7}]", "[{\"name\": \"a\", \"type\": \"money\"}]", "[{\"type\": \"text\"}]"}) {
    EXPECT_FALSE(attic_entry::shape(with_columns(columns)).has_value()) << columns;
  }
  for (const char* columns : {"[{\"name\": \"a\", \"type\": \"text\"}]",
                              "[{\"name\": \"a\", \"type\": \"text\", \"key\": \"1\", \"not_null\": 1}]",
                              "[{\"name\": \"a\", \"type\": \"text\", \"key\": -1, \"not_null\": false}]"}) {
    const auto shape = attic_entry::shape(with_columns(columns));
    ASSERT_TRUE(shape.has_value()) << columns;
    EXPECT_TRUE(shape->key.empty());
    EXPECT_FALSE(shape->columns[0].not_null);
  }
}

TEST(AtticEntries, ColumnsAreTextWhereTheyDoNotTell) {
  const AtticEntry whole = column("fork", {"a", "BIGINT", SqlType::integer, false}, postgresql);
  EXPECT_EQ(column(whole).type, SqlType::integer);
  EXPECT_EQ(column(whole).declared_type, "BIGINT");
  EXPECT_EQ(dialect(whole), "postgresql");
  const TableColumn bare = column({AtticEntry::What::column, "fork", "a", {{"word", tagged_text("money")}}});
  EXPECT_EQ(bare.type, SqlType::text);
  EXPECT_EQ(bare.declared_type, "");
}

TEST(AtticEntries, StatementsOfAnotherKindOfDatabase) {
  const AtticEntry object{AtticEntry::What::object, "fork", "index by_a", {{"sql", tagged_text("CREATE INDEX by_a")}}};
  AtticEntry whole{AtticEntry::What::table, "fork", "", {{"sql", tagged_text("x")}, {"dialect", tagged_text("y")}}};
  AtticEntry part{AtticEntry::What::column, "fork", "a", {{"type", tagged_text("MONEY")}, {"word", "z"}}};
  EXPECT_EQ(statement_key(object), "index by_a");
  EXPECT_EQ(statement_key(whole), "table fork");
  EXPECT_EQ(statement_key(part), "column fork.a");
  const auto statement = read_statement(postgresql, "column fork.a", Value::text(statement_document(part)));
  ASSERT_TRUE(statement.has_value());
  EXPECT_EQ(statement->sql, "MONEY");
  EXPECT_EQ(statement->table, "fork");
  const std::vector<Statement> kept{{"postgresql", "table fork", "fork", "CREATE TABLE fork"},
                                    {"postgresql", "column fork.a", "fork", "numeric"},
                                    {"postgresql", "index by_b", "fork", "CREATE INDEX by_b"},
                                    {"postgresql", "nameless", "", "CREATE"}};
  restore_statement(whole, kept);
  restore_statement(part, kept);
  EXPECT_EQ(text(whole, "sql"), "CREATE TABLE fork");
  EXPECT_EQ(dialect(whole), "postgresql");
  EXPECT_EQ(text(part, "type"), "numeric");
  const std::vector<AtticEntry> objects = kept_objects(kept);
  ASSERT_EQ(objects.size(), 1u);
  EXPECT_EQ(objects[0].name, "index by_b");
}

TEST(AtticEntries, StatementsThatSomebodyChanged) {
  EXPECT_FALSE(read_statement(sqlite, "table fork", Value::text("no document")).has_value());
  const auto read = [](std::string_view name, const Value& value) {
    ResidueWriter writer;
    writer.add(name, value);
    return read_statement(sqlite, "table fork", writer.document());
  };
  EXPECT_FALSE(read("other", Value::text("x")).has_value());
  EXPECT_FALSE(read("sql", Value::integer(7)).has_value());
  const auto bare = read("sql", Value::text("CREATE TABLE fork"));
  ASSERT_TRUE(bare.has_value());
  EXPECT_EQ(bare->table, "");
}

}  // namespace
}  // namespace twoway::attic_entry
