#include "runtime/migrate/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/store/entity_columns.h"
#include "runtime/store/orphans.h"
#include "runtime/transform/side_entry.h"
#include "runtime/transform/to_pocketbase.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace {

const RelationEdge* relation_of(const Entity& entity, std::string_view column) {
  const auto found = std::find_if(entity.relations.begin(), entity.relations.end(),
                                  [&](const RelationEdge& relation) { return relation.column == column; });
  return found == entity.relations.end() ? nullptr : &*found;
}

/// True where the row's reference is neither NULL nor empty, so that it was meant to lead somewhere.
bool is_meant(const Entity& entity, const void* row, std::string_view name) {
  const auto [table, plain] = split_name(entity, name);
  for (const Column& column : entity.columns) {
    if (column.table != table || column.name != plain) continue;
    const Value& value = cell(row, column.offset);
    return !value.is_null() && !value.is_empty_text();
  }
  return false;
}

std::string position_of(const Entity& entity, std::string_view column) {
  for (const Explanation& explanation : entity.explanations) {
    if (explanation.column == column || explanation.field == column) return std::string(explanation.position);
  }
  return {};
}

/// A statement that shows the rows, where their key is one text.
std::string statement(const Entity& entity, const std::vector<std::string>& keys) {
  const Column& key = entity.columns[entity.key[0]];
  if (keys.empty() || entity.key.size() != 1 || key.type != SqlType::text) return {};
  constexpr std::size_t shown = 5;
  std::string list;
  for (std::size_t i = 0; i < std::min(shown, keys.size()); ++i) {
    if (keys[i].find('\'') != std::string::npos) return {};
    list += fmt::format("{}'{}'", i == 0 ? "" : ", ", keys[i]);
  }
  return fmt::format("SELECT * FROM {} WHERE {} IN ({})", quoted_identifier(entity.table), quoted_identifier(key.name),
                     list);
}

void describe(Note& note, const Entity& entity, bool in_sql) {
  const RelationEdge* const relation = relation_of(entity, note.column);
  note.position = position_of(entity, note.column);
  if (note.what == Note::What::orphan && relation != nullptr) {
    note.weight = Note::Weight::look;
    note.text = fmt::format("no {} of that key; the reference is carried as it is and comes back", relation->target);
    if (in_sql) {
      const std::string rows = statement(entity, note.keys);
      note.choice = fmt::format(
          "leave it: the relation {} is empty in PocketBase; or, before the move, delete the rows, make the missing "
          "{}, "
          "or empty {}{}{}",
          relation->field, relation->target, note.column, rows.empty() ? "" : ". The rows: ", rows);
    } else {
      note.choice =
          fmt::format("empty {} in PocketBase, or leave it: SQL gets the reference as it stands", relation->field);
    }
  } else if (note.what == Note::What::duplicate) {
    note.weight = Note::Weight::look;
    note.text = "another row has the same key; the second goes to the attic and comes back";
    note.choice = "leave it, or give one of the two another key before the move";
  } else if (in_sql) {
    note.text = "PocketBase cannot show the exact value; it is carried in the residue and comes back";
    note.choice = note.position.empty()
                      ? std::string()
                      : fmt::format("nothing needs doing; `explain {}` says how it is shown", entity.name);
  } else {
    note.text = "SQL has no place for it; it is kept in the side table twoway_residue and comes back";
    note.choice = "nothing needs doing; keep that table";
  }
}

}  // namespace

std::string Note::first_keys() const {
  constexpr std::size_t shown = 5;
  const std::size_t number = std::min(shown, keys.size());
  return fmt::format("{}{}", fmt::join(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(number), ", "),
                     count > number ? ", ..." : "");
}

bool is_of_conversion(Note::What what) {
  return what == Note::What::orphan || what == Note::What::duplicate || what == Note::What::residue;
}

void Findings::add(Note::What what, std::string_view entity, std::string_view column, std::string_view key) {
  Found& found = found_[{std::string(entity), std::string(column), what}];
  ++found.count;
  if (found.keys.size() < Note::most_keys) found.keys.emplace_back(key);
}

void Findings::orphan(const Entity& entity, const RelationEdge& relation, std::string_view key) {
  add(Note::What::orphan, entity.name, relation.column, key);
}

void Findings::converted(const Entity& entity, const void* row, const ToPocketBase& run, std::string_view key) {
  run.for_each_residue([&](std::string_view name) {
    // What was shown goes with its column; a mirror's base is there for every row that has one.
    if (name.starts_with(residue_name::shown) || name.starts_with(residue_name::mirror)) return;
    if (name.starts_with(residue_name::withheld)) return;  // the receipt counts them among the people
    const bool orphan = relation_of(entity, name) != nullptr && is_meant(entity, row, name);
    if (name.starts_with(residue_name::unknown_column) || name.starts_with(residue_name::absent_join)) {
      name.remove_prefix(1);
    }
    add(orphan ? Note::What::orphan : Note::What::residue, entity.name, name, key);
  });
  for (const std::string_view field : run.unlinked()) {
    for (const RelationEdge& relation : entity.relations) {
      if (relation.field == field) orphan(entity, relation, key);
    }
  }
}

void Findings::converted(const Entity& entity, const ToSql& run, std::string_view key) {
  run.for_each_side([&](std::string_view name) { add(Note::What::residue, entity.name, name, key); });
}

std::vector<Note> Findings::notes(const Mapping& mapping, bool in_sql) const {
  std::vector<Note> notes;
  for (const auto& [name, found] : found_) {
    Note& note = notes.emplace_back();
    std::tie(note.entity, note.column, note.what) = name;
    note.subject = note.column.empty() ? note.entity : fmt::format("{}.{}", note.entity, note.column);
    note.count = found.count;
    note.keys = found.keys;
    if (const Entity* const entity = find_entity(mapping, note.entity)) describe(note, *entity, in_sql);
  }
  return notes;
}

}  // namespace twoway
