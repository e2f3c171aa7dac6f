#include <fmt/format.h>

#include <boost/json/array.hpp>

#include "runtime/drift/drift.h"
#include "runtime/drift/pocketbase_drift.h"
#include "runtime/drift/sql_drift.h"
#include "runtime/drift/suggest.h"
#include "runtime/store/pocketbase_server/collections.h"

namespace twoway::drift {

Report look(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options) {
  if (!store.exists) throw cannot_start(fmt::format("{} does not exist", store.display), "Check the path.");
  Report report;
  report.store = store.display;
  report.sql = is_sql(store.kind);
  if (!report.sql) {
    report.program = "PocketBase";
    compare_collections(mapping, live_collections(store, options), mapped_collections(mapping), report);
    suggest_for_pocketbase(mapping, report);
    return report;
  }
  const LiveSchema live = read_live_schema(store, {mapping.version_table, mapping.version_column});
  const bool sqlite = live.dialect == "sqlite";
  report.program = fmt::format("{} {}", sqlite ? "SQLite" : "PostgreSQL", live.version);
  report.revision = live.revision.value_or("");
  report.mapped_revision = mapping.version_value;
  compare_schemas(mapping, live, mapped_schema(mapping, store), report);
  suggest_for_sql(mapping, live, report);
  return report;
}

}  // namespace twoway::drift
