#include "runtime/store/postgresql/column.h"

#include "runtime/store/postgresql/connection.h"

namespace twoway::postgresql {

namespace {

// PostgreSQL's own types have the same oids everywhere (pg_type.dat).
namespace oid {
constexpr std::uint32_t boolean = 16, bytea = 17, int8 = 20, int2 = 21, int4 = 23, text = 25, json = 114, float4 = 700,
                        float8 = 701, bpchar = 1042, varchar = 1043, date = 1082, timestamp = 1114,
                        timestamptz = 1184, numeric = 1700, jsonb = 3802;
}  // namespace oid

}  // namespace

Transport transport_of(std::uint32_t type_oid) {
  switch (type_oid) {
    case oid::boolean: return Transport::boolean;
    case oid::bytea: return Transport::bytea;
    case oid::int8: return Transport::int8;
    case oid::int2: return Transport::int2;
    case oid::int4: return Transport::int4;
    case oid::text:
    case oid::bpchar:
    case oid::varchar: return Transport::text;
    case oid::json: return Transport::json;
    case oid::float4: return Transport::float4;
    case oid::float8: return Transport::float8;
    case oid::date: return Transport::date;
    case oid::timestamp: return Transport::timestamp;
    case oid::numeric: return Transport::number_text;
    default: return Transport::other_text;
  }
}

SqlType LiveColumn::sql_type() const {
  switch (transport) {
    case Transport::boolean: return SqlType::boolean;
    case Transport::int2:
    case Transport::int4:
    case Transport::int8: return SqlType::integer;
    case Transport::float4:
    case Transport::float8:
    case Transport::number_text: return SqlType::real;
    case Transport::text: return SqlType::text;
    case Transport::bytea: return SqlType::blob;
    case Transport::date: return SqlType::date;
    case Transport::timestamp: return SqlType::datetime;
    case Transport::json: return SqlType::json;
    case Transport::other_text: break;
  }
  if (type_oid == oid::jsonb) return SqlType::json;
  return type_oid == oid::timestamptz ? SqlType::datetime : SqlType::text;
}

std::string LiveColumn::selected() const { return quoted_name(name) + (is_cast() ? "::text" : ""); }

std::string LiveColumn::wire_type() const { return is_cast() ? "text" : type; }

std::uint32_t LiveColumn::wire_oid() const { return is_cast() ? oid::text : type_oid; }

}  // namespace twoway::postgresql
