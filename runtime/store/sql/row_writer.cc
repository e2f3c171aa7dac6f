#include "runtime/store/sql/row_writer.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/sql/entity_columns.h"
#include "runtime/transform/field_value.h"

namespace twoway::sql_sqlite {

using sqlite::quoted_name;

SqliteRowWriter::SqliteRowWriter(sqlite::Connection& connection, sqlite::LiveSchema& schema, SideTable& side,
                                 const Entity& entity)
    : connection_(connection), schema_(schema), side_(side), entity_(entity) {
  tables_.push_back(table_of(entity.table, nullptr));
  for (const Join& join : entity.joins) tables_.push_back(table_of(join.table, &join));
}

SqliteRowWriter::Table SqliteRowWriter::table_of(std::string_view name, const Join* join) const {
  Table table;
  table.name = name;
  table.join = join;
  for (std::size_t i = 0; i < entity_.columns.size(); ++i) {
    const Column& column = entity_.columns[i];
    if (column.table == name) table.columns.push_back(i);
    if (join != nullptr && column.table == entity_.table && column.name == join->base_column) {
      table.key_columns.push_back(i);
    }
  }
  if (join != nullptr) {
    table.key.emplace_back(join->column);
  } else {
    for (std::uint16_t index : entity_.key) {
      table.key_columns.push_back(index);
      table.key.emplace_back(entity_.columns[index].name);
    }
  }
  const sqlite::LiveTable* live = schema_.find(name);
  // Without a row id an upsert does not tell an insert from an update: such a table is searched first.
  table.unique_key =
      live != nullptr && !live->without_rowid && has_unique_key(connection_, *live, table.key);
  return table;
}

void SqliteRowWriter::ensure_column(std::string_view table, std::string_view column) {
  const sqlite::LiveTable* live = schema_.find(table);
  if (live != nullptr && live->find(column) != nullptr) return;
  connection_.execute(fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted_name(table), quoted_name(column)));
  schema_ = sqlite::read_schema(connection_);
}

SqliteRowWriter::Statements& SqliteRowWriter::statements(Table& table, const std::vector<std::string_view>& unknown) {
  if (unknown.empty() && table.plain != nullptr) return *table.plain;
  const std::string id = fmt::format("{}\n{}", table.name, fmt::join(unknown, "\n"));
  const auto found = statements_.find(id);
  if (found != statements_.end()) return found->second;

  // Parameters: the key of a joined table (its own column is in no struct), the mapped columns, the unknown ones.
  std::vector<std::string> names;
  if (table.join != nullptr) names.push_back(quoted_name(table.key[0]));
  for (std::size_t index : table.columns) names.push_back(quoted_name(entity_.columns[index].name));
  for (std::string_view column : unknown) {
    ensure_column(table.name, column);
    names.push_back(quoted_name(column));
  }
  std::vector<std::string> assignments, numbered, differences;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string& name = names[i];
    if (std::any_of(table.key.begin(), table.key.end(), [&](const auto& key) { return quoted_name(key) == name; })) {
      continue;
    }
    assignments.push_back(fmt::format("{0} = excluded.{0}", name));
    numbered.push_back(fmt::format("{} = ?{}", name, i + 1));
    // IS NOT takes 1 and 1.0 for the same; typeof does not.
    differences.push_back(
        fmt::format("t.{0} IS NOT excluded.{0} OR typeof(t.{0}) IS NOT typeof(excluded.{0})", name));
  }
  std::vector<std::string> key, where;
  for (std::size_t i = 0; i < table.key.size(); ++i) {
    key.push_back(quoted_name(table.key[i]));
    where.push_back(fmt::format("{} IS ?{}", quoted_name(table.key[i]), i + 1));
  }
  Statements made;
  std::string insert =
      fmt::format("INSERT INTO {} AS t ({}) VALUES ({})", quoted_name(table.name), fmt::join(names, ", "),
                  fmt::join(std::vector<std::string>(names.size(), "?"), ", "));
  if (table.unique_key) {
    insert += fmt::format(" ON CONFLICT ({}) DO ", fmt::join(key, ", "));
    insert += assignments.empty() ? std::string("NOTHING")
                                  : fmt::format("UPDATE SET {} WHERE {}", fmt::join(assignments, ", "),
                                                fmt::join(differences, " OR "));
  }
  made.upsert = connection_.prepare(insert);
  made.find = connection_.prepare(fmt::format("SELECT {} FROM {} WHERE {}", fmt::join(names, ", "),
                                              quoted_name(table.name), fmt::join(where, " AND ")));
  if (!numbered.empty()) {
    std::vector<std::string> keyed;
    for (const std::string& name : key) {
      const auto position = std::find(names.begin(), names.end(), name) - names.begin();
      keyed.push_back(fmt::format("{} IS ?{}", name, position + 1));
    }
    made.update = connection_.prepare(fmt::format("UPDATE {} SET {} WHERE {}", quoted_name(table.name),
                                                  fmt::join(numbered, ", "), fmt::join(keyed, " AND ")));
  }
  made.kept = kept_rows(table, unknown);
  Statements& remembered = statements_.emplace(id, std::move(made)).first->second;
  if (unknown.empty()) table.plain = &remembered;
  return remembered;
}

std::unique_ptr<KeptRows> SqliteRowWriter::kept_rows(const Table& table,
                                                     const std::vector<std::string_view>& unknown) const {
  const sqlite::LiveTable* live = schema_.find(table.name);
  if (live == nullptr) return nullptr;
  const TableShape whole = shape_of(connection_, *live);
  TableShape written;
  written.name = table.name;
  const auto add = [&](std::string_view name) {
    if (const TableColumn* column = whole.find(name)) written.columns.push_back(*column);
  };
  if (table.join != nullptr) add(table.key[0]);
  for (const std::size_t index : table.columns) add(entity_.columns[index].name);
  for (const std::string_view name : unknown) add(name);
  const std::size_t wanted = table.columns.size() + unknown.size() + (table.join != nullptr ? 1 : 0);
  if (whole.key.empty() || written.columns.size() != wanted) return nullptr;
  for (const std::size_t index : whole.key) {
    const auto found = std::find_if(written.columns.begin(), written.columns.end(), [&](const TableColumn& column) {
      return column.name == whole.columns[index].name;
    });
    if (found == written.columns.end()) return nullptr;
    written.key.push_back(static_cast<std::size_t>(found - written.columns.begin()));
  }
  return std::make_unique<KeptRows>(side_, written);
}

Outcome SqliteRowWriter::rejected() const {
  Outcome outcome;
  outcome.what = Written::rejected;
  outcome.reason = connection_.last_error();
  // `UNIQUE constraint failed: user.email`, `NOT NULL constraint failed: chat.title`
  const std::size_t colon = outcome.reason.find(": ");
  if (colon != std::string::npos) outcome.column = outcome.reason.substr(colon + 2);
  return outcome;
}

Outcome SqliteRowWriter::write_table(Table& table, const void* row, Unknown unknown) {
  std::vector<std::string_view>& names = unknown_names_;
  std::vector<Value>& values = values_;
  names.clear();
  values.clear();
  if (table.join != nullptr) values.push_back(cell(row, entity_.columns[table.key_columns[0]].offset));
  for (std::size_t index : table.columns) values.push_back(cell(row, entity_.columns[index].offset));
  for (const auto& [name, value] : unknown) {
    const auto [owner, column] = split_name(entity_, name);
    if (owner != table.name) continue;
    names.push_back(column);
    values.push_back(value);
  }
  Statements& statement = statements(table, names);
  if (!statement.kept) return write_values(table, statement, row);
  KeptRows& kept = *statement.kept;
  exact_values_ = values;
  if (chosen_room_ < values.size()) chosen_ = std::make_unique<bool[]>(chosen_room_ = values.size());
  arena_.reset();
  bool any = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = kept.shown(i, exact_values_[i], arena_);
    chosen_[i] = !identical(values[i], exact_values_[i]);
    // A NULL where this database wants a value is refused, as it always was: the caller adapts the row first.
    if (exact_values_[i].is_null()) chosen_[i] = false, values[i] = exact_values_[i];
    any = any || chosen_[i];
  }
  Outcome outcome = write_values(table, statement, row);
  if (outcome.what != Written::rejected && (any || kept.has_values()) && keep_values(kept) &&
      outcome.what == Written::unchanged) {
    outcome.what = Written::updated;
  }
  return outcome;
}

bool SqliteRowWriter::keep_values(KeptRows& kept) {
  const std::string_view key = kept::key_text(kept.shape(), exact_values_, arena_);
  return kept.keep_values(key, exact_values_, {chosen_.get(), exact_values_.size()});
}

Outcome SqliteRowWriter::write_values(Table& table, Statements& statement, const void* row) {
  const std::vector<Value>& values = values_;
  bool by_hand = !table.unique_key;  // NULLs never conflict, so ON CONFLICT would insert such a key again and again
  for (std::size_t index : table.key_columns) by_hand |= cell(row, entity_.columns[index].offset).is_null();
  sqlite::Statement* run = &statement.upsert;
  if (by_hand) {
    statement.find.reset();
    for (std::size_t i = 0; i < table.key_columns.size(); ++i) {
      statement.find.bind(static_cast<int>(i), cell(row, entity_.columns[table.key_columns[i]].offset));
    }
    if (statement.find.step()) {
      bool equal = true;
      for (std::size_t i = 0; i < values.size(); ++i) {
        equal = equal && same(statement.find.column(static_cast<int>(i)), values[i]);
      }
      if (equal || !statement.update) return {};
      run = &statement.update;
    }
    statement.find.reset();
  }
  for (std::size_t i = 0; i < values.size(); ++i) run->bind(static_cast<int>(i), values[i]);
  connection_.clear_last_insert();
  if (!run->execute()) return rejected();
  if (connection_.changes() == 0) return {};
  if (by_hand) return {run == &statement.upsert ? Written::inserted : Written::updated, {}, {}};
  return {connection_.last_insert() != 0 ? Written::inserted : Written::updated, {}, {}};
}

Outcome SqliteRowWriter::write(const void* row, Unknown unknown, const Value& side) {
  const bool joined = tables_.size() > 1;
  // A row and its joined rows stand or fall together.
  if (joined) connection_.execute("SAVEPOINT twoway_row");
  const Outcome outcome = write_tables(row, unknown, side);
  if (joined && outcome.what == Written::rejected) connection_.execute("ROLLBACK TO twoway_row");
  if (joined) connection_.execute("RELEASE twoway_row");
  return outcome;
}

Outcome SqliteRowWriter::write_tables(const void* row, Unknown unknown, const Value& side) {
  Outcome outcome = write_table(tables_[0], row, unknown);
  if (outcome.what == Written::rejected) return outcome;
  for (std::size_t i = 1; i < tables_.size(); ++i) {
    Table& table = tables_[i];
    if (cell(row, table.join->marker_offset).as_integer() == 0) {
      sqlite::Statement remove = connection_.prepare(
          fmt::format("DELETE FROM {} WHERE {} IS ?", quoted_name(table.name), quoted_name(table.key[0])));
      remove.bind(0, cell(row, entity_.columns[table.key_columns[0]].offset));
      remove.execute();
      if (connection_.changes() > 0 && outcome.what == Written::unchanged) outcome.what = Written::updated;
      continue;
    }
    const Outcome joined = write_table(table, row, unknown);
    if (joined.what == Written::rejected) return joined;
    if (joined.what != Written::unchanged && outcome.what == Written::unchanged) outcome.what = Written::updated;
  }
  arena_.reset();
  if (side_.write(entity_.name, key_text(entity_, row, arena_), side) && outcome.what == Written::unchanged) {
    outcome.what = Written::updated;
  }
  return outcome;
}

}  // namespace twoway::sql_sqlite
