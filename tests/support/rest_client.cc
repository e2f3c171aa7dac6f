#include "tests/support/rest_client.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cctype>
#include <optional>
#include <stdexcept>
#include <utility>

namespace twoway::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace json = boost::json;

struct RestClient::Connection {
  asio::io_context context;
  beast::tcp_stream stream{context};
  beast::flat_buffer buffer;

  Connection(const std::string& host, unsigned short port) {
    stream.connect(asio::ip::tcp::endpoint(asio::ip::make_address(host), port));
    stream.socket().set_option(asio::ip::tcp::no_delay(true));
  }
};

namespace {

/// Documents in a database may be nested deeper than a parser's cautious default.
json::value parsed(const std::string& text) {
  json::parse_options options;
  options.max_depth = 100000;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  return error ? json::value() : value;
}

/// At most `most` bytes, cut between characters.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0U) == 0x80U) --most;
  return text.substr(0, most);
}

}  // namespace

std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos)) {
      encoded += c;
    } else {
      encoded += fmt::format("%{:02X}", byte);
    }
  }
  return encoded;
}

RestClient::RestClient(std::string host, unsigned short port) : host_(std::move(host)), port_(port) {}
RestClient::~RestClient() = default;
RestClient::RestClient(RestClient&&) noexcept = default;
RestClient& RestClient::operator=(RestClient&&) noexcept = default;

void RestClient::set_token(std::string token) { token_ = std::move(token); }

Response RestClient::request(std::string_view method, std::string_view target, std::string body) {
  http::request<http::string_body> message;
  message.method_string({method.data(), method.size()});
  message.target({target.data(), target.size()});
  message.version(11);
  message.keep_alive(true);
  message.set(http::field::host, fmt::format("{}:{}", host_, port_));
  if (!token_.empty()) message.set(http::field::authorization, token_);
  if (!body.empty()) message.set(http::field::content_type, "application/json");
  message.body() = std::move(body);
  message.prepare_payload();

  // A kept connection may have been closed by the server meanwhile; a fresh one gets no second chance.
  for (bool kept = connection_ != nullptr;; kept = false) {
    try {
      if (!connection_) connection_ = std::make_unique<Connection>(host_, port_);
      http::write(connection_->stream, message);
      http::response_parser<http::string_body> parser;
      parser.body_limit(boost::none);
      http::read(connection_->stream, connection_->buffer, parser);
      if (!parser.get().keep_alive()) connection_.reset();
      Response response{static_cast<int>(parser.get().result_int()), std::move(parser.get().body()), {}};
      response.body = parsed(response.text);
      return response;
    } catch (const boost::system::system_error&) {
      connection_.reset();
      if (!kept) throw;
    }
  }
}

Response RestClient::post(std::string_view target, const json::value& body) {
  return request("POST", target, json::serialize(body));
}

Response RestClient::patch(std::string_view target, const json::value& body) {
  return request("PATCH", target, json::serialize(body));
}

std::string RestClient::records(std::string_view collection) {
  return fmt::format("/api/collections/{}/records", collection);
}

std::string RestClient::record(std::string_view collection, std::string_view id) {
  return records(collection) + "/" + percent_encode(id);
}

json::object RestClient::sign_in(std::string_view collection, std::string_view identity, std::string_view password) {
  const json::object body{{"identity", json::string(identity.data(), identity.size())},
                          {"password", json::string(password.data(), password.size())}};
  Response response = post(fmt::format("/api/collections/{}/auth-with-password", collection), body);
  if (!response.ok()) throw std::runtime_error(fmt::format("cannot sign in as {}: {}", identity, response.text));
  token_ = response.body.at("token").as_string().c_str();
  return response.body.at("record").as_object();
}

std::vector<json::object> RestClient::all(std::string_view collection, std::string_view fields, int per_page) {
  std::vector<json::object> records;
  std::string last;
  for (bool more = true; more;) {
    std::string target = fmt::format("{}?perPage={}&skipTotal=1&sort=id", RestClient::records(collection), per_page);
    if (!fields.empty()) target += "&fields=" + percent_encode(fields);
    // A filter may have 3,500 characters; the beginning of a very long id will do, what comes twice is left out.
    const std::string_view from = beginning(last, 1000);
    if (!records.empty()) target += "&filter=" + percent_encode(fmt::format("id>\"{}\"", from));
    Response page = get(target);
    if (!page.ok()) throw std::runtime_error(fmt::format("cannot list {}: {}", collection, page.text));
    json::array& items = page.body.at("items").as_array();
    const std::size_t before = records.size();
    for (json::value& item : items) {
      std::string id = item.at("id").as_string().c_str();
      if (!records.empty() && id <= last) continue;
      last = std::move(id);
      records.push_back(std::move(item.as_object()));
    }
    more = items.size() >= static_cast<std::size_t>(per_page);
    if (more && records.size() == before) throw std::runtime_error("a page of ids with the same beginning");
  }
  return records;
}

}  // namespace twoway::test
