// Statements without results, through SOCI. Only for the files that know SOCI's headers.
#pragma once

#include <soci/soci.h>

#include <string>

namespace twoway {

/// Not by `session << sql`: its stream takes what fits where memory fails, and the rest of the text would be missing.
inline void execute_as_given(soci::session& session, const std::string& sql) {
  soci::statement statement(session);
  statement.alloc();
  statement.prepare(sql, soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

}  // namespace twoway
