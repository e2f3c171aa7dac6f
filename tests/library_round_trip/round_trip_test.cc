// The same runtime with another mapping: composite keys, integer keys, a join, a lens of the mapping's own. Nothing in
// it knows what it carries.
#include <gtest/gtest.h>

#include "library_mapping/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/support/compare_databases.h"
#include "tests/support/places.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* rows = R"sql(
INSERT INTO member VALUES
  ('m-1', 'ada@example.com', '$2b$12$abcdefghijklmnopqrstuuWJ5xw8y3lZ0y5Jm3vY0b2aJ1xw8y3lZ', 'printers', 1,
   1700000000123, NULL),
  ('M-1', 'clerk@localhost', NULL, NULL, NULL, -1, '2024-02-29 12:00:00.250000'),
  ('a/b:c', NULL, '$argon2id$v=19$x', '', 0, 9223372036854775807, 'yesterday');
INSERT INTO member_card VALUES ('m-1', 9007199254740993, '0042'), ('nobody', 1, 'orphan');
INSERT INTO author VALUES
  (1, 'Lovelace', '1815-12-10', NULL, 61.5), (-2, 'Nul' || char(0) || 'l', 'not a date', 1, -0.0),
  (3, 'Self', NULL, 3, 1e300), (4, 'Orphan', '0001-01-01', 99, NULL);
INSERT INTO book VALUES
  ('9780000000001', 1, 'Notes', 1, 1999, 0, '{"keepers":["m-1","nobody","a/b:c"], "x":1}', '{"a": 1}', x'00ff'),
  ('9780000000001', 2, 'Notes again', 1, 0, 1, 'null', '3', NULL),
  ('978/x', 9007199254740993, '', 77, 12345678901, 0, '{"a":1,"a":2}', '1.0', NULL);
INSERT INTO loan VALUES
  ('9780000000001', 1, 'm-1', '2024-01-02', 1700000000999, 2, '1', 'm'),
  ('9780000000001', 2, 'gone', NULL, NULL, NULL, '1', 'M'),
  ('', 0, NULL, '2024-13-40', 'later', 0, 'x', '');
INSERT INTO search_cache VALUES ('ada', '[]');
)sql";

RunReport carry(const fs::path& from, const fs::path& to) {
  RunOptions options;
  options.from = from.string();
  options.to = to.string();
  options.pocketbase = pocketbase_program().string();
  return migrate(library::mapping(), options);
}

TEST(LibraryMapping, GoesThereAndComesBackEqual) {
  const TemporaryDirectory directory("library");
  const fs::path original = directory / "library.db";
  prepare(library::mapping(), original.string(), {});
  SqliteFile(original).execute(rows);
  const RunReport there = carry(original, directory / "pb_data");
  EXPECT_EQ(there.status, ExitStatus::done);
  EXPECT_TRUE(there.rejected.empty());
  const RunReport back = carry(directory / "pb_data", directory / "returned.db");
  EXPECT_EQ(back.status, ExitStatus::done);
  CompareOptions options;
  options.ignored_tables = {"search_cache"};
  options.ignored_columns = {"book.cover"};
  const auto differences = compare_databases(original, directory / "returned.db", options);
  EXPECT_TRUE(differences.empty()) << describe_differences(differences);
  // And nothing is left to do in a second run.
  for (const EntityReport& entity : carry(original, directory / "pb_data").entities) {
    EXPECT_EQ(entity.inserted + entity.updated, 0U) << entity.name;
  }
}

}  // namespace
}  // namespace twoway::test
