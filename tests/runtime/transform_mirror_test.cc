// Mirrors: a relation and an array within a document, merged three ways.
#include <gtest/gtest.h>

#include "runtime/transform/mirror.h"
#include "transform_world.h"

namespace twoway::transform_test {
namespace {

/// A row of user u1 with this document.
Row with_meta(Owned meta) {
  Row row = plain_row();
  row[c_meta] = std::move(meta);
  return row;
}

Owned relations(const World& world, const std::vector<std::string>& names) {
  std::string out = "[";
  for (const std::string& name : names) out += (out.size() > 1 ? ",\"" : "\"") + world.id_of(tag, {name, "u1"}) + "\"";
  return out + "]";
}

struct Case {
  const char* what;
  Owned meta;                           ///< in SQL
  std::vector<std::string> shown;       ///< names of the relation in PocketBase
  std::vector<std::string> edited;      ///< the relation after an edit there
  Owned merged;                         ///< in SQL again
};

const std::string smile = "\xF0\x9F\x99\x82_tag";
const Case cases[] = {
    {"order kept", R"({"tags":["play","Case","work"]})", {"play", "Case", "work"}, {"play", "Case", "work", "case"},
     R"({"tags":["play","Case","work","case"]})"},
    {"removed", R"({"x":1 ,"tags" : [ "work" , "play" ] })", {"work", "play"}, {"play"},
     R"({"x":1 ,"tags" : ["play"] })"},
    {"last removed", R"({"tags":["work"],"b":2})", {"work"}, {}, R"({"tags":[],"b":2})"},
    {"added with the document's style", R"({"a": 1, "tags": ["work"]})", {"work"}, {"work", "play"},
     R"({"a": 1, "tags": ["work", "play"]})"},
    {"duplicate names go together", R"({"tags":["work","play","work"]})", {"work", "play"}, {"play"},
     R"({"tags":["play"]})"},
    {"names without rows stay", R"({"tags":["no row","work"]})", {"work"}, {}, R"({"tags":["no row"]})"},
    {"items that are no strings stay", R"({"tags":[1,null,"work",["x"],{"a":1}]})", {"work"}, {"play"},
     R"({"tags":[1,null,["x"],{"a":1},"play"]})"},
    {"no array, something to add", R"({"tags":"x","b":1})", {}, {"work"}, R"({"tags":["work"],"b":1})"},
    {"null, something to add", R"({"tags":null})", {}, {"work"}, R"({"tags":["work"]})"},
    {"no member", R"({"a": 1})", {}, {"work"}, R"({"a": 1,"tags":["work"]})"},
    {"empty object", "{ }", {}, {"work"}, R"({ "tags":["work"]})"},
    {"empty array", R"({"tags":[]})", {}, {"work"}, R"({"tags":["work"]})"},
    {"the last of two members", R"({"tags":["play"],"tags":["work"]})", {"work"}, {"case"},
     R"({"tags":["play"],"tags":["case"]})"},
    {"an escaped member name", R"({"t\u0061gs":["case"]})", {"case"}, {}, R"({"t\u0061gs":[]})"},
    {"escaped items", R"({"tags":["\ud83d\ude42_tag","a\/b:c"]})", {smile, "a/b:c"}, {"a/b:c"},
     R"({"tags":["a\/b:c"]})"},
    {"unlinked, then linked", R"({"tags":["no row","brand_new"]})", {"brand_new"}, {"brand_new", "work"},
     R"({"tags":["no row","brand_new","work"]})"},
    {"deeper members are not it", R"({"a":{"tags":["work"]},"b":["tags",["work"]]})", {}, {"play"},
     R"({"a":{"tags":["work"]},"b":["tags",["work"]],"tags":["play"]})"},
    {"NULL", Owned(), {}, {"work"}, R"({"tags":["work"]})"},
    {"no object", "[1]", {}, {"work"}, R"({"tags":["work"]})"},
    {"a number", Owned::number(3), {}, {"work"}, R"({"tags":["work"]})"},
    {"invalid JSON is left alone", R"({"tags":["work"])", {}, {"work"}, R"({"tags":["work"])"},
    {"two documents", R"({"tags":["work"]}{})", {}, {"work"}, R"({"tags":["work"]}{})"},
    {"a trailing comma", R"({"tags":["work"],})", {}, {"work"}, R"({"tags":["work"],})"},
    {"NaN, which Python reads", R"({"n":NaN,"tags":["work"]})", {"work"}, {"play"}, R"({"n":NaN,"tags":["play"]})"},
    {"a lone surrogate", R"({"tags":["\ud800","work"]})", {"work"}, {}, R"({"tags":["\ud800"]})"},
};

TEST(TransformMirror, Cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.what);
    World world;
    const Row row = with_meta(c.meta);
    const ToRecord there = to_record(row, world);
    EXPECT_EQ(there.record[f_tags], relations(world, c.shown));
    EXPECT_EQ(to_row(there.record, world).row, row);
    Record edited = there.record;
    edited[f_tags] = relations(world, c.edited);
    const ToRow back = to_row(edited, world);
    EXPECT_EQ(back.row[c_meta], c.merged);
    const ToRecord again = to_record(back.row, world, back.side);
    EXPECT_EQ(again.record[f_tags], edited[f_tags]);
    EXPECT_EQ(to_row(again.record, world).row, back.row);
  }
}

TEST(TransformMirror, AnArrayEditedAloneWins) {
  World world;
  Record p = to_record(with_meta(R"({"tags":["work","play"]})"), world).record;
  p[f_meta] = R"({"tags":["fresh","work"]})";
  const ToRow back = to_row(p, world);
  EXPECT_EQ(back.row[c_meta], Owned(R"({"tags":["fresh","work"]})"));
  // The relation still has both, and shows them again.
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_tags], relations(world, {"work", "play"}));
}

TEST(TransformMirror, BothEditedAreMerged) {
  World world;
  Record p = to_record(with_meta(R"({"tags":["work","play"]})"), world).record;
  p[f_meta] = R"({"tags":["work","fresh","play"],"b":1})";
  p[f_tags] = relations(world, {"play", "Case"});
  EXPECT_EQ(to_row(p, world).row[c_meta], Owned(R"({"tags":["fresh","play","Case"],"b":1})"));
}

TEST(TransformMirror, RecordsMadeInPocketBase) {
  World world;
  Record p = plain_record();
  p[f_user] = world.id_of(user, {"u1"});
  p[f_tags] = relations(world, {"play", "brand_new"});
  EXPECT_EQ(to_row(p, world).row[c_meta], Owned(R"({"tags":["play","brand_new"]})"));
  p[f_meta] = R"({"tags":["pinned","play"]})";
  const ToRow both = to_row(p, world);
  EXPECT_EQ(both.row[c_meta], Owned(R"({"tags":["pinned","play","brand_new"]})"));
  EXPECT_EQ(to_record(both.row, world, both.side).record[f_tags], p[f_tags]);
}

TEST(TransformMirror, ADeletedTagLeavesTheArrayAndAMissingRecordIsSkipped) {
  World world;
  Record p = to_record(with_meta(R"({"tags":["work","play"]})"), world).record;
  world.remove(tag, {"work", "u1"});
  EXPECT_EQ(to_row(p, world).row[c_meta], Owned(R"({"tags":["play"]})"));
}

TEST(TransformMirror, ATagThatAppearsInSqlIsLinked) {
  World world;
  const ToRow back = to_row(to_record(with_meta(R"({"tags":["new one"]})"), world).record, world);
  world.add(tag, {"new one", "u1"});
  world.add(tag, {"newer", "u1"});
  Row row = back.row;
  row[c_meta] = R"({"tags":["new one","newer"]})";
  EXPECT_EQ(to_record(row, world, back.side).record[f_tags], relations(world, {"new one", "newer"}));
}

TEST(TransformMirror, OverwrittenDocumentsAreNamed) {
  World world;
  for (const char* meta : {R"({"tags":"x"})", "[1]"}) {
    Record p = to_record(with_meta(meta), world).record;
    p[f_tags] = relations(world, {"work"});
    EXPECT_EQ(to_row(p, world).superseded, std::vector<std::string>{"meta"});
  }
}

TEST(TransformMirror, OrderOfTheRelationIsKept) {
  World world;
  Record p = to_record(with_meta(R"({"tags":["work","play"]})"), world).record;
  p[f_tags] = relations(world, {"play", "work"});
  const ToRow back = to_row(p, world);
  EXPECT_EQ(back.row[c_meta], Owned(R"({"tags":["work","play"]})"));
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_tags], p[f_tags]);
  // A row that has gone meanwhile is not shown: PocketBase could not save the record again.
  world.remove(tag, {"play", "u1"});
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_tags], relations(world, {"work"}));
}

TEST(TransformMirror, OrdinaryDocumentsLeaveNothing) {
  World world;
  for (const Owned& meta : {Owned("{}"), Owned(R"({"tags":[]})"), Owned(), Owned(R"({"model":"x"})")}) {
    const ToRecord there = to_record(with_meta(meta), world);
    EXPECT_EQ(there.record[f_tags], Owned("[]"));
    EXPECT_EQ(there.record[f_residue], Owned());
    EXPECT_EQ(to_row(there.record, world).side, Owned());
  }
}

TEST(TransformMirror, BaseEntries) {
  for (const char* text : {":[]", "0:[1]", "1,3:[\"a\",1,\"b\",2]"}) {
    const auto base = mirror::read_base(text);
    ASSERT_TRUE(base) << text;
    std::string out;
    mirror::append_base(out, *base);
    EXPECT_EQ(out, text);
  }
  for (const char* text : {"", "1", "1,:[]", ",1:[]", "3,1:[]", "1,1:[]", "x:[]", "-1:[]", "1 :[]"}) {
    EXPECT_FALSE(mirror::read_base(text)) << text;
  }
}

TEST(TransformMirror, DeepDocuments) {
  Arena arena;
  const std::string deep(1000000, '[');
  EXPECT_EQ(mirror::find(Value::text(deep), "tags", arena).state, mirror::Array::State::unreadable);
  const std::string closed = "{\"a\":" + deep + std::string(1000000, ']') + ",\"tags\":[]}";
  EXPECT_EQ(mirror::find(Value::text(closed), "tags", arena).state, mirror::Array::State::found);
}

}  // namespace
}  // namespace twoway::transform_test
