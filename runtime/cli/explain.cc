#include "runtime/cli/explain.h"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <vector>

#include "runtime/cli/suggest.h"
#include "runtime/model/error.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

namespace json = boost::json;
using report::Align;
using report::Table;

constexpr std::array<std::string_view, 6> class_names{"iso", "residue", "mirror", "derived", "lossy", "purge"};
constexpr std::array<std::string_view, 6> class_meanings{
    "comes back to the byte",
    "shown as far as PocketBase can; the exact value travels in the residue and comes back to the byte",
    "a fact kept twice: merged on the way back",
    "computed; not read on the way back",
    "not all of it comes back, by the mapping's word",
    "nothing goes over, by the mapping's word",
};

/// Columns of an entity, fields that no column has, and lines by class. A mirror's line is about a part of a column
/// that has a line of its own.
struct Counts {
  std::size_t columns = 0;
  std::size_t fields_only = 0;
  std::array<std::size_t, class_names.size()> by_class{};
};

Counts count(const Entity& entity) {
  Counts counts;
  for (const Explanation& line : entity.explanations) {
    ++counts.by_class[static_cast<std::size_t>(line.what)];
    if (line.what == FieldClass::mirror) continue;
    ++(line.column.empty() ? counts.fields_only : counts.columns);
  }
  return counts;
}

std::string tables(const Entity& entity) {
  std::string result(entity.table);
  for (const Join& join : entity.joins) result += fmt::format(", {}", join.table);
  return result;
}

/// Entities that must be there before this one, each once.
std::vector<std::string_view> needs(const Entity& entity) {
  std::vector<std::string_view> result;
  for (const RelationEdge& edge : entity.relations) {
    if (edge.deferred || std::find(result.begin(), result.end(), edge.target) != result.end()) continue;
    result.push_back(edge.target);
  }
  return result;
}

json::object entity_object(const Entity& entity) {
  const Counts counts = count(entity);
  json::object object;
  object["entity"] = json::string(entity.name);
  object["table"] = json::string(entity.table);
  json::array joined;
  for (const Join& join : entity.joins) joined.push_back(json::string(join.table));
  object["joined_tables"] = std::move(joined);
  object["collection"] = json::string(entity.collection);
  object["auth"] = entity.auth;
  json::array before;
  for (const std::string_view target : needs(entity)) before.push_back(json::string(target));
  object["needs"] = std::move(before);
  object["columns"] = counts.columns;
  object["fields_only"] = counts.fields_only;
  json::object classes;
  for (std::size_t i = 0; i < class_names.size(); ++i) classes[json::string(class_names[i])] = counts.by_class[i];
  object["classes"] = std::move(classes);
  return object;
}

std::string mapping_json(const Mapping& mapping) {
  json::object document;
  document["mapping"] = json::string(mapping.name);
  document["mapping_digest"] = json::string(mapping.digest);
  document["version_name"] = json::string(mapping.version_name);
  json::array entities;
  for (const Entity* entity : mapping.entities) entities.push_back(entity_object(*entity));
  document["entities"] = std::move(entities);
  json::array purged;
  for (const PurgedTable& table : mapping.purged) {
    json::object object;
    object["table"] = json::string(table.name);
    object["reason"] = json::string(table.reason);
    object["position"] = json::string(table.position);
    purged.push_back(std::move(object));
  }
  document["purged_tables"] = std::move(purged);
  return report::pretty(document);
}

std::string entity_json(const Entity& entity) {
  json::object document = entity_object(entity);
  json::array fields;
  for (const Explanation& line : entity.explanations) {
    json::object object;
    object["column"] = json::string(line.column);
    object["field"] = json::string(line.field);
    object["lens"] = json::string(line.lens);
    object["class"] = json::string(name(line.what));
    object["note"] = json::string(line.note);
    object["position"] = json::string(line.position);
    fields.push_back(std::move(object));
  }
  document["fields"] = std::move(fields);
  return report::pretty(document);
}

std::string or_dash(std::string_view text) { return text.empty() ? "-" : std::string(text); }

}  // namespace

const Entity& entity_named(const Mapping& mapping, std::string_view wanted) {
  for (const auto member : {&Entity::name, &Entity::table, &Entity::collection}) {
    for (const Entity* entity : mapping.entities) {
      if (entity->*member == wanted) return *entity;
    }
  }
  std::vector<std::string_view> names;
  for (const Entity* entity : mapping.entities) names.push_back(entity->name);
  const std::string_view meant = nearest(wanted, names);
  throw cannot_start(fmt::format("no entity is named {}", report::printable(wanted)),
                     fmt::format("{}twoway explain lists all of them",
                                 meant.empty() ? "" : fmt::format("did you mean {}? ", meant)));
}

std::string_view name(FieldClass what) { return class_names[static_cast<std::size_t>(what)]; }

std::string explain_mapping(const Mapping& mapping, bool json) {
  if (json) return mapping_json(mapping);
  std::vector<Align> aligns(4 + class_names.size(), Align::right);
  aligns[0] = aligns[1] = aligns[2] = Align::left;
  Table lines(aligns);
  std::vector<std::string> heading{"entity", "table", "collection", "columns"};
  for (const std::string_view class_name : class_names) heading.emplace_back(class_name);
  lines.add(heading);
  for (const Entity* entity : mapping.entities) {
    const Counts counts = count(*entity);
    std::vector<std::string> cells{std::string(entity->name), tables(*entity), std::string(entity->collection),
                                   std::to_string(counts.columns)};
    for (const std::size_t number : counts.by_class) cells.push_back(number == 0 ? "." : std::to_string(number));
    lines.add(cells);
  }
  std::string result = fmt::format("{}: {} in the order in which they are migrated\n\n", mapping.name,
                                   report::counted(mapping.entities.size(), "entity", "entities"));
  result += lines.text();
  if (!mapping.purged.empty()) {
    Table purged({Align::left, Align::left, Align::left});
    for (const PurgedTable& table : mapping.purged) {
      purged.add({std::string(table.name), std::string(table.position), std::string(table.reason)});
    }
    result += "\ntables of which nothing goes over\n" + purged.text("  ");
  }
  return result;
}

std::string explain_entity(const Mapping& mapping, std::string_view wanted, bool json) {
  const Entity& entity = entity_named(mapping, wanted);
  if (json) return entity_json(entity);
  std::string result = fmt::format("{}: {} {} <-> {} {}\n", entity.name, entity.joins.empty() ? "table" : "tables",
                                   tables(entity), entity.auth ? "auth collection" : "collection", entity.collection);
  const std::vector<std::string_view> before = needs(entity);
  if (!before.empty()) result += fmt::format("migrated after: {}\n", fmt::join(before, ", "));
  Table lines({Align::left, Align::left, Align::left, Align::left, Align::left, Align::left});
  lines.add({"column", "field", "lens", "class", "mapping", "note"});
  for (const Explanation& line : entity.explanations) {
    lines.add({or_dash(line.column), or_dash(line.field), or_dash(line.lens), std::string(name(line.what)),
               std::string(line.position), std::string(line.note)});
  }
  result += "\n" + lines.text() + "\n";
  Table meanings({Align::left, Align::left});
  for (std::size_t i = 0; i < class_names.size(); ++i) {
    const bool used = std::any_of(entity.explanations.begin(), entity.explanations.end(),
                                  [&](const Explanation& line) { return static_cast<std::size_t>(line.what) == i; });
    if (used) meanings.add({std::string(class_names[i]), std::string(class_meanings[i])});
  }
  return result + meanings.text("  ");
}

}  // namespace twoway::cli
