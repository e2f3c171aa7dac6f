// The one rule of reversibility, over random rows and records of the small entity.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "transform_world.h"

namespace twoway::transform_test {
namespace {

/// The legal fields that a client of PocketBase may edit on their own.
constexpr NoteField editable[] = {f_user,    f_folder,     f_message, f_owner, f_title, f_name,     f_archived, f_label,
                                  f_version, f_created_at, f_due,     f_meta,  f_tags,  f_password, f_active,
                                  f_verified};

RC_GTEST_PROP(TransformRoundTrip, RowsComeBackExactly, ()) {
  World world;
  const Row row = *any_row();
  const ToRecord there = to_record(row, world);
  RC_ASSERT(there.good);
  const ToRow back = to_row(there.record, world);
  RC_ASSERT(back.good);
  RC_ASSERT(back.row == row);
  RC_ASSERT(back.superseded.empty());
  // And once more, with what the way back wrote into the side table.
  const ToRecord again = to_record(back.row, world, back.side);
  RC_ASSERT(again.good);
  RC_ASSERT(again.record == there.record);
  RC_ASSERT(to_row(again.record, world).row == row);
}

RC_GTEST_PROP(TransformRoundTrip, RecordsComeBackExactly, ()) {
  World world;
  const Record record = *any_record();
  const ToRow there = to_row(record, world);
  RC_ASSERT(there.good);
  const ToRecord back = to_record(there.row, world, there.side);
  RC_ASSERT(back.good);
  Record expected = record;
  expected[f_created] = "";
  expected[f_residue] = back.record[f_residue];
  // Also where the relation was merged into the document: PocketBase shows the document that it had.
  RC_ASSERT(back.record == expected);
  const ToRow again = to_row(back.record, world);
  RC_ASSERT(again.row == there.row);
  RC_ASSERT(again.superseded.empty());
  RC_ASSERT(to_record(again.row, world, again.side).record == back.record);
}

RC_GTEST_PROP(TransformRoundTrip, EditsSurviveAndTouchNothingElse, ()) {
  World world;
  const Row row = *any_row();
  const ToRecord shown = to_record(row, world);
  Record edited = shown.record;
  const NoteField field = *rc::gen::elementOf(std::vector<NoteField>(std::begin(editable), std::end(editable)));
  edited[field] = *any_field(field);
  RC_PRE(!(edited[field] == shown.record[field]));
  const ToRow there = to_row(edited, world);
  RC_ASSERT(there.good);
  const ToRecord back = to_record(there.row, world, there.side);
  // What was edited is shown again, and so is everything that does not follow from it.
  RC_ASSERT(back.record[field] == edited[field]);
  for (int i = f_id; i < f_residue; ++i) {
    const bool follows = (field == f_tags && i == f_meta) || (field == f_meta && i == f_tags) ||
                         (field == f_user && (i == f_folder || i == f_tags || i == f_meta || i == f_label)) ||
                         (field == f_title && i == f_label);
    if (!follows) RC_ASSERT(back.record[static_cast<std::size_t>(i)] == edited[static_cast<std::size_t>(i)]);
  }
  RC_ASSERT(to_row(back.record, world).row == there.row);
  // Columns of other fields are as they were.
  constexpr std::pair<NoteField, NoteColumn> columns[] = {
      {f_folder, c_folder}, {f_message, c_message}, {f_owner, c_owner},      {f_title, c_title},
      {f_name, c_name},     {f_version, c_version}, {f_created_at, c_created}, {f_due, c_due},
      {f_archived, c_archived}, {f_user, c_user},   {f_password, c_auth_password}, {f_active, c_auth_active}};
  for (const auto& [f, c] : columns) {
    if (f != field) RC_ASSERT(there.row[c] == row[c]);
  }
  if (field != f_meta && field != f_tags) RC_ASSERT(there.row[c_meta] == row[c_meta]);
}

RC_GTEST_PROP(TransformRoundTrip, RowsEditedInSqlAreShownAnew, ()) {
  World world;
  const Record record = *any_record();
  ToRow there = to_row(record, world);
  there.row[c_title] = "edited";
  there.row[c_due] = Owned::number(1700000000000000000);
  there.row[c_meta] = "{\"tags\":[\"edited\",\"work\"]}";
  const ToRecord back = to_record(there.row, world, there.side);
  RC_ASSERT(back.record[f_title] == Owned("edited"));
  RC_ASSERT(back.record[f_due] == Owned("2023-11-14 22:13:20.000Z"));
  const std::string id = world.id_of(tag, {"work", there.row[c_user]});
  RC_ASSERT(back.record[f_tags] == Owned(id.empty() ? "[]" : "[\"" + id + "\"]"));
  RC_ASSERT(to_row(back.record, world).row == there.row);
}

}  // namespace
}  // namespace twoway::transform_test
