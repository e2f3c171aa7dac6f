#include "runtime/store/kept.h"

#include "runtime/transform/record_id.h"
#include "runtime/transform/residue.h"

namespace twoway::kept {

namespace {
constexpr std::string_view values_prefix = "values of ";
constexpr std::string_view rows_prefix = "rows of ";
constexpr std::string_view statements_prefix = "statements of ";
}  // namespace

std::string values_of(std::string_view table) { return std::string(values_prefix).append(table); }
std::string rows_of(std::string_view table) { return std::string(rows_prefix).append(table); }

std::string statements_of(std::string_view dialect) { return std::string(statements_prefix).append(dialect); }

bool is_kept(std::string_view side_entity) {
  return side_entity.starts_with(values_prefix) || side_entity.starts_with(rows_prefix);
}

std::string document(const TableShape& shape, std::span<const Value> values, std::span<const bool> chosen) {
  ResidueWriter writer;
  std::string name, tagged;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!chosen.empty() && !chosen[i]) continue;
    name.clear();
    tagged.clear();
    append_column_name(name, shape.columns[i].name);
    append_tagged(tagged, values[i]);
    writer.add_text(name, tagged);
  }
  const Value json = writer.document();
  return json.is_null() ? std::string() : std::string(json.bytes());
}

bool read(std::string_view json, const TableShape& shape, Arena& arena,
          const std::function<void(std::size_t column, const Value& value)>& take) {
  Residue entries;
  if (!entries.parse(Value::text(json), arena)) return false;
  for (const Residue::Entry& entry : entries.entries()) {
    const auto name = read_column_name(entry.name, arena);
    const auto value = read_tagged(entry.text, arena);
    if (!name || !value) return false;
    for (std::size_t i = 0; i < shape.columns.size(); ++i) {
      if (shape.columns[i].name == *name) take(i, *value);
    }
  }
  return true;
}

std::string_view key_text(const TableShape& shape, std::span<const Value> values, Arena& arena) {
  std::vector<Value> parts;
  for (const std::size_t index : shape.key) parts.push_back(values[index]);
  return record_id::encode(std::span<const Value>(parts), arena);
}

}  // namespace twoway::kept
