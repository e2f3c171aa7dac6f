#include "runtime/store/postgresql/prepare.h"

#include <fmt/format.h>

#include "runtime/store/backup_file.h"
#include "runtime/store/postgresql/client_program.h"
#include "runtime/store/postgresql/connection.h"
#include "runtime/store/postgresql/database.h"
#include "runtime/store/postgresql/schema.h"

namespace twoway {

namespace fs = std::filesystem;
using postgresql::Access;
using postgresql::Address;
using postgresql::Connection;

bool is_empty_postgresql(const Mapping&, const Address& address) {
  Connection connection(address, Access::read_only);
  return postgresql::read_schema(connection).tables.empty();
}

void prepare_postgresql(const Mapping& mapping, const Address& address) {
  if (!is_empty_postgresql(mapping, address)) {
    throw cannot_start(fmt::format("{} is not empty", address.describe()),
                       "`prepare` makes tables in an empty database or schema only. Choose another one.");
  }
  if (mapping.postgresql_schema.empty()) {
    throw cannot_start(fmt::format("the mapping {} has no schema for PostgreSQL", mapping.name),
                       "Let the application make its tables in the database first.");
  }
  Connection connection(address, Access::read_write);
  connection.execute("BEGIN");  // all tables or none
  for (const std::string_view statement : mapping.postgresql_schema) connection.execute(std::string(statement));
  connection.execute("COMMIT");
}

namespace {

fs::path client_program(const char* name) {
  if (const auto found = postgresql::find_client_program(name)) return *found;
  throw cannot_start(fmt::format("the backup needs PostgreSQL's program {}, which is not installed", name),
                     "Install the package postgresql-client (of the server's version or a newer one), or say "
                     "--no-backup.");
}

/// What a client program complained of, on one line.
std::string last_words(const postgresql::ClientResult& result) {
  std::string words = result.errors;
  while (!words.empty() && words.back() == '\n') words.pop_back();
  const std::size_t line = words.rfind('\n');
  if (line != std::string::npos) words.erase(0, line + 1);
  return words.empty() ? std::string("it did not say why") : words;
}

/// How client programs reach a database: the connection without its password, and the environment that has it.
struct ClientAccess {
  std::string connection;
  std::vector<std::pair<std::string, std::string>> environment{{"PGOPTIONS", ""}, {"LC_ALL", "C.UTF-8"}};
};

ClientAccess client_access(const Address& address) {
  ClientAccess access;
  Address without_password = address;
  std::erase_if(without_password.settings, [&](const auto& setting) {
    if (setting.first != "password") return false;
    access.environment.emplace_back("PGPASSWORD", setting.second);
    return true;
  });
  access.connection = without_password.connection_string();
  return access;
}

/// Moves tables and views from one schema into another.
void move_all(Connection& connection, const std::string& from, const std::string& to) {
  const postgresql::Parameter schema = postgresql::text_parameter(from);
  const postgresql::Result found = connection.query(
      "SELECT c.relname::text, (c.relkind = 'v')::int4 FROM pg_catalog.pg_class AS c WHERE c.relnamespace = "
      "(SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = $1::text) AND c.relkind IN ('r', 'p', 'v') ORDER BY 1",
      {&schema, 1});
  for (int row = 0; row < found.rows(); ++row) {
    connection.execute(fmt::format("ALTER {} {}.{} SET SCHEMA {}", found.integer(row, 1) != 0 ? "VIEW" : "TABLE",
                                   postgresql::quoted_name(from), postgresql::quoted_name(found.text(row, 0)),
                                   postgresql::quoted_name(to)));
  }
}

}  // namespace

fs::path back_up_postgresql(const Address& address, const fs::path& directory, const std::string& stamp) {
  const fs::path dump = client_program("pg_dump");
  const fs::path restore = client_program("pg_restore");
  std::string schema, database;
  {
    Connection connection(address, Access::read_only);
    schema = connection.schema();
    database = connection.text("SELECT current_database()::text");
  }
  for (char& c : database) {
    if (c == '/' || static_cast<unsigned char>(c) < ' ') c = '_';
  }
  const ClientAccess access = client_access(address);
  BackupFile backup(directory, stamp, database + ".dump");
  const std::string file = backup.path().string();
  const auto dumped = postgresql::run_client_program(
      dump,
      {"--format=custom", "--no-password", "--schema=" + postgresql::quoted_name(schema), "--file=" + file,
       "--dbname=" + access.connection},
      access.environment);
  if (dumped.status != 0) {
    throw cannot_start(fmt::format("the backup of {} failed: {}", address.describe(), last_words(dumped)),
                       "pg_dump has to be of the server's version or newer, and its user must be able to read all "
                       "tables. Or say --no-backup.");
  }
  const auto listed = postgresql::run_client_program(restore, {"--list", file}, access.environment);
  if (listed.status != 0) {
    throw cannot_start(fmt::format("the backup {} is damaged: {}", file, last_words(listed)),
                       "Check the disk. Nothing was written to the target.");
  }
  return backup.finish();
}

std::string restore_postgresql(const Address& address, const fs::path& file, const std::string& stamp) {
  const fs::path restore = file.empty() ? fs::path() : client_program("pg_restore");
  postgresql::Database database(address, Access::read_write);  // nobody else's twoway writes meanwhile
  Connection& connection = database.main();
  const std::string aside = "twoway_before_restore_" + stamp;
  const std::string schema = connection.schema();
  connection.execute("BEGIN; CREATE SCHEMA " + postgresql::quoted_name(aside));
  move_all(connection, schema, aside);
  connection.execute("COMMIT");
  if (file.empty()) return aside;
  const ClientAccess access = client_access(address);
  const auto restored = postgresql::run_client_program(
      restore,
      {"--no-password", "--no-owner", "--single-transaction", "--exit-on-error", "--schema=" + schema,
       "--dbname=" + access.connection, file.string()},
      access.environment);
  if (restored.status == 0) return aside;
  connection.execute("BEGIN");
  move_all(connection, aside, schema);
  connection.execute(fmt::format("DROP SCHEMA {}; COMMIT", postgresql::quoted_name(aside)));
  throw cannot_start(fmt::format("the backup {} cannot be put back into {}: {}", file.string(), address.describe(),
                                 last_words(restored)),
                     "Nothing was changed. pg_restore has to be as new as the pg_dump that wrote it.");
}

}  // namespace twoway
