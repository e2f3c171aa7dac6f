// `twoway_unfinished`: what a load has set aside and has to make again. It stands in the database itself, so a load
// that was killed is finished by the next run.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/connection.h"
#include "runtime/store/postgresql/schema.h"

namespace twoway::postgresql::unfinished {

/// Something that was dropped.
struct SetAside {
  std::int64_t place = 0;  ///< its row
  bool foreign_key = false;
  std::string table;
  std::string name;
  std::string definition;
  std::vector<std::string> columns;  ///< of a foreign key; those that an index evaluates
  std::string referenced_table;
  std::vector<std::string> referenced_columns;
};

bool exists(Connection& connection);
/// Makes the table unless it is there.
void create(Connection& connection);
/// Notes an index or a foreign key that is dropped in the same transaction.
void add(Connection& connection, const LiveTable& table, const LiveIndex& index);
void add(Connection& connection, const LiveTable& table, const LiveForeignKey& key);
std::vector<SetAside> all(Connection& connection);
/// Takes a note away, in the transaction that makes it again.
void remove(Connection& connection, const SetAside& what);

/// Names a batch in its own transaction, so that it can be told later whether the transaction took place.
void mark(Connection& connection, std::string_view batch);
bool is_marked(Connection& connection, std::string_view batch);
/// Forgets the batches; drops the table where nothing else is in it.
void forget_marks(Connection& connection);

}  // namespace twoway::postgresql::unfinished
