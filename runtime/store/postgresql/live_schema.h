// A PostgreSQL database's schema in the terms of both dialects (runtime/store/live_schema.h).
#pragma once

#include "runtime/model/entity.h"
#include "runtime/store/live_schema.h"
#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

/// Tables and views of the connection's schema; materialized views are views.
twoway::LiveSchema read_live_schema(Connection& connection, const RevisionPlace& revision);

/// What the mapping makes of an empty database, as this server words it. Makes temporary tables and rolls them back.
twoway::LiveSchema mapped_schema(const Mapping& mapping, const Address& address);

}  // namespace twoway::postgresql
