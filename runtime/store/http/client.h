// Requests to an HTTP server over a network that may fail: repeated with growing pauses, for a bounded time.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "runtime/model/error.h"
#include "runtime/store/http/connection.h"

namespace twoway::http {

/// How long a client puts up with a server that fails.
struct Patience {
  Limits limits;
  /// From the first failure of a request to giving up.
  std::chrono::milliseconds total = std::chrono::seconds(60);
  std::chrono::milliseconds first_pause = std::chrono::milliseconds(100);
  std::chrono::milliseconds longest_pause = std::chrono::seconds(5);
};

/// level: info, warning; never with a secret in it.
using Log = std::function<void(std::string_view level, std::string_view text)>;

/// Whether a request may be sent again when it is not known what became of it.
enum class Repeat : std::uint8_t { never, safe };

/// For one thread.
class Client {
 public:
  Client(Address address, Patience patience, const std::string& ca_file, Log log = {},
         const std::atomic<bool>* interrupted = nullptr);

  /// The server's answer, whatever its status but 429 and passing ones (408, 500, 502, 503, 504): those are waited out.
  /// A server that was never reached is not waited for. With a sink there is no second attempt once it was given
  /// something: throws Failure then. Throws Error(cannot_start) that names the server and says what is wrong.
  Answer send(const Request& request, Repeat repeat, const Sink& sink = {});

  const Address& address() const { return address_; }
  const Patience& patience() const { return patience_; }
  /// Pauses for `time`; throws Error where the operator wants to stop.
  void pause(std::chrono::milliseconds time);
  /// What a Failure means for the operator.
  Error error(const Failure& failure) const;

 private:
  /// Counts the failures of one request.
  struct Trouble {
    std::chrono::steady_clock::time_point since{};
    int attempts = 0;
  };
  void wait_or_throw(Trouble& trouble, std::chrono::milliseconds at_least, const Error& error);

  Address address_;
  Patience patience_;
  Log log_;
  const std::atomic<bool>* interrupted_;
  Connection connection_;
  std::minstd_rand random_{std::random_device{}()};
  bool answered_ = false;  ///< it was reached once, so what fails now may pass
};

}  // namespace twoway::http
