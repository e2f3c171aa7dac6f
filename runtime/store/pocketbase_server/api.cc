#include "runtime/store/pocketbase_server/api.h"

#include <ctime>
#include <random>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace twoway {

namespace json = boost::json;
using http::Answer;
using http::Method;
using http::Repeat;

namespace {

constexpr std::string_view superusers = "/api/collections/_superusers/";
/// A token is renewed when this much of its life is left, at least.
constexpr std::int64_t spare_seconds = 120;
constexpr std::size_t longest_quotation = 300;

constexpr std::string_view credentials_hint =
    "Set POCKETBASE_SUPERUSER_EMAIL and POCKETBASE_SUPERUSER_PASSWORD (or POCKETBASE_SUPERUSER_TOKEN), or name a "
    "credentials file. `pocketbase superuser upsert EMAIL PASSWORD` makes a superuser.";
constexpr std::string_view address_hint =
    "Check the address. If there is a proxy before PocketBase, it has to pass everything below /api/ through.";

std::string decoded_base64url(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') value = static_cast<std::uint32_t>(c - 'A');
    else if (c >= 'a' && c <= 'z') value = static_cast<std::uint32_t>(c - 'a' + 26);
    else if (c >= '0' && c <= '9') value = static_cast<std::uint32_t>(c - '0' + 52);
    else if (c == '-') value = 62;
    else if (c == '_') value = 63;
    else break;
    bits = (bits << 6U) | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xffU);
  }
  return out;
}

/// When a token should be renewed: PocketBase's are JSON web tokens. 0 where it does not say when it expires.
std::int64_t renewal_time(std::string_view token) {
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos) return 0;
  boost::system::error_code error;
  const json::value claims = json::parse(decoded_base64url(token.substr(first + 1, second - first - 1)), error);
  if (error || !claims.is_object()) return 0;
  const json::value* expires = claims.as_object().if_contains("exp");
  if (expires == nullptr || !expires->is_int64()) return 0;
  const std::int64_t now = std::time(nullptr);
  const std::int64_t life = expires->as_int64() - now;
  return life < 2 * spare_seconds ? now + std::max<std::int64_t>(life / 2, 1) : expires->as_int64() - spare_seconds;
}

/// What a server says, fit to be quoted: one line, not too long, nothing that a terminal would obey.
std::string quotation(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, longest_quotation)) {
    const auto byte = static_cast<unsigned char>(c);
    out += byte < 0x20 || byte == 0x7f ? ' ' : c;
  }
  while (out.ends_with(' ') || out.ends_with('.')) out.pop_back();
  return out;
}

json::value parsed_value(const std::string& text) {
  json::parse_options options;
  options.allow_invalid_utf8 = true;
  boost::system::error_code error;
  json::value value = json::parse(text, error, {}, options);
  return error ? json::value() : value;
}

/// `message` (PocketBase) or `reason` (the hook) of an answer.
std::string said(const Answer& answer) {
  const json::value value = parsed_value(answer.body);
  if (!value.is_object()) return {};
  for (const char* name : {"reason", "message"}) {
    const json::value* found = value.as_object().if_contains(name);
    if (found != nullptr && found->is_string()) return quotation(found->as_string());
  }
  return {};
}

bool is_json(const Answer& answer) {
  return answer.content_type.starts_with("application/json") || answer.status == 204;
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                       c == '_' || c == '.' || c == '~';
    if (plain) out += c;
    else out += fmt::format("%{:02X}", byte);
  }
  return out;
}

std::string random_name(std::size_t length) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device random;
  std::string name;
  while (name.size() < length) name += letters[random() % letters.size()];
  return name;
}

std::unique_ptr<ServerSession> ServerSession::with_patience(std::chrono::milliseconds total) {
  auto other = std::make_unique<ServerSession>();
  other->address = address;
  other->patience = patience;
  other->patience.total = other->patience.limits.connect = other->patience.limits.idle = total;
  other->ca_file = ca_file;
  other->credentials = credentials;
  const std::lock_guard lock(mutex);
  other->token = token;
  return other;
}

ServerApi::ServerApi(ServerSession& session)
    : session_(session),
      client_(session.address, session.patience, session.ca_file, session.log, session.interrupted) {}

Error ServerApi::refusal(const Answer& answer, std::string_view what) const {
  const std::string words = said(answer);
  if (answer.status / 100 == 3) {
    return cannot_start(fmt::format("{} sends requests on to {}", describe(), quotation(answer.location)),
                        "Name that address; twoway follows no redirects, so that the password goes nowhere else.");
  }
  if (words.empty() && !is_json(answer)) {
    return cannot_start(fmt::format("{} answers a request for {} with something that is not PocketBase's (status {})",
                                    describe(), what, answer.status),
                        std::string(address_hint));
  }
  const std::string tail = words.empty() ? std::string() : ": " + words;
  switch (answer.status) {
    case 401:
      return cannot_start(fmt::format("{} refuses the superuser's token{}", describe(), tail),
                          std::string(credentials_hint));
    case 403:
      return cannot_start(fmt::format("{} does not give twoway {}{}", describe(), what, tail),
                          "The account has to be a superuser's, and superusers have to be let in from this machine "
                          "(PocketBase's settings may list their addresses).");
    case 404:
      return cannot_start(fmt::format("{} has no {}{}", describe(), what, tail), std::string(address_hint));
    case 429:
      return cannot_start(fmt::format("{} asks twoway to come back later: too many requests", describe()),
                          "Raise the rate limit (of the proxy, or PocketBase's own) for the time of the run.");
    default:
      return cannot_start(fmt::format("{} fails at {} (status {}){}", describe(), what, answer.status, tail),
                          "PocketBase's log says more.");
  }
}

json::object ServerApi::parsed(const Answer& answer, std::string_view what) const {
  if (answer.status / 100 != 2) throw refusal(answer, what);
  if (answer.status == 204) return {};
  json::value value = parsed_value(answer.body);
  if (value.is_object()) return std::move(value.as_object());
  if (value.is_array()) return {{"items", std::move(value)}};
  throw cannot_start(fmt::format("{} answers a request for {} with something that is not PocketBase's (status {})",
                                 describe(), what, answer.status),
                     std::string(address_hint));
}

void ServerApi::take_token(const Answer& answer, std::string_view what) {
  const json::object body = parsed(answer, what);
  const json::value* token = body.if_contains("token");
  if (token == nullptr || !token->is_string()) {
    throw cannot_start(fmt::format("{} answers a request for {} with something that is not PocketBase's (status {})",
                                   describe(), what, answer.status),
                       std::string(address_hint));
  }
  session_.token = token->as_string();
  session_.refresh_at = renewal_time(session_.token);
}

void ServerApi::sign_in() {
  const Credentials& credentials = session_.credentials;
  if (credentials.email.empty() || credentials.password.empty()) {
    throw cannot_start(credentials.token.empty()
                           ? fmt::format("there are no credentials for {}", describe())
                           : fmt::format("{} refuses the superuser's token", describe()),
                       std::string(credentials_hint));
  }
  http::Request request;
  request.method = Method::post;
  request.target = std::string(superusers) + "auth-with-password";
  const std::string body =
      json::serialize(json::object{{"identity", credentials.email}, {"password", credentials.password}});
  request.body = body;
  const Answer answer = client_.send(request, Repeat::safe);
  if (answer.status == 401 && answer.body.find("mfaId") != std::string::npos) {
    throw cannot_start(fmt::format("{} asks the superuser for a second factor", describe()),
                       "Make a token for a superuser (in the dashboard: Impersonate) and set "
                       "POCKETBASE_SUPERUSER_TOKEN.");
  }
  if (answer.status == 400 && is_json(answer)) {
    throw cannot_start(fmt::format("{} does not accept the superuser's e-mail address and password", describe()),
                       std::string(credentials_hint));
  }
  take_token(answer, "a sign-in as superuser");
}

void ServerApi::refresh() {
  http::Request request;
  request.method = Method::post;
  request.target = std::string(superusers) + "auth-refresh";
  request.authorization = session_.token;
  const Answer answer = client_.send(request, Repeat::safe);
  if (answer.status == 200) {
    take_token(answer, "a new token");
  } else if (!session_.credentials.password.empty()) {
    sign_in();
  } else {
    session_.refresh_at = 0;  // of a kind that cannot be renewed: good for as long as it is
  }
}

std::string ServerApi::token() {
  const std::lock_guard lock(session_.mutex);
  if (session_.token.empty() && !session_.credentials.token.empty()) {
    session_.token = session_.credentials.token;
    session_.refresh_at = renewal_time(session_.token);
  }
  if (session_.token.empty()) sign_in();
  if (session_.refresh_at != 0 && std::time(nullptr) >= session_.refresh_at) refresh();
  return session_.token;
}

Answer ServerApi::send(Method method, const std::string& target, std::string_view body, Repeat repeat,
                       const http::Sink& sink, const std::string& range) {
  http::Request request;
  request.method = method;
  request.target = target;
  request.body = body;
  request.range = range;
  return send(request, repeat, sink);
}

Answer ServerApi::send(Method method, const std::string& target, const http::BodyStream& body,
                       const std::string& content_type) {
  http::Request request;
  request.method = method;
  request.target = target;
  request.stream = &body;
  request.content_type = content_type;
  return send(request, Repeat::safe, {});
}

Answer ServerApi::send(http::Request& request, Repeat repeat, const http::Sink& sink) {
  for (int attempt = 1;; ++attempt) {
    request.authorization = token();
    Answer answer = client_.send(request, repeat, sink);
    const bool redirect = answer.status >= 300 && answer.status < 400 && answer.status != 304;
    if (answer.status == 401 && attempt == 1) {
      const std::lock_guard lock(session_.mutex);
      // Another thread may have signed in meanwhile.
      if (session_.token == request.authorization) sign_in();
      continue;
    }
    if (answer.status == 401 || answer.status == 403 || redirect) throw refusal(answer, "access");
    return answer;
  }
}

json::object ServerApi::ask(Method method, const std::string& target, std::string_view body, std::string_view what,
                            Repeat repeat) {
  return parsed(send(method, target, body, repeat), what);
}

}  // namespace twoway
