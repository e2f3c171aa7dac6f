#include "runtime/store/postgresql/prepare.h"

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "runtime/store/postgresql/client_program.h"
#include "runtime/store/postgresql/connection.h"
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

/// A new file that only its owner can read: it holds everybody's secrets.
fs::path new_private_file(const fs::path& directory, const std::string& name) {
  std::error_code error;
  fs::create_directories(directory, error);
  // Two runs in one second keep a backup each.
  for (int number = 1;; ++number) {
    fs::path file = directory / (number == 1 ? name + ".dump" : fmt::format("{}-{}.dump", name, number));
    const int descriptor = open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (descriptor >= 0) {
      close(descriptor);
      return file;
    }
    if (errno != EEXIST) {
      throw cannot_start(fmt::format("cannot make the backup {}", file.string()),
                         "Name a directory that can be written to with --state, or say --no-backup.");
    }
  }
}

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
  Address without_password = address;
  std::vector<std::pair<std::string, std::string>> environment{{"PGOPTIONS", ""}, {"LC_ALL", "C.UTF-8"}};
  std::erase_if(without_password.settings, [&](const auto& setting) {
    if (setting.first != "password") return false;
    environment.emplace_back("PGPASSWORD", setting.second);
    return true;
  });
  const fs::path file = new_private_file(directory, fmt::format("{}-{}", stamp, database));
  const auto dumped = postgresql::run_client_program(
      dump,
      {"--format=custom", "--no-password", "--schema=" + postgresql::quoted_name(schema), "--file=" + file.string(),
       "--dbname=" + without_password.connection_string()},
      environment);
  std::error_code ignored;
  if (dumped.status != 0) {
    fs::remove(file, ignored);
    throw cannot_start(fmt::format("the backup of {} failed: {}", address.describe(), last_words(dumped)),
                       "pg_dump has to be of the server's version or newer, and its user must be able to read all "
                       "tables. Or say --no-backup.");
  }
  const auto listed = postgresql::run_client_program(restore, {"--list", file.string()}, environment);
  if (listed.status != 0) {
    throw cannot_start(fmt::format("the backup {} is damaged: {}", file.string(), last_words(listed)),
                       "Check the disk. Nothing was written to the target.");
  }
  return file;
}

}  // namespace twoway
