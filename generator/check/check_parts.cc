#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/check/pocketbase_field.h"

namespace twowayc {
namespace {

/// Types whose value is one text.
bool is_textual(PocketBaseType type) {
  return type == PocketBaseType::text || type == PocketBaseType::relation || type == PocketBaseType::email;
}

bool can_be_indexed(PocketBaseType type) {
  return type != PocketBaseType::json && type != PocketBaseType::relations && type != PocketBaseType::password &&
         type != PocketBaseType::token && type != PocketBaseType::file;
}

void check_derived(const Derived& derived, const syntax::Derived& syntax, const std::vector<PocketBaseField>& fields,
                   DiagnosticSink& sink) {
  for (const Derived::Piece& piece : derived.pieces) {
    const PocketBaseField* field = piece.field.empty() ? nullptr : find_field(fields, piece.field);
    if (field == nullptr) continue;
    const bool mapped = field->origin == PocketBaseField::Origin::mapped;
    if (mapped && is_textual(field->type)) continue;
    const std::string what = mapped ? fmt::format("a {} field", describe(field->type)) : "not mapped from a column";
    sink.error(DiagnosticId::derived_field, syntax.text_template.position,
               fmt::format("'{}' cannot be a part of the text: it is {}", piece.field, what))
        .with_note(field->position, "the field is declared here");
  }
}

void check_index(const PocketBaseIndex& index, const syntax::PocketBaseIndex& syntax,
                 const std::vector<PocketBaseField>& fields, DiagnosticSink& sink) {
  if (index.fields.empty()) {
    sink.error(DiagnosticId::index_field, index.position, "an index needs at least one field");
  }
  for (std::size_t i = 0; i < syntax.fields.size(); ++i) {
    const syntax::Text& name = syntax.fields[i];
    const PocketBaseField* field = find_field(fields, name.value);
    if (field != nullptr && !can_be_indexed(field->type)) {
      sink.error(DiagnosticId::index_field, name.position,
                 fmt::format("a {} field cannot be indexed", describe(field->type)))
          .with_note(field->position, "the field is declared here");
    }
    const auto here = index.fields.begin() + static_cast<std::ptrdiff_t>(i);
    if (std::find(index.fields.begin(), here, name.value) != here) {
      sink.error(DiagnosticId::index_field, name.position, fmt::format("'{}' stands twice in the index", name.value));
    }
  }
}

bool fits(const syntax::Scalar& value, PocketBaseType type) {
  if (type == PocketBaseType::boolean) return !value.quoted && (value.text == "true" || value.text == "false");
  if (type != PocketBaseType::number) return !value.null || type == PocketBaseType::json;
  double number = 0;
  const char* end = value.text.data() + value.text.size();
  const auto [stop, error] = std::from_chars(value.text.data(), end, number);
  return error == std::errc() && stop == end && value.text.find_first_of("nN") == std::string::npos;
}

/// A field that only PocketBase has says either what is usual, so that the rest can return, or why nothing returns.
void check_only(const syntax::PocketBaseOnly& only, DiagnosticSink& sink) {
  const std::string& name = only.field.value;
  if (!only.value && !only.purge) {
    sink.error(DiagnosticId::option_missing, only.field.position, fmt::format("'{}' needs a value or a purge", name))
        .with_hint("value: what it mostly is, the rest returns through the side table; purge: why nothing returns");
  }
  if (only.value && only.purge) {
    sink.error(DiagnosticId::purge_option, only.value->position,
               fmt::format("'{}' is purged, so 'value' has no meaning", name))
        .with_note(only.purge->position, "purged here");
  }
  if (only.value && !fits(*only.value, only.type.value)) {
    sink.error(DiagnosticId::default_value, only.value->position,
               fmt::format("'{}' is no value of a {} field", only.value->text, describe(only.type.value)));
  }
}

/// A column that names a file has to hold a text on both sides; one that describes it, a document.
void check_file(const MappingModel& model, const Entity& entity, const FileField& file, const syntax::FileField& syntax,
                DiagnosticSink& sink) {
  const auto check = [&](std::size_t column, const syntax::Text& text, bool document) {
    const SqlColumn& sql = sql_column(model, entity.columns[column]);
    const bool textual = sql.type == SqlType::text || sql.type == SqlType::varchar;
    if (document ? sql.type == SqlType::json : textual) return;
    sink.error(DiagnosticId::file_column, text.position,
               fmt::format("'{}' is a {} column, not {}", entity.columns[column].qualified, describe(sql.type),
                           document ? "a json one, so it has no members" : "a text"));
  };
  check(file.path, syntax.path, false);
  check(file.name, syntax.name, false);
  if (file.sha256) check(file.sha256->column, *syntax.sha256, true);
  if (file.size) check(file.size->column, *syntax.size, true);
  if (file.content_type) check(file.content_type->column, *syntax.content_type, true);
}

}  // namespace

void check_parts(const Resolution& resolution, DiagnosticSink& sink) {
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) {
    const Entity& entity = resolution.model.entities[i];
    const EntitySource& source = resolution.sources[i];
    const auto fields = all_pocketbase_fields(resolution.model, entity, source);
    for (std::size_t d = 0; d < entity.derived.size(); ++d) {
      check_derived(entity.derived[d], *source.derived[d], fields, sink);
    }
    for (std::size_t x = 0; x < entity.indexes.size(); ++x) {
      check_index(entity.indexes[x], source.file->indexes[x], fields, sink);
    }
    for (const syntax::PocketBaseOnly* only : source.only_in_pocketbase) check_only(*only, sink);
    for (std::size_t f = 0; f < entity.files.size(); ++f) {
      check_file(resolution.model, entity, entity.files[f], *source.files[f], sink);
    }
  }
}

}  // namespace twowayc
