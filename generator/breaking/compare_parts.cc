#include <fmt/format.h>

#include <algorithm>

#include "generator/breaking/compare.h"
#include "generator/check/describe.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

std::string described(const Side& side, const Mirror& mirror) {
  std::string text = fmt::format("{}.{} and {}", side.qualified(mirror.column), mirror.path,
                                 side.model.entities.at(mirror.target).name);
  for (const std::size_t column : mirror.with) text += " with " + side.qualified(column);
  return text;
}

void compare_mirrors(const Side& before, const Side& now, std::vector<Break>& breaks) {
  for (const Mirror& old : before.entity.mirrors) {
    const auto& all = now.entity.mirrors;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Mirror& m) { return m.field == old.field; });
    const std::string name = before.entity.name + "." + old.field;
    const std::string was = described(before, old);
    if (found == all.end()) {
      breaks.push_back({BreakingFinding::mirror_changed,
                        fmt::format("{} mirrored {}; what is edited there reaches the array no more", name, was),
                        old.position, now.entity.position});
    } else if (described(now, *found) != was) {
      breaks.push_back({BreakingFinding::mirror_changed,
                        fmt::format("{} mirrored {}, now {}", name, was, described(now, *found)), old.position,
                        found->position});
    }
  }
}

std::string described(const PocketBaseOnly& only) {
  if (!only.purge.empty()) return fmt::format("{}, purged", describe(only.type));
  return fmt::format("{}, from SQL '{}'", describe(only.type), only.value.text);
}

/// The side table keeps only what differs from the declared value, so the value is part of what is kept.
void compare_only(const Side& before, const Side& now, std::vector<Break>& breaks) {
  for (const PocketBaseOnly& old : before.entity.only_in_pocketbase) {
    if (!old.purge.empty()) continue;
    const auto& all = now.entity.only_in_pocketbase;
    const auto found = std::find_if(all.begin(), all.end(), [&](const auto& only) { return only.field == old.field; });
    const std::string present = found == all.end() ? "not declared" : described(*found);
    if (present == described(old)) continue;
    breaks.push_back({BreakingFinding::only_changed,
                      fmt::format("{}.{} was {}, now {}", before.entity.name, old.field, described(old), present),
                      old.position, found == all.end() ? now.entity.position : found->position});
  }
}

/// Whatever its columns say, a file is found by the field that names it.
void compare_files(const Side& before, const Side& now, std::vector<Break>& breaks) {
  for (const FileField& old : before.entity.files) {
    const auto& all = now.entity.files;
    if (std::any_of(all.begin(), all.end(), [&](const FileField& file) { return file.field == old.field; })) continue;
    breaks.push_back({BreakingFinding::file_changed,
                      fmt::format("{}.{} held files and is not declared any more", before.entity.name, old.field),
                      old.position, now.entity.position});
  }
}

std::string list(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return joined(names, ", ");
}

/// What a row must fulfil, as text: equal text, equal demand. Names do not count.
std::vector<std::string> demands(const SqlTable& table) {
  std::vector<std::string> all;
  if (!table.primary_key.columns.empty()) all.push_back(fmt::format("unique ({})", list(table.primary_key.columns)));
  for (const SqlUnique& unique : table.uniques) all.push_back(fmt::format("unique ({})", list(unique.columns)));
  for (const SqlIndex& index : table.indexes) {
    const std::string where = index.where.empty() ? "" : " where " + index.where;
    if (index.unique) all.push_back(fmt::format("unique ({}){}", list(index.terms), where));
  }
  for (const SqlCheck& check : table.checks) all.push_back(fmt::format("check ({})", check.sql));
  for (const SqlForeignKey& key : table.foreign_keys) {
    all.push_back(fmt::format("({}) in {} ({})", joined(key.columns, ", "), key.table,
                              joined(key.target_columns, ", ")));
  }
  return all;
}

void compare_table(const SqlTable& before, const SqlTable& now, const std::string& entity, std::vector<Break>& breaks) {
  const std::vector<std::string> old = demands(before);
  for (const std::string& demand : demands(now)) {
    if (std::find(old.begin(), old.end(), demand) != old.end()) continue;
    breaks.push_back({BreakingFinding::constraint_added,
                      fmt::format("{}: table {} now demands {}; rows of before need not fulfil it", entity, now.name,
                                  demand),
                      before.position, now.position});
  }
}

}  // namespace

void compare_parts(const Side& before, const Side& now, std::vector<Break>& breaks) {
  compare_mirrors(before, now, breaks);
  compare_only(before, now, breaks);
  compare_files(before, now, breaks);
}

void compare_constraints(const Side& before, const Side& now, std::vector<Break>& breaks) {
  compare_table(before.table(), now.table(), now.entity.name, breaks);
  for (const JoinedTable& join : now.entity.joins) {
    const SqlTable* const old = before.model.schema.find(join.name);
    if (old != nullptr) compare_table(*old, now.model.schema.tables.at(join.table), now.entity.name, breaks);
  }
}

}  // namespace twowayc
