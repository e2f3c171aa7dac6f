#include "runtime/cli/store_argument.h"

#include <fmt/format.h>

#include <filesystem>

#include "runtime/model/error.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

constexpr std::string_view supported =
    "this version supports a SQLite file (webui.db or sqlite:///webui.db) and a PocketBase data directory (pb_data)";

[[noreturn]] void refuse(std::string_view scheme) {
  const std::string_view base = scheme.substr(0, scheme.find('+'));
  if (base == "postgresql" || base == "postgres") {
    throw cannot_start("PostgreSQL is not supported yet", std::string(supported));
  }
  if (base == "http" || base == "https") {
    throw cannot_start("a running PocketBase server is not supported yet",
                       fmt::format("stop the server and name its data directory; {}", supported));
  }
  if (scheme == "sqlite+sqlcipher") {
    throw cannot_start("an encrypted SQLite file (SQLCipher) is not supported", std::string(supported));
  }
  throw cannot_start(fmt::format("stores of the kind {}:// are not supported", report::printable(scheme)),
                     std::string(supported));
}

/// `///relative`, `////absolute`, with SQLAlchemy's `?options` behind it.
std::string sqlite_path(std::string_view rest) {
  const std::size_t question = rest.find('?');
  const std::string_view options = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  std::string_view path = rest.substr(0, question);
  if (!path.starts_with('/')) {
    throw cannot_start("a SQLite URL has three slashes and a path: sqlite:///webui.db, sqlite:////data/webui.db",
                       std::string(supported));
  }
  path.remove_prefix(1);
  if (path.empty() || path == ":memory:") {
    throw cannot_start("a SQLite database in memory holds nothing to migrate", std::string(supported));
  }
  if (path.starts_with("file:") || options.find("uri=true") != std::string_view::npos) {
    throw cannot_start("SQLite URIs (file:...?uri=true) are not supported", "name the file itself");
  }
  return std::string(path);
}

/// True for what RFC 3986 calls a scheme: `postgresql+psycopg`.
bool is_scheme(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-") ==
                              std::string_view::npos;
}

}  // namespace

std::string store_path(std::string_view argument) {
  if (argument.empty()) throw cannot_start("a STORE is empty", std::string(supported));
  std::string path(argument);
  const std::size_t colon = argument.find("://");
  if (colon != std::string_view::npos && is_scheme(argument.substr(0, colon))) {
    const std::string_view scheme = argument.substr(0, colon);
    const bool sqlite = scheme == "sqlite" || (scheme.starts_with("sqlite+") && scheme != "sqlite+sqlcipher");
    if (!sqlite) refuse(scheme);
    path = sqlite_path(argument.substr(colon + 3));
  }
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

std::string default_state_directory(const std::string& target) {
  std::filesystem::path path(target);
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..") path = std::filesystem::weakly_canonical(path);
  return path.string() + ".twoway";
}

}  // namespace twoway::cli
