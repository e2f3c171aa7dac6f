#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

bool before(Position a, Position b) {
  return std::tuple(a.file, a.line, a.column) < std::tuple(b.file, b.line, b.column);
}

/// What accounts for a table.
struct Claim {
  Position position;    ///< unknown for the version table
  std::string how;
};

std::map<std::size_t, std::vector<Claim>> claims_of_tables(const Resolution& resolution) {
  std::map<std::size_t, std::vector<Claim>> claims;
  const MappingModel& model = resolution.model;
  for (std::size_t i = 0; i < model.schema.tables.size(); ++i) {
    if (model.schema.tables[i].name != model.schema.version_table) continue;
    claims[i].push_back({model.schema.tables[i].position, "it names the version, which 'prepare' writes"});
  }
  for (const PurgedTable& purged : model.purged) claims[purged.table].push_back({purged.position, "it is purged here"});
  for (std::size_t i = 0; i < model.entities.size(); ++i) {
    const Entity& entity = model.entities[i];
    const Position position = resolution.sources[i].file->table.position;
    claims[entity.table].push_back({position, fmt::format("entity '{}' maps it here", entity.name)});
    for (const JoinedTable& join : entity.joins) {
      claims[join.table].push_back({join.position, fmt::format("entity '{}' joins it here", entity.name)});
    }
  }
  return claims;
}

void check_tables(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  auto claims = claims_of_tables(resolution);
  const SqlSchema& schema = resolution.model.schema;
  for (std::size_t i = 0; i < schema.tables.size(); ++i) {
    const std::string& name = schema.tables[i].name;
    std::vector<Claim>& found = claims[i];
    if (found.empty() && !resolution.entities_dropped) {
      sink.error(DiagnosticId::table_unmapped, file.purge_position,
                 fmt::format("nothing maps or purges table '{}'", name))
          .with_note(schema.tables[i].position, "the table is declared here")
          .with_hint(fmt::format("write entities/{}.yaml, or add here\npurge:\n  {}: \"reason\"", name, name));
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const Claim& a, const Claim& b) { return before(a.position, b.position); });
    for (std::size_t other = 1; other < found.size(); ++other) {
      sink.error(DiagnosticId::table_twice, found[other].position, fmt::format("table '{}' is taken twice", name))
          .with_note(found[0].position, found[0].how);
    }
  }
}

/// True if the file has a field that could not be bound and probably means this column.
bool is_misspelled(const EntitySource& source, const std::string& qualified) {
  const std::vector<std::string> candidates{qualified};
  for (const syntax::Field& field : source.file->fields) {
    const bool bound = std::any_of(source.mentions.begin(), source.mentions.end(), [&](const Mention& mention) {
      return !before(mention.position, field.column.position) && !before(field.column.position, mention.position);
    });
    if (!bound && nearest_name(field.column.value, candidates)) return true;
  }
  return false;
}

void check_column(const Resolution& resolution, std::size_t entity_index, ColumnReference column,
                  DiagnosticSink& sink) {
  const Entity& entity = resolution.model.entities[entity_index];
  const EntitySource& source = resolution.sources[entity_index];
  const SqlTable& table = resolution.model.schema.tables[column.table];
  const SqlColumn& sql = table.columns[column.column];
  const std::string qualified = column.table == entity.table ? sql.name : table.name + "." + sql.name;
  std::vector<Position> places;
  for (const Mention& mention : source.mentions) {
    if (mention.column == column) places.push_back(mention.position);
  }
  if (places.empty() && !is_misspelled(source, qualified)) {
    sink.error(DiagnosticId::column_unmapped, source.file->fields_position,
               fmt::format("nothing maps or purges column '{}' of table '{}'", sql.name, table.name))
        .with_note(sql.position, "the column is declared here")
        .with_hint("add to fields:\n  " + suggested_field(resolution.model.schema, table, sql, qualified));
  }
  std::sort(places.begin(), places.end(), before);
  for (std::size_t other = 1; other < places.size(); ++other) {
    sink.error(DiagnosticId::column_twice, places[other], fmt::format("column '{}' is mapped twice", qualified))
        .with_note(places[0], "it is accounted for here already");
  }
}

}  // namespace

void check_coverage(const Resolution& resolution, const syntax::MappingFile& file, DiagnosticSink& sink) {
  check_tables(resolution, file, sink);
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) {
    const Entity& entity = resolution.model.entities[i];
    std::vector<std::size_t> tables{entity.table};
    for (const JoinedTable& join : entity.joins) tables.push_back(join.table);
    for (const std::size_t table : tables) {
      for (std::size_t column = 0; column < resolution.model.schema.tables[table].columns.size(); ++column) {
        check_column(resolution, i, {table, column}, sink);
      }
    }
  }
}

}  // namespace twowayc
