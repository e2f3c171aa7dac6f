#include "tests/end_to_end/postgresql_journey.h"

#include "tests/end_to_end/journey.h"
#include "tests/support/places.h"

namespace twoway::test {

RunReport run(const std::filesystem::path& from, const std::filesystem::path& to,
              const TemporaryDirectory& directory, RunOptions options) {
  options.state_directory = (directory / "state").string();
  return carry(from, to, options);
}

std::string real_postgresql() {
  const std::string name = shared_cluster().create_database();
  shared_cluster().load(name, source_directory() / "tests/data/openwebui/real-pg-0.12.4.sql.zst");
  return name;
}

std::string contents(const std::string& database, const std::string& besides) {
  const std::string statements = sql(
      database,
      "SELECT format('SELECT %L || '' '' || count(*) || '' '' || coalesce(md5(string_agg(line, chr(10) ORDER BY line "
      "COLLATE \"C\")), '''') FROM (SELECT row_to_json(t)::text AS line FROM (SELECT %s FROM %I) t) l;', relname, "
      "(SELECT string_agg(quote_ident(attname), ', ' ORDER BY attname) FROM pg_attribute WHERE attrelid = c.oid AND "
      "attnum > 0 AND NOT attisdropped AND NOT (relname = 'auth' AND attname = 'session_stamp')), relname) FROM "
      "pg_class c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL (string_to_array('"
      "oauth_session," +
          besides + "', ',')) ORDER BY relname");
  return sql(database, statements);
}

std::string indexes_and_constraints(const std::string& database) {
  return sql(database,
             "SELECT pg_get_indexdef(indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE "
             "relnamespace = 'public'::regnamespace ORDER BY 1; SELECT conrelid::regclass || ' ' || conname || ' ' || "
             "pg_get_constraintdef(oid) || convalidated FROM pg_constraint WHERE connamespace = "
             "'public'::regnamespace ORDER BY 1");
}

}  // namespace twoway::test
