// Stands between a client and an HTTP server and keeps what was posted, so that it can be posted again ready-made.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>

namespace twoway::bench {

/// Passes every request on to a server on this machine. Those that change something, other than signing in, are kept in
/// `directory` in the order in which they were answered: `000001.head` (method, status of the answer, target) and
/// `000001.body`.
class RecordingProxy {
 public:
  RecordingProxy(unsigned short server_port, std::filesystem::path directory);
  ~RecordingProxy();
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  std::string url() const;

 private:
  void accept_all();
  void serve(int client);
  void keep(const std::string& head, const std::string& body);

  unsigned short server_port_;
  std::filesystem::path directory_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<int> kept_{0};
  std::thread thread_;
};

/// Sends what was kept, one after the other over one connection, as the superuser. Returns seconds. Throws where an
/// answer has another status than then.
double post_ready_made(const std::filesystem::path& directory, const std::string& host, unsigned short port,
                       const std::string& email, const std::string& password);

}  // namespace twoway::bench
