#include <fmt/format.h>

#include <algorithm>

#include "generator/resolve/entity_resolver.h"
#include "generator/resolve/template_text.h"

namespace twowayc {
namespace {

/// "email" for "auth.email".
std::string last_part(const std::string& qualified) {
  const std::size_t dot = qualified.rfind('.');
  return dot == std::string::npos ? qualified : qualified.substr(dot + 1);
}

template <class Value>
Value value_or(const syntax::Option<Value>& option, Value otherwise) {
  return option ? option->value : otherwise;
}

/// In `with: [a, "[]"]`: where the field's own column stands in the target's key, if not at its beginning.
bool is_own_place(const syntax::Text& part) { return part.value == "[]"; }

std::string text_or_empty(const syntax::OptionalText& option) { return option ? option->value : std::string(); }

}  // namespace

std::optional<std::size_t> EntityResolver::find_lens(const syntax::Text& name) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < context_.lenses.size(); ++i) {
    if (context_.lenses[i].name == name.value) return i;
    names.push_back(context_.lenses[i].name);
  }
  context_.sink.error(DiagnosticId::lens_unknown, name.position, fmt::format("unknown lens '{}'", name.value))
      .with_suggestion(name.value, names);
  return std::nullopt;
}

std::optional<std::size_t> EntityResolver::find_entity(const syntax::Text& name) {
  const auto found = context_.entity_index.find(name.value);
  if (found != context_.entity_index.end()) return found->second;
  const auto& names = context_.entity_names;
  if (std::binary_search(names.begin(), names.end(), name.value)) return std::nullopt;  // reported where it is
  context_.sink.error(DiagnosticId::entity_unknown, name.position, fmt::format("unknown entity '{}'", name.value))
      .with_suggestion(name.value, names);
  return std::nullopt;
}

std::optional<std::size_t> EntityResolver::find_member(const syntax::Text& name) {
  for (std::size_t i = 0; i < entity_.columns.size(); ++i) {
    if (entity_.columns[i].qualified == name.value) return i;
  }
  const std::size_t errors_before = context_.sink.error_count();
  const auto column = find_reference(name);
  if (!column || context_.sink.error_count() != errors_before) return std::nullopt;
  const bool mentioned = std::any_of(source_.mentions.begin(), source_.mentions.end(),
                                     [&](const Mention& mention) { return mention.column == *column; });
  if (mentioned || file_.fields.empty()) {
    context_.sink.error(DiagnosticId::column_unknown, name.position,
                        fmt::format("column '{}' does not travel, so nothing can be made from it", name.value));
  }  // else it is unmapped, which is reported once
  return std::nullopt;
}

std::optional<KeyPart> EntityResolver::resolve_key_template(const syntax::Text& text, std::size_t own_column) {
  const auto pieces = parse_template(text, context_.sources, context_.sink);
  if (!pieces) return std::nullopt;
  KeyPart part;
  part.what = KeyPart::What::template_text;
  part.column = own_column;
  for (const TemplatePiece& piece : *pieces) {
    if (!piece.is_name) {
      part.pieces.push_back({piece.text, std::nullopt});
      continue;
    }
    const auto column = find_member({piece.text, piece.position});
    if (!column) return std::nullopt;
    part.pieces.push_back({"", *column});
  }
  return part;
}

void EntityResolver::resolve_reference(const syntax::Field& field, std::size_t column, MappedField& result,
                                       bool& complete) {
  if (!field.of) {
    context_.sink.error(DiagnosticId::option_missing, field.lens->position, "a reference needs 'of', its target")
        .with_hint("add of: ENTITY");
    complete = false;
    return;
  }
  result.target = find_entity(*field.of);
  complete = result.target.has_value();
  KeyPart own{KeyPart::What::own_column, column, {}};
  if (field.text_template) {
    if (auto part = resolve_key_template(*field.text_template, column))
      own = std::move(*part);
    else
      complete = false;
  }
  bool placed = std::none_of(field.with.begin(), field.with.end(), is_own_place);
  if (placed) result.target_key.push_back(own);
  for (const syntax::Text& name : field.with) {
    if (is_own_place(name)) {
      if (placed) {
        context_.sink.error(DiagnosticId::option_value, name.position,
                            "\"[]\" is the place of this column, so it stands "
                            "in 'with' once at most");
      }
      if (!placed) result.target_key.push_back(own);
      placed = true;
      continue;
    }
    const auto other = find_member(name);
    if (other)
      result.target_key.push_back({KeyPart::What::other_column, *other, {}});
    else
      complete = false;
  }
}

void EntityResolver::resolve_field(const BoundField& bound) {
  const syntax::Field& field = *bound.syntax;
  if (field.purge) {
    entity_.purged.push_back({field.column.value, field.purge->value, field.column.position});
    source_.purged.push_back(&field);
    source_.purged_columns.push_back(bound.column);
  }
  if (!field.lens && !field.purge) {
    context_.sink
        .error(DiagnosticId::lens_missing, field.column.position,
               fmt::format("'{}' has neither a lens nor a purge", field.column.value))
        .with_hint("say how it goes over (lens: NAME) or why it does not (purge: \"reason\")");
  }
  if (!field.lens || field.purge) return;
  const auto lens_index = find_lens(*field.lens);
  if (!lens_index) return;
  const Lens& lens = context_.lenses[*lens_index];
  const SqlColumn& sql = context_.schema.tables[bound.column.table].columns[bound.column.column];
  const auto column = std::find_if(entity_.columns.begin(), entity_.columns.end(), [&](const EntityColumn& c) {
    return c.table == bound.column.table && c.column == bound.column.column;
  });
  MappedField result;
  result.column = static_cast<std::size_t>(column - entity_.columns.begin());
  result.lens = *lens_index;
  if (lens.name != "same_as") {
    result.to = field.to ? field.to->value : last_part(field.column.value);
  }
  result.empty = value_or(field.empty, sql.nullable ? Empty::null : Empty::value);
  result.json_null_is_json = value_or(field.json_null_is_json, !sql.nullable);
  if (field.fallback) result.fallback = resolve_default(*field.fallback, sql, lens, context_.sink).value_or(Default());
  result.hidden = value_or(field.hidden, false);
  result.max_size = value_or<std::size_t>(field.max_size, 0);
  result.lossy = text_or_empty(field.lossy);
  result.witnesses = resolve_witnesses(field, sql, lens, context_.sink);
  result.on_delete = value_or(field.on_delete, OnDelete::clear);
  result.deferred = value_or(field.deferred, false);
  result.login = text_or_empty(field.login);
  result.position = field.column.position;
  bool complete = true;
  if (lens.name == "reference") resolve_reference(field, result.column, result, complete);
  if (lens.name == "same_as" && field.of) complete = (result.repeats = find_member(*field.of)).has_value();
  if (lens.name == "same_as" && !field.of) {
    context_.sink.error(DiagnosticId::option_missing, field.lens->position, "same_as needs 'of', the column it repeats")
        .with_hint("add of: COLUMN");
    complete = false;
  }
  if (!complete) return;
  entity_.fields.push_back(std::move(result));
  source_.fields.push_back(&field);
}

}  // namespace twowayc
