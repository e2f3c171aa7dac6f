#include "tests/pocketbase_server/world.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "generated/openwebui-pocketbase/mapping.h"
#include "runtime/migrate/migration.h"
#include "runtime/store/pocketbase_directory/directory_store.h"
#include "runtime/store/pocketbase_directory/external_identities.h"
#include "tests/support/compare_databases.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace fs = std::filesystem;

const Mapping& openwebui() { return openwebui_pocketbase::mapping(); }

std::set<std::string> tables_of_pocketbase(const fs::path& database) {
  SqliteFile file(database, SqliteFile::Mode::read);
  std::set<std::string> tables;
  for (const std::string& table : file.tables()) {
    if (table.starts_with("_") || table.starts_with("sqlite_")) tables.insert(table);
  }
  return tables;
}

std::string record_differences(const fs::path& a, const fs::path& b) {
  CompareOptions options;
  options.ignored_tables = tables_of_pocketbase(a);
  options.ignored_tables.merge(tables_of_pocketbase(b));
  const auto found = compare_databases(a, b, options);
  return found.empty() ? std::string() : describe_differences(found);
}

const fs::path& records(bool hard_cases) {
  static const TemporaryDirectory directory("records");
  static const auto made = [] {
    std::array<fs::path, 2> paths;
    for (const bool is_hard : {false, true}) {
      paths[is_hard ? 1 : 0] = directory / (is_hard ? "hard" : "real");
      RunOptions options;
      options.from = (is_hard ? hard(directory.path()) : real(directory.path())).string();
      options.to = paths[is_hard ? 1 : 0].string();
      options.pocketbase = pocketbase_program().string();
      options.verification = Verification::none;
      const RunReport report = migrate(openwebui(), options);
      EXPECT_EQ(report.status, ExitStatus::done);
    }
    return paths;
  }();
  return made[hard_cases ? 1 : 0];
}

Target::Target(bool with_hook) {
  prepare_directory(openwebui(), directory(), pocketbase_program().string());
  fs::create_directories(hooks());
  for (const auto& file : openwebui().pocketbase_hooks) {
    if (with_hook) std::ofstream(hooks() / file.name, std::ios::binary) << file.content;
  }
  PocketBaseOptions options;
  options.hooks = hooks();
  server_ = std::make_unique<PocketBaseServer>(directory(), options);
}

fs::path Target::stopped_database() {
  server_->stop();
  return directory() / "data.db";
}

ServerOptions options_for_tests(std::vector<std::string>* log) {
  ServerOptions options;
  options.credentials.email = PocketBaseServer::superuser_email;
  options.credentials.password = PocketBaseServer::superuser_password;
  options.patience.total = std::chrono::seconds(5);
  options.patience.limits.idle = std::chrono::seconds(5);
  options.patience.limits.connect = std::chrono::seconds(3);
  options.patience.first_pause = std::chrono::milliseconds(20);
  options.patience.longest_pause = std::chrono::milliseconds(300);
  if (log != nullptr) {
    options.log = [log](std::string_view level, std::string_view text) {
      log->push_back(fmt::format("{}: {}", level, text));
    };
  }
  return options;
}

namespace {

void add(Copied& copied, const Settlement& settlement) {
  copied.inserted += settlement.inserted;
  copied.updated += settlement.updated;
  copied.unchanged += settlement.unchanged;
  copied.rejected.insert(copied.rejected.end(), settlement.rejected.begin(), settlement.rejected.end());
}

}  // namespace

void link_all_identities(PocketBaseStore& store) {
  for (const Entity* entity : openwebui().entities) {
    if (has_identities(*entity)) store.link_identities(*entity, [](std::string_view) { return true; });
  }
}

Copied copy_records(const fs::path& from, PocketBaseStore& to) {
  Copied copied;
  DirectoryStore source(openwebui(), from, Use::source);
  to.start_load(true, {});
  for (const Entity* entity : openwebui().entities) {
    const auto reader = source.read(*entity);
    const auto writer = to.write(*entity);
    while (reader->next()) {
      const Outcome outcome = writer->write(reader->record(), reader->residue(), reader->created());
      EXPECT_EQ(outcome.what, Written::pending) << outcome.reason;
    }
    add(copied, writer->settle(true));
  }
  source.read_attic([&](const AtticEntry& entry) { to.write_attic(entry); });
  add(copied, to.settle_attic(true));
  link_all_identities(to);
  to.finish_load();
  return copied;
}

}  // namespace twoway::test
