// One field at a time: references, e-mail, joined tables, defaults, what only PocketBase has.
#include <gtest/gtest.h>

#include <set>

#include "transform_world.h"

namespace twoway::transform_test {
namespace {

/// The row with one cell changed.
Row with(NoteColumn column, Owned value) {
  Row row = plain_row();
  row[column] = std::move(value);
  return row;
}

Record with(NoteField field, Owned value) {
  Record record = plain_record();
  record[field] = std::move(value);
  return record;
}

TEST(TransformFields, AnOrdinaryRowHasNoResidue) {
  World world;
  const ToRecord there = to_record(plain_row(), world);
  EXPECT_EQ(there.record[f_residue], Owned());
  EXPECT_FALSE(there.used_side);
  EXPECT_EQ(to_row(there.record, world).side, Owned());
}

TEST(TransformFields, ADanglingReferenceIsEmptyUntilItIsEdited) {
  World world;
  const ToRecord there = to_record(with(c_user, "ghost"), world);
  EXPECT_EQ(there.record[f_user], Owned(""));
  EXPECT_EQ(there.record[f_residue], Owned(R"({"user_id":"tghost"})"));
  // The missing user may exist by now: what was shown counts.
  world.add(user, {"ghost"});
  EXPECT_EQ(to_row(there.record, world).row[c_user], Owned("ghost"));
  Record edited = there.record;
  edited[f_user] = "u1";
  const ToRow back = to_row(edited, world);
  EXPECT_EQ(back.row[c_user], Owned("u1"));
  EXPECT_EQ(back.superseded, std::vector<std::string>{"user_id"});
}

TEST(TransformFields, EmptyReferences) {
  World world;
  EXPECT_EQ(to_record(with(c_folder, Owned()), world).record[f_residue], Owned());
  EXPECT_EQ(to_record(with(c_folder, ""), world).record[f_residue], Owned(R"({"folder_id":"t"})"));
  EXPECT_EQ(to_record(with(c_user, ""), world).record[f_residue], Owned());
  EXPECT_EQ(to_record(with(c_user, Owned()), world).record[f_residue], Owned(R"({"user_id":"n"})"));
  // A relation to the user whose id is '' is not the empty relation.
  const ToRow back = to_row(with(f_user, world.id_of(user, {""})), world);
  EXPECT_EQ(back.row[c_user], Owned(""));
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_user], Owned("~z"));
}

TEST(TransformFields, TemplatedReferences) {
  World world;
  EXPECT_EQ(to_record(with(c_message, "m1"), world).record[f_message], Owned("n1-m1"));
  Record p = to_record(with(c_message, "m1"), world).record;
  EXPECT_EQ(to_row(p, world).row[c_message], Owned("m1"));
  p[f_message] = "other-m3";
  const ToRow back = to_row(p, world);
  EXPECT_EQ(back.row[c_message], Owned("other-m3"));
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_message], Owned("other-m3"));
  // A value that is no text joins to NULL, which must find nothing.
  world.add(message, {Owned()});
  EXPECT_EQ(to_record(with(c_message, Owned::number(1)), world).record[f_message], Owned(""));
}

TEST(TransformFields, AnothersFolder) {
  World world;
  Record p = to_record(with(c_folder, "f1"), world).record;
  EXPECT_EQ(p[f_folder], Owned(world.id_of(folder, {"f1", "u1"})));
  p[f_folder] = world.id_of(folder, {"f1", "U2"});
  const ToRow back = to_row(p, world);
  EXPECT_EQ(back.row[c_folder], Owned("f1"));
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_folder], p[f_folder]);
  // Another owner in SQL, and the entry holds no longer.
  Row moved = back.row;
  moved[c_user] = "";
  EXPECT_EQ(to_record(moved, world, back.side).record[f_folder], Owned(world.id_of(folder, {"f1", ""})));
  world.remove(folder, {"f1", "U2"});
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_folder], Owned(world.id_of(folder, {"f1", "u1"})));
}

TEST(TransformFields, DefaultsAreForRecordsMadeInPocketBase) {
  World world;
  const ToRow made = to_row(plain_record(), world);
  EXPECT_EQ(made.row[c_name], Owned("unnamed"));
  EXPECT_EQ(made.row[c_owner], Owned("u1"));
  EXPECT_EQ(made.row[c_created], Owned::number(1767323045));
  EXPECT_EQ(made.row[c_due], Owned::number(0));
  EXPECT_EQ(made.row[c_title], Owned());
  // PocketBase shows again what it showed.
  const Record again = to_record(made.row, world, made.side).record;
  for (const NoteField field : {f_name, f_owner, f_created_at, f_due, f_title}) EXPECT_EQ(again[field], Owned(""));
  EXPECT_EQ(to_row(again, world).row, made.row);
  // NULL in a column with a default must not become the default.
  const ToRecord there = to_record(with(c_name, Owned()), world);
  EXPECT_EQ(there.record[f_residue], Owned(R"({"name":"n"})"));
  // A migrated record has no `created`: NULL stays NULL without residue.
  EXPECT_EQ(to_record(with(c_created, Owned()), world).record[f_residue], Owned());
}

TEST(TransformFields, SubSecondDatesAreKeptUntilSqlChanges) {
  World world;
  const ToRow back = to_row(with(f_created_at, "2026-01-02 03:04:05.678Z"), world);
  EXPECT_EQ(back.row[c_created], Owned::number(1767323045));
  const ToRecord again = to_record(back.row, world, back.side);
  EXPECT_EQ(again.record[f_created_at], Owned("2026-01-02 03:04:05.678Z"));
  EXPECT_TRUE(again.used_side);
  Row edited = back.row;
  edited[c_created] = Owned::number(1767323046);
  EXPECT_EQ(to_record(edited, world, back.side).record[f_created_at], Owned("2026-01-02 03:04:06.000Z"));
}

TEST(TransformFields, AWriteBackOfTheWholeRecordIsNoEdit) {
  World world;
  const Row row = with(c_meta, R"({"b":1,"a":2,"a":3})");
  Record p = to_record(row, world).record;
  EXPECT_EQ(p[f_meta], Owned(R"({"b":1,"a":3})"));
  p[f_meta] = R"({"a": 3.0, "b": 1})";  // members sorted, numbers re-marshalled
  EXPECT_EQ(to_row(p, world).row, row);
  p[f_meta] = R"({"a":4,"b":1})";
  const ToRow edited = to_row(p, world);
  EXPECT_EQ(edited.row[c_meta], p[f_meta]);
  EXPECT_EQ(edited.superseded, std::vector<std::string>{"meta"});
  Record number = to_record(with(c_version, Owned::number(9007199254740993)), world).record;
  number[f_version] = Value::real(9007199254740992.0);
  EXPECT_EQ(to_row(number, world).row[c_version], Owned::number(9007199254740993));
}

TEST(TransformFields, EmailAndLogin) {
  World world;
  const auto shown = [&](Owned value) {
    Row row = with(c_email, value);
    row[c_auth_email] = value;
    const ToRecord there = to_record(row, world);
    EXPECT_EQ(to_row(there.record, world).row, row);
    return std::pair(there.record[f_email].bytes, there.record[f_login].bytes);
  };
  EXPECT_EQ(shown("Mixed@Example.com"), std::pair(std::string("Mixed@Example.com"), std::string()));
  EXPECT_EQ(shown("admin@localhost"), std::pair(std::string(), std::string("admin@localhost")));
  for (const Owned& odd : {Owned(), Owned(""), Owned("\xFF"), Owned::blob("a@b.co"), Owned::number(1)}) {
    EXPECT_EQ(shown(odd), std::pair(std::string(), std::string()));
  }
  Record both = with(f_email, "a@b.co");
  both[f_login] = "me";
  const ToRow back = to_row(both, world);
  EXPECT_EQ(back.row[c_email], Owned("a@b.co"));
  EXPECT_EQ(to_record(back.row, world, back.side).record[f_login], Owned("me"));
}

TEST(TransformFields, ARepeatedColumnFollowsAnEdit) {
  World world;
  const Row row = with(c_auth_email, "other@x.io");
  Record p = to_record(row, world).record;
  EXPECT_EQ(to_row(p, world).row[c_auth_email], Owned("other@x.io"));
  p[f_email] = "new@x.io";
  const ToRow back = to_row(p, world);
  EXPECT_EQ(back.row[c_auth_email], Owned("new@x.io"));
  EXPECT_EQ(back.superseded, std::vector<std::string>{"auth.email"});
}

TEST(TransformFields, AJoinedRowThatDoesNotExist) {
  World world;
  Row row = plain_row();
  row[c_auth_exists] = Owned::number(0);
  row[c_auth_email] = row[c_auth_password] = row[c_auth_active] = Owned();
  Record p = to_record(row, world).record;
  EXPECT_EQ(to_row(p, world).row, row);
  p[f_email] = "new@x.io";  // does not make one
  EXPECT_EQ(to_row(p, world).row[c_auth_exists], Owned::number(0));
  EXPECT_EQ(to_row(p, world).row[c_auth_email], Owned());
  p[f_password] = "$2b$12$new";
  EXPECT_EQ(to_row(p, world).row[c_auth_exists], Owned::number(1));
}

TEST(TransformFields, OnlyInPocketBaseAndDerived) {
  World world;
  Record p = with(f_verified, Owned::number(0));
  p[f_label] = "not computed";
  const ToRow back = to_row(p, world);
  const ToRecord again = to_record(back.row, world, back.side);
  EXPECT_EQ(again.record[f_verified], Owned::number(0));
  EXPECT_EQ(again.record[f_label], Owned("not computed") );
  EXPECT_EQ(to_record(plain_row(), world).record[f_verified], Owned::number(1));
  EXPECT_EQ(to_record(with(c_title, "t"), world).record[f_label], Owned("t:u1"));
  EXPECT_EQ(to_record(with(c_title, Owned()), world).record[f_label], Owned(""));
}

TEST(TransformFields, UnknownColumnsTravel) {
  World world;
  Arena arena;
  ToPocketBase there(note, world, arena);
  ASSERT_TRUE(there.begin(Value::null()));
  there.unknown("fork_col", Value::blob(std::string_view("\0\1", 2)));
  there.unknown("\xFF", Value::null());
  const Owned residue = there.residue();
  ToSql back(note, world, arena);
  ASSERT_TRUE(back.begin({Value::text("n1")}, residue.view(), Value::text("")));
  ASSERT_EQ(back.unknown().size(), 2U);
  EXPECT_EQ(back.unknown()[0].column, "fork_col");
  EXPECT_EQ(Owned(back.unknown()[0].value), Owned::blob(std::string_view("\0\1", 2)));
  EXPECT_EQ(back.unknown()[1].column, "\xFF");
  ASSERT_TRUE(back.begin({Value::text("n1")}, Value::null(), Value::text("")));
  EXPECT_TRUE(back.unknown().empty());
}

TEST(TransformFields, KeysOfSeveralParts) {
  World world;
  Arena arena;
  ToSql run(folder, world, arena);
  ASSERT_TRUE(run.begin({Value::text("x")}, Value::null(), Value::text("")));
  EXPECT_EQ(Owned(run.key(fields::id, {Value::text("f1~_~552")}, 0)), Owned("f1"));
  EXPECT_EQ(Owned(run.key(fields::id, {Value::text("f1~_~552")}, 1)), Owned("U2"));
  EXPECT_EQ(Owned(run.key(fields::id, {Value::text("k3j2h4g5f6d7s8a")}, 0)), Owned("k3j2h4g5f6d7s8a"));
  EXPECT_EQ(Owned(run.key(fields::id, {Value::text("k3j2h4g5f6d7s8a")}, 1)), Owned());
}

TEST(TransformFields, TokensAreRandomAndOfPocketBasesAlphabet) {
  World world;
  Arena arena;
  ToPocketBase run(note, world, arena);
  std::set<char> letters;
  std::set<std::string> tokens;
  for (int i = 0; i < 200; ++i) {
    const std::string token(run.token().bytes());
    EXPECT_EQ(token.size(), 50U);
    letters.insert(token.begin(), token.end());
    tokens.insert(token);
  }
  EXPECT_EQ(tokens.size(), 200U);
  EXPECT_EQ(letters.size(), 62U);
  for (const char c : letters) EXPECT_TRUE(std::isalnum(static_cast<unsigned char>(c)));
}

}  // namespace
}  // namespace twoway::transform_test
