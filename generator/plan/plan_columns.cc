#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "generator/plan/graph.h"
#include "generator/plan/plan.h"

namespace twowayc {
namespace {

/// Columns that must be known before this field's column can be computed from the record.
std::vector<std::size_t> needed_columns(const MappedField& field) {
  std::vector<std::size_t> columns;
  if (field.repeats && *field.repeats != field.column) columns.push_back(*field.repeats);
  for (const KeyPart& part : field.target_key) {
    if (part.what == KeyPart::What::other_column && part.column != field.column) columns.push_back(part.column);
    for (const KeyPart::Piece& piece : part.pieces) {
      if (piece.column && *piece.column != field.column) columns.push_back(*piece.column);
    }
  }
  return columns;
}

Graph graph_of(const Entity& entity) {
  Graph needs(entity.fields.size());
  for (std::size_t i = 0; i < entity.fields.size(); ++i) {
    const std::vector<std::size_t> columns = needed_columns(entity.fields[i]);
    for (std::size_t j = 0; j < entity.fields.size(); ++j) {
      const bool needed = std::find(columns.begin(), columns.end(), entity.fields[j].column) != columns.end();
      if (needed) needs[i].push_back(j);
    }
  }
  return needs;
}

void report_cycle(const Entity& entity, const std::vector<std::size_t>& path, DiagnosticSink& sink) {
  std::string text;
  for (const std::size_t field : path) {
    text += (text.empty() ? "" : " -> ") + entity.columns[entity.fields[field].column].qualified;
  }
  Diagnostic& error = sink.error(DiagnosticId::column_cycle, entity.fields[path[0]].position,
                                 fmt::format("columns are computed from one another: {}", text));
  for (std::size_t i = 1; i + 1 < path.size(); ++i) {
    error.with_note(entity.fields[path[i]].position, "and this one");
  }
}

}  // namespace

void plan_column_order(Resolution& resolution, DiagnosticSink& sink) {
  for (Entity& entity : resolution.model.entities) {
    const Graph needs = graph_of(entity);
    for (const auto& cycle : cycles(needs)) report_cycle(entity, cycle, sink);
    std::vector<std::size_t> as_in_sql(entity.fields.size());
    std::iota(as_in_sql.begin(), as_in_sql.end(), std::size_t{0});
    entity.to_sql_order = dependency_order(needs, as_in_sql);
  }
}

}  // namespace twowayc
