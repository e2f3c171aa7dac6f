// What can be asked of a database without opening it as a store.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/migrate/stores.h"
#include "runtime/store/pocketbase_server/server_store.h"

namespace twoway {

/// What reaching a server takes, with the credentials that the operator named. Throws Error(cannot_start).
ServerOptions server_options(const OpenOptions& options);

/// Asks a SQLite file, or a PocketBase's: the rows of a statement, each cell as text, NULL as the empty one. At most
/// 1000 rows.
using DatabaseQuestions = std::function<std::vector<std::vector<std::string>>(const std::string& sql)>;

/// PocketBase may run; a server answers by its SQL console. Here and whenever it is asked: throws Error(cannot_start)
/// where it does not answer.
DatabaseQuestions database_questions(const StoreAddress& address, const OpenOptions& options);

/// One of the mapping's hooks, on a server.
struct HookState {
  std::string file;
  bool is_for_applications = false;  ///< routes that the mapping declares; else it is twoway's own
  std::string problem;               ///< empty: it is in place
};
std::vector<HookState> hook_states(const Mapping& mapping, const StoreAddress& address, const OpenOptions& options);

}  // namespace twoway
