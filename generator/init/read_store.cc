#include "generator/init/read_store.h"

#include <fmt/format.h>

#include "runtime/migrate/stores.h"
#include "runtime/model/error.h"

namespace twowayc {

FoundStore read_store(const std::string& store) {
  try {
    const twoway::StoreAddress address = twoway::parse_store(store);
    if (!address.exists) throw StoreError(fmt::format("{} does not exist", address.display), "");
    if (!twoway::is_sql(address.kind)) {
      throw StoreError(fmt::format("{} is a PocketBase, and a mapping is drafted from the SQL side", address.display),
                       "name a SQLite file, or postgresql://USER@HOST/DATABASE");
    }
    return {address.display, twoway::read_live_schema(address)};
  } catch (const twoway::Error& error) {
    throw StoreError(error.what(), error.hint());
  }
}

}  // namespace twowayc
