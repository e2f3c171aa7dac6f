#include "generator/emit/pocketbase/routes.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"
#include "generator/model/route_answer.h"

namespace twowayc {
namespace {

constexpr std::string_view head =
    R"js(
// Routes that the mapping declares, for applications. A person sees only his own records, a superuser anyone's.
// To install it, put this file into pb_hooks/ beside pb_data/; PocketBase reads it when it starts.

)js";

// The same for every route. Each handler is compiled apart from the file it stands in, so all of it stands inside.
constexpr std::string_view body = R"js(
  const query = e.request.url.query();
  const refused = (what) => new BadRequestError("The parameter " + what);

  const whole_number = (name, otherwise, least, most) => {
    const text = query.get(name);
    if (text === "") return otherwise;
    const number = /^[0-9]{1,9}$/.test(text) ? parseInt(text, 10) : -1;
    if (number < least || number > most) throw refused(`${name} takes a whole number from ${least} to ${most}.`);
    return number;
  };

  const owner = query.get(route.owner.parameter);
  if (owner === "") throw refused(`${route.owner.parameter} is missing.`);
  if (!e.hasSuperuserAuth() && owner !== e.auth.id) {
    throw new ForbiddenError(`The parameter ${route.owner.parameter} names somebody else; that is for superusers.`);
  }
  const mode = query.get("mode") || "all";
  if (mode !== "all" && mode !== "any") throw refused("mode takes all or any.");
  const skip = whole_number("skip", 0, 0, 999999999);
  const limit = whole_number("limit", route.limit, 1, route.most);

  // a,b,c; where the parameter is repeated, each is one name, commas and all. Go's map of values has methods here, so
  // only the first value of a name can be reached in it.
  const decoded = (text) => {
    try {
      return decodeURIComponent(text.replace(/\+/g, " "));
    } catch (_) {
      throw refused(`${route.list.parameter} is no UTF-8.`);
    }
  };
  const given = e.request.url.rawQuery.split("&").map((pair) => pair.split("="))
    .filter(([name]) => name === route.list.parameter).map(([_, ...text]) => decoded(text.join("=")));
  const all_names = given.length > 1 ? given : (given[0] || "").split(",");
  const names = [...new Set(all_names)].filter((name) => name !== "");
  const most_names = 100;
  if (names.length === 0) throw refused(`${route.list.parameter} names nothing.`);
  if (names.length > most_names) throw refused(`${route.list.parameter} takes at most ${most_names} names.`);

  const wanted = query.get("fields") === "" ? Object.keys(columns) : [...new Set(query.get("fields").split(","))];
  for (const name of wanted) {
    if (!columns[name]) throw refused(`fields takes ${Object.keys(columns).join(", ")}, and not ${name}.`);
  }

  const select = (sql, parameters, shape) => {
    const rows = arrayOf(new DynamicModel(shape));
    $app.db().newQuery(sql).bind(parameters).all(rows);
    return rows;
  };
  const answer = (items, total) =>
    e.blob(200, "application/json", toBytes(`{"items":[${items.join(",")}],"total":${total}}`, 0));

  // The records that the names stand for.
  const bound = { owner: owner };
  const bind = (value) => {
    const name = "v" + Object.keys(bound).length;
    bound[name] = value;
    return `{:${name}}`;
  };
  const looked_up = { owner: owner };
  const places = names.map((name, i) => {
    looked_up["n" + i] = name;
    return `{:n${i}}`;
  });
  const by_owner = route.names.owner === "" ? "" : `[[${route.names.owner}]] = {:owner} AND `;
  const found = select(`SELECT [[id]], [[${route.names.name}]] AS [[name]] FROM {{${route.names.collection}}} ` +
    `WHERE ${by_owner}[[${route.names.name}]] IN (${places.join(", ")})`, looked_up, { id: "", name: "" });
  const ids = {};
  for (const record of found) ids[record.name] = (ids[record.name] || []).concat(record.id);
  const known = names.filter((name) => ids[name]);
  if (known.length === 0 || (mode === "all" && known.length < names.length)) return answer([], 0);

  // A list is kept as JSON without spaces, so an id in it stands between quotes. PocketBase writes some characters as
  // \uXXXX, others leave them. Looking for text is several times faster than reading JSON, as long as it is not long.
  const list = `[[${route.list.field}]]`;
  const spellings = (id) => {
    const text = JSON.stringify(id);
    const escaped = text.replace(/[&\u2028\u2029]/g, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));
    return [...new Set([text, escaped])];
  };
  const one_of = (all) => `EXISTS (SELECT 1 FROM json_each(${list}) WHERE value IN (${all.map(bind).join(", ")}))`;
  const holds = (id) => id === "," ? [one_of([id])] : spellings(id).map((text) => `instr(${list}, ${bind(text)}) > 0`);
  const most_looked_for = 4;
  const all_ids = [].concat(...known.map((name) => ids[name]));
  const condition = mode === "any" && all_ids.length > most_looked_for
    ? one_of(all_ids)
    : known.map((name) => "(" + [].concat(...ids[name].map(holds)).join(" OR ") + ")")
      .join(mode === "all" ? " AND " : " OR ");

  // One index has all that this asks for: which records, in which order. Only the page itself is read.
  const matches = `FROM {{${route.collection}}} WHERE [[${route.owner.field}]] = {:owner} AND (${condition})`;
  const order = `ORDER BY [[${route.order}]] DESC, [[id]] DESC`;
  const shape = {};
  const shown = wanted.map((name, i) => {
    shape["c" + i] = "";
    return `${columns[name].sql} AS [[c${i}]]`;
  });
  const page = select(`SELECT ${shown.join(", ")} FROM (SELECT [[id]] AS [[hit]] ${matches} ${order} ` +
    `LIMIT ${limit} OFFSET ${skip}) JOIN {{${route.collection}}} ON [[id]] = [[hit]] ${order}`, bound, shape);
  const is_last = page.length < limit && (page.length > 0 || skip === 0);
  const total = is_last ? skip + page.length : select(`SELECT count(*) AS [[n]] ${matches}`, bound, { n: 0 })[0].n;

  // A part of a key, from the id that was made of it.
  const key_part = (id, part) => {
    const text = id.split("~_")[part];
    if (id === "" || text === "~n") return null;
    if (text === undefined || /^~[rx]/.test(text)) return id;
    if (text === "~z") return "";
    if (/^~i/.test(text)) return parseInt(text.slice(2), 10);
    try {
      return decodeURIComponent(text.replace(/%/g, "%25").replace(/~([0-9a-f]{2})/g, "%$1"));
    } catch (_) {
      return text;
    }
  };
  return answer(page.map((record) => "{" + wanted.map((name, i) => {
    const { part } = columns[name];
    const text = record["c" + i];
    return JSON.stringify(name) + ":" + (part === undefined ? text : JSON.stringify(key_part(text, part)));
  }).join(",") + "}"), total);
}, $apis.requireAuth({people}, "_superusers"));
)js";

/// SQL that makes a column's JSON text from the field; of `record_id`, the id itself.
std::string expression(const ShownColumn& column) {
  const std::string field = "[[" + column.field + "]]";
  const auto unless_empty = [&](const std::string& value, std::string_view otherwise) {
    return fmt::format("iif({} = '', '{}', {})", field, otherwise, value);
  };
  switch (column.how) {
    case Shown::text: {
      const std::string text = fmt::format("json_quote({})", field);
      return column.empty_is_null ? unless_empty(text, "null") : text;
    }
    case Shown::boolean:
      return fmt::format("iif({}, 'true', 'false')", field);
    case Shown::negated_boolean:
      return fmt::format("iif({}, 'false', 'true')", field);
    case Shown::seconds:
      return unless_empty(fmt::format("CAST(CAST(strftime('%s', {}) AS INTEGER) AS TEXT)", field),
                          column.empty_is_null ? "null" : "0");
    case Shown::milliseconds:
      return unless_empty(
          fmt::format("CAST(CAST(strftime('%s', {0}) AS INTEGER) * 1000 + CAST(substr({0}, 21, 3) AS INTEGER) AS TEXT)",
                      field),
          column.empty_is_null ? "null" : "0");
    case Shown::document:
      return fmt::format(
          "CASE WHEN {0} IS NULL THEN 'null' WHEN json_valid({0}) THEN CAST({0} AS TEXT) "
          "ELSE json_quote(CAST({0} AS TEXT)) END",
          field);
    case Shown::number:
      return fmt::format("CAST({} AS TEXT)", field);
    case Shown::nowhere:
    case Shown::record_id:
      break;
  }
  return field;
}

void add_parameter(std::string_view name, const Route::Parameter& parameter, Lines& out) {
  out.add("    {}: {{ parameter: {}, field: {} }},", name, json_text(parameter.name), json_text(parameter.field));
}

void add_route(const MappingModel& model, const Entity& entity, const Route& route, std::string_view people,
               Lines& out) {
  NameLookup lookup;
  find_lookup(model, entity, route, lookup);
  out.add("routerAdd(\"GET\", {}, (e) => {{", json_text(route.path));
  out.add("  const route = {{").add("    collection: {},", json_text(entity.collection));
  add_parameter("owner", route.owner, out);
  add_parameter("list", route.list, out);
  out.add("    names: {{ collection: {}, name: {}, owner: {} }},",
          json_text(model.entities.at(lookup.target).collection), json_text(lookup.name), json_text(lookup.owner));
  out.add("    order: {},", json_text(route.order)).add("    limit: {},", route.limit).add("    most: {},", route.most);
  out.add("  }};");
  out.add("  // The JSON of each column, made from its field; or the id of which a column is a part.");
  out.add("  const columns = {{");
  for (const std::size_t column : route.answer) {
    const ShownColumn shown = shown_column(model, entity, column);
    const std::string part = shown.how == Shown::record_id ? fmt::format(", part: {}", shown.part) : "";
    out.add("    {}: {{ sql: {}{} }},", json_text(entity.columns.at(column).qualified), json_text(expression(shown)),
            part);
  }
  out.add("  }};");
  std::string text(body.substr(1));
  constexpr std::string_view place = "{people}";
  text.replace(text.find(place), place.size(), json_text(people));
  out.raw(text);
}

}  // namespace

bool has_routes(const MappingModel& model) {
  return std::any_of(model.entities.begin(), model.entities.end(),
                     [](const Entity& entity) { return !entity.routes.empty(); });
}

std::string declared_routes(const MappingModel& model) {
  const auto people =
      std::find_if(model.entities.begin(), model.entities.end(), [](const Entity& entity) { return entity.auth; });
  Lines out;
  out.add("/// <reference path=\"../pb_data/types.d.ts\" />");
  out.add("// Code generated by twowayc from {}. DO NOT EDIT.", comment_text(model.directory));
  out.raw(head.substr(1));
  bool first = true;
  for (const Entity& entity : model.entities) {
    for (const Route& route : entity.routes) {
      if (!first) out.blank();
      first = false;
      add_route(model, entity, route, people->collection, out);
    }
  }
  out.blank();
  out.add("// By this twoway knows that the routes are there, and whose they are.");
  out.add("routerAdd(\"GET\", \"/api/twoway/routes\", (e) => {{");
  out.add("  return e.json(200, {{ mapping: {}, digest: {} }});", json_text(model.name), json_text(model.digest));
  out.add("}}, $apis.requireSuperuserAuth());");
  return out.take();
}

}  // namespace twowayc
