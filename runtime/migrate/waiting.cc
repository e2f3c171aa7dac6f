// Rows that a SQL database refused and that wait in its side table: tried again when their cause may be gone.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/migrate/run_context.h"
#include "runtime/store/kept.h"

namespace twoway {

namespace {

/// Rows that are written at once. Their documents are held in memory until then.
constexpr std::size_t chunk_rows = 500;

/// The entity or table that counts a table's rows; null where it is nobody's.
EntityReport* report_of(RunContext& context, std::string_view table) {
  for (EntityReport& report : context.report.entities) {
    if (report.table == table && !report.attic) return &report;
  }
  for (const Entity* entity : context.mapping.entities) {
    for (const Join& join : entity->joins) {
      if (join.table == table) return report_of(context, entity->table);
    }
  }
  return nullptr;
}

std::uint64_t waiting_of(Tables& tables, std::string_view table) {
  std::uint64_t rows = 0;
  tables.read_side(kept::rows_of(table), [&](std::string_view, std::string_view, const Value&) { ++rows; });
  return rows;
}

/// False for one of several rows under a key that holds NULL: nothing tells them apart, so they stay where they are.
bool has_own_key(const TableShape& shape, std::span<const Value> values, std::string_view side_key, Arena& arena) {
  for (const std::size_t index : shape.key) {
    if (values[index].is_null()) return false;
  }
  const std::string_view key = kept::key_text(shape, values, arena);
  return key == side_key || key.size() > side_key.size();  // a long key is cut and hashed in the side table
}

/// Hands the rows that wait beside a table to its writer, which lets them wait again where it must.
void write_again(RunContext& context, Tables& tables, const TableShape& shape) {
  std::vector<std::pair<std::string, std::string>> documents;
  tables.read_side(kept::rows_of(shape.name), [&](std::string_view, std::string_view key, const Value& document) {
    if (document.is_text()) documents.emplace_back(key, document.bytes());
  });
  Arena arena;
  std::vector<Value> values;
  for (std::size_t first = 0; first < documents.size(); first += chunk_rows) {
    context.target->begin();
    const auto writer = tables.write(shape, false);
    for (std::size_t i = first; i < std::min(documents.size(), first + chunk_rows); ++i) {
      arena.reset();
      values.assign(shape.columns.size(), Value::null());
      const auto& [key, document] = documents[i];
      const bool whole =
          kept::read(document, shape, arena, [&](std::size_t column, const Value& value) { values[column] = value; });
      if (whole && has_own_key(shape, values, key, arena)) writer->write(values);
    }
    writer->settle(true);
    context.target->commit();
  }
}

void note_waiting(RunContext& context, Tables& tables) {
  const std::vector<Refused> refused = tables.refused();
  for (const TableShape& shape : tables.shapes()) {
    const std::uint64_t rows = waiting_of(tables, shape.name);
    if (rows == 0) continue;
    std::string reasons;
    for (const Refused& one : refused) {
      if (one.table != shape.name || !one.column.empty()) continue;
      reasons += (reasons.empty() ? ": " : ", ") + one.reason;
    }
    context.report.notes.push_back(
        {Note::What::refused, shape.name, rows, "rows still wait in the side table" + reasons, {}});
  }
}

}  // namespace

std::uint64_t waiting_rows(Tables& tables) {
  std::uint64_t rows = 0;
  for (const TableShape& shape : tables.shapes()) rows += waiting_of(tables, shape.name);
  return rows;
}

void move_waiting(RunContext& context, Tables& tables) {
  // A row that finds its place may be what others wait for.
  for (bool any = true; any;) {
    any = false;
    for (const TableShape& shape : tables.shapes()) {
      // Without a key, or where it holds NULL, nothing tells a waiting row from its likes.
      const std::uint64_t before = shape.key.empty() ? 0 : waiting_of(tables, shape.name);
      if (before == 0) continue;
      write_again(context, tables, shape);
      const std::uint64_t after = waiting_of(tables, shape.name);
      if (after >= before) continue;
      any = true;
      context.log("info", fmt::format("{} of {} rows that waited beside {} stand in it now", before - after, before,
                                      shape.name));
      if (EntityReport* report = report_of(context, shape.name)) {
        report->updated += before - after;
        if (context.only) (*context.only)[report->name];
      }
    }
  }
  note_waiting(context, tables);
}

}  // namespace twoway
