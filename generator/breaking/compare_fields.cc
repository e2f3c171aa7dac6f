#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "generator/breaking/compare.h"
#include "generator/check/describe.h"

namespace twowayc {
namespace {

const MappedField* field_of(const Side& side, const std::string& qualified) {
  for (const MappedField& field : side.entity.fields) {
    if (side.qualified(field.column) == qualified) return &field;
  }
  return nullptr;
}

bool is_key(const Side& side, const std::string& qualified) {
  return std::any_of(side.entity.key.begin(), side.entity.key.end(),
                     [&](const KeyColumn& key) { return side.qualified(key.column) == qualified; });
}

std::string described(const SqlColumn& column) {
  return column.length == 0 ? std::string(describe(column.type))
                            : fmt::format("{}({})", describe(column.type), column.length);
}

/// Whether each value of the old type is one of the new type.
bool holds_all(const SqlColumn& before, const SqlColumn& now) {
  if (value_class(before.type) != value_class(now.type)) return false;
  if (before.type == SqlType::bigint && now.type == SqlType::integer) return false;
  if (now.length == 0) return true;
  return before.length != 0 && before.length <= now.length;
}

/// The target and its key, as text.
std::string described_target(const Side& side, const MappedField& field) {
  if (!field.target) return "";
  std::string text = side.model.entities.at(*field.target).name + " by";
  for (const KeyPart& part : field.target_key) {
    if (part.what != KeyPart::What::template_text) {
      text += " " + side.qualified(part.column);
      continue;
    }
    text += ' ';
    for (const KeyPart::Piece& piece : part.pieces) {
      text += piece.column ? "{" + side.qualified(*piece.column) + "}" : piece.literal;
    }
  }
  return text;
}

std::string described_lens(const Side& side, const MappedField& field) {
  const Lens& lens = side.model.lenses.at(field.lens);
  std::string text = lens.name;
  if (!lens.built_in) text += fmt::format(" ({}, a {} field)", lens.struct_name, describe(lens.pocketbase));
  if (field.repeats) text += " " + side.qualified(*field.repeats);
  return text;
}

std::string_view described_empty(const MappedField& field, const Lens& lens) {
  if (lens.pocketbase == PocketBaseType::json) return field.json_null_is_json ? "the JSON text null" : "SQL NULL";
  return field.empty == Empty::null ? "NULL" : "the empty value";
}

/// One column that went over and still does.
class FieldComparison {
 public:
  FieldComparison(const Side& before, const MappedField& old, const Side& now, const MappedField& present,
                  std::vector<Break>& breaks)
      : before_(before), old_(old), now_(now), present_(present), breaks_(breaks) {}

  void run() {
    changed(BreakingFinding::field_renamed, "was written to field", old_.to, present_.to);
    changed(BreakingFinding::field_renamed, "had its other addresses in", old_.login, present_.login);
    const std::string lens = described_lens(before_, old_);
    changed(BreakingFinding::lens_changed, "was written with lens", lens, described_lens(now_, present_));
    changed(BreakingFinding::reference_changed, "referred to", described_target(before_, old_),
            described_target(now_, present_));
    compare_column();
  }

 private:
  void compare_column() {
    const SqlColumn& old = before_.sql(old_.column);
    const SqlColumn& present = now_.sql(present_.column);
    if (!holds_all(old, present)) {
      changed(BreakingFinding::column_type, "was", described(old), described(present));
    }
    if (old.nullable && !present.nullable) {
      add(BreakingFinding::null_forbidden, "may have been NULL, which is forbidden now");
      return;   // what an empty field means has changed with it
    }
    const Lens& lens = now_.model.lenses.at(present_.lens);
    const Lens& old_lens = before_.model.lenses.at(old_.lens);
    if (lens.pocketbase != old_lens.pocketbase || old_.target || old_.repeats) return;
    changed(BreakingFinding::empty_changed, "empty meant", std::string(described_empty(old_, old_lens)),
            std::string(described_empty(present_, lens)));
  }

  void changed(BreakingFinding id, std::string_view what, const std::string& old, const std::string& present) {
    if (old == present) return;
    const auto or_nothing = [](const std::string& text) { return text.empty() ? std::string("nothing") : text; };
    add(id, fmt::format("{} {}, now {}", what, or_nothing(old), or_nothing(present)));
  }

  void add(BreakingFinding id, const std::string& text) {
    breaks_.push_back({id, fmt::format("{}.{} {}", before_.entity.name, before_.qualified(old_.column), text),
                       old_.position, present_.position});
  }

  const Side& before_;
  const MappedField& old_;
  const Side& now_;
  const MappedField& present_;
  std::vector<Break>& breaks_;
};

/// A column that went over and does not any more.
void report_gone(const Side& before, const MappedField& old, const Side& now, std::vector<Break>& breaks) {
  const std::string& qualified = before.qualified(old.column);
  const std::string name = before.entity.name + "." + qualified;
  if (is_key(now, qualified)) return;   // part of the record id now: the key has changed
  for (const PurgedColumn& purged : now.entity.purged) {
    if (purged.qualified != qualified) continue;
    breaks.push_back({BreakingFinding::column_purged,
                      fmt::format("{} is purged now; what records hold in {} is not read", name, old.to), old.position,
                      purged.position});
    return;
  }
  breaks.push_back({BreakingFinding::column_removed,
                    fmt::format("{} is not mapped any more; what records hold in {} is not read", name, old.to),
                    old.position, now.entity.position});
}

/// A new column that must not be NULL and whose lens makes nothing of an empty field.
void check_new(const Side& before, const Side& now, const MappedField& present, std::vector<Break>& breaks) {
  const SqlColumn& column = now.sql(present.column);
  const std::string& qualified = now.qualified(present.column);
  const bool is_new = std::none_of(before.entity.columns.begin(), before.entity.columns.end(),
                                   [&](const EntityColumn& old) { return old.qualified == qualified; });
  const bool needs_value = present.target || now.model.lenses.at(present.lens).pocketbase == PocketBaseType::date;
  if (!is_new || column.nullable || !needs_value || present.fallback.kind != Default::Kind::none) return;
  breaks.push_back({BreakingFinding::column_required,
                    fmt::format("{}.{} must not be NULL, and records of before have nothing for it; give a default",
                                now.entity.name, qualified),
                    before.entity.position, present.position});
}

}  // namespace

std::string_view value_class(SqlType type) {
  switch (type) {
    case SqlType::text:
    case SqlType::varchar: return "text";
    case SqlType::bigint:
    case SqlType::integer: return "whole numbers";
    default: return describe(type);
  }
}

void compare_fields(const Side& before, const Side& now, std::vector<Break>& breaks) {
  for (const MappedField& old : before.entity.fields) {
    const MappedField* const present = field_of(now, before.qualified(old.column));
    if (present == nullptr) report_gone(before, old, now, breaks);
    else FieldComparison(before, old, now, *present, breaks).run();
  }
  for (const MappedField& present : now.entity.fields) check_new(before, now, present, breaks);
}

}  // namespace twowayc
