#include "runtime/store/postgresql/bulk_load.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <xxhash.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>

#include "runtime/store/kept.h"
#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/kept_values.h"
#include "runtime/store/postgresql/patience.h"
#include "runtime/store/postgresql/side_table.h"
#include "runtime/store/postgresql/table_layout.h"

namespace twoway::postgresql {

namespace {

/// Rows that are moved at once.
constexpr int chunk_rows = 500;

/// What a crash of the server may undo: finish() looks again, and its last transaction makes all of them durable.
constexpr std::string_view lazy = "BEGIN; SET LOCAL synchronous_commit = off";

/// Runs `work` in a transaction.
template <class Work>
void in_transaction(Connection& connection, Work work, std::string_view begin = "BEGIN") {
  connection.execute(std::string(begin));
  try {
    work();
    connection.execute("COMMIT");
  } catch (const StatementError&) {
    connection.execute("ROLLBACK");
    throw;
  }
}

std::string rows_without_parent(const unfinished::SetAside& key) {
  std::vector<std::string> match, set, unset;
  for (std::size_t i = 0; i < key.columns.size(); ++i) {
    const std::string column = "child." + quoted_name(key.columns[i]);
    match.push_back(fmt::format("parent.{} = {}", quoted_name(key.referenced_columns[i]), column));
    set.push_back(column + " IS NOT NULL");
    unset.push_back(column + " IS NULL");
  }
  std::string condition =
      fmt::format("({} AND NOT EXISTS (SELECT FROM {} AS parent WHERE {}))", fmt::join(set, " AND "),
                  key.referenced_table, fmt::join(match, " AND "));
  if (key.definition.find("MATCH FULL") != std::string::npos) {
    condition += fmt::format(" OR (({}) AND ({}))", fmt::join(unset, " OR "), fmt::join(set, " OR "));
  }
  return condition;
}

}  // namespace

void BulkLoad::start(const LiveSchema& schema) {
  database_.patiently([&](Connection& connection) {
    in_transaction(connection, [&] { set_aside(connection, schema); });
    note_waiting(connection, schema);
  });
}

void BulkLoad::note_waiting(Connection& connection, const LiveSchema& schema) {
  waited_.clear();
  again_.clear();
  if (!side_table::exists(connection)) return;
  for (const LiveTable& table : schema.tables) {
    const std::string entity = kept::rows_of(table.name);
    const Result rows = connection.query(
        fmt::format("SELECT key, residue FROM {} WHERE entity = {}", side_table_name, quoted_text(entity)));
    for (int row = 0; row < rows.rows(); ++row) {
      const std::string document = rows.text(row, 1);
      waited_[entity][rows.text(row, 0)] = XXH3_64bits(document.data(), document.size());
    }
  }
}

void BulkLoad::move_to_side(Connection& connection, const std::string& table, const std::vector<SideEntry>& side) {
  side_table::write(connection, side);
  const auto waited = waited_.find(kept::rows_of(table));
  if (waited == waited_.end()) return;
  for (const SideEntry& entry : side) {
    const auto found =
        entry.entity == waited->first ? waited->second.find(side_table::stored_key(entry.key)) : waited->second.end();
    if (found == waited->second.end()) continue;
    if (found->second == XXH3_64bits(entry.document.data(), entry.document.size())) ++again_[table];
    waited->second.erase(found);
  }
}

std::uint64_t BulkLoad::waits_again(std::string_view table) const {
  const auto found = again_.find(table);
  return found == again_.end() ? 0 : found->second;
}

void BulkLoad::set_aside(Connection& connection, const LiveSchema& schema) {
  unfinished::create(connection);
  const std::vector<unfinished::SetAside> before = unfinished::all(connection);
  const auto noted = [&](bool foreign_key, const std::string& table, const std::string& name) {
    return std::any_of(before.begin(), before.end(), [&](const unfinished::SetAside& what) {
      return what.foreign_key == foreign_key && what.table == table && what.name == name;
    });
  };
  for (const LiveTable& table : schema.tables) {
    const std::string name = quoted_name(table.name);
    for (const LiveForeignKey& key : table.foreign_keys) {
      if (key.set_aside || noted(true, table.name, key.name)) continue;
      unfinished::add(connection, table, key);
      connection.execute(fmt::format("ALTER TABLE {} DROP CONSTRAINT {}", name, quoted_name(key.name)));
    }
    if (connection.integer(fmt::format("SELECT EXISTS (SELECT FROM {})", name)) != 0) continue;
    for (const LiveIndex& index : table.indexes) {
      if (index.unique || index.constraint || index.set_aside || noted(false, table.name, index.name)) continue;
      unfinished::add(connection, table, index);
      connection.execute(fmt::format("DROP INDEX {}", quoted_name(index.name)));
    }
  }
}

LiveSchema BulkLoad::finish() {
  const LiveSchema schema = database_.patiently([](Connection& connection) { return read_schema(connection); });
  if (!schema.has_unfinished) return schema;
  database_.patiently([&](Connection& connection) { move_orphans(connection, schema); });
  // A server that crashed meanwhile may have forgotten the last indexes; then their notes are there again.
  while (true) {
    std::vector<unfinished::SetAside> indexes = left();
    std::erase_if(indexes, [](const unfinished::SetAside& what) { return what.foreign_key; });
    if (!indexes.empty()) {
      make_indexes(indexes);
      continue;
    }
    database_.patiently([&](Connection& connection) { make_keys(connection, schema); });
    const bool done = database_.patiently([](Connection& connection) {
      if (!unfinished::exists(connection)) return true;
      if (!unfinished::all(connection).empty()) return false;
      connection.execute(fmt::format("DROP TABLE {}", unfinished_table_name));
      return true;
    });
    if (done) return database_.patiently([](Connection& connection) { return read_schema(connection); });
  }
}

std::vector<unfinished::SetAside> BulkLoad::left() {
  return database_.patiently([](Connection& connection) { return unfinished::all(connection); });
}

void BulkLoad::make_keys(Connection& connection, const LiveSchema& schema) {
  for (const unfinished::SetAside& what : unfinished::all(connection)) {
    if (!what.foreign_key) continue;
    in_transaction(
        connection,
        [&] {
          connection.execute(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} {}", quoted_name(what.table),
                                         quoted_name(what.name), what.definition));
          unfinished::remove(connection, what);
        },
        lazy);
  }
  in_transaction(
      connection,
      [&] {
        set_sequences(connection, schema);
        std::vector<std::string> tables;
        for (const LiveTable& table : schema.tables) tables.push_back(quoted_name(table.name));
        if (!tables.empty()) connection.execute(fmt::format("ANALYZE {}", fmt::join(tables, ", ")));
      },
      lazy);
}

void BulkLoad::move_orphans(Connection& connection, const LiveSchema& schema) {
  // A row that goes may have been the parent of others.
  std::uint64_t moved = 1;
  while (moved > 0) {
    moved = 0;
    for (const unfinished::SetAside& key : unfinished::all(connection)) {
      if (!key.foreign_key || schema.find(key.table) == nullptr) continue;
      in_transaction(connection, [&] { moved += move_orphans_of(connection, schema, key); });
    }
  }
}

std::uint64_t BulkLoad::move_orphans_of(Connection& connection, const LiveSchema& schema,
                                        const unfinished::SetAside& key) {
  const TableLayout layout = layout_of(schema, shape_of(*schema.find(key.table)), connection.describe());
  std::vector<std::string> selected;
  for (const LiveColumn& column : layout.columns) selected.push_back("child." + column.selected());
  connection.execute(fmt::format("DECLARE twoway_orphans NO SCROLL CURSOR FOR SELECT child.ctid::text, {} FROM {} AS "
                                 "child WHERE {}",
                                 fmt::join(selected, ", "), quoted_name(key.table), rows_without_parent(key)));
  KeptValues kept(connection, layout);
  std::uint64_t moved = 0;
  while (true) {
    // In binary, as every result.
    const Result rows = connection.query(fmt::format("FETCH {} FROM twoway_orphans", chunk_rows));
    if (rows.rows() == 0) break;
    std::vector<std::string> places;
    std::vector<SideEntry> side;
    Arena arena;
    std::vector<Value> values(layout.columns.size());
    for (int row = 0; row < rows.rows(); ++row) {
      arena.reset();
      for (std::size_t i = 0; i < values.size(); ++i) {
        values[i] = decode(layout.columns[i], rows, row, static_cast<int>(i) + 1, arena);
      }
      places.push_back(rows.text(row, 0));
      std::string text = layout.has_key() ? std::string(layout.key_text(values, arena))
                                          : fmt::format("{}-{}", key.name, places.back());
      if (kept.restore(values, arena)) side.push_back({layout.values_entity, text, {}});
      refused_.add(key.table, {}, "foreign key " + key.name, text);
      side.push_back({layout.rows_entity, std::move(text), kept::document(layout.shape, values)});
    }
    move_to_side(connection, key.table, side);
    std::string memory;
    const Parameter parameter = text_array_parameter(places, memory);
    connection.query(fmt::format("DELETE FROM {} WHERE ctid = ANY ($1::text[]::tid[])", quoted_name(key.table)),
                     {&parameter, 1});
    moved += places.size();
  }
  connection.execute("CLOSE twoway_orphans");
  return moved;
}

namespace {

/// Makes one index and takes its note away; where the connection breaks, the other thread or the next run does it.
void make_index(Connection& connection, const unfinished::SetAside& index) {
  in_transaction(
      connection,
      [&] {
        connection.execute(index.definition);
        unfinished::remove(connection, index);
      },
      lazy);
}

}  // namespace

void BulkLoad::make_indexes(const std::vector<unfinished::SetAside>& indexes) {
  constexpr std::size_t most_threads = 2;
  constexpr std::string_view memory = "SET maintenance_work_mem = '128MB'";
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::exception_ptr> failures(most_threads);
  const auto work = [&](std::size_t thread) {
    try {
      const auto connection = database_.open_another();
      connection->execute(std::string(memory));
      for (std::size_t i = next++; i < indexes.size() && !failed; i = next++) {
        for (int attempt = 1;; ++attempt) {
          try {
            make_index(*connection, indexes[i]);
            break;
          } catch (const ConnectionLost&) {
            constexpr int most_attempts = 5;
            if (attempt == most_attempts) throw;
            reopen_patiently(*connection);
            connection->execute(std::string(memory));
            // The answer to COMMIT may be what was lost.
            const auto left = unfinished::all(*connection);
            const bool noted = std::any_of(left.begin(), left.end(), [&](const unfinished::SetAside& what) {
              return what.place == indexes[i].place;
            });
            if (!noted) break;
          }
        }
      }
    } catch (...) {
      failed = true;
      failures[thread] = std::current_exception();
    }
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < std::min(most_threads, indexes.size()); ++i) threads.emplace_back(work, i);
  for (std::thread& thread : threads) thread.join();
  for (const std::exception_ptr& failure : failures) {
    if (failure != nullptr) std::rethrow_exception(failure);
  }
}

void BulkLoad::set_sequences(Connection& connection, const LiveSchema& schema) {
  for (const LiveTable& table : schema.tables) {
    for (const LiveSequence& sequence : table.sequences) {
      // Never back: numbers that were given out once are not given out again.
      connection.execute(fmt::format(
          "SELECT pg_catalog.setval({0}::regclass, top) FROM (SELECT max({1})::bigint AS top FROM {2}) AS present, {3} "
          "AS sequence WHERE top > sequence.last_value OR (top = sequence.last_value AND NOT sequence.is_called)",
          quoted_text(sequence.name), quoted_name(sequence.column), quoted_name(table.name), sequence.name));
    }
  }
}

}  // namespace twoway::postgresql
