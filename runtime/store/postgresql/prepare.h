// A PostgreSQL database before and beside a run: is it empty, its tables, its backup.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/model/entity.h"
#include "runtime/store/postgresql/address.h"

namespace twoway {

/// True where the schema holds no table but twoway's. Throws Error(cannot_start) where the database cannot be reached.
bool is_empty_postgresql(const Mapping& mapping, const postgresql::Address& address);

/// Makes the application's tables and its version row, in one transaction. Throws where there is something already.
void prepare_postgresql(const Mapping& mapping, const postgresql::Address& address);

/// Writes `DIRECTORY/DATABASE-STAMP.dump` with pg_dump (custom format, the tables' schema only) and checks that
/// pg_restore can read it. Returns its path.
std::filesystem::path back_up_postgresql(const postgresql::Address& address, const std::filesystem::path& directory,
                                         const std::string& stamp);

}  // namespace twoway
