#include "runtime/cli/store_argument.h"

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>

#include "runtime/model/error.h"
#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

constexpr std::string_view supported =
    "a store is a SQLite file (webui.db or sqlite:///webui.db), a PostgreSQL database (postgresql://...), a PocketBase "
    "data directory (pb_data) or a PocketBase server (http://... or https://...)";

[[noreturn]] void refuse(std::string_view scheme) {
  if (scheme == "sqlite+sqlcipher") {
    throw cannot_start("an encrypted SQLite file (SQLCipher) is not supported", std::string(supported));
  }
  throw cannot_start(fmt::format("stores of the kind {}:// are not supported", report::printable(scheme)),
                     std::string(supported));
}

/// Stores that are reached over the network keep their URL.
bool is_remote(std::string_view scheme) {
  const std::string_view base = scheme.substr(0, scheme.find('+'));
  return base == "postgresql" || base == "postgres" || scheme == "http" || scheme == "https";
}

/// `env:DATABASE_URL`: the store stands in the environment, so that no password stands on the command line.
std::string from_environment(std::string_view argument) {
  constexpr std::string_view prefix = "env:";
  if (!argument.starts_with(prefix)) return std::string(argument);
  const std::string name(argument.substr(prefix.size()));
  const char* value = name.empty() ? nullptr : std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') {
    throw cannot_start(fmt::format("{}: the environment has no {}", report::printable(argument),
                                   report::printable(name)),
                       "set it, or name the store itself");
  }
  return value;
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

std::string store_path(std::string_view given) {
  if (given.empty()) throw cannot_start("a STORE is empty", std::string(supported));
  const std::string argument_text = from_environment(given);
  const std::string_view argument = argument_text;
  std::string path(argument);
  const std::size_t colon = argument.find("://");
  if (colon != std::string_view::npos && is_scheme(argument.substr(0, colon))) {
    const std::string_view scheme = argument.substr(0, colon);
    if (is_remote(scheme)) return path;
    const bool sqlite = scheme == "sqlite" || (scheme.starts_with("sqlite+") && scheme != "sqlite+sqlcipher");
    if (!sqlite) refuse(scheme);
    path = sqlite_path(argument.substr(colon + 3));
  }
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

bool is_url(const std::string& store) { return store.find("://") != std::string::npos; }

std::string default_state_directory(const std::string& target) {
  if (is_url(target)) {
    // `postgresql-db.example-5432-app.twoway`, without what may be a secret.
    std::string name = target.substr(0, target.find(':'));
    std::string_view rest = std::string_view(target).substr(target.find("://") + 3);
    rest = rest.substr(0, rest.find_first_of("?#"));
    const std::size_t user = rest.substr(0, rest.find('/')).rfind('@');
    if (user != std::string_view::npos) rest.remove_prefix(user + 1);
    while (rest.ends_with('/')) rest.remove_suffix(1);
    for (const char c : "-" + std::string(rest)) {
      const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
      name += plain ? c : '-';
    }
    return name + ".twoway";
  }
  std::filesystem::path path(target);
  const std::string name = path.filename().string();
  if (name.empty() || name == "." || name == "..") path = std::filesystem::weakly_canonical(path);
  return path.string() + ".twoway";
}

}  // namespace twoway::cli
