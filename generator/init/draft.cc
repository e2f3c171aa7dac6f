#include "generator/init/draft.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/init/drafted.h"
#include "generator/init/yaml.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

/// The PocketBase that all is tried with.
constexpr std::string_view pocketbase_version = "0.40.6";

/// Collections have names and ids, and no name may be another's id.
std::string free_prefix(const Drafted& drafted, const std::string& name) {
  std::string word;
  for (const char c : lower_case(name)) word += c == '-' ? '_' : c;
  for (std::string prefix = word + "_";; prefix = "x_" + prefix) {
    const bool taken = std::any_of(drafted.tables.begin(), drafted.tables.end(), [&](const DraftedTable& table) {
      return table.is_entity() && std::any_of(drafted.tables.begin(), drafted.tables.end(), [&](const auto& other) {
               return other.is_entity() && lower_case(other.collection) == prefix + table.entity;
             });
    });
    if (!taken) return prefix;
  }
}

std::string order_text(const Drafted& drafted) {
  std::string out = "order: [", line = out;
  out.clear();
  for (std::size_t i = 0; i < drafted.order.size(); ++i) {
    const std::string name = yaml_text(drafted.tables[drafted.order[i]].entity);
    constexpr std::size_t width = 110;
    if (line.size() + name.size() > width) {
      line.pop_back();
      out += line + "\n";
      line = "        ";
    }
    line += name + (i + 1 < drafted.order.size() ? ", " : "");
  }
  return out + line + "]\n";
}

std::string purge_text(const Drafted& drafted) {
  std::string out;
  for (const DraftedTable& table : drafted.tables) {
    if (!table.purged) continue;
    const bool shadow = table.live->kind == twoway::LiveTable::Kind::shadow;
    out += fmt::format("  {}: \"{}\"\n", yaml_text(table.live->name),
                       shadow ? "SQLite keeps a virtual table in it."
                              : "A virtual table cannot be carried row by row; it is empty on the way back.");
  }
  if (out.empty()) return out;
  return "# question: can they be filled again on the way back? A full text search of its own content "
         "cannot.\npurge:\n" +
         out;
}

std::string left_whole_text(const Drafted& drafted) {
  std::string out;
  for (const DraftedTable& table : drafted.tables) {
    if (table.is_entity() || table.purged) continue;
    out += yaml_comment(fmt::format("  {}: {}", in_comment(table.live->name), table.why_none), 0);
  }
  if (!out.empty()) {
    out = yaml_comment(
              "No mapping names these tables, so they are carried whole, to the byte, in the collection "
              "twoway_attic, and made again on the way back. To see them in PocketBase, give them a key, "
              "declare them in sql/, and write an entity:",
              0) +
          out;
  }
  return out;
}

/// The sentence as a comment, with the names in the place of `{}`; nothing where there are none.
std::string naming(std::string_view sentence, const std::vector<std::string>& names) {
  if (names.empty()) return {};
  return yaml_comment(in_comment(fmt::format(fmt::runtime(sentence), fmt::join(names, ", "))), 0);
}

/// What holds for several entities, said once.
std::string notes_text(const Drafted& drafted) {
  std::vector<std::string> triggers, numbered;
  for (const DraftedTable& table : drafted.tables) {
    if (!table.is_entity()) continue;
    for (const std::string& trigger : table.live->triggers) {
      triggers.push_back(fmt::format("{} of {}", trigger, table.live->name));
    }
    const DraftedColumn& key = *table.find(table.key[0]);
    const bool is_number = key.type.type == SqlType::integer || key.type.type == SqlType::bigint;
    if (table.key.size() == 1 && is_number && !key.reference) numbered.push_back(table.entity);
  }
  return naming("Views are carried as their statements, in the collection twoway_attic: {}", drafted.views) +
         naming("question: triggers ({}) are not carried, or they would run on the way back; who makes them again?",
                triggers) +
         naming(
             "question: will records be made in PocketBase, in {}? Its own ids are no numbers, which these tables "
             "want; give such a record an id like ~i17, or it is rejected on the way back.",
             numbered) +
         yaml_comment(
             "question: who may see and change the records? No entity has rules yet, so only superusers. In "
             "an entity's file, for example: rules: { list: '@request.auth.id != \"\"', view: "
             "'@request.auth.id != \"\"' }",
             0);
}

std::size_t count(const std::string& text, std::string_view part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

std::string mapping_file(const Drafted& drafted, const std::string& name) {
  std::string out = yaml_comment(
      fmt::format(
          "Drafted by `twowayc init` from a {} database. From here on it is yours: answer the questions, rename "
          "fields, drop comments. docs/mapping-language.md has all that may stand here.",
          drafted.sqlite ? "SQLite" : "PostgreSQL"),
      0);
  out += fmt::format(
      "mapping: {}\ndescription: {} <-> PocketBase\nsql: sql/{}.yaml\npocketbase:\n  version: {}\n"
      "  collection_prefix: {}\n",
      name, name, name, pocketbase_version, free_prefix(drafted, name));
  if (!drafted.order.empty()) out += "# Each behind those that it refers to.\n" + order_text(drafted);
  return out + purge_text(drafted) + left_whole_text(drafted) + notes_text(drafted);
}

Draft draft_mapping(const twoway::LiveSchema& schema, const std::string& name) {
  const Drafted drafted = decide(schema);
  Draft draft;
  draft.files.emplace("mapping.yaml", mapping_file(drafted, name));
  draft.files.emplace(fmt::format("sql/{}.yaml", name), schema_file(drafted, name));
  for (const DraftedTable& table : drafted.tables) {
    if (table.is_entity()) {
      ++draft.entities;
      draft.files.emplace(fmt::format("entities/{}.yaml", table.entity), entity_file_text(drafted, table));
    } else if (!table.purged) {
      ++draft.left_whole;
    }
  }
  for (const auto& [path, text] : draft.files) draft.questions += count(text, "# question: ");
  return draft;
}

}  // namespace twowayc
