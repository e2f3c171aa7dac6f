// PocketBase's REST interface as its users see it.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace twoway::test {

struct Response {
  int status = 0;
  std::string text;         ///< the body as it came
  boost::json::value body;  ///< the body parsed; null if it is no JSON

  bool ok() const { return status >= 200 && status < 300; }
};

/// A blocking HTTP client with one kept connection. Targets begin with `/`. Throws where no answer comes.
class RestClient {
 public:
  RestClient(std::string host, unsigned short port);
  ~RestClient();
  RestClient(RestClient&&) noexcept;
  RestClient& operator=(RestClient&&) noexcept;

  /// Signs in with a password; later requests carry the token. Returns the record; throws if refused.
  boost::json::object sign_in(std::string_view collection, std::string_view identity, std::string_view password);
  /// What later requests carry as Authorization; empty: nothing.
  void set_token(std::string token);

  Response request(std::string_view method, std::string_view target, std::string body = {});
  Response get(std::string_view target) { return request("GET", target); }
  Response post(std::string_view target, const boost::json::value& body);
  Response patch(std::string_view target, const boost::json::value& body);
  Response remove(std::string_view target) { return request("DELETE", target); }

  /// `/api/collections/COLLECTION/records` or, with an id, the record's own address.
  static std::string records(std::string_view collection);
  static std::string record(std::string_view collection, std::string_view id);
  /// Every record of a collection, ordered by id, read by keyset pages. `fields` as in PocketBase; must hold `id`.
  std::vector<boost::json::object> all(std::string_view collection, std::string_view fields = {}, int per_page = 500);

 private:
  struct Connection;
  std::string host_;
  unsigned short port_;
  std::string token_;
  std::unique_ptr<Connection> connection_;
};

/// Everything but the unreserved characters as %XX, for a part of a path or of a query.
std::string percent_encode(std::string_view text);

}  // namespace twoway::test
