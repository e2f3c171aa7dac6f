// The whole way with what `twowayc init` drafted: over to the real PocketBase, back, and equal to the byte.
#include <gtest/gtest.h>

#include "init_music_mapping/mapping.h"
#include "init_oddities_mapping/mapping.h"
#include "init_shop_mapping/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/init/databases.h"
#include "tests/support/compare_databases.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

struct Drafted {
  const char* name;
  const Mapping& (*mapping)();
};

void PrintTo(const Drafted& drafted, std::ostream* out) { *out << drafted.name; }

void expect_faithful(const RunReport& report) {
  EXPECT_EQ(report.status, ExitStatus::done);
  EXPECT_TRUE(report.verified);
  EXPECT_TRUE(report.rejected.empty());
  for (const Difference& found : report.differences) {
    ADD_FAILURE() << found.entity << " " << found.key << " " << found.column << ": " << found.expected << ", "
                  << found.found;
  }
}

void carry(const Mapping& mapping, const fs::path& from, const fs::path& to) {
  RunOptions options;
  options.from = from.string();
  options.to = to.string();
  options.pocketbase = pocketbase_program().string();
  expect_faithful(migrate(mapping, options));
}

/// What SQLite knows of a database's tables and indexes, however their statements are written.
std::string described_schema(const fs::path& file) {
  SqliteFile database(file, SqliteFile::Mode::read);
  std::string out;
  for (const char* sql :
       {"SELECT t.name || ' ' || t.wr || ' ' || t.strict || ': ' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || "
        "' ' "
        "|| coalesce(c.dflt_value, '-') || ' ' || c.pk || ' ' || c.hidden FROM pragma_table_list AS t JOIN "
        "pragma_table_xinfo(t.name) AS c WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND t.name NOT LIKE "
        "'twoway%' AND t.name NOT LIKE 'search%' ORDER BY t.name, c.cid",
        "SELECT t.name || ': ' || f.\"from\" || ' ' || f.\"table\" || ' ' || f.seq || ' ' || f.on_delete FROM "
        "pragma_table_list AS t JOIN pragma_foreign_key_list(t.name) AS f WHERE t.schema = 'main' ORDER BY 1",
        "SELECT t.name || ': ' || i.\"unique\" || ' ' || i.origin || ' ' || i.partial || ' ' || coalesce(c.name, '()') "
        "|| "
        "' ' || c.\"desc\" || ' ' || c.coll FROM pragma_table_list AS t JOIN pragma_index_list(t.name) AS i JOIN "
        "pragma_index_xinfo(i.name) AS c WHERE t.schema = 'main' AND c.key = 1 AND t.name NOT LIKE 'search%' AND "
        "t.name "
        "NOT LIKE 'twoway%' AND t.name NOT LIKE 'sqlite%' ORDER BY 1",
        "SELECT sql FROM sqlite_schema WHERE type = 'view' ORDER BY 1"}) {
    for (const Row& row : database.rows(sql)) out += row[0].bytes + "\n";
  }
  return out;
}

class RoundTrip : public testing::TestWithParam<Drafted> {};

TEST_P(RoundTrip, ComesBackEqualWithTheSameSchema) {
  const TemporaryDirectory directory("init");
  const fs::path original = make_database(directory.path(), GetParam().name);
  const Mapping& mapping = GetParam().mapping();
  carry(mapping, original, directory / "pb_data");
  carry(mapping, directory / "pb_data", directory / "returned.db");
  CompareOptions options;
  for (const PurgedTable& purged : mapping.purged) options.ignored_tables.insert(std::string(purged.name));
  const auto differences = compare_databases(original, directory / "returned.db", options);
  EXPECT_TRUE(differences.empty()) << describe_differences(differences);
  EXPECT_EQ(described_schema(original), described_schema(directory / "returned.db"));
}

INSTANTIATE_TEST_SUITE_P(Databases, RoundTrip,
                         testing::Values(Drafted{"shop", shop::mapping}, Drafted{"music", music::mapping},
                                         Drafted{"oddities", oddities::mapping}),
                         [](const auto& suite) { return std::string(suite.param.name); });

TEST(DraftedShop, IsListedByPocketBaseWithItsRelationsAndEditsComeBack) {
  const TemporaryDirectory directory("init");
  const fs::path original = make_database(directory.path(), "shop");
  carry(shop::mapping(), original, directory / "pb_data");
  {
    PocketBaseServer server(directory / "pb_data");
    RestClient client = server.superuser();
    const Response list = client.get(RestClient::records("order_line") +
                                     "?filter=order='~i9'&sort=line&expand=order.customer,order.address_kind,product."
                                     "category.parent&perPage=1");
    ASSERT_EQ(list.status, 200) << list.text;
    const auto& line = list.body.at("items").at(0);
    EXPECT_EQ(line.at("id"), "~i9~_~i1");
    EXPECT_EQ(line.at("expand").at("order").at("expand").at("customer").at("full_name"), "Person 1");
    EXPECT_EQ(line.at("expand").at("order").at("expand").at("address_kind").at("city"), "Springfield");
    EXPECT_EQ(line.at("expand").at("product").at("sku"), "SKU-0005");
    EXPECT_EQ(line.at("expand").at("product").at("price"), 5);
    EXPECT_EQ(client.patch(RestClient::record("order", "~i9"), {{"state", "returned"}}).status, 200);
    EXPECT_EQ(client
                  .post(RestClient::records("order_line"),
                        {{"order", "~i9"}, {"line", 7}, {"product", "~i1"}, {"quantity", 2}, {"unit_price", 3.5}})
                  .status,
              200);
    EXPECT_EQ(client.post(RestClient::records("category"), {{"id", "~i17"}, {"name", "New"}, {"slug", "new"}}).status,
              200);
    EXPECT_EQ(client.get(RestClient::record("invoice_scan", "~i5")).body.at("image"), "NQD/gA==");
    server.stop();
  }
  carry(shop::mapping(), directory / "pb_data", directory / "returned.db");
  SqliteFile returned(directory / "returned.db", SqliteFile::Mode::read);
  EXPECT_EQ(returned.text("SELECT state FROM \"order\" WHERE id = 9"), "returned");
  EXPECT_EQ(returned.rows("SELECT product_id, quantity, unit_price FROM order_line WHERE order_id = 9 AND line = 7"),
            (std::vector<Row>{{1, 2, 3.5}}));
  EXPECT_EQ(returned.text("SELECT name FROM category WHERE id = 17"), "New");
}

TEST(Rows, WhoseKeyIsNullAreAllCarried) {
  const TemporaryDirectory directory("init");
  const fs::path original = make_database(directory.path(), "oddities");
  SqliteFile(original).execute("INSERT INTO twice (id, self_id) VALUES (NULL, 'c'), (NULL, 'c'), (NULL, NULL)");
  carry(oddities::mapping(), original, directory / "pb_data");
  carry(oddities::mapping(), directory / "pb_data", directory / "returned.db");
  EXPECT_EQ(SqliteFile(directory / "returned.db").integer("SELECT count(*) FROM twice WHERE id IS NULL"), 5);
}

}  // namespace
}  // namespace twoway::test
