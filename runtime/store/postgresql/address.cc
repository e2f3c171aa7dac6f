#include "runtime/store/postgresql/address.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/model/error.h"

namespace twoway::postgresql {

namespace {

constexpr std::array<std::string_view, 7> schemes{
    "postgresql",          "postgres",           "postgresql+psycopg2",     "postgresql+psycopg",
    "postgresql+asyncpg", "postgres+psycopg2", "postgresql+psycopg_async"};

/// Options of libpq that may stand in the query. Those that name the server again are taken where the URL leaves its
/// place empty, as libpq does.
constexpr std::array<std::string_view, 32> options{
    "host",           "hostaddr",        "port",           "user",
    "password",       "dbname",          "passfile",       "service",
    "sslmode",        "sslrootcert",     "sslcert",        "sslkey",
    "sslpassword",    "sslcrl",          "sslcrldir",      "sslsni",
    "ssl_min_protocol_version",          "ssl_max_protocol_version",
    "sslcompression", "requirepeer",     "gssencmode",     "krbsrvname",
    "channel_binding", "connect_timeout", "application_name", "options",
    "target_session_attrs", "keepalives", "keepalives_idle", "keepalives_interval",
    "keepalives_count", "tcp_user_timeout"};

constexpr std::string_view shape = "It looks like postgresql://user:password@host:5432/database?sslmode=require.";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

[[noreturn]] void refuse(const std::string& what, std::string hint = std::string(shape)) {
  throw cannot_start("the PostgreSQL URL " + what, std::move(hint));
}

std::string decoded(std::string_view text, std::string_view part) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const int high = at + 2 < text.size() ? hex_value(text[at + 1]) : -1;
    const int low = at + 2 < text.size() ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0 || high * 16 + low == 0) {
      refuse(fmt::format("has a '%' in its {} that begins no percent escape", part),
             "Write %25 for a percent sign, %40 for @, %2F for /, %3A for a colon.");
    }
    out += static_cast<char>(high * 16 + low);
    at += 2;
  }
  return out;
}

void set(Address& address, std::string_view name, std::string value) {
  if (value.empty()) return;
  if (!address.find(name).empty()) {
    refuse(fmt::format("names the {} twice", name == "dbname" ? "database" : name));
  }
  address.settings.emplace_back(name, std::move(value));
}

void read_query(Address& address, std::string_view query) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::string name = decoded(pair.substr(0, equals), "options");
    // What asyncpg calls it, with the same values.
    if (name == "ssl") name = "sslmode";
    if (std::find(options.begin(), options.end(), name) == options.end()) {
      refuse(fmt::format("has an option '{}' that libpq does not know", name.substr(0, 40)),
             fmt::format("Known are: {}.", fmt::join(options, ", ")));
    }
    if (equals == std::string_view::npos) refuse(fmt::format("has an option '{}' without a value", name));
    set(address, name, decoded(pair.substr(equals + 1), "options"));
  }
}

void read_port(Address& address, std::string_view port) {
  if (port.empty()) return;
  const bool digits = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
  // What stands there may be a piece of a password with an @ or a slash in it.
  if (!digits || port.size() > 5 || std::stoi(std::string(port)) > 65535 || std::stoi(std::string(port)) == 0) {
    refuse("has no number from 1 to 65535 for its port",
           "Is there a special character in the password? Write %40 for @, %2F for /, %3A for a colon, %23 for #, "
           "%3F for a question mark.");
  }
  set(address, "port", std::string(port));
}

void read_server(Address& address, std::string_view server) {
  if (server.starts_with('[')) {
    const std::size_t end = server.find(']');
    if (end == std::string_view::npos) refuse("has an IPv6 address without its closing ]");
    set(address, "host", std::string(server.substr(1, end - 1)));
    std::string_view rest = server.substr(end + 1);
    if (rest.starts_with(':')) {
      read_port(address, rest.substr(1));
    } else if (!rest.empty()) {
      refuse("has something between the IPv6 address and the port");
    }
    return;
  }
  const std::size_t colon = server.find(':');
  set(address, "host", decoded(server.substr(0, colon), "host"));
  if (colon != std::string_view::npos) read_port(address, server.substr(colon + 1));
}

std::string quoted(std::string_view value) {
  std::string out = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string_view scheme_of(std::string_view text) {
  const std::size_t end = text.find("://");
  return end == std::string_view::npos ? std::string_view() : text.substr(0, end);
}

}  // namespace

std::string_view Address::find(std::string_view name) const {
  for (const auto& [key, value] : settings) {
    if (key == name) return value;
  }
  return {};
}

std::string Address::describe() const {
  std::string out = "postgresql://";
  if (const auto user = find("user"); !user.empty()) out.append(user).append("@");
  const auto host = find("host");
  const bool with_colon = host.find(':') != std::string_view::npos;
  out.append(with_colon ? "[" : "").append(host).append(with_colon ? "]" : "");
  if (const auto port = find("port"); !port.empty()) out.append(":").append(port);
  out.append("/").append(find("dbname"));
  if (!schema.empty()) out.append(" (schema ").append(schema).append(")");
  return out;
}

std::string Address::connection_string() const {
  std::string out;
  for (const auto& [name, value] : settings) {
    if (!out.empty()) out += ' ';
    out += name + "=" + quoted(value);
  }
  return out;
}

bool is_postgresql_url(std::string_view text) {
  return std::find(schemes.begin(), schemes.end(), scheme_of(text)) != schemes.end();
}

Address parse_address(std::string_view url, std::string_view schema) {
  if (!is_postgresql_url(url)) {
    throw cannot_start("this is no PostgreSQL URL: it begins with none of postgresql://, postgres://, "
                       "postgresql+psycopg2://, postgresql+psycopg://, postgresql+asyncpg://",
                       std::string(shape));
  }
  if (url.find('\0') != std::string_view::npos) refuse("has a NUL in it");
  std::string_view rest = url.substr(scheme_of(url).size() + 3);
  Address address;
  address.schema = schema;
  const std::size_t question = rest.find('?');
  const std::string_view query = question == std::string_view::npos ? std::string_view() : rest.substr(question + 1);
  rest = rest.substr(0, question);
  // The password may hold an @, as SQLAlchemy lets it pass; slashes in it have to be escaped.
  const std::size_t slash = rest.find('/', std::min(rest.size(), rest.rfind('@') + 1));
  std::string_view server = rest.substr(0, slash);
  const std::string_view database = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  if (const std::size_t at = server.rfind('@'); at != std::string_view::npos) {
    const std::string_view login = server.substr(0, at);
    server.remove_prefix(at + 1);
    const std::size_t colon = login.find(':');
    set(address, "user", decoded(login.substr(0, colon), "user"));
    if (colon != std::string_view::npos) set(address, "password", decoded(login.substr(colon + 1), "password"));
  }
  read_server(address, server);
  set(address, "dbname", decoded(database, "database"));
  read_query(address, query);
  if (address.find("dbname").empty() && address.find("service").empty()) {
    refuse("names no database");
  }
  return address;
}

}  // namespace twoway::postgresql
