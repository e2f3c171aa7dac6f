// From what the operator gives to a session with a server.
#pragma once

#include <memory>
#include <string>

#include "runtime/store/pocketbase_server/api.h"
#include "runtime/store/pocketbase_server/server_store.h"

namespace twoway {

/// Throws Error(cannot_start) where the address is none or there are no credentials.
std::unique_ptr<ServerSession> make_session(const std::string& url, const ServerOptions& options);

}  // namespace twoway
