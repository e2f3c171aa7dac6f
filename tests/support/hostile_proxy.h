// A network between a client and a server that does to HTTP what networks and proxies do.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace twoway::test {

/// What happens to requests whose first line contains `path`.
struct Fault {
  enum class What : std::uint8_t {
    none,
    reset,           ///< RST to both sides, `after_bytes` into the request
    freeze,          ///< nothing goes on any more, `after_bytes` into the request; nobody is told
    cut_answer,      ///< RST to both sides, `after_bytes` into the answer
    freeze_answer,   ///< nothing goes on any more, `after_bytes` into the answer
    close_answer,    ///< an orderly end, `after_bytes` into the answer
    swallow_answer,  ///< the server did it and says so, but the client's connection ends without an answer
    answer,          ///< the proxy gives `text` itself, once it has the whole request
    answer_early,    ///< the same after the request's head, and ends the connection
  };
  What what = What::none;
  std::string path;
  int skip = 0;   ///< so many matching requests pass first
  int times = 1;  ///< so many are hit; then they pass again
  std::size_t after_bytes = 0;
  std::size_t longer_than = 0;  ///< only requests with a longer body
  std::string text;             ///< an answer, head and all
};

/// An answer for Fault::text.
std::string http_answer(int status, const std::string& body, const std::string& headers = {});

struct ProxyOptions {
  unsigned short server_port = 0;        ///< on 127.0.0.1; 0: nobody, only faults answer
  std::chrono::milliseconds latency{0};  ///< of each piece that goes through, each way
  std::size_t bytes_per_second = 0;      ///< each way; 0: no limit
  /// Where set, clients speak TLS: PEM files.
  std::filesystem::path certificate;
  std::filesystem::path key;
};

/// Runs on a thread of its own until it is destroyed.
class HostileProxy {
 public:
  explicit HostileProxy(ProxyOptions options);
  ~HostileProxy();
  HostileProxy(const HostileProxy&) = delete;
  HostileProxy& operator=(const HostileProxy&) = delete;

  unsigned short port() const;
  /// `http://127.0.0.1:PORT`, or https.
  std::string url() const;
  void add(Fault fault);
  /// Requests that a fault hit so far.
  int hits() const;
  /// Requests that came, also those that were hit.
  int requests(const std::string& path) const;

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace twoway::test
