#include "generator/cli/vet.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "generator/cli/commands.h"
#include "generator/cli/compiled.h"
#include "generator/emit/text/lines.h"
#include "generator/emit/text/literal.h"

namespace twowayc {
namespace {

using NamedRule = std::pair<std::string_view, const std::optional<std::string>*>;

std::array<NamedRule, 5> rules_of(const Entity& entity) {
  const Rules& rules = entity.rules;
  return {{{"list", &rules.list}, {"view", &rules.view}, {"create", &rules.create}, {"update", &rules.update},
           {"delete", &rules.remove}}};
}

class Vetting {
 public:
  explicit Vetting(const MappingModel& model) : model_(model) {}

  VetReport run() {
    declared_losses();
    for (const Entity& entity : model_.entities) {
      open_rules(entity);
      unindexed_relations(entity);
    }
    out_.add("{} finding{}", findings_, findings_ == 1 ? "" : "s");
    return {out_.take(), findings_};
  }

 private:
  void note(Position position, std::string_view what, const std::string& text) {
    out_.add("{}: {}: {}", printed(model_, position), what, comment_text(text));
  }
  void finding(Position position, std::string_view rule, const std::string& text) {
    note(position, rule, text);
    ++findings_;
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
    for (const auto& [name, rule] : rules_of(entity)) {
      if (!*rule) continue;
      if ((*rule)->find_first_not_of(" \t\n") == std::string::npos) {
        finding(entity.position, "open-rule",
                fmt::format("{}: rule '{}' is empty, so everyone may {} {}, without signing in", entity.name, name,
                            name, entity.collection));
      } else if (lets_anonymous_in(**rule)) {
        finding(entity.position, "anonymous-owner",
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

  void unindexed_relations(const Entity& entity) {
    for (const MappedField& field : entity.fields) {
      if (!field.target || is_indexed(entity, field.to)) continue;
      for (const auto& [name, rule] : rules_of(entity)) {
        if (!*rule || !mentions(**rule, field.to)) continue;
        finding(field.position, "unindexed-relation",
                fmt::format("{}: rule '{}' uses relation {}, which no index begins with", entity.name, name, field.to));
        break;
      }
    }
  }

  static bool is_indexed(const Entity& entity, const std::string& field) {
    return std::any_of(entity.indexes.begin(), entity.indexes.end(),
                       [&](const PocketBaseIndex& index) { return index.fields.front() == field; });
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

VetReport vet(const MappingModel& model) { return Vetting(model).run(); }

int run_vet(const std::string& mapping) {
  const std::optional<MappingModel> model = compiled(mapping);
  if (!model) return wrong;
  const VetReport report = vet(*model);
  fmt::print("{}", report.text);
  return report.findings == 0 ? done : findings;
}

}  // namespace twowayc
