#include "tests/faults/moves.h"

#include "library_mapping/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/support/places.h"
#include "tests/support/postgresql_cluster.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

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
CREATE TABLE fork (id INTEGER PRIMARY KEY, note TEXT);
INSERT INTO fork VALUES (1, 'kept'), (2, NULL);
)sql";

constexpr const char* other_rows = R"sql(
UPDATE author SET name = 'Byron' WHERE id = 1;
UPDATE book SET title = 'Another title';
DELETE FROM loan WHERE copy = 1;
DELETE FROM author WHERE id = 3;
INSERT INTO author VALUES (50, 'Only here', NULL, NULL, 1.0), (51, 'And here', NULL, NULL, 2.0);
)sql";

}  // namespace

fs::path Library::made(const fs::path& from, const std::string& to) const {
  RunOptions options;
  options.from = from.string();
  options.to = (directory_ / to).string();
  options.pocketbase = pocketbase_program().string();
  options.state_directory = (directory_ / "state").string();
  migrate(library::mapping(), options);
  fs::remove(directory_ / to / "types.d.ts");  // PocketBase's help for editors, large
  return directory_ / to;
}

Library::Library() : database_(directory_ / "library.db") {
  prepare(library::mapping(), database_.string(), {});
  SqliteFile(database_).execute(rows);
  plain_database_ = directory_ / "plain.db";
  fs::copy_file(database_, plain_database_);
  SqliteFile(plain_database_).execute("UPDATE author SET name = 'Null' WHERE id = -2");
  other_database_ = directory_ / "other.db";
  fs::copy_file(database_, other_database_);
  SqliteFile(other_database_).execute(other_rows);
  pocketbase_ = made(database_, "pocketbase");
  other_pocketbase_ = made(other_database_, "other_pocketbase");
  prepared_pocketbase_ = directory_ / "prepared_pocketbase";
  RunOptions options;
  options.pocketbase = pocketbase_program().string();
  prepare(library::mapping(), prepared_pocketbase_.string(), options);
  fs::remove(prepared_pocketbase_ / "types.d.ts");
}

Move Library::to_new_pocketbase() const {
  return {"sqlite to a new pb_data", program("library_in_small_batches"), database_, "pb_data", {}, {}};
}

Move Library::to_prepared_pocketbase() const {
  return {"sqlite to an empty pb_data",
          program("library_in_small_batches"),
          database_,
          "pb_data",
          prepared_pocketbase_,
          {}};
}

Move Library::to_filled_pocketbase() const {
  return {"sqlite to a filled pb_data", program("library_in_small_batches"), database_, "pb_data", other_pocketbase_,
          {"--extra", "delete"}};
}

Move Library::to_new_database() const {
  return {"pb_data to a new sqlite", program("library_in_small_batches"), pocketbase_, "returned.db", {}, {}};
}

Move Library::to_filled_database() const {
  return {
      "pb_data to a filled sqlite", program("library_in_small_batches"), pocketbase_, "returned.db", other_database_,
      {"--extra", "delete"}};
}

Move Library::copy_to_new_database() const {
  return {"sqlite to a new sqlite", program("library_in_small_batches"), database_, "copy.db", {}, {}};
}

Move Library::copy_to_filled_pocketbase() const {
  return {"pb_data to a filled pb_data", program("library_in_small_batches"), pocketbase_, "pb_data", other_pocketbase_,
          {"--extra", "delete"}};
}

Move Library::copy_to_postgresql() const {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = "faults";
  const auto renew = [&cluster, name] {
    cluster.sql("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", PostgresqlCluster::superuser);
    cluster.create_database(name);
  };
  return {
      "sqlite to postgresql", program("library_in_small_batches"), plain_database_, cluster.url(name), {}, {}, renew};
}

}  // namespace twoway::test
