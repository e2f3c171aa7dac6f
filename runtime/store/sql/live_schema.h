// A SQLite database's schema in the terms of both dialects (runtime/store/live_schema.h).
#pragma once

#include "runtime/model/entity.h"
#include "runtime/store/live_schema.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway::sql_sqlite {

/// Tables, virtual ones with their shadows, and views.
LiveSchema read_live_schema(sqlite::Connection& connection, const RevisionPlace& revision);

/// What the mapping makes of an empty database.
LiveSchema mapped_schema(const Mapping& mapping);

}  // namespace twoway::sql_sqlite
