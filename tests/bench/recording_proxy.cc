#include "tests/bench/recording_proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "tests/support/rest_client.h"

namespace twoway::bench {

namespace fs = std::filesystem;
namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

std::string read_whole(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_whole(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

RecordingProxy::RecordingProxy(unsigned short server_port, std::vector<std::string> prefixes, fs::path directory)
    : server_port_(server_port), prefixes_(std::move(prefixes)), directory_(std::move(directory)) {
  fs::remove_all(directory_);
  fs::create_directories(directory_);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener_ < 0 || bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(listener_, 8) != 0 ||
      getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    throw std::runtime_error("cannot listen on a loopback port");
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { accept_all(); });
}

RecordingProxy::~RecordingProxy() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

std::string RecordingProxy::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

void RecordingProxy::accept_all() {
  std::vector<std::thread> connections;
  while (true) {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) break;
    connections.emplace_back([this, client] {
      try {
        serve(client);
      } catch (const std::exception&) {
        // One of the two closed the connection: this is how each one ends.
      }
    });
  }
  for (std::thread& connection : connections) connection.join();
}

void RecordingProxy::serve(int client) {
  asio::io_context context;
  asio::ip::tcp::socket from(context, asio::ip::tcp::v4(), client), to(context);
  to.connect({asio::ip::make_address("127.0.0.1"), server_port_});
  boost::beast::flat_buffer from_buffer, to_buffer;
  while (true) {
    http::request_parser<http::string_body> request;
    request.body_limit(boost::none);
    http::read(from, from_buffer, request);
    const auto& message = request.get();
    const std::string target(message.target());
    const auto begins = [&](const std::string& prefix) { return target.starts_with(prefix); };
    if (message.method() == http::verb::post && std::any_of(prefixes_.begin(), prefixes_.end(), begins)) {
      keep(target, message.body());
    }
    http::write(to, message);
    http::response_parser<http::string_body> response;
    response.body_limit(boost::none);
    if (message.method() == http::verb::head) response.skip(true);
    http::read(to, to_buffer, response);
    http::write(from, response.get());
    if (!response.get().keep_alive() || !message.keep_alive()) return;
  }
}

void RecordingProxy::keep(const std::string& target, const std::string& body) {
  const std::string name = fmt::format("{:06}", ++kept_);
  write_whole(directory_ / (name + ".target"), target);
  write_whole(directory_ / (name + ".body"), body);
}

double post_ready_made(const fs::path& directory, const std::string& host, unsigned short port,
                       const std::string& email, const std::string& password) {
  test::RestClient client(host, port);
  client.sign_in("_superusers", email, password);
  const auto start = std::chrono::steady_clock::now();
  for (int number = 1;; ++number) {
    const fs::path target = directory / fmt::format("{:06}.target", number);
    if (!fs::exists(target)) break;
    const test::Response answer =
        client.request("POST", read_whole(target), read_whole(directory / fmt::format("{:06}.body", number)));
    if (!answer.ok()) throw std::runtime_error(fmt::format("request {}: {} {}", number, answer.status, answer.text));
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace twoway::bench
