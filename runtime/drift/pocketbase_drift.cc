#include "runtime/drift/pocketbase_drift.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

namespace twoway::drift {

namespace {

namespace json = boost::json;
using What = Finding::What;

constexpr std::array<std::string_view, 7> rules{"listRule",   "viewRule", "createRule", "updateRule",
                                                "deleteRule", "authRule", "manageRule"};

// PocketBase makes a collection of people by itself (its core/migrations), and an import leaves its fields there.
constexpr std::string_view users_id = "_pb_users_auth_";
constexpr std::array<std::string_view, 2> fields_of_users{"file376926767", "autodate3332085495"};  // avatar, updated

std::string text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::object* find(const json::array& list, std::string_view member, std::string_view wanted) {
  for (const json::value& item : list) {
    if (item.is_object() && text(item.as_object(), member) == wanted) return &item.as_object();
  }
  return nullptr;
}

const json::array& array_of(const json::object& object, std::string_view name) {
  static const json::array none;
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() ? value->as_array() : none;
}

/// What PocketBase puts where nobody says anything.
bool is_default(const json::value& value) {
  return value.is_null() || (value.is_bool() && !value.as_bool()) ||
         (value.is_number() && value.to_number<double>() == 0) || (value.is_string() && value.as_string().empty()) ||
         (value.is_array() && value.as_array().empty());
}

bool came_with_pocketbase(const json::object& collection, const json::object& field) {
  return text(collection, "id") == users_id &&
         std::find(fields_of_users.begin(), fields_of_users.end(), text(field, "id")) != fields_of_users.end();
}

std::string shown(const json::value* value) {
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->as_string()) : json::serialize(*value);
}

/// A rule for people: null closes, the empty one opens.
std::string shown_rule(const json::value* value) {
  if (value == nullptr || value->is_null()) return "superusers only";
  const std::string rule = shown(value);
  return rule.empty() ? "everyone" : rule;
}

/// True where all that the mapping says of it holds: numbers by their value, of objects the members that it names.
bool is_as_mapped(const json::value& mapped, const json::value* live) {
  if (live == nullptr) return is_default(mapped);
  if (mapped.is_number() && live->is_number()) return mapped.to_number<double>() == live->to_number<double>();
  if (!mapped.is_object() || !live->is_object()) return mapped == *live || (is_default(mapped) && is_default(*live));
  return std::all_of(mapped.as_object().begin(), mapped.as_object().end(), [&](const auto& member) {
    return is_as_mapped(member.value(), live->as_object().if_contains(member.key()));
  });
}

struct Comparison {
  const Mapping& mapping;
  const Entity* entity;
  std::string collection;
  Report& report;

  /// Where the mapping says what becomes of a field; empty where nobody knows.
  std::string position(std::string_view field) const {
    if (entity == nullptr) return {};
    for (const Explanation& line : entity->explanations) {
      if (line.field == field) return std::string(line.position);
    }
    return {};
  }
  void add(What what, std::string kind, std::string name, std::string mapped, std::string found,
           const std::string& at = {}) {
    report.differences.push_back(
        {what, std::move(kind), collection, std::move(name), std::move(mapped), std::move(found), at, {}});
  }
};

void compare_field(Comparison& comparison, const json::object& mapped, const json::object& live) {
  const std::string name = text(mapped, "name");
  for (const auto& [key, value] : mapped) {
    if (is_as_mapped(value, live.if_contains(key))) continue;
    comparison.add(What::changed, "option", fmt::format("{}.{}", name, std::string_view(key)), shown(&value),
                   shown(live.if_contains(key)), comparison.position(name));
  }
  for (const auto& [key, value] : live) {
    // How the dashboard shows a record is its owner's business.
    if (mapped.contains(key) || key == "presentable" || key == "help" || is_default(value)) continue;
    comparison.add(What::changed, "option", fmt::format("{}.{}", name, std::string_view(key)), {}, shown(&value),
                   comparison.position(name));
  }
}

void compare_fields(Comparison& comparison, const json::object& mapped, const json::object& live) {
  const json::array &wanted = array_of(mapped, "fields"), &there = array_of(live, "fields");
  for (const json::value& item : wanted) {
    const json::object& field = item.as_object();
    const std::string name = text(field, "name");
    const json::object* found = find(there, "name", name);
    if (found != nullptr) {
      compare_field(comparison, field, *found);
      continue;
    }
    comparison.add(What::missing, "field", name, text(field, "type"), {}, comparison.position(name));
    const json::object* other = find(there, "id", text(field, "id"));
    if (other != nullptr) {
      comparison.report.questions.push_back({comparison.collection, name, text(*other, "name"),
                                             fmt::format("with the same id ({})", text(field, "id")),
                                             comparison.position(name)});
    }
  }
  for (const json::value& item : there) {
    const std::string name = text(item.as_object(), "name");
    if (find(wanted, "name", name) == nullptr && !came_with_pocketbase(live, item.as_object())) {
      comparison.add(What::added, "field", name, {}, text(item.as_object(), "type"));
    }
  }
}

/// The name in ``CREATE INDEX `name` ON...``.
std::string index_name(std::string_view sql) {
  const std::size_t begin = sql.find('`');
  const std::size_t end = begin == std::string_view::npos ? begin : sql.find('`', begin + 1);
  return end == std::string_view::npos ? std::string(sql) : std::string(sql.substr(begin + 1, end - begin - 1));
}

void compare_indexes_of(Comparison& comparison, const json::object& mapped, const json::object& live) {
  const json::array &wanted = array_of(mapped, "indexes"), &there = array_of(live, "indexes");
  const auto find_index = [](const json::array& list, const std::string& name) -> const json::value* {
    for (const json::value& index : list) {
      if (index.is_string() && index_name(index.as_string()) == name) return &index;
    }
    return nullptr;
  };
  for (const json::value& index : wanted) {
    const std::string name = index_name(index.as_string());
    const json::value* found = find_index(there, name);
    if (found == nullptr)
      comparison.add(What::missing, "index", name, shown(&index), {});
    else if (*found != index)
      comparison.add(What::changed, "index", name, shown(&index), shown(found));
  }
  for (const json::value& index : there) {
    const std::string name = index_name(shown(&index));
    if (find_index(wanted, name) == nullptr) comparison.add(What::added, "index", name, {}, shown(&index));
  }
}

void compare_collection(Comparison& comparison, const json::object& mapped, const json::object& live) {
  for (const auto& [key, value] : mapped) {
    if (key == "fields" || key == "indexes" || is_as_mapped(value, live.if_contains(key))) continue;
    const std::string name(key);
    const bool rule = std::find(rules.begin(), rules.end(), name) != rules.end();
    comparison.add(What::changed, rule ? "rule" : "option", name, rule ? shown_rule(&value) : shown(&value),
                   rule ? shown_rule(live.if_contains(key)) : shown(live.if_contains(key)));
  }
  compare_fields(comparison, mapped, live);
  compare_indexes_of(comparison, mapped, live);
}

}  // namespace

void compare_collections(const Mapping& mapping, const json::array& live, const json::array& mapped, Report& report) {
  for (const json::value& item : mapped) {
    const json::object& wanted = item.as_object();
    const std::string name = text(wanted, "name");
    const json::object* found = find(live, "name", name);
    if (found == nullptr) {
      report.differences.push_back({What::missing, "collection", name, {}, text(wanted, "type"), {}, {}, {}});
      const json::object* other = find(live, "id", text(wanted, "id"));
      if (other != nullptr) {
        const std::string why = fmt::format("with the same id ({})", text(wanted, "id"));
        report.questions.push_back({{}, name, text(*other, "name"), why, {}});
      }
      continue;
    }
    const auto entity = std::find_if(mapping.entities.begin(), mapping.entities.end(),
                                     [&](const Entity* candidate) { return candidate->collection == name; });
    Comparison comparison{mapping, entity == mapping.entities.end() ? nullptr : *entity, name, report};
    compare_collection(comparison, wanted, *found);
  }
  for (const json::value& item : live) {
    const json::object& there = item.as_object();
    const json::value* system = there.if_contains("system");
    const std::string name = text(there, "name");
    const bool own = system != nullptr && system->is_bool() && system->as_bool();
    if (own || find(mapped, "name", name) != nullptr) continue;
    report.differences.push_back({What::added, "collection", name, {}, {}, text(there, "type"), {}, {}});
  }
}

}  // namespace twoway::drift
