#include <fmt/format.h>

#include "generator/emit/documentation/pages.h"
#include "generator/emit/manual/html.h"
#include "generator/emit/manual/sections.h"
#include "generator/emit/pocketbase/collections.h"
#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

void add_head(const MappingModel& model, const Entity& entity, Lines& out) {
  out.add("<section id=\"{}\"><span class=\"source\">{}</span><h2>{}</h2>", html_text(entity.name),
          html_text(model.files.at(entity.position.file)), html_text(entity.name));
  if (!entity.description.empty()) out.add("<p>{}</p>", html_text(entity.description));
  std::vector<std::string> key;
  for (const KeyColumn& part : entity.key) key.push_back(html_code(entity.columns.at(part.column).qualified));
  std::string tables = "table " + html_code(model.schema.tables.at(entity.table).name);
  for (const JoinedTable& join : entity.joins) {
    tables += fmt::format(", with {} where {}", html_code(join.name),
                          html_code(fmt::format("{}.{} = {}", join.name, join.column, join.base_column)));
  }
  out.add("<p class=\"quiet\">{} \u2194 {}collection {}. The record\u2019s id is made from {}.</p>", tables,
          entity.auth ? "auth " : "", html_code(entity.collection), joined(key, ", "));
}

/// With a real arrow before the target of a relation.
std::string note_of(const DocumentedField& field) {
  constexpr std::string_view arrow = "-> ";
  if (!field.note.starts_with(arrow)) return html_of_markdown(field.note);
  return "\u2192 " + html_of_markdown(field.note.substr(arrow.size()));
}

void add_fields(const MappingModel& model, const Entity& entity, Lines& out) {
  out.add("<div class=\"scroll\"><table><thead>");
  out.add("<tr class=\"sides\"><th colspan=\"2\">SQL</th><th colspan=\"2\" class=\"between\"></th>"
          "<th colspan=\"2\">PocketBase</th><th></th></tr>");
  out.add("<tr><th>column</th><th>type</th><th class=\"between\">lens</th><th class=\"between\">class</th>"
          "<th>field</th><th>type</th><th></th></tr></thead><tbody>");
  for (const DocumentedField& field : documented_fields(model, entity)) {
    out.add("<tr title=\"{}\"><td class=\"name\">{}</td><td class=\"type\">{}</td><td class=\"between\">{}</td>"
            "<td class=\"between\"><span class=\"class {}\">{}</span></td><td class=\"name\">{}</td>"
            "<td class=\"type\">{}</td><td class=\"words\">{}</td></tr>",
            html_text(printed(model, field.position)), html_code(field.column), html_text(field.column_type),
            html_text(field.lens), field.what, field.what, html_code(field.field), html_text(field.field_type),
            note_of(field));
  }
  out.add("</tbody></table></div>");
}

std::string only_in(const std::optional<Dialect>& only) {
  if (!only) return "";
  return *only == Dialect::sqlite ? " <span class=\"quiet\">(SQLite)</span>"
                                  : " <span class=\"quiet\">(PostgreSQL)</span>";
}

/// What SQL demands of the rows of a table, and how it finds them.
void add_table(const SqlTable& table, bool named, Lines& out) {
  const std::string prefix = named ? html_code(table.name) + ": " : "";
  const auto columns = [](const std::vector<std::string>& names) { return html_code(joined(names, ", ")); };
  if (!table.primary_key.columns.empty()) {
    out.add("<li>{}primary key {}</li>", prefix, columns(table.primary_key.columns));
  }
  for (const SqlUnique& unique : table.uniques) {
    out.add("<li>{}unique {}{}</li>", prefix, columns(unique.columns), only_in(unique.only));
  }
  for (const SqlForeignKey& key : table.foreign_keys) {
    out.add("<li>{}{} refers to {} {}{}{}</li>", prefix, columns(key.columns), html_code(key.table),
            columns(key.target_columns), key.on_delete.empty() ? "" : ", on delete " + key.on_delete,
            only_in(key.only));
  }
  for (const SqlCheck& check : table.checks) {
    out.add("<li>{}check {}{}</li>", prefix, html_code(check.sql), only_in(check.only));
  }
  for (const SqlIndex& index : table.indexes) {
    const std::string where = index.where.empty() ? "" : " where " + html_code(index.where);
    out.add("<li>{}{}index {}{}{}</li>", prefix, index.unique ? "unique " : "", columns(index.terms), where,
            only_in(index.only));
  }
}

void add_rule(std::string_view name, const std::optional<std::string>& rule, Lines& out) {
  const bool everyone = rule && rule->find_first_not_of(" \t\n") == std::string::npos;
  const std::string who = !rule      ? std::string("<span class=\"quiet\">superusers only</span>")
                          : everyone ? std::string("everyone")
                                     : html_code(*rule);
  out.add("<dt>{}</dt><dd>{}</dd>", name, who);
}

void add_sides(const MappingModel& model, const Entity& entity, Lines& out) {
  out.add("<div class=\"sides-by-side\"><div><h3>Constraints and indexes in SQL</h3><ul>");
  add_table(model.schema.tables.at(entity.table), false, out);
  for (const JoinedTable& join : entity.joins) add_table(model.schema.tables.at(join.table), true, out);
  out.add("</ul></div><div><h3>Who may do what in PocketBase</h3><dl>");
  add_rule("list", entity.rules.list, out);
  add_rule("view", entity.rules.view, out);
  add_rule("create", entity.rules.create, out);
  add_rule("update", entity.rules.update, out);
  add_rule("delete", entity.rules.remove, out);
  if (entity.auth) {
    add_rule("sign in", entity.auth_rule, out);
    out.add("<dt>with</dt><dd>{}</dd>", html_code(joined(entity.identity, ", ")));
  }
  out.add("</dl><h3>Indexes in PocketBase</h3><ul>");
  for (const std::string& index : collection_indexes(entity)) out.add("<li>{}</li>", html_code(index));
  out.add("</ul></div></div>");
}

}  // namespace

std::string entity_section(const MappingModel& model, const Entity& entity) {
  Lines out;
  add_head(model, entity, out);
  add_fields(model, entity, out);
  add_sides(model, entity, out);
  out.add("</section>");
  return out.take();
}

}  // namespace twowayc
