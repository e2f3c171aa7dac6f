#include "tests/support/hostile_proxy.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace twoway::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr std::size_t piece_bytes = 32 * 1024;

/// The rules, shared by the proxy's thread and the test's.
class Rules {
 public:
  void add(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
  }
  /// The fault that hits a request, if any.
  std::optional<Fault> take(const std::string& first_line, std::size_t body_bytes) {
    const std::lock_guard lock(mutex_);
    lines_.push_back(first_line);
    for (Fault& fault : faults_) {
      if (first_line.find(fault.path) == std::string::npos || fault.times == 0) continue;
      if (fault.longer_than != 0 && body_bytes <= fault.longer_than) continue;
      if (fault.skip > 0) {
        --fault.skip;
        continue;
      }
      --fault.times;
      ++hits_;
      return fault;
    }
    return std::nullopt;
  }
  int hits() const {
    const std::lock_guard lock(mutex_);
    return hits_;
  }
  int requests(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return line.find(path) != std::string::npos;
    }));
  }

 private:
  mutable std::mutex mutex_;
  std::vector<Fault> faults_;
  std::vector<std::string> lines_;
  int hits_ = 0;
};

std::size_t content_length(std::string_view head) {
  std::string lower(head);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  const std::size_t at = lower.find("\r\ncontent-length:");
  return at == std::string::npos ? 0 : std::stoull(lower.substr(at + 17));
}

void reset(tcp::socket& socket) {
  error_code ignored;
  socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

/// One client's connection and the one to the server that belongs to it.
template <class Client>
class Session : public std::enable_shared_from_this<Session<Client>> {
 public:
  Session(Client client, tcp::socket server, const ProxyOptions& options, Rules& rules)
      : client_(std::move(client)), server_(std::move(server)), options_(options), rules_(rules),
        up_timer_(server_.get_executor()), down_timer_(server_.get_executor()) {}

  void start() {
    pump_up();
    if (options_.server_port != 0) pump_down();
  }

 private:
  using What = Fault::What;
  auto self() { return this->shared_from_this(); }
  tcp::socket& socket() {
    if constexpr (std::is_same_v<Client, tcp::socket>) return client_;
    else return client_.next_layer();
  }

  void end() {
    error_code ignored;
    socket().shutdown(tcp::socket::shutdown_both, ignored);
    socket().close(ignored);
    server_.close(ignored);
  }
  void reset_both() {
    reset(socket());
    reset(server_);
  }

  template <class Next>
  void delay(asio::steady_timer& timer, std::size_t bytes, Next next) {
    auto time = std::chrono::duration_cast<std::chrono::microseconds>(options_.latency);
    if (options_.bytes_per_second != 0) {
      time += std::chrono::microseconds(bytes * 1'000'000 / options_.bytes_per_second);
    }
    if (time.count() == 0) return next();
    timer.expires_after(time);
    timer.async_wait([me = self(), next](error_code error) {
      if (!error) next();
    });
  }

  void pump_up() {
    client_.async_read_some(asio::buffer(up_), [me = self()](error_code error, std::size_t bytes) {
      if (error) return me->end();
      me->took(bytes);
    });
  }

  /// The client sent something: finds out which request it belongs to and whether a fault hits that.
  void took(std::size_t bytes) {
    pending_.append(up_.data(), bytes);
    if (body_left_ == 0) {
      const std::size_t end = pending_.find("\r\n\r\n");
      if (end == std::string::npos) return pump_up();
      const std::size_t length = content_length(std::string_view(pending_).substr(0, end + 2));
      body_left_ = end + 4 + length;
      sent_ = answered_ = 0;
      fault_ = rules_.take(pending_.substr(0, pending_.find("\r\n")), length);
      if (fault_ && fault_->what == What::answer_early) return answer();
    }
    const std::size_t now = std::min(pending_.size(), body_left_);
    const What what = fault_ ? fault_->what : What::none;
    if ((what == What::reset || what == What::freeze) && sent_ + now > fault_->after_bytes) {
      if (what == What::reset) reset_both();
      return;  // frozen: nobody reads any more
    }
    body_left_ -= now;
    sent_ += now;
    const auto piece = std::make_shared<std::string>(pending_.substr(0, now));
    pending_.erase(0, now);
    if (what == What::answer || options_.server_port == 0) return body_left_ == 0 ? answer() : pump_up();
    delay(up_timer_, now, [me = self(), piece] {
      asio::async_write(me->server_, asio::buffer(*piece), [me, piece](error_code error, std::size_t) {
        if (error) return me->end();
        me->pump_up();
      });
    });
  }

  void answer() {
    if (!fault_) return end();
    const auto text = std::make_shared<std::string>(fault_->text);
    const bool goes_on = fault_->what == What::answer;
    fault_.reset();
    asio::async_write(client_, asio::buffer(*text), [me = self(), text, goes_on](error_code error, std::size_t) {
      if (error || !goes_on) return me->end();
      me->pump_up();
    });
  }

  void pump_down() {
    server_.async_read_some(asio::buffer(down_), [me = self()](error_code error, std::size_t bytes) {
      if (error) return me->end();
      me->gave(bytes);
    });
  }

  void gave(std::size_t bytes) {
    const What what = fault_ ? fault_->what : What::none;
    std::size_t passed = bytes;
    bool stop = false;
    if (what == What::swallow_answer) return reset_both();
    if (what == What::cut_answer || what == What::freeze_answer || what == What::close_answer) {
      passed = std::min(bytes, fault_->after_bytes - std::min(fault_->after_bytes, answered_));
      stop = passed < bytes;
    }
    answered_ += passed;
    delay(down_timer_, passed, [me = self(), passed, stop, what] {
      asio::async_write(me->client_, asio::buffer(me->down_, passed), [me, stop, what](error_code error, std::size_t) {
        if (error) return me->end();
        if (!stop) return me->pump_down();
        if (what == What::cut_answer) me->reset_both();
        if (what == What::close_answer) me->end();
      });
    });
  }

  Client client_;
  tcp::socket server_;
  const ProxyOptions& options_;
  Rules& rules_;
  asio::steady_timer up_timer_;
  asio::steady_timer down_timer_;
  std::array<char, piece_bytes> up_;
  std::array<char, piece_bytes> down_;
  std::string pending_;        ///< from the client, not yet passed on
  std::size_t body_left_ = 0;  ///< of the present request, head and all
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
  std::optional<Fault> fault_;  ///< of the present request
};

}  // namespace

std::string http_answer(int status, const std::string& body, const std::string& headers) {
  return fmt::format("HTTP/1.1 {} Status\r\nContent-Type: application/json\r\n{}Content-Length: {}\r\n\r\n{}", status,
                     headers, body.size(), body);
}

class HostileProxy::Implementation {
 public:
  explicit Implementation(ProxyOptions options) : options_(std::move(options)) {
    if (!options_.certificate.empty()) {
      secure_.use_certificate_chain_file(options_.certificate.string());
      secure_.use_private_key_file(options_.key.string(), asio::ssl::context::pem);
    }
    // A slow line: what it cannot pass on yet, it does not take.
    if (options_.bytes_per_second != 0) acceptor_.set_option(asio::socket_base::receive_buffer_size(64 * 1024));
    accept();
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Implementation() {
    context_.stop();
    thread_.join();
  }

  unsigned short port() const { return acceptor_.local_endpoint().port(); }
  bool secure() const { return !options_.certificate.empty(); }
  Rules& rules() { return rules_; }

 private:
  void accept() {
    acceptor_.async_accept([this](error_code error, tcp::socket client) {
      if (!error) serve(std::move(client));
      accept();
    });
  }

  void serve(tcp::socket client) {
    tcp::socket server(context_);
    if (options_.server_port != 0) {
      error_code error;
      server.connect({asio::ip::address_v4::loopback(), options_.server_port}, error);
      if (error) return;
    }
    if (!secure()) {
      std::make_shared<Session<tcp::socket>>(std::move(client), std::move(server), options_, rules_)->start();
      return;
    }
    using Stream = asio::ssl::stream<tcp::socket>;
    auto stream = std::make_shared<Stream>(std::move(client), secure_);
    auto upstream = std::make_shared<tcp::socket>(std::move(server));
    stream->async_handshake(asio::ssl::stream_base::server, [this, stream, upstream](error_code error) {
      if (error) return;
      std::make_shared<Session<Stream>>(std::move(*stream), std::move(*upstream), options_, rules_)->start();
    });
  }

  ProxyOptions options_;
  Rules rules_;
  asio::io_context context_;
  asio::ssl::context secure_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_{context_, {asio::ip::address_v4::loopback(), 0}};
  std::thread thread_;
};

HostileProxy::HostileProxy(ProxyOptions options)
    : implementation_(std::make_unique<Implementation>(std::move(options))) {}
HostileProxy::~HostileProxy() = default;
unsigned short HostileProxy::port() const { return implementation_->port(); }
std::string HostileProxy::url() const {
  return fmt::format("{}://127.0.0.1:{}", implementation_->secure() ? "https" : "http", port());
}
void HostileProxy::add(Fault fault) { implementation_->rules().add(std::move(fault)); }
int HostileProxy::hits() const { return implementation_->rules().hits(); }
int HostileProxy::requests(const std::string& path) const { return implementation_->rules().requests(path); }

}  // namespace twoway::test
