#include "runtime/store/postgresql/postgresql_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>

#include "runtime/model/error.h"
#include "runtime/store/orphans.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/row_writer.h"
#include "runtime/transform/record_id.h"

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

void PostgresqlStore::read_orphans(const Entity& entity, const TakeOrphan& take) {
  const OrphanStatement orphans = orphan_statement(mapping_, entity, "::text");
  if (orphans.sql.empty()) return;
  const postgresql::Database::Borrowed connection = database_.borrow();
  const bool own = !connection->in_transaction();
  if (own) connection->execute("BEGIN READ ONLY");
  connection->execute("DECLARE twoway_orphans NO SCROLL CURSOR FOR " + orphans.sql);
  Arena arena;
  for (;;) {
    const postgresql::Result rows = connection->query("FETCH 1000 FROM twoway_orphans");
    for (int row = 0; row < rows.rows(); ++row) {
      arena.reset();
      const auto values = [&](const Entity& of, std::size_t first) {
        std::vector<Value> found;
        for (std::size_t i = 0; i < of.key.size(); ++i) {
          const int column = static_cast<int>(first + i);
          const std::string_view text = rows.bytes(row, column);
          const bool number = of.columns[of.key[i]].type == SqlType::integer;
          found.push_back(rows.is_null(row, column) ? Value::null()
                          : number ? Value::integer(std::strtoll(std::string(text).c_str(), nullptr, 10))
                                   : Value::text(text));
        }
        return found;
      };
      const std::string_view key = record_id::encode(values(entity, 0), arena);
      for (std::size_t i = 0; i < orphans.relations.size(); ++i) {
        const OrphanStatement::Followed& followed = orphans.relations[i];
        const std::size_t first = orphans.column_of(entity, i);
        if (rows.integer(row, static_cast<int>(first)) == 0) continue;
        // The resolver has the last word: the row may wait beside its table.
        const std::vector<Value> parts = values(*followed.target, first + 1);
        if (!resolver_.record_id(*followed.target, parts, arena)) take(*followed.relation, key);
      }
    }
    if (rows.rows() == 0) break;
  }
  connection->execute("CLOSE twoway_orphans");
  if (own) connection->execute("COMMIT");
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

std::uint64_t PostgresqlStore::end_sessions(const Entity& entity, bool all) {
  const std::string statement = end_sessions_statement(entity, all, "pg_catalog.gen_random_uuid()::text");
  return static_cast<std::uint64_t>(database_.main().query(statement).changes());
}

void PostgresqlStore::start_load(bool, std::span<const Entity* const>) { tables_.start_load(); }

void PostgresqlStore::finish_load() {
  finders_.clear();
  resolver_.forget();
  tables_.finish_load();
}

namespace {

/// What lies in the tables, as one text.
std::string contents(postgresql::Connection& connection, const postgresql::LiveSchema& schema) {
  std::vector<std::string> parts;
  for (const postgresql::LiveTable& table : schema.tables) {
    parts.push_back(fmt::format("(SELECT count(*) || ' ' || coalesce(sum(hashtextextended(t.tableoid || ' ' || t.ctid "
                                "|| ' ' || t.xmin, 0)), 0) FROM {} AS t)",
                                quoted_name(table.name)));
  }
  return parts.empty() ? std::string() : connection.text(fmt::format("SELECT {}", fmt::join(parts, " || '; ' || ")));
}

}  // namespace

std::string PostgresqlStore::state() const { return contents(database_.main(), tables_.schema()); }

bool PostgresqlStore::changed_since_open() const {
  postgresql::Connection now(database_.address(), postgresql::Access::read_only);
  // The same transactions are under way as then and none has begun since: nobody can have written.
  if (now.text("SELECT pg_catalog.txid_current_snapshot()::text") == opened_at_) return false;
  try {
    return state() != contents(now, tables_.schema());
  } catch (const postgresql::StatementError& failure) {
    if (failure.refusal().sqlstate != "42P01") throw;
    return true;  // a table is gone
  }
}

}  // namespace twoway
