#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "runtime/drift/sql_drift.h"
#include "runtime/drift/yaml_lines.h"

namespace twoway::drift {

namespace {

using What = Finding::What;
using Origin = LiveIndex::Origin;

/// SQL in a form to compare: SQLite keeps it as somebody wrote it.
std::string normal(std::string_view sql) {
  std::string out;
  char quote = 0;
  for (const char c : sql) {
    if (quote == 0 && (c == '"' || c == '`')) continue;
    if (c == '\'') quote = quote == 0 ? c : '\0';
    const auto byte = static_cast<unsigned char>(c);
    if (quote != 0 || std::isspace(byte) == 0) out += quote != 0 ? c : static_cast<char>(std::tolower(byte));
  }
  return out;
}

/// What an index does, without its name.
std::string meaning(const LiveIndex& index) {
  std::string text = index.unique ? "unique" : "";
  for (const LiveIndexPart& part : index.columns) {
    text += fmt::format("|{}|{}|{}|{}", part.column, normal(part.expression), part.descending, part.collation);
  }
  return text + "|where " + normal(index.where);
}

std::string shown(const LiveIndexPart& part) {
  return fmt::format("{}{}{}", part.column.empty() ? part.expression : part.column,
                     part.collation.empty() ? "" : " COLLATE " + part.collation, part.descending ? " DESC" : "");
}

std::string described(const LiveIndex& index) {
  std::vector<std::string> parts;
  for (const LiveIndexPart& part : index.columns) parts.push_back(shown(part));
  return fmt::format("{}({}){}", index.unique ? "unique " : "", fmt::join(parts, ", "),
                     index.where.empty() ? "" : " where " + index.where);
}

/// The columns that a plain unique index keeps apart; empty for any other index.
std::set<std::string> unique_columns(const LiveIndex& index) {
  std::set<std::string> columns;
  if (!index.unique || !index.where.empty()) return {};
  for (const LiveIndexPart& part : index.columns) {
    if (part.column.empty() || !part.collation.empty()) return {};
    columns.insert(part.column);
  }
  return columns;
}

std::set<std::string> as_set(const std::vector<std::string>& names) { return {names.begin(), names.end()}; }

/// True where the primary key alone, or what the mapping declares, keeps rows apart by these columns already.
bool says_nothing_new(const TableComparison& comparison, const LiveIndex& index) {
  const std::set<std::string> columns = unique_columns(index);
  if (columns.empty()) return false;
  if (columns == as_set(comparison.live.primary_key) || columns == as_set(comparison.mapped.primary_key)) return true;
  return std::any_of(comparison.mapped.indexes.begin(), comparison.mapped.indexes.end(),
                     [&](const LiveIndex& other) { return unique_columns(other) == columns; });
}

/// True where something in the live table keeps rows apart by these columns.
bool are_unique(const LiveTable& live, const std::set<std::string>& columns) {
  if (columns.empty()) return false;
  return columns == as_set(live.primary_key) ||
         std::any_of(live.indexes.begin(), live.indexes.end(),
                     [&](const LiveIndex& index) { return unique_columns(index) == columns; });
}

void compare_primary_keys(TableComparison& comparison) {
  if (comparison.live.primary_key == comparison.mapped.primary_key) return;
  const std::set<std::string> wanted = as_set(comparison.mapped.primary_key);
  const bool not_null = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& name) {
    const LiveColumn* column = comparison.live.find(name);
    return column != nullptr && column->not_null;
  });
  const auto named = [](const std::vector<std::string>& key) {
    return key.empty() ? std::string("none") : fmt::format("({})", fmt::join(key, ", "));
  };
  comparison.add({What::changed,
                  "primary key",
                  {},
                  {},
                  named(comparison.mapped.primary_key),
                  named(comparison.live.primary_key),
                  {},
                  {}},
                 comparison.knows_revisions && not_null && are_unique(comparison.live, wanted));
}

/// Takes the first index that fits out of the list; null where none does.
template <class Fits>
const LiveIndex* take(std::vector<const LiveIndex*>& list, Fits fits) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const LiveIndex* index) { return fits(*index); });
  if (found == list.end()) return nullptr;
  const LiveIndex* index = *found;
  list.erase(found);
  return index;
}

std::vector<const LiveIndex*> without_primary(const LiveTable& table) {
  std::vector<const LiveIndex*> list;
  for (const LiveIndex& index : table.indexes) {
    if (index.origin != Origin::primary_key) list.push_back(&index);
  }
  return list;
}

/// Names that a database makes up itself say nothing.
std::string name_of(const LiveIndex& index) { return index.origin == Origin::statement ? index.name : std::string(); }

}  // namespace

void compare_indexes(TableComparison comparison) {
  compare_primary_keys(comparison);
  std::vector<const LiveIndex*> live = without_primary(comparison.live), missing;
  std::vector<const LiveIndex*> mapped = without_primary(comparison.mapped);
  for (const bool by_name : {true, false}) {  // the one of the same name first, where several mean the same
    for (std::size_t i = 0; i < mapped.size();) {
      const LiveIndex* index = mapped[i];
      const bool there = take(live, [&](const LiveIndex& other) {
                           return (!by_name || other.name == index->name) && meaning(other) == meaning(*index);
                         }) != nullptr;
      if (there)
        mapped.erase(mapped.begin() + static_cast<std::ptrdiff_t>(i));
      else
        ++i;
    }
  }
  for (const LiveIndex* index : mapped) {
    const LiveIndex* changed = take(live, [&](const LiveIndex& other) {
      return other.name == index->name && other.origin == Origin::statement && index->origin == Origin::statement;
    });
    if (changed != nullptr) {
      comparison.add({What::changed,
                      "index",
                      {},
                      index->name,
                      described(*index),
                      described(*changed),
                      {},
                      {},
                      index_line(*changed)},
                     false);
      continue;
    }
    const std::set<std::string> columns = unique_columns(*index);
    if (are_unique(comparison.live, columns)) continue;  // by the primary key
    comparison.add({What::missing, "index", {}, name_of(*index), described(*index), {}, {}, {}, index_line(*index)},
                   comparison.knows_revisions && comparison.same_revision && !index->unique);
  }
  for (const LiveIndex* index : live) {
    comparison.add({What::added, "index", {}, name_of(*index), {}, described(*index), {}, {}, index_line(*index)},
                   comparison.knows_revisions && says_nothing_new(comparison, *index));
  }
}

}  // namespace twoway::drift
