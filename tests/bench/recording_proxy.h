// Stands between a client and an HTTP server and keeps what was posted, so that it can be posted again ready-made.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace twoway::bench {

/// Passes every request on to a server on this machine; requests whose target begins with one of `prefixes` are kept in
/// `directory`: `000001.target` and `000001.body`, in the order of their arrival.
class RecordingProxy {
 public:
  RecordingProxy(unsigned short server_port, std::vector<std::string> prefixes, std::filesystem::path directory);
  ~RecordingProxy();
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  std::string url() const;

 private:
  void accept_all();
  void serve(int client);
  void keep(const std::string& target, const std::string& body);

  unsigned short server_port_;
  std::vector<std::string> prefixes_;
  std::filesystem::path directory_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<int> kept_{0};
  std::thread thread_;
};

/// Posts what was kept, one after the other over one connection, as the superuser. Returns seconds. Throws where an
/// answer is no success.
double post_ready_made(const std::filesystem::path& directory, const std::string& host, unsigned short port,
                       const std::string& email, const std::string& password);

}  // namespace twoway::bench
