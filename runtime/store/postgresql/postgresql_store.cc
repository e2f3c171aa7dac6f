#include "runtime/store/postgresql/postgresql_store.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/row_writer.h"

namespace twoway {

using postgresql::quoted_name;

PostgresqlStore::PostgresqlStore(const Mapping& mapping, const postgresql::Address& address, Use use)
    : mapping_(mapping),
      database_(address, use == Use::source ? postgresql::Access::read_only : postgresql::Access::read_write),
      opened_at_(database_.main().text("SELECT pg_catalog.txid_current_snapshot()::text")),
      tables_(database_, mapping.nul_in_text),
      resolver_(database_, tables_.schema()),
      attic_(tables_, mapping) {
  // An older release lacks much; its revision says it in one line.
  const std::string revision = version();
  if (revision != no_version) refuse_other_version(mapping_, revision, describe());
  refuse_other_schema(mapping_, postgresql::table_facts(tables_.schema()), describe());
  refuse_other_version(mapping_, revision, describe());
  stricter_ = StricterColumns(mapping_, postgresql::table_facts(tables_.schema()));
}

std::string PostgresqlStore::version() {
  if (mapping_.version_table.empty()) return {};
  const postgresql::LiveTable* table = tables_.schema().find(mapping_.version_table);
  if (table == nullptr || table->find(mapping_.version_column) == nullptr) return std::string(no_version);
  return database_.main().text(fmt::format("SELECT {}::text FROM {}", quoted_name(mapping_.version_column),
                                           quoted_name(mapping_.version_table)));
}

std::unique_ptr<RowReader> PostgresqlStore::read(const Entity& entity) {
  return std::make_unique<postgresql::PostgresqlRowReader>(database_, tables_.schema(), entity);
}

std::unique_ptr<RowWriter> PostgresqlStore::write(const Entity& entity) {
  return std::make_unique<postgresql::PostgresqlRowWriter>(tables_, entity);
}

bool PostgresqlStore::find(const Entity& entity, std::span<const Value> key, void* row,
                           std::vector<std::pair<std::string_view, Value>>& unknown) {
  std::unique_ptr<postgresql::EntityFinder>& finder = finders_[&entity];
  if (!finder) finder = std::make_unique<postgresql::EntityFinder>(database_, tables_.schema(), entity);
  return finder->find(key, row, unknown);
}

std::uint64_t PostgresqlStore::count_table(std::string_view table) {
  return tables_.schema().find(table) == nullptr ? 0 : tables_.count(table);
}

std::size_t PostgresqlStore::adapt(const Entity& entity, void* row) {
  adapted_.reset();
  return stricter_.adapt(entity, row, [&](const Column& column) {
    const postgresql::LiveColumn* live = tables_.schema().find(column.table)->find(column.name);
    return postgresql::shown(*live, Value::null(), adapted_);
  });
}

bool PostgresqlStore::erase(const Entity& entity, std::span<const Value> key) {
  for (const Join& join : entity.joins) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (entity.columns[entity.key[i]].name != join.base_column) continue;
      tables_.erase(postgresql::joined_shape(join, tables_.schema()), key.subspan(i, 1));
    }
  }
  const TableShape shape = postgresql::entity_shape(entity, tables_.schema());
  // In the order of the table's key.
  std::vector<Value> ordered;
  for (const std::size_t column : shape.key) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      if (entity.columns[entity.key[i]].name == shape.columns[column].name) ordered.push_back(key[i]);
    }
  }
  return tables_.erase(shape, ordered) > 0;
}

void PostgresqlStore::start_load(bool, std::span<const Entity* const>) { tables_.start_load(); }

void PostgresqlStore::finish_load() {
  finders_.clear();
  resolver_.forget();
  tables_.finish_load();
}

namespace {

/// What lies in the tables, as one text.
std::string contents(postgresql::Connection& connection, const std::vector<std::string>& tables) {
  std::vector<std::string> parts;
  for (const std::string& table : tables) {
    parts.push_back(fmt::format("(SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t.tableoid || ' ' || t.ctid "
                                "|| ' ' || t.xmin, 0)), 0) FROM {} AS t)",
                                quoted_name(table)));
  }
  return parts.empty() ? std::string() : connection.text(fmt::format("SELECT {}", fmt::join(parts, " || '; ' || ")));
}

}  // namespace

bool PostgresqlStore::changed_since_open() const {
  postgresql::Connection now(database_.address(), postgresql::Access::read_only);
  // The same transactions are under way as then and none has begun since: nobody can have written.
  if (now.text("SELECT pg_catalog.txid_current_snapshot()::text") == opened_at_) return false;
  std::vector<std::string> tables;
  for (const postgresql::LiveTable& table : tables_.schema().tables) tables.push_back(table.name);
  try {
    return contents(database_.main(), tables) != contents(now, tables);
  } catch (const postgresql::StatementError& failure) {
    if (failure.refusal().sqlstate != "42P01") throw;
    return true;  // a table is gone
  }
}

}  // namespace twoway
