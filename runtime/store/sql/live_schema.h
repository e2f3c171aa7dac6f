// A SQLite database's schema in the terms of both dialects (runtime/store/live_schema.h).
#pragma once

#include "runtime/store/live_schema.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway::sql_sqlite {

/// Tables, virtual ones with their shadows, and views.
LiveSchema read_live_schema(sqlite::Connection& connection, const RevisionPlace& revision);

}  // namespace twoway::sql_sqlite
