// The migration with the real PocketBase: up, down and up again.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>

#include "generator/emit/pocketbase/migration.h"
#include "tests/emit/mappings.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;
using twoway::test::ProcessOptions;
using twoway::test::Row;
using twoway::test::SqliteFile;

/// A PocketBase data directory with the migrations of a mapping beside it.
class Installation {
 public:
  Installation(const fs::path& root, const MappingModel* model) : root_(root) {
    fs::create_directories(root / "migrations");
    if (model == nullptr) return;
    for (const auto& [name, content] : pocketbase_migrations(*model)) {
      std::ofstream(root / "migrations" / name, std::ios::binary) << content;
    }
  }
  void migrate(std::vector<std::string> what) const {
    std::vector<std::string> command = {twoway::test::pocketbase_program().string(), "migrate"};
    command.insert(command.end(), what.begin(), what.end());
    command.insert(command.end(), {"--dir", (root_ / "data").string(), "--migrationsDir",
                                   (root_ / "migrations").string()});
    ProcessOptions options;
    options.input = "y\n";
    twoway::test::run_checked(command, options);
  }
  fs::path database() const { return root_ / "data/data.db"; }

 private:
  fs::path root_;
};

/// Everything that PocketBase knows and SQLite has, but times and secrets.
std::map<std::string, std::string> state(const fs::path& database) {
  SqliteFile file(database, SqliteFile::Mode::read);
  std::map<std::string, std::string> out;
  const auto add = [&](const std::string& kind, const std::string& sql) {
    for (const Row& row : file.rows(sql)) out[kind + " " + row[0].bytes] = row[1].bytes;
  };
  add("collection", "SELECT name, json_array(id, system, type, json(indexes), listRule, viewRule, createRule, "
                    "updateRule, deleteRule) FROM _collections");
  add("field", "SELECT c.name || '.' || json_extract(f.value, '$.name'), f.value FROM _collections c, "
               "json_each(c.fields) f");
  add("option", "SELECT c.name || '.' || o.key, CASE o.type WHEN 'object' THEN json_remove(o.value, '$.secret') ELSE "
                "json_quote(o.value) END FROM _collections c, json_each(c.options) o");
  add("column", "SELECT m.name || '.' || c.name, json_array(c.type, c.\"notnull\", c.dflt_value, c.pk) FROM "
                "sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table'");
  add("index", "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type = 'index'");
  return out;
}

void expect_same(const std::map<std::string, std::string>& wanted, const std::map<std::string, std::string>& got) {
  for (const auto& [name, value] : wanted) {
    const auto found = got.find(name);
    EXPECT_EQ(value, found == got.end() ? "nothing" : found->second) << name;
  }
  for (const auto& [name, value] : got) EXPECT_TRUE(wanted.contains(name)) << name << " is left: " << value;
}

/// One record with every relation of the mapping pointing somewhere, so that `down` meets data.
void fill(const fs::path& database, const MappingModel& model) {
  SqliteFile file(database);
  for (const Entity& entity : model.entities) {
    std::vector<std::pair<std::string, twoway::test::Cell>> row = {{"id", "x"}};
    for (const MappedField& field : entity.fields) {
      if (field.target) row.emplace_back(field.to, "x");
    }
    if (entity.auth) row.emplace_back("tokenKey", std::string(50, 'k'));
    file.insert(entity.collection, row);
  }
}

void up_down_up(const fs::path& mapping) {
  const twoway::test::TemporaryDirectory scratch("migrations");
  const MappingModel model = compiled(mapping);
  const Installation bare(scratch / "bare", nullptr);
  bare.migrate({"up"});
  const Installation own(scratch / "own", &model);
  own.migrate({"up"});
  const auto first = state(own.database());
  fill(own.database(), model);
  own.migrate({"down", "1"});
  expect_same(state(bare.database()), state(own.database()));
  own.migrate({"up"});
  expect_same(first, state(own.database()));
}

TEST(Migrations, OfTheFlagshipGoUpDownAndUp) { up_down_up(flagship_directory()); }

TEST(Migrations, OfTheSmallMappingGoUpDownAndUp) { up_down_up(library_directory()); }

std::string field(const std::map<std::string, std::string>& state, const std::string& name) {
  const auto found = state.find("field " + name);
  return found == state.end() ? "no field " + name : found->second;
}

void expect_in(const std::string& text, const std::vector<std::string>& parts) {
  for (const std::string& part : parts) EXPECT_NE(text.find(part), std::string::npos) << part << "\nin " << text;
}

TEST(Migrations, MakeWhatTheMappingSays) {
  const twoway::test::TemporaryDirectory scratch("migrations");
  const MappingModel model = compiled(library_directory());
  const Installation own(scratch.path(), &model);
  own.migrate({"up"});
  const auto all = state(own.database());
  expect_in(field(all, "books.title"), {R"("max":9007199254740991)", R"("required":false)"});
  expect_in(field(all, "books.details"), {R"("maxSize":1048576)"});
  expect_in(field(all, "books.notes"), {R"("hidden":true)", R"("maxSize":536870912)"});
  expect_in(field(all, "books.residue"), {R"("hidden":true)", R"("maxSize":1073741824)"});
  expect_in(field(all, "books.created"), {R"("onCreate":true)", R"("onUpdate":false)"});
  expect_in(field(all, "books.author"), {R"("cascadeDelete":true)", R"("collectionId":"lib_author")"});
  expect_in(field(all, "authors.mentor"), {R"("cascadeDelete":false)", R"("collectionId":"lib_author")"});
  expect_in(field(all, "books.keepers"), {R"("maxSelect":9007199254740991)"});
  expect_in(field(all, "members.email"), {R"("required":false)"});
  expect_in(field(all, "members.updated"), {R"("type":"date")"});
  expect_in(field(all, "twoway_attic.row"), {R"("hidden":true)"});
  expect_in(all.at("option members.authRule"), {"active = true"});
  expect_in(all.at("option members.passwordAuth"), {R"(["email","login"])", R"("enabled":true)"});
  expect_in(all.at("option members.authAlert"), {R"("enabled":false)"});
  expect_in(all.at("collection members"), {"_pb_users_auth_", "null,null,null"});
  expect_in(all.at("index idx_login__pb_users_auth_"), {"UNIQUE", "NOCASE", "WHERE"});
  expect_in(all.at("index idx_loans__id"), {"`id` COLLATE NOCASE"});
  expect_in(all.at("index uq_books__label"), {"UNIQUE", "`label` != ''"});
}

}  // namespace
}  // namespace twowayc::test
