// An empty PostgreSQL database looked at as if it had been prepared: what a plan needs to know what it would refuse.
#pragma once

#include <memory>

#include "runtime/model/entity.h"
#include "runtime/store/postgresql/address.h"
#include "runtime/store/tables.h"

namespace twoway {

/// The tables that the mapping would make. They are made in a transaction that is rolled back, so that nothing is left
/// of them: only what needs no table can be asked (shapes, writers of a dry run, refused values).
std::unique_ptr<Tables> rehearse_postgresql(const Mapping& mapping, const postgresql::Address& address);

}  // namespace twoway
