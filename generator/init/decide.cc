// Which tables become entities, and by which key.
#include <fmt/format.h>

#include <algorithm>

#include "generator/check/key_types.h"
#include "generator/init/drafted.h"
#include "generator/init/words.h"
#include "generator/source/suggest.h"
#include "generator/source/utf8.h"

namespace twowayc {

using twoway::LiveColumn;
using twoway::LiveForeignKey;
using twoway::LiveIndex;
using twoway::LiveIndexPart;
using twoway::LiveSchema;
using twoway::LiveTable;

DraftedColumn* DraftedTable::find(const std::string& column) {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const DraftedColumn& c) { return c.live->name == column; });
  return found == columns.end() ? nullptr : &*found;
}

const DraftedColumn* DraftedTable::find(const std::string& column) const {
  return const_cast<DraftedTable*>(this)->find(column);
}

namespace {

bool is_utf8(std::string_view text) { return first_invalid_utf8(text) == text.size(); }

/// SQLite finds names whatever their case, and shows them as they were written where they were used.
template <class Named>
std::string own_name(const std::vector<Named>& all, const std::string& written) {
  for (const Named& candidate : all) {
    if (candidate.name == written) return written;
  }
  for (const Named& candidate : all) {
    if (lower_case(candidate.name) == lower_case(written)) return candidate.name;
  }
  return written;
}

std::string on_delete_word(const std::string& action) {
  const std::string word = lower_case(action);
  return word == "no action" ? std::string() : word;
}

void add_foreign_keys(const LiveSchema& schema, DraftedTable& table) {
  for (const LiveForeignKey& key : table.live->foreign_keys) {
    DraftedForeignKey own;
    own.table = own_name(schema.tables, key.table);
    own.on_delete = on_delete_word(key.on_delete);
    for (const std::string& column : key.columns) own.columns.push_back(own_name(table.live->columns, column));
    const LiveTable* const target = schema.find(own.table);
    own.referenced_columns = key.referenced_columns;
    if (target != nullptr) {
      if (own.referenced_columns.empty()) own.referenced_columns = target->primary_key;
      for (std::string& column : own.referenced_columns) column = own_name(target->columns, column);
    }
    table.foreign_keys.push_back(std::move(own));
  }
}

void add_columns(bool sqlite, DraftedTable& table) {
  std::vector<std::string> seen;
  for (const LiveColumn& live : table.live->columns) {
    if (live.generated) {
      table.remarks.push_back(
          fmt::format("Column '{}' is computed by the database: it is not carried, and computed again on the way back.",
                      live.name));
      continue;
    }
    const std::string lower = lower_case(live.name);
    const bool twice = std::find(seen.begin(), seen.end(), lower) != seen.end();
    if (twice || !is_utf8(live.name)) {
      table.remarks.push_back(fmt::format("Column '{}' {}, so it has no field; its values travel in the residue.",
                                          live.name, twice ? "differs from another one in case only" : "is no UTF-8"));
      continue;
    }
    seen.push_back(lower);
    DraftedColumn column;
    column.live = &live;
    column.type = sqlite ? guess_sqlite_type(live.declared_type) : guess_postgresql_type(live.declared_type);
    table.columns.push_back(std::move(column));
  }
}

std::string why_no_entity(const std::vector<DraftedTable>& before, const LiveTable& live) {
  if (!is_utf8(live.name)) return "its name is no UTF-8";
  if (lower_case(live.name) == "twoway_attic") return "its name is one that twoway needs itself";
  for (const DraftedTable& other : before) {
    if (lower_case(other.live->name) == lower_case(live.name)) return "its name differs from another one in case only";
  }
  return {};
}

/// The key's columns can be found, compared and written down.
bool usable(const DraftedTable& table, const std::vector<std::string>& columns) {
  return !columns.empty() && std::all_of(columns.begin(), columns.end(), [&](const std::string& name) {
    const DraftedColumn* const column = table.find(name);
    return column != nullptr && fits_key(column->type.type) && !column->live->declared_type.empty();
  });
}

std::vector<std::string> unique_columns(const DraftedTable& table, const LiveIndex& index) {
  std::vector<std::string> columns;
  if (!index.unique || !index.where.empty()) return {};
  for (const LiveIndexPart& part : index.columns) {
    const DraftedColumn* const column = table.find(part.column);
    if (column == nullptr || !column->live->not_null || !part.collation.empty()) return {};
    columns.push_back(part.column);
  }
  return columns;
}

void choose_key(DraftedTable& table) {
  if (usable(table, table.live->primary_key)) {
    table.key = table.live->primary_key;
    return;
  }
  for (const LiveIndex& index : table.live->indexes) {
    const std::vector<std::string> columns = unique_columns(table, index);
    if (!usable(table, columns)) continue;
    table.key = columns;
    table.remarks.push_back(
        table.live->primary_key.empty()
            ? "It has no primary key: its key is a unique constraint over columns that are NOT NULL."
            : "No record id can be made of its primary key: its key is a unique constraint.");
    return;
  }
  table.why_none = table.live->primary_key.empty() ? "nothing tells its rows apart: it has neither a primary key nor a "
                                                     "unique constraint over columns that are NOT NULL"
                                                   : "no record id can be made of its primary key";
}

}  // namespace

void choose_keys(Drafted& drafted) {
  for (DraftedTable& table : drafted.tables) {
    if (table.why_none.empty() && !table.purged) choose_key(table);
    for (const std::string& name : table.key) table.find(name)->key = true;
  }
}

bool needs_own_statement(const Drafted& drafted, const DraftedTable& table) {
  const LiveTable& live = *table.live;
  if (live.without_rowid || live.strict || table.purged) return true;
  if (table.columns.size() != live.columns.size()) return true;
  const auto other_words = [](const DraftedColumn& column) { return !column.type.same_words; };
  if (std::any_of(table.columns.begin(), table.columns.end(), other_words)) return true;
  const std::vector<SqlToken> tokens = sql_tokens(live.sql);
  if (!drafted.sqlite) {
    const auto identity = [](const LiveColumn& c) { return c.numbered && !c.default_text; };
    return has_word(tokens, {"check", "exclude", "deferrable"}) ||
           std::any_of(live.columns.begin(), live.columns.end(), identity);
  }
  const auto to_whole = [&](const DraftedForeignKey& key) {
    return std::none_of(drafted.tables.begin(), drafted.tables.end(),
                        [&](const DraftedTable& t) { return t.is_entity() && t.live->name == key.table; });
  };
  return has_word(tokens, {"check", "collate", "generated", "as", "autoincrement", "deferrable", "conflict", "update",
                           "constraint", "desc"}) ||
         std::any_of(table.foreign_keys.begin(), table.foreign_keys.end(), to_whole);
}

Drafted decide(const LiveSchema& schema) {
  Drafted drafted;
  drafted.sqlite = schema.dialect == "sqlite";
  drafted.enums = schema.enums;
  for (const LiveTable& live : schema.tables) {
    if (live.kind == LiveTable::Kind::view) {
      drafted.views.push_back(live.name);
      continue;
    }
    DraftedTable table;
    table.live = &live;
    table.why_none = why_no_entity(drafted.tables, live);
    table.purged = live.kind != LiveTable::Kind::table;
    add_columns(drafted.sqlite, table);
    add_foreign_keys(schema, table);
    if (drafted.sqlite) table.checks = check_conditions(live.sql);
    drafted.tables.push_back(std::move(table));
  }
  choose_keys(drafted);
  choose_names(drafted);
  choose_references(drafted);
  choose_field_names(drafted);
  ask_about_columns(drafted);
  for (DraftedTable& table : drafted.tables) table.own_statement = needs_own_statement(drafted, table);
  return drafted;
}

}  // namespace twowayc
