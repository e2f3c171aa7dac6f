#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>

#include "generator/check/check.h"
#include "generator/model/route_answer.h"

namespace twowayc {
namespace {

// What PocketBase (the Go files of its folder apis) and twoway's own hook answer.
constexpr std::array<std::string_view, 12> taken{
    "/api/backups/", "/api/batch/",           "/api/collections/", "/api/crons/",    "/api/files/", "/api/health/",
    "/api/logs/",    "/api/oauth2-redirect/", "/api/realtime/",    "/api/settings/", "/api/sql/",   "/api/twoway/"};
// What each route takes besides.
constexpr std::array<std::string_view, 4> own_parameters{"mode", "skip", "limit", "fields"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_name_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-'; }

bool is_parameter(std::string_view name) {
  return !name.empty() && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_name_character(c) && c != '-'; });
}

/// `/api/words/words`: nothing that means something to a router or to a log.
bool is_path(std::string_view path) {
  if (!path.starts_with("/api/")) return false;
  std::size_t length = 0;
  for (const char c : path.substr(1)) {
    if (c == '/' ? length == 0 : !is_name_character(c)) return false;
    length = c == '/' ? 0 : length + 1;
  }
  return length != 0;
}

class RouteCheck {
 public:
  RouteCheck(const MappingModel& model, const Entity& entity, DiagnosticSink& sink)
      : model_(model), entity_(entity), sink_(sink) {}

  void check(const Route& route, const syntax::Route& syntax) {
    check_path(route);
    check_parameters(syntax);
    check_fields(route, syntax);
    for (std::size_t i = 0; i < route.answer.size(); ++i) check_column(route, syntax, i);
    if (syntax.answer.empty()) {
      sink_.error(DiagnosticId::route_column, route.position, "the answer shows no column");
    }
  }

 private:
  void check_path(const Route& route) {
    if (!is_path(route.path)) {
      sink_.error(DiagnosticId::route_path, route.position,
                  "a path begins with /api/ and goes on in letters, digits, '_' and '-'");
    }
    for (const std::string_view prefix : taken) {
      if (!(route.path + "/").starts_with(prefix)) continue;
      sink_.error(
          DiagnosticId::route_path, route.position,
          fmt::format("{} answers what begins with {}", prefix == "/api/twoway/" ? "twoway" : "PocketBase", prefix));
    }
  }

  void check_parameters(const syntax::Route& syntax) {
    for (const syntax::Text* name : {&syntax.owner.name, &syntax.list.name}) {
      if (name->value.empty()) continue;  // it is missing: reported
      const bool own = std::find(own_parameters.begin(), own_parameters.end(), name->value) != own_parameters.end();
      if (own || !is_parameter(name->value)) {
        sink_.error(DiagnosticId::route_path, name->position,
                    own ? fmt::format("every route has a parameter '{}' of its own", name->value)
                        : "a parameter is made of letters, digits and '_', a letter first");
      }
    }
    if (!syntax.owner.name.value.empty() && syntax.owner.name.value == syntax.list.name.value) {
      sink_.error(DiagnosticId::route_path, syntax.list.name.position,
                  fmt::format("'{}' is the owner's parameter already", syntax.list.name.value));
    }
  }

  void check_fields(const Route& route, const syntax::Route& syntax) {
    const MappedField* const owner = find_mapped_field(entity_, route.owner.field);
    const bool is_person = owner != nullptr && owner->target && model_.entities[*owner->target].auth;
    if (!is_person && is_field(route.owner.field)) {
      sink_.error(DiagnosticId::route_field, syntax.owner.field.position,
                  fmt::format("'{}' is no reference to the people who sign in", route.owner.field));
    }
    const Mirror* const mirror = find_mirror(entity_, route.list.field);
    if (mirror == nullptr && is_field(route.list.field)) {
      sink_
          .error(DiagnosticId::route_field, syntax.list.field.position,
                 fmt::format("'{}' is no mirror", route.list.field))
          .with_hint("a route finds records by the names in a mirror's array");
    }
    check_order(route, syntax);
    if (is_person && mirror != nullptr) check_lookup(route, syntax, *mirror);
  }

  void check_order(const Route& route, const syntax::Route& syntax) {
    const MappedField* const order = find_mapped_field(entity_, route.order);
    if (order == nullptr ? !is_field(route.order) : model_.lenses[order->lens].pocketbase == PocketBaseType::date) {
      return;
    }
    sink_.error(DiagnosticId::route_field, syntax.order.position,
                fmt::format("'{}' is no date, so nothing is newest by it", route.order));
  }

  void check_lookup(const Route& route, const syntax::Route& syntax, const Mirror& mirror) {
    const Entity& target = model_.entities[mirror.target];
    NameLookup lookup;
    if (!find_lookup(model_, entity_, route, lookup)) {
      sink_
          .error(DiagnosticId::route_field, syntax.list.field.position,
                 fmt::format("a name and '{}' do not make the key of '{}'", route.owner.field, target.name))
          .with_note(mirror.position, "the mirror is declared here")
          .with_hint("the key is [\"[]\"] or [\"[]\", the owner], its first part a text with a field of its own");
      return;
    }
    const std::vector<std::string> wanted = lookup.fields();
    const auto begins = [&](const PocketBaseIndex& index) {
      return index.fields.size() >= wanted.size() && std::equal(wanted.begin(), wanted.end(), index.fields.begin());
    };
    if (std::any_of(target.indexes.begin(), target.indexes.end(), begins)) return;
    sink_
        .error(DiagnosticId::route_field, syntax.list.field.position,
               fmt::format("no index of '{}' begins with {}, where each name is looked up", target.name,
                           fmt::join(wanted, ", ")))
        .with_hint(fmt::format("add to entity {}: indexes: [{{ on: [{}] }}]", target.name, fmt::join(wanted, ", ")));
  }

  void check_column(const Route& route, const syntax::Route& syntax, std::size_t index) {
    const syntax::Text& name = syntax.answer[index];
    const auto here = syntax.answer.begin() + static_cast<std::ptrdiff_t>(index);
    const auto same = [&](const syntax::Text& other) { return other.value == name.value; };
    if (std::any_of(syntax.answer.begin(), here, same)) {
      sink_.error(DiagnosticId::route_column, name.position,
                  fmt::format("'{}' stands twice in the answer", name.value));
    }
    if (shown_column(model_, entity_, route.answer[index]).how != Shown::nowhere) return;
    const auto field = std::find_if(entity_.fields.begin(), entity_.fields.end(),
                                    [&](const MappedField& f) { return f.column == route.answer[index]; });
    if (field == entity_.fields.end()) return;
    const std::string lens = model_.lenses[field->lens].name;
    const std::string why = field->hidden           ? "it is hidden"
                            : lens == "reference"   ? "it is only the end of its target's key"
                            : !field->login.empty() ? "its value may stand in two fields"
                                                    : fmt::format("lens {} is not undone in an answer", lens);
    sink_.error(DiagnosticId::route_column, name.position, fmt::format("'{}' cannot be shown: {}", name.value, why))
        .with_note(field->position, "it is mapped here");
  }

  /// Others were reported when names were bound.
  bool is_field(const std::string& name) const {
    const auto names = pocketbase_fields(entity_);
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  const MappingModel& model_;
  const Entity& entity_;
  DiagnosticSink& sink_;
};

}  // namespace

void check_routes(const Resolution& resolution, DiagnosticSink& sink) {
  std::map<std::string, Position> paths;
  for (std::size_t i = 0; i < resolution.model.entities.size(); ++i) {
    const Entity& entity = resolution.model.entities[i];
    RouteCheck check(resolution.model, entity, sink);
    for (std::size_t r = 0; r < entity.routes.size(); ++r) {
      const Route& route = entity.routes[r];
      check.check(route, *resolution.sources[i].routes[r]);
      const auto [first, fresh] = paths.emplace(route.path, route.position);
      if (fresh) continue;
      sink.error(DiagnosticId::route_path, route.position, fmt::format("'{}' is a route already", route.path))
          .with_note(first->second, "here");
    }
  }
}

}  // namespace twowayc
