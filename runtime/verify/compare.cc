#include "runtime/verify/compare.h"

#include <algorithm>

#include <fmt/format.h>
#include <xxhash.h>

namespace twoway {

std::string described(const Value& value) {
  switch (value.kind()) {
    case Kind::null: return "NULL";
    case Kind::integer: return fmt::format("{}", value.as_integer());
    case Kind::real: return fmt::format("{}", value.as_real());
    case Kind::text:
    case Kind::blob:
      return fmt::format("{} of {} bytes (hash {:016x})", value.is_text() ? "text" : "blob", value.bytes().size(),
                         XXH3_64bits(value.bytes().data(), value.bytes().size()));
  }
  return {};
}

std::string_view position_of(const Entity& entity, std::string_view column) {
  for (const Explanation& explanation : entity.explanations) {
    if (explanation.column == column) return explanation.position;
  }
  return {};
}

namespace {

std::string qualified_name(const Entity& entity, const Column& column) {
  if (column.table == entity.table) return std::string(column.name);
  return fmt::format("{}.{}", column.table, column.name);
}

const Value* find(const UnknownValues& values, std::string_view name) {
  const auto found = std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == name; });
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

std::size_t compare_rows(const Entity& entity, std::string_view key, const void* expected,
                         const UnknownValues& expected_unknown, const void* found, const UnknownValues& found_unknown,
                         bool strict_unknown, std::size_t kept, std::vector<Difference>& out) {
  std::size_t different = 0;
  const auto note = [&](std::string column, const std::string& wanted, const std::string& got) {
    ++different;
    if (out.size() >= kept) return;
    std::string position(position_of(entity, column));
    out.push_back({std::string(entity.name), std::string(key), std::move(column), wanted, got, std::move(position)});
  };
  for (const Column& column : entity.columns) {
    const Value& wanted = cell(expected, column.offset);
    const Value& got = cell(found, column.offset);
    if (!same(wanted, got)) note(qualified_name(entity, column), described(wanted), described(got));
  }
  for (const Join& join : entity.joins) {
    const Value& wanted = cell(expected, join.marker_offset);
    const Value& got = cell(found, join.marker_offset);
    const auto word = [](const Value& marker) { return marker.as_integer() != 0 ? "a row" : "no row"; };
    if (!same(wanted, got)) note(fmt::format("table {}", join.table), word(wanted), word(got));
  }
  for (const auto& [name, value] : expected_unknown) {
    const Value* got = find(found_unknown, name);
    if (got == nullptr) {
      note(std::string(name), described(value), "no such column");
    } else if (!same(value, *got)) {
      note(std::string(name), described(value), described(*got));
    }
  }
  if (!strict_unknown) return different;
  for (const auto& [name, value] : found_unknown) {
    if (find(expected_unknown, name) == nullptr) note(std::string(name), "nothing", described(value));
  }
  return different;
}

}  // namespace twoway
