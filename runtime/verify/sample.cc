#include "runtime/verify/sample.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <fmt/format.h>
#include <xxhash.h>

namespace twoway {

std::uint64_t random_seed() {
  std::random_device device;
  constexpr std::uint64_t most = 999'999'999;  // short enough to be typed again
  return 1 + (static_cast<std::uint64_t>(device()) << 32 | device()) % most;
}

std::vector<std::size_t> deal(std::size_t rows, std::uint64_t seed, std::span<const std::uint64_t> have) {
  std::vector<std::size_t> order(have.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  std::vector<std::size_t> dealt(have.size(), 0);
  for (bool any = true; rows > 0 && any;) {
    any = false;
    for (const std::size_t i : order) {
      if (rows == 0 || dealt[i] >= have[i]) continue;
      ++dealt[i];
      --rows;
      any = true;
    }
  }
  return dealt;
}

std::uint64_t Sample::priority(std::uint64_t key_hash) const {
  return XXH3_64bits_withSeed(&key_hash, sizeof key_hash, seed_);
}

void Sample::take(std::uint64_t key_hash, SampleRow row) {
  rows_.emplace(priority(key_hash), std::move(row));
  if (rows_.size() > size_) rows_.erase(std::prev(rows_.end()));
}

void Sample::give(std::vector<SampleRow>& out) {
  for (auto& [priority, row] : rows_) out.push_back(std::move(row));
  rows_.clear();
}

std::string shown(const Value& value, bool secret) {
  constexpr std::size_t longest = 60;
  if (value.is_null()) return "NULL";
  if (value.is_integer() || value.is_real()) return secret ? "a number, covered" : described(value);
  const std::string_view bytes = value.bytes();
  if (secret) return bytes.empty() ? "''" : fmt::format("{} bytes, covered", bytes.size());
  if (value.is_blob()) return described(value);
  if (bytes.size() <= longest) return fmt::format("'{}'", bytes);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(bytes[end]) & 0xC0u) == 0x80u) --end;
  return fmt::format("'{}'... ({} bytes)", bytes.substr(0, end), bytes.size());
}

namespace {

const RecordField* field_of(const Entity& entity, std::string_view name) {
  const auto found = std::find_if(entity.fields.begin(), entity.fields.end(),
                                  [&](const RecordField& field) { return field.name == name; });
  return found == entity.fields.end() ? nullptr : &*found;
}

bool is_secret(const RecordField& field) {
  return field.hidden || field.type == PocketBaseType::password || field.type == PocketBaseType::token;
}

const Column* column_of(const Entity& entity, std::string_view name) {
  const auto found = std::find_if(entity.columns.begin(), entity.columns.end(), [&](const Column& column) {
    return column.table == entity.table
               ? column.name == name
               : name.size() == column.table.size() + 1 + column.name.size() && name.starts_with(column.table) &&
                     name[column.table.size()] == '.' && name.ends_with(column.name);
  });
  return found == entity.columns.end() ? nullptr : &*found;
}

}  // namespace

bool is_secret(const Entity& entity, std::string_view column) {
  for (const Explanation& explanation : entity.explanations) {
    if (explanation.column != column) continue;
    if (explanation.what == FieldClass::purge) return true;
    const RecordField* field = field_of(entity, explanation.field);
    if (field != nullptr && is_secret(*field)) return true;
  }
  for (const Declared& declared : entity.declared) {
    if (declared.name == column && declared.what == FieldClass::purge) return true;
  }
  return false;
}

SampleRow side_by_side(const Entity& entity, std::string_view key, const void* row, const UnknownValues& unknown,
                       const void* record, bool row_is_source) {
  SampleRow sample{std::string(entity.name), std::string(key), {}, true};
  const auto add = [&](std::string name, std::string of_row, std::string of_record) {
    if (!row_is_source) std::swap(of_row, of_record);
    sample.lines.push_back({std::move(name), std::move(of_row), std::move(of_record)});
  };
  for (const Explanation& line : entity.explanations) {
    const Column* column = row == nullptr ? nullptr : column_of(entity, line.column);
    const RecordField* field = record == nullptr ? nullptr : field_of(entity, line.field);
    if (column == nullptr && field == nullptr) continue;
    const bool secret = is_secret(entity, line.column) || (field != nullptr && is_secret(*field));
    const bool both = !line.column.empty() && !line.field.empty() && line.column != line.field;
    add(both ? fmt::format("{} / {}", line.column, line.field)
             : std::string(line.column.empty() ? line.field : line.column),
        column == nullptr ? "" : shown(cell(row, column->offset), secret),
        field == nullptr ? "" : shown(cell(record, field->offset), secret));
  }
  // Nobody said what an unknown column holds.
  for (const auto& [name, value] : unknown) add(std::string(name), shown(value, true), "in the residue");
  return sample;
}

SampleRow side_by_side(const Mapping& mapping, const TableShape& shape, std::string_view key,
                       std::span<const Value> source, std::span<const Value> target) {
  SampleRow sample{shape.name, std::string(key), {}, true};
  const Entity* owner = nullptr;
  for (const Entity* entity : mapping.entities) {
    const auto joins = [&](const Join& join) { return join.table == shape.name; };
    if (entity->table == shape.name || std::any_of(entity->joins.begin(), entity->joins.end(), joins)) owner = entity;
  }
  for (std::size_t i = 0; i < shape.columns.size(); ++i) {
    const std::string& column = shape.columns[i].name;
    const std::string name = owner == nullptr || owner->table == shape.name ? column : shape.name + "." + column;
    const bool secret = owner == nullptr || column_of(*owner, name) == nullptr || is_secret(*owner, name);
    sample.lines.push_back({column, shown(source[i], secret), target.empty() ? "none" : shown(target[i], secret)});
  }
  return sample;
}

SampleRow sample_of(const Entity& entity, const void* record) {
  const std::string_view id = cell(record, entity.fields[0].offset).bytes();
  SampleRow sample{std::string(entity.name), std::string(id), {}, true};
  for (const RecordField& field : entity.fields) {
    sample.lines.push_back({std::string(field.name), shown(cell(record, field.offset), is_secret(field)), {}});
  }
  return sample;
}

}  // namespace twoway
