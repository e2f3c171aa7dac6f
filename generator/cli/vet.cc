#include "generator/cli/vet.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "generator/check/facts.h"
#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"
#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"
#include "generator/plan/compile.h"
#include "generator/source/finding_ids.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

struct NamedRule {
  std::string_view name;
  const std::optional<std::string>& rule;
  Position position;
};

std::array<NamedRule, 5> rules_of(const Entity& entity) {
  const Rules& rules = entity.rules;
  return {{{"list", rules.list, rules.list_position},
           {"view", rules.view, rules.view_position},
           {"create", rules.create, rules.create_position},
           {"update", rules.update, rules.update_position},
           {"delete", rules.remove, rules.remove_position}}};
}

/// "title" for "auth.title".
std::string_view last_part(std::string_view qualified) {
  const std::size_t dot = qualified.rfind('.');
  return dot == std::string_view::npos ? qualified : qualified.substr(dot + 1);
}

class Vetting {
 public:
  explicit Vetting(const MappingModel& model) : model_(model) {}

  VetReport run(const std::vector<const Diagnostic*>& warnings) {
    declared_losses();
    for (const Diagnostic* warning : warnings) {
      finding(warning->position, name_of(warning->id).identifier, warning->message);
    }
    for (const Entity& entity : model_.entities) {
      open_rules(entity);
      unindexed_relations(entity);
      swapped_columns(entity);
      repeats_another(entity);
      said_once(entity);
      for (const MappedField& field : entity.fields) meaning(entity, field);
    }
    out_.add("{} finding{}", findings_, findings_ == 1 ? "" : "s");
    return {out_.take(), findings_};
  }

 private:
  void note(Position position, std::string_view what, const std::string& text) {
    out_.add("{}: {}: {}", printed(model_, position), what, comment_text(text));
  }
  void finding(Position position, std::string_view identifier, const std::string& text) {
    note(position, identifier, text);
    ++findings_;
  }
  void finding(Position position, VetFinding id, const std::string& text) {
    finding(position, name_of(id).identifier, text);
  }

  void declared_losses() {
    for (const PurgedTable& purged : model_.purged) {
      note(purged.position, "purge", "table " + model_.schema.tables.at(purged.table).name + ": " + purged.reason);
    }
    for (const Entity& entity : model_.entities) {
      for (const PurgedColumn& purged : entity.purged) {
        note(purged.position, "purge", entity.name + "." + purged.qualified + ": " + purged.reason);
      }
      for (const PocketBaseOnly& only : entity.only_in_pocketbase) {
        if (!only.purge.empty()) note(only.position, "purge", entity.name + "." + only.field + ": " + only.purge);
      }
      for (const MappedField& field : entity.fields) {
        if (field.lossy.empty()) continue;
        note(field.position, "lossy",
             entity.name + "." + entity.columns.at(field.column).qualified + ": " + field.lossy);
      }
    }
  }

  void open_rules(const Entity& entity) {
    for (const auto& [name, rule, position] : rules_of(entity)) {
      if (!rule) continue;
      if (rule->find_first_not_of(" \t\n") == std::string::npos) {
        finding(position, VetFinding::open_rule,
                fmt::format("{}: rule '{}' is empty, so everyone may {} {}, without signing in", entity.name, name,
                            name, entity.collection));
      } else if (lets_anonymous_in(*rule)) {
        finding(position, VetFinding::anonymous_owner,
                fmt::format("{}: rule '{}' compares with @request.auth.id, which is empty for people who have not "
                            "signed in, as is a dangling owner; ask for '@request.auth.id != \"\"' as well",
                            entity.name, name));
      }
    }
  }

  /// A comparison with the caller's id, and nowhere the demand that there is one.
  static bool lets_anonymous_in(const std::string& rule) {
    std::string packed;
    std::copy_if(rule.begin(), rule.end(), std::back_inserter(packed), [](char c) { return c != ' ' && c != '\n'; });
    std::replace(packed.begin(), packed.end(), '\'', '"');
    return packed.find("@request.auth.id") != std::string::npos &&
           packed.find("@request.auth.id!=\"\"") == std::string::npos;
  }

  /// A rule that uses the relation runs for each request; a deletion of the target, which looks for what refers to it,
  /// is rarer, and a small collection can do without an index for it.
  void unindexed_relations(const Entity& entity) {
    for (const MappedField& field : entity.fields) {
      if (!field.target || is_indexed(entity, field.to)) continue;
      const auto rules = rules_of(entity);
      const auto uses = std::find_if(rules.begin(), rules.end(), [&](const NamedRule& named) {
        return named.rule && mentions(*named.rule, field.to);
      });
      if (uses != rules.end()) {
        finding(field.position, VetFinding::unindexed_relation,
                fmt::format("{}: rule '{}' uses relation {}, which no index begins with", entity.name, uses->name,
                            field.to));
      } else {
        note(field.position, "advice",
             fmt::format("{}: no index begins with relation {}, so a deletion in {} reads all {}", entity.name,
                         field.to, model_.entities.at(*field.target).collection, entity.collection));
      }
    }
  }

  /// Two columns of one type and lens, each with a field whose name is the other one's, or nearer to it.
  void swapped_columns(const Entity& entity) {
    for (std::size_t a = 0; a < entity.fields.size(); ++a) {
      for (std::size_t b = a + 1; b < entity.fields.size(); ++b) {
        const MappedField& first = entity.fields[a];
        const MappedField& second = entity.fields[b];
        if (!look_swapped(entity, first, second)) continue;
        const std::string& first_column = entity.columns.at(first.column).qualified;
        const std::string& second_column = entity.columns.at(second.column).qualified;
        finding(first.position, VetFinding::swapped_columns,
                fmt::format("{}: {} goes to {} and {} to {}: exchanged by mistake?", entity.name, first_column,
                            first.to, second_column, second.to));
      }
    }
  }

  /// A column that repeats another one, while there is one of its own name.
  void repeats_another(const Entity& entity) {
    for (const MappedField& field : entity.fields) {
      if (!field.repeats) continue;
      const std::string& name = entity.columns.at(field.column).qualified;
      const std::string& repeated = entity.columns.at(*field.repeats).qualified;
      const auto namesake = std::find_if(entity.columns.begin(), entity.columns.end(), [&](const EntityColumn& column) {
        return column.qualified != name && last_part(column.qualified) == last_part(name);
      });
      if (namesake == entity.columns.end() || last_part(repeated) == last_part(name)) continue;
      finding(field.position, VetFinding::swapped_columns,
              fmt::format("{}: {} repeats {}, and not {}: exchanged by mistake?", entity.name, name, repeated,
                          namesake->qualified));
    }
  }

  bool look_swapped(const Entity& entity, const MappedField& first, const MappedField& second) const {
    const auto type = [&](const MappedField& field) {
      const SqlType declared = column_of(entity, field).type;
      if (declared == SqlType::varchar) return SqlType::text;
      return declared == SqlType::bigint ? SqlType::integer : declared;
    };
    const bool alike = first.lens == second.lens && type(first) == type(second) && first.target == second.target;
    if (!alike || first.to.empty() || second.to.empty()) return false;
    const std::string_view a = last_part(entity.columns.at(first.column).qualified);
    const std::string_view b = last_part(entity.columns.at(second.column).qualified);
    if (a == first.to || b == second.to) return false;
    if (first.to == b || second.to == a) return true;
    const std::size_t straight = edit_distance(a, first.to) + edit_distance(b, second.to);
    const std::size_t exchanged = edit_distance(a, second.to) + edit_distance(b, first.to);
    return exchanged * 2 < straight;
  }

  const SqlColumn& column_of(const Entity& entity, const MappedField& field) const {
    const EntityColumn& column = entity.columns.at(field.column);
    return model_.schema.tables.at(column.table).columns.at(column.column);
  }

  /// What the round trip is exact about either way: a wrong unit, a wrong target.
  void said_once(const Entity& entity) {
    const auto found = [&](Position position, std::string_view name, const std::string& text) {
      finding(position, VetFinding::said_once, fmt::format("{}.{}: {}", entity.name, name, text));
    };
    for (const MappedField& field : entity.fields) {
      const SqlColumn& column = column_of(entity, field);
      const Lens& lens = model_.lenses.at(field.lens);
      const std::string& name = entity.columns.at(field.column).qualified;
      const bool system = entity.auth && (field.to == "email" || field.to == "password");
      if (field.target && !is_known(model_, entity, reference_text(model_, entity, field))) {
        found(field.position, name, "no foreign key says where it refers to, and nothing under references:");
      } else if (!field.target && !field.repeats && !system && column.holds.empty() && !is_plain(column, lens)) {
        found(field.position, name, fmt::format("that the column holds {} is said nowhere else (holds:)", lens.name));
      }
      if ((field.hidden || lens.pocketbase == PocketBaseType::password) && !column.secret) {
        found(field.position, name, "that people must not see it is said nowhere else (secret: true)");
      }
      if (column.nullable && !column.never_null && gives_a_value(field)) {
        found(field.position, name, "that NULL cannot be read there is said nowhere else (null: never)");
      }
    }
    for (const Mirror& mirror : entity.mirrors) {
      if (is_known(model_, entity, reference_text(model_, entity, mirror))) continue;
      found(mirror.position, mirror.field, "where its items refer to is said nowhere else (references:)");
    }
  }

  /// True for "active" and "is_active", not for "active" and "inactive".
  static bool means_the_same(std::string_view name, std::string_view longer) {
    const std::size_t at = longer.find(name);
    if (at == std::string_view::npos) return false;
    const std::string_view before = longer.substr(0, at);
    constexpr std::string_view negations[] = {"in", "un", "dis", "no", "not", "non", "no_", "not_", "is_not_"};
    return std::find(std::begin(negations), std::end(negations), before) == std::end(negations);
  }

  void meaning(const Entity& entity, const MappedField& field) {
    const SqlColumn& column = column_of(entity, field);
    const Lens& lens = model_.lenses.at(field.lens);
    const std::string_view name = last_part(entity.columns.at(field.column).qualified);
    const bool dated = lens.pocketbase == PocketBaseType::date;
    if (!column.nullable && dated && field.fallback.kind == Default::Kind::none) {
      finding(field.position, VetFinding::needs_default,
              fmt::format("{}.{} is NOT NULL, so an empty date becomes the beginning of time; say what it is with "
                          "default:", entity.name, name));
    }
    const bool same = means_the_same(name, field.to) || means_the_same(field.to, name);
    if ((lens.name == "boolean" && !same) || (lens.name == "boolean_negated" && same)) {
      finding(field.position, VetFinding::boolean_sense,
              fmt::format("{}.{} goes to {} {}: is that what it means?", entity.name, name, field.to,
                          lens.name == "boolean" ? "as it is" : "as the opposite"));
    }
  }

  static bool is_indexed(const Entity& entity, const std::string& field) {
    return std::any_of(entity.indexes.begin(), entity.indexes.end(),
                       [&](const PocketBaseIndex& index) { return index.fields.front() == field; }) ||
           std::any_of(entity.routes.begin(), entity.routes.end(),
                       [&](const Route& route) { return route.owner.field == field; });  // a route has an index
  }

  /// Whether the rule names the field, as a whole word that is no part of another path.
  static bool mentions(const std::string& rule, const std::string& field) {
    const auto is_word = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '@';
    };
    for (std::size_t at = rule.find(field); at != std::string::npos; at = rule.find(field, at + 1)) {
      const bool begins = at == 0 || (!is_word(rule[at - 1]) && rule[at - 1] != '.');
      const std::size_t end = at + field.size();
      if (begins && (end == rule.size() || !is_word(rule[end]))) return true;
    }
    return false;
  }

  const MappingModel& model_;
  Lines out_;
  std::size_t findings_ = 0;
};

}  // namespace

VetReport vet(const MappingModel& model, const std::vector<const Diagnostic*>& warnings) {
  return Vetting(model).run(warnings);
}

int run_vet(const std::string& mapping) {
  DiagnosticSink sink;
  SourceSet sources;
  const std::optional<MappingModel> model = compile(mapping, sink, sources);
  if (!model) {
    print_diagnostics(sink, sources);
    return wrong;
  }
  const VetReport report = vet(*model, sink.sorted());
  fmt::print("{}", report.text);
  return report.findings == 0 ? done : findings;
}

}  // namespace twowayc
