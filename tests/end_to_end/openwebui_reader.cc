#include "tests/end_to_end/openwebui_reader.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include "tests/support/places.h"

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

/// The interpreter of the environment that tests/openwebui/prepare.sh makes; `./dev test` names it.
std::string python() {
  const char* named = std::getenv("TWOWAY_OPENWEBUI_PYTHON");
  const std::string found = named != nullptr ? named : (source_directory() / ".cache/openwebui/bin/python").string();
  if (!fs::exists(found)) {
    throw std::runtime_error("there is no Open WebUI at " + found +
                             ": run tests/openwebui/prepare.sh .cache/openwebui");
  }
  return found;
}

std::vector<std::string> reader(const std::vector<std::string>& arguments) {
  std::vector<std::string> command{python(), (source_directory() / "tests/openwebui/read_database.py").string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return command;
}

/// A copy of a database, which goes away with this object. It is analysed: some of Open WebUI's answers depend on the
/// plan of a query without ORDER BY, and plans would depend on whether PostgreSQL has done so by itself meanwhile.
class DatabaseCopy {
 public:
  DatabaseCopy(PostgresqlCluster& cluster, const std::string& database)
      : cluster_(cluster), name_("openwebui_copy_of_" + database) {
    sql("CREATE DATABASE \"" + name_ + "\" TEMPLATE \"" + database + "\" OWNER " + std::string(cluster.user));
    cluster.sql(name_, "ANALYZE");
  }
  ~DatabaseCopy() {
    try {
      sql("DROP DATABASE \"" + name_ + "\" WITH (FORCE)");
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
  }
  DatabaseCopy(const DatabaseCopy&) = delete;
  DatabaseCopy& operator=(const DatabaseCopy&) = delete;

  std::string url() const { return cluster_.url(name_); }

 private:
  void sql(const std::string& statement) const { cluster_.sql("postgres", statement, PostgresqlCluster::superuser); }

  PostgresqlCluster& cluster_;
  std::string name_;
};

}  // namespace

ProcessResult read_with_openwebui(const fs::path& database, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{database.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run(reader(all));
}

ProcessResult read_with_openwebui(PostgresqlCluster& cluster, const std::string& database,
                                  const std::vector<std::string>& arguments) {
  const DatabaseCopy copy(cluster, database);
  ProcessOptions options;
  options.environment = {{"DATABASE_URL", copy.url()}};
  return run(reader(arguments), options);
}

int unreadable(const ProcessResult& result) {
  const std::size_t line = result.output.rfind(" read, ");
  int failed = -1;
  if (line == std::string::npos || std::sscanf(result.output.c_str() + line, " read, %d failed", &failed) != 1) {
    throw std::runtime_error("Open WebUI's reader did not finish: " + result.describe());
  }
  return failed;
}

}  // namespace twoway::test
