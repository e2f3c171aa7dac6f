// Other programs, run and watched.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace twoway::test {

struct ProcessOptions {
  /// Set in addition to this program's own environment.
  std::vector<std::pair<std::string, std::string>> environment;
  /// What the program reads on its standard input.
  std::string input;
  std::filesystem::path working_directory;
  /// After this long it is killed.
  std::chrono::milliseconds timeout = std::chrono::minutes(10);
};

struct ProcessResult {
  int status = -1;  ///< exit status; -1 if a signal ended it
  int signal = 0;   ///< the signal that ended it, or 0
  bool timed_out = false;
  std::string output;  ///< standard output
  std::string errors;  ///< standard error
  /// Peak resident memory (wait4). Linux lets a child inherit the peak of the process that forked it, so a program that
  /// measures memory must itself stay small.
  long peak_kib = 0;
  double seconds = 0;      ///< wall clock
  double cpu_seconds = 0;  ///< user and system, with the children it waited for

  /// For messages: how it ended and what it said.
  std::string describe() const;
};

/// Runs a program to its end. The first argument names it (PATH is searched). Throws if it cannot be started.
ProcessResult run(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// Like `run`, but anything but exit status 0 throws with what the program said. Returns its standard output.
std::string run_checked(const std::vector<std::string>& arguments, const ProcessOptions& options = {});

/// A program that runs beside the test; killed and waited for at the latest by the destructor.
class BackgroundProcess {
 public:
  /// Both outputs go to `log`. `options.input` and `options.timeout` are not used: its input is empty.
  BackgroundProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                    const ProcessOptions& options = {});
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  pid_t id() const { return id_; }
  /// False once it has ended.
  bool running();
  void signal(int number);
  /// Waits for its end; kills it after `timeout`. `output` of the result is the log so far, `errors` is empty.
  ProcessResult wait(std::chrono::milliseconds timeout);
  /// SIGTERM, then `wait`.
  ProcessResult terminate(std::chrono::milliseconds timeout = std::chrono::seconds(20));
  std::string log() const;

 private:
  bool collect(bool block);

  std::filesystem::path log_;
  std::chrono::steady_clock::time_point started_;
  pid_t id_ = -1;
  bool ended_ = false;
  ProcessResult result_;
};

/// The whole content of a file.
std::string read_file(const std::filesystem::path& path);

}  // namespace twoway::test
