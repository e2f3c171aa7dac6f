// Who twoway is on a PocketBase server: a superuser.
#pragma once

#include <filesystem>
#include <string>

#include "runtime/store/http/client.h"

namespace twoway {

/// Either a token, or an e-mail address and a password. None of it ever goes into a message.
struct Credentials {
  std::string email;
  std::string password;
  std::string token;
  bool empty() const { return token.empty() && (email.empty() || password.empty()); }
};

/// From POCKETBASE_SUPERUSER_EMAIL and POCKETBASE_SUPERUSER_PASSWORD, or POCKETBASE_SUPERUSER_TOKEN.
Credentials credentials_from_environment();

/// From a file: lines NAME=VALUE with those names (others are passed over), or two lines, address and password. Warns
/// through `log` where others may read the file. Throws Error(cannot_start).
Credentials credentials_from_file(const std::filesystem::path& file, const http::Log& log);

}  // namespace twoway
