// One connection to an HTTP server: one attempt at one request at a time. What to do when it fails is for the caller.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "runtime/store/http/address.h"

namespace twoway::http {

enum class Method : std::uint8_t { get, post, put, patch, remove };

/// A body that is too long for memory. It is read from the beginning for each attempt.
struct BodyStream {
  std::uint64_t bytes = 0;
  std::function<void()> rewind;
  /// Fills the beginning of the buffer; 0 at the end. What it throws goes through.
  std::function<std::size_t(std::span<char>)> read;
};

struct Request {
  Method method = Method::get;
  std::string target;         ///< begins with `/`
  std::string_view body;      ///< lives as long as the request does
  std::string content_type = "application/json";
  std::string authorization;  ///< empty: none
  std::string range;          ///< value of the Range header; empty: none
  const BodyStream* stream = nullptr;  ///< instead of `body`; lives as long as the request does
};

struct Answer {
  int status = 0;
  std::string body;           ///< empty where it went into a sink
  std::string content_type;
  std::string location;
  std::string retry_after;
  std::string content_range;
};

/// Takes the body of a 2xx answer, piece by piece.
using Sink = std::function<void(std::string_view)>;

struct Limits {
  std::chrono::milliseconds connect = std::chrono::seconds(10);
  /// The longest time without a byte in either direction.
  std::chrono::milliseconds idle = std::chrono::seconds(60);
  /// The longest body that is kept in memory.
  std::size_t body_bytes = 64U << 20U;
};

/// Why an attempt failed.
class Failure : public std::exception {
 public:
  enum class What : std::uint8_t {
    unknown_host,  ///< the name does not resolve
    refused,       ///< nobody listens there, or the network does not lead there
    certificate,   ///< it is not the server that it should be
    handshake,     ///< no TLS came about
    silent,        ///< nothing came for too long
    closed,        ///< the connection ended before an answer began
    cut,           ///< the connection ended in the middle of an answer
    garbage,       ///< the answer is no HTTP
    too_long,      ///< the answer is longer than it may be
    interrupted,   ///< the operator wants to stop
  };
  Failure(What what, std::string words) : what_(what), words_(std::move(words)) {}
  What kind() const { return what_; }
  /// For people: the end of a sentence that begins with the server.
  const char* what() const noexcept override { return words_.c_str(); }

 private:
  What what_;
  std::string words_;
};

/// Kept alive between requests where the server wants that. For one thread.
class Connection {
 public:
  /// `ca_file`: certificates that are trusted instead of the system's; empty: those. Throws Error(cannot_start) where
  /// it cannot be read. `interrupted` may be null.
  Connection(Address address, Limits limits, const std::string& ca_file, const std::atomic<bool>* interrupted);
  ~Connection();

  /// Connects if need be, sends, reads the whole answer. Throws Failure; what `sink` throws goes through.
  Answer exchange(const Request& request, const Sink& sink = {});
  /// True where the next request goes over a connection that served one before.
  bool reused() const;
  void close();

 private:
  class Wire;
  Address address_;
  Limits limits_;
  std::unique_ptr<Wire> wire_;
};

}  // namespace twoway::http
