#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/check/check.h"
#include "generator/check/describe.h"
#include "generator/check/key_types.h"
#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

/// True if the SQL expression names the column. Quotes are not looked into: a false alarm would name the CHECK.
bool mentions_column(const std::string& sql, const std::string& column) {
  const std::string text = lower_case(sql);
  const std::string name = lower_case(column);
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !is_word(text[at - 1]);
    const std::size_t end = at + name.size();
    if (begins && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

std::string key_text(const Entity& entity) {
  std::vector<std::string> names;
  for (const KeyColumn& part : entity.key) names.push_back(entity.columns[part.column].qualified);
  return fmt::format("{}", fmt::join(names, ", "));
}

class ReferenceCheck {
 public:
  ReferenceCheck(const MappingModel& model, const Entity& entity, DiagnosticSink& sink)
      : model_(model), entity_(entity), sink_(sink) {}

  void check(const MappedField& field, const syntax::Field& syntax) {
    check_key(field, syntax);
    check_template(field, syntax);
    check_on_delete(field, syntax);
  }

  void check(const Mirror& mirror, const syntax::Mirror& syntax) {
    const auto field = std::find_if(entity_.fields.begin(), entity_.fields.end(),
                                    [&](const MappedField& f) { return f.column == mirror.column; });
    if (field == entity_.fields.end() || model_.lenses[field->lens].name != "json") {
      Diagnostic& error = sink_.error(DiagnosticId::mirror_column, syntax.column.position,
                                      fmt::format("'{}' is not mapped with lens json", syntax.column.value));
      if (field != entity_.fields.end()) error.with_note(field->position, "it is mapped here");
    }
    const Entity& target = model_.entities[mirror.target];
    const auto is_item = [](const syntax::Text& part) { return part.value == "[]"; };
    const auto items = std::count_if(syntax.key.begin(), syntax.key.end(), is_item);
    if (items != 1 || !is_item(syntax.key.front())) {
      sink_.error(DiagnosticId::mirror_key, syntax.key_position, "the key begins with \"[]\", the item of the array");
    } else if (syntax.key.size() != target.key.size()) {
      report_arity(DiagnosticId::mirror_key, syntax.key_position, syntax.key.size(), target);
    } else {
      check_mirror_types(mirror, syntax, target);
    }
  }

 private:
  void report_arity(DiagnosticId id, Position position, std::size_t given, const Entity& target) {
    Diagnostic& error = sink_.error(
        id, position, fmt::format("'{}' has a key of {} part{}, and {} {} given", target.name, target.key.size(),
                                  target.key.size() == 1 ? "" : "s", given, given == 1 ? "is" : "are"));
    error.with_note(target.position, fmt::format("its key is {}", key_text(target)));
    if (id == DiagnosticId::reference_key && given < target.key.size()) {
      error.with_hint("name the columns of this row that hold the rest: with: COLUMN, or with: [COLUMN, ...]");
    }
  }

  void check_key(const MappedField& field, const syntax::Field& syntax) {
    const Entity& target = model_.entities[*field.target];
    if (target.key.empty()) return;
    const Position position = syntax.with_position.value_or(syntax.of->position);
    if (field.target_key.size() != target.key.size()) {
      return report_arity(DiagnosticId::reference_key, position, field.target_key.size(), target);
    }
    for (std::size_t i = 0; i < target.key.size(); ++i) {
      const KeyPart& part = field.target_key[i];
      const SqlColumn& own = sql_column(model_, entity_.columns[part.column]);
      const SqlType type = part.what == KeyPart::What::template_text ? SqlType::text : own.type;
      check_key_type(DiagnosticId::reference_key, position, own.name, type, target, i);
    }
  }

  void check_mirror_types(const Mirror& mirror, const syntax::Mirror& syntax, const Entity& target) {
    check_key_type(DiagnosticId::mirror_key, syntax.key.front().position, "[]", SqlType::text, target, 0);
    for (std::size_t i = 0; i < mirror.with.size(); ++i) {
      const SqlColumn& own = sql_column(model_, entity_.columns[mirror.with[i]]);
      check_key_type(DiagnosticId::mirror_key, syntax.key[i + 1].position, own.name, own.type, target, i + 1);
    }
  }

  /// Text never equals a number, so that such a reference would always dangle.
  void check_key_type(DiagnosticId id, Position position, const std::string& own, SqlType type, const Entity& target,
                      std::size_t part) {
    const SqlColumn& other = sql_column(model_, target.columns[target.key[part].column]);
    if (key_class(type) == key_class(other.type)) return;
    sink_.error(id, position, fmt::format("'{}' is {}, but '{}' of '{}' is {}", own, describe(type), other.name,
                                          target.name, describe(other.type)))
        .with_note(other.position, "the target's column is declared here");
  }

  void check_template(const MappedField& field, const syntax::Field& syntax) {
    if (!syntax.text_template || field.target_key.empty()) return;
    const auto templated = std::find_if(field.target_key.begin(), field.target_key.end(),
                                        [](const KeyPart& part) { return part.what == KeyPart::What::template_text; });
    if (templated == field.target_key.end()) return;  // it could not be read, which was reported
    const auto& pieces = templated->pieces;
    const auto own = std::count_if(pieces.begin(), pieces.end(),
                                   [&](const KeyPart::Piece& piece) { return piece.column == field.column; });
    if (own == 1 && pieces.back().column == field.column) return;
    const std::string& name = entity_.columns[field.column].qualified;
    sink_.error(DiagnosticId::reference_template, syntax.text_template->position,
                fmt::format("the template must end in '{{{}}}' and hold it once", name))
        .with_hint("on the way back the column is what is left when the beginning is taken away");
  }

  /// Why the column cannot be NULL; empty if it can.
  std::string cannot_be_null(const EntityColumn& column) const {
    const SqlColumn& sql = sql_column(model_, column);
    const SqlTable& table = model_.schema.tables[column.table];
    const auto& primary = table.primary_key.columns;
    if (column.key || std::find(primary.begin(), primary.end(), sql.name) != primary.end()) return "is part of the key";
    if (!sql.nullable) return "is NOT NULL";
    for (const SqlCheck& check : table.checks) {
      if (mentions_column(check.sql, sql.name)) return fmt::format("stands in CHECK ({})", check.sql);
    }
    return {};
  }

  void check_on_delete(const MappedField& field, const syntax::Field& syntax) {
    const EntityColumn& column = entity_.columns[field.column];
    const std::string reason = cannot_be_null(column);
    if (!syntax.on_delete) {
      const std::string_view usual = reason.empty() ? "clear" : "cascade";
      sink_.error(DiagnosticId::on_delete_missing, syntax.lens->position,
                  fmt::format("'{}' does not say what deleting the target does", column.qualified))
          .with_hint(fmt::format("add on_delete: {} (or one of cascade, clear, restrict)", usual));
      return;
    }
    if (field.on_delete != OnDelete::clear || reason.empty()) return;
    sink_.error(DiagnosticId::on_delete_clear, syntax.on_delete->position,
                fmt::format("'{}' cannot be cleared: it {}", column.qualified, reason))
        .with_note(sql_column(model_, column).position, "the column is declared here")
        .with_hint("use cascade, or restrict");
  }

  const MappingModel& model_;
  const Entity& entity_;
  DiagnosticSink& sink_;
};

}  // namespace

void check_references(const Resolution& resolution, DiagnosticSink& sink) {
  const MappingModel& model = resolution.model;
  for (std::size_t i = 0; i < model.entities.size(); ++i) {
    const Entity& entity = model.entities[i];
    ReferenceCheck check(model, entity, sink);
    for (std::size_t f = 0; f < entity.fields.size(); ++f) {
      if (entity.fields[f].target) check.check(entity.fields[f], *resolution.sources[i].fields[f]);
    }
    for (std::size_t m = 0; m < entity.mirrors.size(); ++m) {
      check.check(entity.mirrors[m], *resolution.sources[i].mirrors[m]);
    }
  }
}

}  // namespace twowayc
