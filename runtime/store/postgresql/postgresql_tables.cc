#include "runtime/store/postgresql/postgresql_tables.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/kept.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/table_writer.h"
#include "runtime/transform/record_id.h"

namespace twoway::postgresql {

namespace {

/// PostgreSQL's type for columns that come from another kind of database.
std::string_view type_for(SqlType type) {
  switch (type) {
    case SqlType::text: return "text";
    case SqlType::integer: return "bigint";
    case SqlType::boolean: return "boolean";
    case SqlType::json: return "json";
    case SqlType::date: return "date";
    case SqlType::datetime: return "timestamp without time zone";
    case SqlType::real: return "double precision";
    case SqlType::blob: return "bytea";
  }
  return "text";
}

std::string declaration(const TableColumn& column, bool foreign) {
  const bool named = !foreign && !column.declared_type.empty();
  return fmt::format("{} {}", quoted_name(column.name), named ? std::string_view(column.declared_type)
                                                              : type_for(column.type));
}

/// A plain table: columns and key.
std::string plain_table(const TableShape& shape, bool foreign) {
  std::vector<std::string> parts, key;
  std::vector<TableColumn> columns = shape.columns;
  for (const std::size_t index : shape.key) {
    // Documents have no order and no equality, so they cannot be a key.
    if (columns[index].type == SqlType::json) columns[index].type = SqlType::text;
    key.push_back(quoted_name(columns[index].name));
  }
  for (const TableColumn& column : columns) {
    parts.push_back(declaration(column, foreign) + (column.not_null ? " NOT NULL" : ""));
  }
  if (!key.empty()) parts.push_back(fmt::format("PRIMARY KEY ({})", fmt::join(key, ", ")));
  return fmt::format("CREATE TABLE {} ({})", quoted_name(shape.name), fmt::join(parts, ", "));
}

}  // namespace

PostgresqlTables::PostgresqlTables(Database& database, NulPolicy policy)
    : database_(database), policy_(policy), schema_(read_schema(database.main())), load_(database, refused_) {
  if (database.access() == Access::read_write) loader_ = std::make_unique<Loader>(database.address(), refused_);
}

TableLayout PostgresqlTables::layout(const TableShape& shape) const {
  return layout_of(schema_, shape, database_.describe());
}

void PostgresqlTables::read_schema_again() {
  finders_.clear();
  schema_ = database_.patiently([](Connection& connection) { return read_schema(connection); });
}

std::vector<TableShape> PostgresqlTables::shapes() {
  std::vector<TableShape> out;
  for (const LiveTable& table : schema_.tables) out.push_back(shape_of(table));
  return out;
}

std::vector<TableObject> PostgresqlTables::objects() {
  std::vector<TableObject> out;
  for (const LiveObject& object : schema_.objects) out.push_back({object.type, object.name, object.table, object.sql});
  return out;
}

std::uint64_t PostgresqlTables::count(std::string_view table) {
  if (schema_.find(table) == nullptr) return 0;
  return database_.patiently([&](Connection& connection) {
    const auto rows = connection.integer(fmt::format("SELECT count(*) FROM {}", quoted_name(table)));
    return static_cast<std::uint64_t>(rows) + side_table::count(connection, kept::rows_of(table));
  });
}

std::unique_ptr<TableReader> PostgresqlTables::read(const TableShape& shape) {
  return std::make_unique<PostgresqlTableReader>(database_, layout(shape));
}

bool PostgresqlTables::find(const TableShape& shape, std::span<const Value> key, std::vector<Value>& values) {
  if (shape.key.empty()) return false;
  const std::uint64_t committed = loader_ == nullptr ? 0 : loader_->committed();
  if (committed != found_at_) finders_.clear();
  found_at_ = committed;
  std::string name = shape.name;
  for (const TableColumn& column : shape.columns) name.append(1, '\0').append(column.name);
  return database_.patiently([&](Connection&) {
    std::unique_ptr<RowFinder>& finder = finders_[name];
    if (finder == nullptr) finder = std::make_unique<RowFinder>(database_, layout(shape));
    return finder->find(key, values);
  });
}

std::unique_ptr<PostgresqlTableWriter> PostgresqlTables::open_writer(const TableShape& shape, bool dry_run) {
  if (database_.access() == Access::read_only && !dry_run) {
    throw cannot_start(fmt::format("{} was opened for reading only", database_.describe()));
  }
  if (loader_ == nullptr) loader_ = std::make_unique<Loader>(database_.address(), refused_);
  return std::make_unique<PostgresqlTableWriter>(database_, *loader_, refused_, layout(shape), policy_, dry_run);
}

std::unique_ptr<TableWriter> PostgresqlTables::write(const TableShape& shape, bool dry_run) {
  return open_writer(shape, dry_run);
}

std::uint64_t PostgresqlTables::erase(const TableShape& shape, std::span<const Value> key) {
  const TableTarget target = target_of(layout(shape));
  finders_.clear();
  return database_.patiently([&](Connection& connection) -> std::uint64_t {
    const TableLayout& live = target.layout;
    if (!live.has_key()) {
      const auto waiting = side_table::clear(connection, live.rows_entity);
      const Result gone = connection.query(fmt::format("DELETE FROM {}", quoted_name(live.table())));
      return waiting + static_cast<std::uint64_t>(gone.changes());
    }
    Arena arena;
    const std::string text(record_id::encode(key, arena));
    const postgresql::SideEntry waiting{live.rows_entity, text, {}};
    const postgresql::SideEntry kept{live.values_entity, text, {}};
    if (std::any_of(key.begin(), key.end(), [](const Value& part) { return part.is_null(); })) {
      return side_table::remove_all(connection, live.rows_entity, side_table::prefix_of_many(text));
    }
    const std::uint64_t waited = side_table::write(connection, {&waiting, 1}).removed;
    side_table::write(connection, {&kept, 1});
    std::vector<Parameter> parameters;
    for (std::size_t i = 0; i < live.shape.key.size(); ++i) {
      const LiveColumn& column = live.columns[live.shape.key[i]];
      if (!fit(column, key[i], arena).exact()) return waited;
      parameters.push_back(parameter(column, key[i], arena));
    }
    const std::int64_t gone = connection.query_prepared(target.erase, parameters).changes();
    return waited + static_cast<std::uint64_t>(gone);
  });
}

void PostgresqlTables::ensure(const TableShape& shape, bool foreign) {
  const LiveTable* table = schema_.find(shape.name);
  std::vector<std::string> statements;
  if (table == nullptr) {
    const bool own_words = !foreign && !shape.sql.empty();
    statements.push_back(own_words ? shape.sql : plain_table(shape, foreign));
  } else {
    for (const TableColumn& column : shape.columns) {
      if (table->find(column.name) != nullptr) continue;
      // Rows that are there already have no value for it, so it has to take NULL.
      statements.push_back(fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS {}", quoted_name(shape.name),
                                       declaration(column, foreign)));
    }
  }
  if (statements.empty()) return;
  for (const std::string& statement : statements) database_.main().execute(statement);
  read_schema_again();
}

Outcome PostgresqlTables::ensure(const TableObject& object) {
  const bool there = std::any_of(schema_.objects.begin(), schema_.objects.end(), [&](const LiveObject& other) {
    return other.type == object.type && other.name == object.name;
  });
  if (there) return {};
  try {
    database_.main().execute(object.sql);
  } catch (const StatementError& failure) {
    return {Written::rejected, {}, failure.refusal().message};
  }
  read_schema_again();
  return {Written::inserted, {}, {}};
}

void PostgresqlTables::read_side(std::string_view entity, const SideEntry& take) {
  if (!side_table::exists(database_.main())) return;
  const Database::Borrowed connection = database_.borrow();
  CopyReader rows(*connection,
                  fmt::format("SELECT entity, key, residue FROM {}{} ORDER BY entity COLLATE \"C\", key COLLATE \"C\"",
                              side_table_name, entity.empty() ? "" : " WHERE entity = " + quoted_text(entity)),
                  {text_column("entity"), text_column("key"), text_column("residue")});
  while (rows.next()) take(rows.values()[0].bytes(), rows.values()[1].bytes(), rows.values()[2]);
}

bool PostgresqlTables::write_side(std::string_view entity, std::string_view key, const Value& document) {
  finders_.clear();
  const postgresql::SideEntry entry{std::string(entity), std::string(key),
                                    document.is_null() ? std::string() : std::string(document.bytes())};
  const side_table::Changes changes = database_.patiently(
      [&](Connection& connection) { return side_table::write(connection, {&entry, 1}); });
  return changes.inserted + changes.updated + changes.removed > 0;
}

void PostgresqlTables::start_load() {
  load_.start(schema_);
  read_schema_again();
}

void PostgresqlTables::finish_load() {
  if (loader_ != nullptr) loader_->wait();
  finders_.clear();
  schema_ = load_.finish();
}

}  // namespace twoway::postgresql
