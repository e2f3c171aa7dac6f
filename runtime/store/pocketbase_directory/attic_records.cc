#include "runtime/store/pocketbase_directory/attic_records.h"

#include <fmt/format.h>

#include "runtime/store/pocketbase_directory/hashed_id.h"
#include "runtime/transform/residue.h"

namespace twoway {

std::string_view kind_name(AtticEntry::What what) {
  switch (what) {
    case AtticEntry::What::table: return "table";
    case AtticEntry::What::column: return "column";
    case AtticEntry::What::row: return "row";
    case AtticEntry::What::object: return "object";
    case AtticEntry::What::broken: break;
  }
  return {};
}

std::optional<AtticEntry::What> kind_of(std::string_view name) {
  for (const auto what :
       {AtticEntry::What::table, AtticEntry::What::column, AtticEntry::What::row, AtticEntry::What::object}) {
    if (kind_name(what) == name) return what;
  }
  return std::nullopt;
}

std::string attic_record_id(const AtticEntry& entry) {
  return hashed_id(fmt::format("{}\n{}:{}\n{}", kind_name(entry.what), entry.table.size(), entry.table, entry.name));
}

std::string attic_row(const AtticEntry& entry) {
  ResidueWriter writer;
  std::string column;
  for (const auto& [name, tagged] : entry.values) {
    column.clear();
    append_column_name(column, name);
    writer.add_text(column, tagged);
  }
  const Value document = writer.document();
  return document.is_null() ? "{}" : std::string(document.bytes());
}

bool read_attic_row(std::string_view json, AtticEntry& entry) {
  Arena arena;
  Residue values;
  if (!values.parse(Value::text(json), arena)) return false;
  for (const Residue::Entry& value : values.entries()) {
    const auto name = read_column_name(value.name, arena);
    if (!name) return false;
    entry.values.emplace_back(std::string(*name), std::string(value.text));
  }
  return true;
}

}  // namespace twoway
