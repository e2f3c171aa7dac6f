// PocketBase's interface as a superuser uses it: signing in, staying signed in, and what its refusals mean.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "runtime/store/http/client.h"
#include "runtime/store/pocketbase_server/credentials.h"

namespace twoway {

/// What the threads that talk to one server share.
struct ServerSession {
  http::Address address;
  http::Patience patience;
  std::string ca_file;
  http::Log log;
  const std::atomic<bool>* interrupted = nullptr;
  Credentials credentials;

  std::mutex mutex;              ///< guards what follows
  std::string token;
  bool token_can_change = true;  ///< false: one that was given and could not be refreshed
  std::int64_t refresh_at = 0;   ///< seconds since 1970; 0: never

  std::string describe() const { return address.text(); }
  /// A session of its own for the same account, signed in as this one is, that waits no longer than this.
  std::unique_ptr<ServerSession> with_patience(std::chrono::milliseconds total);
};

/// A thread's way to the server.
class ServerApi {
 public:
  explicit ServerApi(ServerSession& session);

  /// Sends a request with the superuser's token and gives whatever answer it gets, but 401, 403 and redirects: those
  /// are errors once signing in again did not help.
  http::Answer send(http::Method method, const std::string& target, std::string_view body = {},
                    http::Repeat repeat = http::Repeat::safe, const http::Sink& sink = {},
                    const std::string& range = {});
  /// The same with a body that is too long for memory.
  http::Answer send(http::Method method, const std::string& target, const http::BodyStream& body,
                    const std::string& content_type);
  /// The same where only success makes sense: the body as JSON. Throws Error(cannot_start) that names `what` was asked
  /// for (`the list of collections`).
  boost::json::object ask(http::Method method, const std::string& target, std::string_view body, std::string_view what,
                          http::Repeat repeat = http::Repeat::safe);
  /// An answer's body as a JSON object; throws as above where it is none.
  boost::json::object parsed(const http::Answer& answer, std::string_view what) const;
  /// What to tell people of an answer with another status than was hoped for.
  Error refusal(const http::Answer& answer, std::string_view what) const;

  http::Client& client() { return client_; }
  ServerSession& session() { return session_; }
  std::string describe() const { return session_.describe(); }

 private:
  http::Answer send(http::Request& request, http::Repeat repeat, const http::Sink& sink);
  std::string token();
  void sign_in();
  void refresh();
  void take_token(const http::Answer& answer, std::string_view what);

  ServerSession& session_;
  http::Client client_;
};

/// Everything but unreserved characters as %XX.
std::string percent_encoded(std::string_view text);
/// Lower-case letters and digits by chance.
std::string random_name(std::size_t length);

}  // namespace twoway
