#include "runtime/store/http/connection.h"

#include <fmt/format.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/serializer.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/write.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <variant>
#include <vector>

#include "runtime/model/error.h"

namespace twoway::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace ssl = boost::asio::ssl;
namespace wire = boost::beast::http;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

using Plain = beast::tcp_stream;
using Tls = beast::ssl_stream<beast::tcp_stream>;

constexpr std::size_t header_bytes = 64 * 1024;
constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t upload_piece_bytes = 256 * 1024;
/// How often a wait looks whether the operator wants to stop.
constexpr milliseconds slice{100};

wire::verb verb_of(Method method) {
  switch (method) {
    case Method::get: return wire::verb::get;
    case Method::post: return wire::verb::post;
    case Method::put: return wire::verb::put;
    case Method::patch: return wire::verb::patch;
    case Method::remove: break;
  }
  return wire::verb::delete_;
}

std::string seconds(milliseconds time) { return fmt::format("{:.3g} s", static_cast<double>(time.count()) / 1000.0); }

/// A failure while something was sent or read on an open connection.
Failure broken(const error_code& error, bool answer_began, milliseconds idle) {
  using What = Failure::What;
  if (error == beast::error::timeout) return {What::silent, fmt::format("sent nothing for {}", seconds(idle))};
  if (error == wire::error::body_limit || error == wire::error::header_limit) {
    return {What::too_long, "gave an answer that is too long"};
  }
  const bool no_http = error.category() == make_error_code(wire::error::bad_version).category();
  if (no_http && error != wire::error::end_of_stream && error != wire::error::partial_message) {
    return {What::garbage, "answers with something that is not HTTP"};
  }
  if (answer_began || error == wire::error::partial_message) {
    return {What::cut, "closed the connection in the middle of an answer"};
  }
  return {What::closed, "closed the connection without an answer"};
}

}  // namespace

/// The streams beneath a connection. Every wait ends: with an event, by its time, or because of the operator.
class Connection::Wire {
 public:
  Wire(const Address& address, const Limits& limits, const std::string& ca_file, const std::atomic<bool>* interrupted)
      : address_(address), limits_(limits), interrupted_(interrupted) {
    if (!address.tls) return;
    error_code error;
    secure_.set_verify_mode(ssl::verify_peer);
    if (ca_file.empty()) {
      secure_.set_default_verify_paths(error);
    } else {
      secure_.load_verify_file(ca_file, error);
    }
    if (error) {
      throw cannot_start(fmt::format("cannot read certificates from {}",
                                     ca_file.empty() ? std::string("the system's store") : ca_file),
                         "Name a file with one or more certificates in PEM form.");
    }
  }

  bool is_open() const { return open_; }
  bool used() const { return open_ && used_; }

  void close() {
    open_ = used_ = false;
    stream_ = std::monostate{};
    buffer_.clear();
  }

  void connect() {
    close();
    Plain& socket = make_stream();
    asio::ip::tcp::resolver resolver(context_);
    asio::ip::tcp::resolver::results_type found;
    error_code error = wait(limits_.connect, [&](auto done) {
      resolver.async_resolve(address_.host, address_.port,
                             [&found, done](error_code result, auto results) {
                               found = std::move(results);
                               done(result);
                             });
    }, [&] { resolver.cancel(); });
    if (error) {
      throw Failure(Failure::What::unknown_host,
                    fmt::format("cannot be found: the name {} is not known", address_.host));
    }
    error = wait(limits_.connect, [&](auto done) {
      socket.async_connect(found, [done](error_code result, const auto&) { done(result); });
    });
    if (error == beast::error::timeout) {
      throw Failure(Failure::What::refused, fmt::format("did not take the connection within {}",
                                                        seconds(limits_.connect)));
    }
    if (error) throw Failure(Failure::What::refused, fmt::format("cannot be reached: {}", error.message()));
    error_code ignored;
    socket.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
    if (address_.tls) shake_hands();
    open_ = true;
  }

  void send(const Request& request) {
    if (request.stream != nullptr) return send_stream(request);
    wire::request<wire::span_body<const char>> message;
    begin(message, request, request.body.size());
    message.body() = beast::span<const char>(request.body.data(), request.body.size());
    wire::request_serializer<wire::span_body<const char>> serializer{message};
    while (!serializer.is_done()) {
      const error_code error = transfer([&](auto& stream, auto done) {
        wire::async_write_some(stream, serializer, done);
      });
      // The server may have refused the request in the middle of it: then its answer is there and says why.
      if (error == asio::error::broken_pipe || error == asio::error::connection_reset) break;
      if (error) throw broken(error, false, limits_.idle);
    }
  }

  Answer receive(const Sink& sink) {
    Answer answer;
    std::optional<wire::response_parser<wire::buffer_body>> parser;
    do {  // passes over 1xx
      parser.emplace();
      parser->header_limit(header_bytes);
      parser->body_limit(boost::none);
      const error_code error = transfer([&](auto& stream, auto done) {
        wire::async_read_header(stream, buffer_, *parser, done);
      });
      if (error) throw broken(error, parser->got_some() && error != wire::error::end_of_stream, limits_.idle);
    } while (parser->get().result_int() / 100 == 1);
    const auto text = [&](wire::field field) {
      const auto found = parser->get().find(field);
      return found == parser->get().end() ? std::string() : std::string(found->value());
    };
    answer.status = static_cast<int>(parser->get().result_int());
    answer.content_type = text(wire::field::content_type);
    answer.location = text(wire::field::location);
    answer.retry_after = text(wire::field::retry_after);
    answer.content_range = text(wire::field::content_range);
    read_body(*parser, answer, sink);
    used_ = true;
    if (!parser->get().keep_alive()) close();
    return answer;
  }

 private:
  template <class Message>
  void begin(Message& message, const Request& request, std::uint64_t body_bytes) {
    message.method(verb_of(request.method));
    message.target(address_.path + request.target);
    message.version(11);
    message.set(wire::field::host, address_.host_header());
    message.set(wire::field::user_agent, "twoway");
    message.set(wire::field::accept_encoding, "identity");
    if (!request.authorization.empty()) message.set(wire::field::authorization, request.authorization);
    if (!request.range.empty()) message.set(wire::field::range, request.range);
    if (request.method == Method::get) return;
    if (body_bytes != 0) message.set(wire::field::content_type, request.content_type);
    message.content_length(body_bytes);
  }

  void send_stream(const Request& request) {
    wire::request<wire::buffer_body> message;
    begin(message, request, request.stream->bytes);
    wire::request_serializer<wire::buffer_body> serializer{message};
    request.stream->rewind();
    std::vector<char> piece(upload_piece_bytes);
    std::uint64_t left = request.stream->bytes;
    message.body().data = nullptr;
    message.body().more = true;
    while (!serializer.is_done()) {
      const error_code error =
          transfer([&](auto& stream, auto done) { wire::async_write_some(stream, serializer, done); });
      if (error == asio::error::broken_pipe || error == asio::error::connection_reset) break;
      if (error && error != wire::error::need_buffer) throw broken(error, false, limits_.idle);
      if (!error) continue;
      const std::size_t got = request.stream->read(piece);
      // Another length than was promised cannot be sent: the connection is given up.
      if (got == 0 || got > left) throw Failure(Failure::What::cut, "was sent a file that changed");
      left -= got;
      message.body().data = piece.data();
      message.body().size = got;
      message.body().more = left != 0;
    }
  }

  template <class Parser>
  void read_body(Parser& parser, Answer& answer, const Sink& sink) {
    const bool to_sink = sink && answer.status / 100 == 2;
    std::array<char, piece_bytes> piece;
    while (!parser.is_done()) {
      parser.get().body().data = piece.data();
      parser.get().body().size = piece.size();
      parser.get().body().more = true;
      error_code error = transfer([&](auto& stream, auto done) {
        wire::async_read_some(stream, buffer_, parser, done);
      });
      if (error == wire::error::need_buffer) error = {};
      const std::string_view read(piece.data(), piece.size() - parser.get().body().size);
      if (to_sink) {
        sink(read);
      } else {
        if (answer.body.size() + read.size() > limits_.body_bytes) {
          throw Failure(Failure::What::too_long, "gave an answer that is too long");
        }
        answer.body += read;
      }
      if (error) throw broken(error, true, limits_.idle);
    }
  }

  Plain& make_stream() {
    if (!address_.tls) return stream_.emplace<Plain>(context_);
    return stream_.emplace<Tls>(context_, secure_).next_layer();
  }

  Plain& socket() {
    if (Plain* plain = std::get_if<Plain>(&stream_)) return *plain;
    return std::get<Tls>(stream_).next_layer();
  }

  void shake_hands() {
    Tls& stream = std::get<Tls>(stream_);
    error_code ignored;
    asio::ip::make_address(address_.host, ignored);
    // An IP address is no name that a server could choose its certificate by.
    if (ignored) SSL_set_tlsext_host_name(stream.native_handle(), address_.host.c_str());
    stream.set_verify_callback(ssl::host_name_verification(address_.host));
    const error_code error = wait(limits_.connect, [&](auto done) {
      stream.async_handshake(ssl::stream_base::client, [done](error_code result) { done(result); });
    });
    if (!error) return;
    const long verified = SSL_get_verify_result(stream.native_handle());
    if (error.category() == asio::error::get_ssl_category() && verified != X509_V_OK) {
      // A chain that is trusted, refused by the name's check.
      const bool other_name = verified == X509_V_ERR_UNSPECIFIED || verified == X509_V_ERR_HOSTNAME_MISMATCH ||
                              verified == X509_V_ERR_IP_ADDRESS_MISMATCH;
      throw Failure(Failure::What::certificate,
                    other_name ? fmt::format("has a certificate for another name than {}", address_.host)
                               : fmt::format("has a certificate that is not trusted: {}",
                                             X509_verify_cert_error_string(verified)));
    }
    throw Failure(Failure::What::handshake, fmt::format("does not speak TLS: {}", error.message()));
  }

  /// One asynchronous step on the open stream, bounded by the idle time.
  template <class Start>
  error_code transfer(const Start& start) {
    return wait(limits_.idle, [&](auto done) {
      const auto finished = [done](error_code result, std::size_t) { done(result); };
      if (Plain* plain = std::get_if<Plain>(&stream_)) {
        start(*plain, finished);
      } else {
        start(std::get<Tls>(stream_), finished);
      }
    });
  }

  template <class Start>
  error_code wait(milliseconds longest, const Start& start) {
    return wait(longest, start, [this] { socket().cancel(); });
  }

  /// Runs `start(done)` until `done` is called; `cancel` ends it when it takes too long or the operator wants to stop.
  /// What the kernel still sends is progress: on a slow line an answer comes long after the last byte was handed over.
  template <class Start, class Cancel>
  error_code wait(milliseconds longest, const Start& start, const Cancel& cancel) {
    std::optional<error_code> result;
    start([&result](error_code error) { result = error; });
    auto deadline = std::chrono::steady_clock::now() + longest;
    int queued = unsent_bytes();
    for (;;) {
      context_.restart();
      context_.run_one_for(std::min(slice, longest));
      if (result) return *result;
      const auto now = std::chrono::steady_clock::now();
      const int queued_now = unsent_bytes();
      if (queued_now < queued) deadline = now + longest;
      queued = queued_now;
      const bool stop = interrupted_ != nullptr && interrupted_->load();
      if (!stop && now < deadline) continue;
      cancel();
      while (!result) {
        context_.restart();
        context_.run_one();
      }
      if (stop) throw Failure(Failure::What::interrupted, "was not waited for");
      return beast::error::timeout;
    }
  }

  int unsent_bytes() {
    int bytes = 0;
    if (stream_.index() == 0 || !socket().socket().is_open()) return 0;
    return ioctl(socket().socket().native_handle(), SIOCOUTQ, &bytes) == 0 ? bytes : 0;
  }

  const Address& address_;
  const Limits& limits_;
  const std::atomic<bool>* interrupted_;
  asio::io_context context_;
  ssl::context secure_{ssl::context::tls_client};
  std::variant<std::monostate, Plain, Tls> stream_;
  beast::flat_buffer buffer_;
  bool open_ = false;
  bool used_ = false;
};

Connection::Connection(Address address, Limits limits, const std::string& ca_file,
                       const std::atomic<bool>* interrupted)
    : address_(std::move(address)), limits_(limits),
      wire_(std::make_unique<Wire>(address_, limits_, ca_file, interrupted)) {}

Connection::~Connection() = default;

bool Connection::reused() const { return wire_->used(); }

void Connection::close() { wire_->close(); }

Answer Connection::exchange(const Request& request, const Sink& sink) {
  try {
    if (!wire_->is_open()) wire_->connect();
    wire_->send(request);
    return wire_->receive(sink);
  } catch (...) {
    wire_->close();
    throw;
  }
}

}  // namespace twoway::http
