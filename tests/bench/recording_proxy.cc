#include "tests/bench/recording_proxy.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>
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

RecordingProxy::RecordingProxy(unsigned short server_port, fs::path directory)
    : server_port_(server_port), directory_(std::move(directory)) {
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
    http::write(to, message);
    http::response_parser<http::string_body> response;
    response.body_limit(boost::none);
    if (message.method() == http::verb::head) response.skip(true);
    http::read(to, to_buffer, response);
    if (message.method() != http::verb::get && target.find("/auth-") == std::string::npos &&
        !target.starts_with("/api/backups") && !target.starts_with("/api/files")) {
      keep(fmt::format("{} {} {}", std::string(message.method_string()), response.get().result_int(), target),
           message.body());
    }
    http::write(from, response.get());
    if (!response.get().keep_alive() || !message.keep_alive()) return;
  }
}

void RecordingProxy::keep(const std::string& head, const std::string& body) {
  const std::string name = fmt::format("{:06}", ++kept_);
  write_whole(directory_ / (name + ".head"), head);
  write_whole(directory_ / (name + ".body"), body);
}

double post_ready_made(const fs::path& directory, const std::string& host, unsigned short port,
                       const std::string& email, const std::string& password) {
  test::RestClient client(host, port);
  client.sign_in("_superusers", email, password);
  const auto start = std::chrono::steady_clock::now();
  for (int number = 1;; ++number) {
    const fs::path head = directory / fmt::format("{:06}.head", number);
    if (!fs::exists(head)) break;
    std::istringstream words(read_whole(head));
    std::string method, target;
    int status = 0;
    words >> method >> status >> target;
    const test::Response answer =
        client.request(method, target, read_whole(directory / fmt::format("{:06}.body", number)));
    if (answer.status != status) {
      throw std::runtime_error(fmt::format("{} {}: {} {}", method, target, answer.status, answer.text));
    }
  }
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace twoway::bench
