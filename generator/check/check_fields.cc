#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/resolve/lens_table.h"

namespace twowayc {
namespace {

/// An option as it was given.
struct GivenOption {
  std::string_view name;
  Position position;
};

std::vector<GivenOption> given_options(const syntax::Field& field) {
  std::vector<GivenOption> given;
  const auto add = [&](std::string_view name, const auto& option) {
    if (option) given.push_back({name, option->position});
  };
  add("to", field.to);
  add("lens", field.lens);
  add("of", field.of);
  if (field.with_position) given.push_back({"with", *field.with_position});
  add("template", field.text_template);
  add("on_delete", field.on_delete);
  add("deferred", field.deferred);
  add("hidden", field.hidden);
  add("empty", field.empty);
  add("default", field.fallback);
  add("json_null", field.json_null_is_json);
  add("max_size", field.max_size);
  add("login", field.login);
  add("lossy", field.lossy);
  if (field.witnesses_position) given.push_back({"witnesses", *field.witnesses_position});
  return given;
}

/// Whether an option of docs/mapping-language.md belongs to a lens.
bool fits(std::string_view option, const Lens& lens) {
  const bool reference = lens.name == "reference";
  const bool same_as = lens.name == "same_as";
  if (option == "lens" || option == "lossy" || option == "witnesses") return true;
  if (option == "of") return reference || same_as;
  if (option == "with" || option == "template" || option == "on_delete" || option == "deferred") return reference;
  if (option == "json_null" || option == "max_size") return lens.pocketbase == PocketBaseType::json;
  if (option == "login") return lens.name == "email";
  return !same_as;   // to, hidden, empty, default: what has a field
}

void check_options(const syntax::Field& field, const Lens& lens, DiagnosticSink& sink) {
  for (const GivenOption& option : given_options(field)) {
    if (fits(option.name, lens)) continue;
    sink.error(DiagnosticId::lens_option, option.position,
               fmt::format("option '{}' does not belong to lens '{}'", option.name, lens.name))
        .with_hint("remove it");
  }
}

void check_type(const syntax::Field& field, const SqlColumn& column, const Lens& lens, DiagnosticSink& sink) {
  const auto& types = lens.sql_types;
  if (std::find(types.begin(), types.end(), column.type) != types.end()) return;
  std::vector<std::string_view> accepted;
  for (const SqlType type : types) accepted.push_back(describe(type));
  std::vector<std::string> fitting;
  for (const Lens& other : built_in_lenses()) {
    const bool takes = std::find(other.sql_types.begin(), other.sql_types.end(), column.type) != other.sql_types.end();
    if (takes && other.name != "same_as" && other.name != "reference") fitting.push_back(other.name);
  }
  Diagnostic& error = sink.error(DiagnosticId::lens_type, field.lens->position,
                                 fmt::format("lens '{}' is for {}, but '{}' is {}", lens.name,
                                             fmt::join(accepted, ", "), column.name, describe(column.type)));
  error.with_note(column.position, "the column is declared here");
  if (!fitting.empty()) error.with_hint(fmt::format("for {}: {}", describe(column.type), fmt::join(fitting, ", ")));
}

void check_empty(const syntax::Field& field, const SqlColumn& column, DiagnosticSink& sink) {
  if (column.nullable) return;
  if (field.empty && field.empty->value == Empty::null) {
    sink.error(DiagnosticId::empty_null, field.empty->position,
               fmt::format("an empty field cannot mean NULL: '{}' is NOT NULL", column.name))
        .with_note(column.position, "the column is declared here")
        .with_hint("leave the option out: empty means the empty value then");
  }
  if (field.json_null_is_json && !field.json_null_is_json->value) {
    sink.error(DiagnosticId::empty_null, field.json_null_is_json->position,
               fmt::format("null cannot mean SQL NULL: '{}' is NOT NULL", column.name))
        .with_note(column.position, "the column is declared here");
  }
}

/// same_as repeats a column that travels by itself, of the same type.
void check_same_as(const MappingModel& model, const Entity& entity, const MappedField& field,
                   const syntax::Field& syntax, DiagnosticSink& sink) {
  if (!field.repeats) return;
  const auto fail = [&](std::string message) {
    sink.error(DiagnosticId::same_as_target, syntax.of->position, std::move(message));
  };
  const SqlColumn& own = sql_column(model, entity.columns[field.column]);
  const SqlColumn& other = sql_column(model, entity.columns[*field.repeats]);
  if (*field.repeats == field.column) return fail(fmt::format("'{}' cannot repeat itself", own.name));
  const auto text = [](SqlType type) { return type == SqlType::varchar ? SqlType::text : type; };
  const auto number = [](SqlType type) { return type == SqlType::bigint ? SqlType::integer : type; };
  if (number(text(own.type)) != number(text(other.type))) {
    fail(fmt::format("'{}' is {}, but '{}' is {}", own.name, describe(own.type), other.name, describe(other.type)));
  }
}

void check_purged(const MappingModel& model, const syntax::Field& field, ColumnReference reference,
                  DiagnosticSink& sink) {
  const SqlColumn& column = model.schema.tables[reference.table].columns[reference.column];
  for (const GivenOption& option : given_options(field)) {
    sink.error(DiagnosticId::purge_option, option.position,
               fmt::format("'{}' is purged, so '{}' has no meaning", column.name, option.name))
        .with_note(field.purge->position, "purged here");
  }
  if (column.nullable || column.default_sql) return;
  sink.error(DiagnosticId::purge_not_null, field.column.position,
             fmt::format("'{}' cannot be purged: it is NOT NULL and has no default", column.name))
      .with_note(column.position, "the column is declared here")
      .with_hint(fmt::format("map it, or declare the default that the database has:\n{}: {{ type: {}, null: false, "
                             "default: ... }}", column.name, describe(column.type)));
}

}  // namespace

void check_fields(const Resolution& resolution, DiagnosticSink& sink) {
  const MappingModel& model = resolution.model;
  for (std::size_t i = 0; i < model.entities.size(); ++i) {
    const Entity& entity = model.entities[i];
    const EntitySource& source = resolution.sources[i];
    for (std::size_t f = 0; f < entity.fields.size(); ++f) {
      const SqlColumn& column = sql_column(model, entity.columns[entity.fields[f].column]);
      const Lens& lens = model.lenses[entity.fields[f].lens];
      check_type(*source.fields[f], column, lens, sink);
      check_options(*source.fields[f], lens, sink);
      check_empty(*source.fields[f], column, sink);
      check_same_as(model, entity, entity.fields[f], *source.fields[f], sink);
    }
    for (std::size_t p = 0; p < source.purged.size(); ++p) {
      check_purged(model, *source.purged[p], source.purged_columns[p], sink);
    }
  }
}

}  // namespace twowayc
