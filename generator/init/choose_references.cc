// Which foreign keys become relations, and in which order entities stand.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generator/check/key_types.h"
#include "generator/init/drafted.h"
#include "generator/init/words.h"

namespace twowayc {
namespace {

/// The foreign key's columns in the order of the target's key; empty where they do not lead to that key.
std::vector<std::string> in_order_of_key(const DraftedForeignKey& key, const DraftedTable& target) {
  std::vector<std::string> columns;
  if (key.referenced_columns.size() != target.key.size() || key.columns.size() != target.key.size()) return {};
  for (const std::string& part : target.key) {
    const auto at = std::find(key.referenced_columns.begin(), key.referenced_columns.end(), part);
    if (at == key.referenced_columns.end()) return {};
    columns.push_back(key.columns[static_cast<std::size_t>(at - key.referenced_columns.begin())]);
  }
  return columns;
}

/// Why a foreign key is no relation; empty where it can be one, as far as its target says.
std::string obstacle(const DraftedTable& table, const DraftedTable* target, const std::vector<std::string>& columns) {
  if (target == nullptr) return "there is no such table";
  if (!target->is_entity()) return "that table is no entity";
  if (columns.empty()) return "it does not lead to that entity's key";
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const DraftedColumn* const own = table.find(columns[i]);
    if (own == nullptr) return fmt::format("column '{}' does not travel", columns[i]);
    if (key_class(own->type.type) != key_class(target->find(target->key[i])->type.type)) {
      return fmt::format("column '{}' is of another type than what it refers to", columns[i]);
    }
  }
  return {};
}

/// True where `column` is computed, on the way back, from `other`.
bool needs(const DraftedTable& table, const std::string& column, const std::string& other) {
  if (column == other) return true;
  const DraftedColumn* const own = table.find(column);
  if (own == nullptr || !own->reference) return false;
  return std::any_of(own->reference->with.begin(), own->reference->with.end(),
                     [&](const std::string& with) { return needs(table, with, other); });
}

/// The column that becomes the relation: one that is none yet, if possible outside the key, the last of those. Null
/// where there is none.
DraftedColumn* column_of_relation(DraftedTable& table, const std::vector<std::string>& columns) {
  DraftedColumn* best = nullptr;
  for (const std::string& name : columns) {
    DraftedColumn* const column = table.find(name);
    const bool circular = std::any_of(columns.begin(), columns.end(), [&](const std::string& other) {
      return other != name && needs(table, other, name);
    });
    if (column->reference || circular) continue;
    if (best == nullptr || best->key || !column->key) best = column;
  }
  return best;
}

bool in_a_check(const DraftedTable& table, const std::string& column) {
  return std::any_of(table.checks.begin(), table.checks.end(),
                     [&](const std::string& check) { return names_column(check, column); });
}

/// What deleting the target in PocketBase does here: what the database does, as far as PocketBase can.
void choose_on_delete(const DraftedTable& table, const DraftedColumn& column, const DraftedForeignKey& key,
                      DraftedReference& reference) {
  const auto& primary = table.live->primary_key;
  const bool in_primary_key = std::find(primary.begin(), primary.end(), column.live->name) != primary.end();
  const bool can_be_null =
      !column.key && !in_primary_key && !column.live->not_null && !in_a_check(table, column.live->name);
  if (key.on_delete == "cascade") {
    reference.on_delete = "cascade";
  } else if (!can_be_null) {
    reference.on_delete = "restrict";
  } else {
    reference.on_delete = "clear";
    if (key.on_delete != "set null") {
      reference.question = fmt::format("the database {}; clear, cascade or restrict in PocketBase?",
                                       key.on_delete == "set default" ? "sets the default when the target is deleted"
                                                                      : "forbids deleting what is referred to");
    }
  }
}

void add_reference(Drafted& drafted, DraftedTable& table, const DraftedForeignKey& key) {
  const auto found = std::find_if(drafted.tables.begin(), drafted.tables.end(),
                                  [&](const DraftedTable& t) { return t.live->name == key.table; });
  const DraftedTable* const target = found == drafted.tables.end() ? nullptr : &*found;
  const std::vector<std::string> columns =
      target == nullptr ? std::vector<std::string>() : in_order_of_key(key, *target);
  std::string why = obstacle(table, target, columns);
  DraftedColumn* const column = why.empty() ? column_of_relation(table, columns) : nullptr;
  if (why.empty() && column == nullptr) why = "its columns are relations already";
  if (!why.empty()) {
    table.remarks.push_back(
        fmt::format("The foreign key ({}) to '{}' is no relation: {}.", fmt::join(key.columns, ", "), key.table, why));
    return;
  }
  DraftedReference reference;
  reference.target = static_cast<std::size_t>(found - drafted.tables.begin());
  const bool own_first = columns[0] == column->live->name;
  for (const std::string& name : columns) {
    if (name != column->live->name) reference.with.push_back(name);
    if (name == column->live->name && !own_first) reference.with.emplace_back("[]");
  }
  reference.deferred = target == &table;
  choose_on_delete(table, *column, key, reference);
  column->reference = std::move(reference);
}

/// Walks along the relations, depth first; an edge that leads back to where the walk came from closes a cycle.
class Walk {
 public:
  explicit Walk(Drafted& drafted) : drafted_(drafted), state_(drafted.tables.size(), State::fresh) {}

  void run() {
    for (std::size_t i = 0; i < drafted_.tables.size(); ++i) {
      if (drafted_.tables[i].is_entity()) visit(i);
    }
  }

 private:
  enum class State { fresh, open, done };

  void visit(std::size_t index) {
    if (state_[index] != State::fresh) return;
    state_[index] = State::open;
    for (DraftedColumn& column : drafted_.tables[index].columns) {
      if (!column.reference || column.reference->deferred) continue;
      const std::size_t target = column.reference->target;
      if (state_[target] == State::open) {
        column.reference->deferred = true;
      } else {
        visit(target);
      }
    }
    state_[index] = State::done;
    drafted_.order.push_back(index);
  }

  Drafted& drafted_;
  std::vector<State> state_;
};

/// A key of one part without a relation is the record id; parts of longer keys, and relations, are fields as well, so
/// that people can read and filter them.
void choose_places(DraftedTable& table) {
  for (DraftedColumn& column : table.columns) {
    column.has_field = !column.key || table.key.size() > 1 || column.reference.has_value();
  }
}

}  // namespace

void choose_references(Drafted& drafted) {
  for (DraftedTable& table : drafted.tables) {
    if (!table.is_entity()) continue;
    // Those of one column first: they have no choice.
    for (const bool single : {true, false}) {
      for (const DraftedForeignKey& key : table.foreign_keys) {
        if ((key.columns.size() == 1) == single) add_reference(drafted, table, key);
      }
    }
  }
  for (DraftedTable& table : drafted.tables) choose_places(table);
  Walk(drafted).run();
}

}  // namespace twowayc
