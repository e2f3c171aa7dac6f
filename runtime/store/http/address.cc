#include "runtime/store/http/address.h"

#include <algorithm>

#include <fmt/format.h>

#include "runtime/model/error.h"

namespace twoway::http {

namespace {

constexpr std::string_view example = "Write it like http://127.0.0.1:8090 or https://pocketbase.example.com.";

bool is_port(std::string_view text) {
  const bool number = !text.empty() && text.size() <= 5 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return number && std::stoi(std::string(text)) > 0 && std::stoi(std::string(text)) <= 65535;
}

/// Nothing that would end the line of a request, or begin another part of a URL.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != '\\'; });
}

}  // namespace

std::string Address::host_header() const {
  const std::string name = host.find(':') == std::string::npos ? host : fmt::format("[{}]", host);
  return port == (tls ? "443" : "80") ? name : fmt::format("{}:{}", name, port);
}

std::string Address::text() const { return fmt::format("{}://{}{}", tls ? "https" : "http", host_header(), path); }

Address parse_address(std::string_view text) {
  Address address;
  std::string_view rest = text;
  if (rest.starts_with("https://")) {
    address.tls = true;
  } else if (!rest.starts_with("http://")) {
    throw cannot_start("the address of a server begins with http:// or https://", std::string(example));
  }
  rest.remove_prefix(rest.find("//") + 2);
  if (rest.find('@') != std::string_view::npos) {
    throw cannot_start("the address of a server holds a user name or a password",
                       "Leave it out: credentials come from the environment or from a file.");
  }
  const auto refuse = [&] {
    return cannot_start(fmt::format("'{}' is no address of a server", text), std::string(example));
  };
  if (!is_plain(rest) || rest.find_first_of("?#") != std::string_view::npos) throw refuse();
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string_view authority = rest.substr(0, slash);
  address.path = rest.substr(slash);
  while (address.path.ends_with('/')) address.path.pop_back();
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) throw refuse();
    address.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    address.host = authority.substr(0, colon);
    authority.remove_prefix(colon);
  }
  address.port = address.tls ? "443" : "80";
  if (!authority.empty()) {
    if (authority[0] != ':' || !is_port(authority.substr(1))) throw refuse();
    address.port = authority.substr(1);
  }
  if (address.host.empty()) throw refuse();
  return address;
}

}  // namespace twoway::http
