// Where an HTTP server is.
#pragma once

#include <string>
#include <string_view>

namespace twoway::http {

struct Address {
  bool tls = false;
  std::string host;  ///< a name or an IP address, IPv6 without brackets
  std::string port;
  std::string path;  ///< what comes before every target: empty, or `/below/it` without a slash at the end

  /// As it is typed: `https://example.com/below`.
  std::string text() const;
  /// The value of the Host header.
  std::string host_header() const;
};

/// Reads `http://host[:port][/path]` or `https://...`. Throws Error(cannot_start) for anything else, also for a user or
/// password in it: those would end up in logs.
Address parse_address(std::string_view text);

}  // namespace twoway::http
