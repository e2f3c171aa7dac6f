#include "runtime/store/postgresql/rehearsal.h"

#include <string>

#include "runtime/store/postgresql/database.h"
#include "runtime/store/postgresql/postgresql_tables.h"

namespace twoway {

namespace {

using namespace postgresql;

LiveSchema schema_of(const Mapping& mapping, const Address& address) {
  Connection connection(address, Access::read_write);
  connection.execute("BEGIN");
  for (const std::string_view statement : mapping.postgresql_schema) connection.execute(std::string(statement));
  LiveSchema schema = read_schema(connection);
  connection.execute("ROLLBACK");
  return schema;
}

/// The database must be there before the tables that use it.
struct OwnedDatabase {
  explicit OwnedDatabase(const Address& address) : database(address, Access::read_only) {}
  Database database;
};

class Rehearsal : private OwnedDatabase, public PostgresqlTables {
 public:
  Rehearsal(const Mapping& mapping, const Address& address)
      : OwnedDatabase(address), PostgresqlTables(OwnedDatabase::database, mapping.nul_in_text) {
    rehearse(schema_of(mapping, address));
  }
};

}  // namespace

std::unique_ptr<Tables> rehearse_postgresql(const Mapping& mapping, const Address& address) {
  return std::make_unique<Rehearsal>(mapping, address);
}

}  // namespace twoway
