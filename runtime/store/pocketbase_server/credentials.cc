#include "runtime/store/pocketbase_server/credentials.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "runtime/model/error.h"

namespace twoway {

namespace {

constexpr std::string_view email_name = "POCKETBASE_SUPERUSER_EMAIL";
constexpr std::string_view password_name = "POCKETBASE_SUPERUSER_PASSWORD";
constexpr std::string_view token_name = "POCKETBASE_SUPERUSER_TOKEN";

/// The part of `credentials` with this name; null for other names.
std::string* member(Credentials& credentials, std::string_view name) {
  if (name == email_name) return &credentials.email;
  if (name == password_name) return &credentials.password;
  if (name == token_name) return &credentials.token;
  return nullptr;
}

/// NAME="VALUE" as files for shells have it.
std::string unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == value.back() && (value[0] == '"' || value[0] == '\'');
  return std::string(quoted ? value.substr(1, value.size() - 2) : value);
}

std::vector<std::string> lines_of(std::istream& in) {
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) {
    if (line.ends_with('\r')) line.pop_back();
    if (!line.empty() && line[0] != '#') lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

Credentials credentials_from_environment() {
  Credentials credentials;
  for (const std::string_view name : {email_name, password_name, token_name}) {
    const char* value = std::getenv(std::string(name).c_str());
    if (value != nullptr) *member(credentials, name) = value;
  }
  return credentials;
}

Credentials credentials_from_file(const std::filesystem::path& file, const http::Log& log) {
  std::ifstream in(file, std::ios::binary);
  struct stat status {};
  if (!in || stat(file.c_str(), &status) != 0) {
    throw cannot_start(fmt::format("cannot read the credentials file {}", file.string()),
                       "Check its path and its permissions.");
  }
  if ((status.st_mode & (S_IRGRP | S_IROTH)) != 0 && log) {
    log("warning", fmt::format("others may read the credentials file {}: chmod 600 would stop that", file.string()));
  }
  Credentials credentials;
  std::vector<std::string> plain;
  for (const std::string& line : lines_of(in)) {
    std::string_view text = line;
    if (text.starts_with("export ")) text.remove_prefix(7);
    const std::size_t equals = text.find('=');
    std::string* found = equals == std::string_view::npos ? nullptr : member(credentials, text.substr(0, equals));
    if (found != nullptr) *found = unquoted(text.substr(equals + 1));
    if (found == nullptr) plain.push_back(line);
  }
  if (credentials.empty() && plain.size() == 2 && plain[0].find('@') != std::string::npos) {
    credentials.email = plain[0];
    credentials.password = plain[1];
  }
  if (credentials.empty()) {
    throw cannot_start(fmt::format("the credentials file {} holds no credentials", file.string()),
                       fmt::format("Write two lines, a superuser's e-mail address and the password, or {}=... and "
                                   "{}=..., or {}=...", email_name, password_name, token_name));
  }
  return credentials;
}

}  // namespace twoway
