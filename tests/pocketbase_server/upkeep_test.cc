// `twoway health` and `twoway backfill` on a running server.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>

#include "runtime/health/health.h"
#include "runtime/migrate/backfill.h"
#include "tests/pocketbase_server/world.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

OpenOptions superuser_options(const TemporaryDirectory& directory) {
  const fs::path file = directory / "credentials";
  std::ofstream(file) << "POCKETBASE_SUPERUSER_EMAIL=" << PocketBaseServer::superuser_email
                      << "\nPOCKETBASE_SUPERUSER_PASSWORD=" << PocketBaseServer::superuser_password << "\n";
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write);
  OpenOptions options;
  options.credentials_file = file.string();
  options.state_directory = directory.path();
  return options;
}

std::string sql(RestClient& client, const std::string& statement) {
  const Response answer = client.post("/api/sql", {{"query", statement}});
  EXPECT_EQ(answer.status, 200) << answer.text;
  const json::array& rows = answer.body.as_object().at("rows").as_array();
  return rows.empty() ? std::string() : std::string(rows[0].as_array()[0].as_string());
}

std::string health_of(const Target& target, const TemporaryDirectory& directory) {
  const OpenOptions options = superuser_options(directory);
  const std::string all =
      health::text(openwebui(), health::look(openwebui(), parse_store(target.url()), options, true));
  return all.substr(all.find("\n\n") + 2);
}

constexpr std::string_view well = R"(ok       schema      collections, fields and their options are the mapping's
ok       rules       as the mapping has them
ok       indexes     as the mapping has them
ok       migrations  the mapping's are applied
ok       load        no interrupted run
ok       database    has every index that a collection declares
ok       superuser   there is one
hint     mail        no mail server is set: nobody can reset a password by himself
                    -> Settings > Mail settings in PocketBase's dashboard
)";

TEST(ServerUpkeep, HealthSaysWhetherTheHooksAreInPlace) {
  const TemporaryDirectory directory("health");
  EXPECT_EQ(health_of(Target(), directory), std::string(well) + R"(ok       hook        twoway.pb.js is in place
ok       hook        twoway_routes.pb.js is in place
ok       orphans     every reference leads somewhere

Healthy, 1 hint.
)");
  const Target bare(false);
  RestClient client = bare.server().superuser();
  sql(client, "INSERT INTO notes (id, user_id) VALUES ('n', 'nobody')");
  EXPECT_EQ(health_of(bare, directory), std::string(well) + R"(hint     hook        twoway.pb.js: not installed
                    -> put the file that twoway prepare writes into pb_hooks beside pb_data
finding  hook        twoway_routes.pb.js: not installed
                    -> put the file that twoway prepare writes into pb_hooks beside pb_data
finding  orphans     1 reference leads nowhere: 1 in notes.user_id
                    -> PocketBase saves none of these records until the relation is emptied or its target is back

2 findings, 2 hints.
)");
}

TEST(ServerUpkeep, BackfillFillsRelationsOfARunningServer) {
  const TemporaryDirectory directory("backfill");
  Target target;
  const OpenOptions open = superuser_options(directory);
  {
    const auto store = open_pocketbase(openwebui(), parse_store(target.url()), Use::target, open);
    copy_records(records(false), *store);
  }
  RestClient client = target.server().superuser();
  const std::string listed = "SELECT group_concat(id || tags, ' ') FROM (SELECT id, tags FROM chats ORDER BY id)";
  const std::string before = sql(client, listed);
  sql(client, "UPDATE chats SET tags = '[]', residue = json_remove(residue, '$.\"~tags\"')");
  ASSERT_NE(sql(client, listed), before);
  BackfillOptions options;
  options.mirror = "tags";
  options.open = open;
  options.stamp = "20260101t000000z";
  const BackfillReport done = backfill(openwebui(), parse_store(target.url()), options);
  EXPECT_EQ(done.filled, 4U);
  EXPECT_EQ(done.links, 11U);
  EXPECT_EQ(done.rejected, std::vector<std::string>());
  EXPECT_EQ(done.backup, "twoway_20260101t000000z.zip");
  EXPECT_EQ(sql(client, listed), before);
  EXPECT_EQ(backfill(openwebui(), parse_store(target.url()), options).filled, 0U);
  EXPECT_EQ(record_differences(records(false) / "data.db", target.stopped_database()), "");
}

}  // namespace
}  // namespace twoway::test
