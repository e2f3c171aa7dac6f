// A PostgreSQL database's schema in the terms of both dialects (runtime/store/live_schema.h).
#pragma once

#include "runtime/store/live_schema.h"
#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

/// Tables and views of the connection's schema; materialized views are views.
twoway::LiveSchema read_live_schema(Connection& connection, const RevisionPlace& revision);

}  // namespace twoway::postgresql
