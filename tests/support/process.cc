#include "tests/support/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>
#include <thread>

namespace twoway::test {

using Clock = std::chrono::steady_clock;

namespace {

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

/// Both ends of a pipe, closed on exec and by the destructor.
struct Pipe {
  std::array<int, 2> ends{-1, -1};

  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe");
  }
  ~Pipe() {
    close_end(0);
    close_end(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  void close_end(std::size_t end) {
    if (ends[end] >= 0) close(ends[end]);
    ends[end] = -1;
  }
};

/// Forks and executes. The three descriptors become the child's standard ones.
pid_t spawn(const std::vector<std::string>& arguments, const ProcessOptions& options, const std::array<int, 3>& files) {
  std::vector<char*> words;
  for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  Pipe failure;  // tells errno of a failed exec; closed by a successful one
  const pid_t id = fork();
  if (id < 0) fail("fork");
  if (id == 0) {
    for (int i = 0; i < 3; ++i) dup2(files[static_cast<std::size_t>(i)], i);
    ::signal(SIGPIPE, SIG_DFL);
    bool ready = options.working_directory.empty() || chdir(options.working_directory.c_str()) == 0;
    for (const auto& [name, value] : options.environment) ready = ready && setenv(name.c_str(), value.c_str(), 1) == 0;
    if (ready) execvp(words[0], words.data());
    const int error = errno;
    [[maybe_unused]] const ssize_t written = write(failure.ends[1], &error, sizeof error);
    _exit(127);
  }
  failure.close_end(1);
  int error = 0;
  if (read(failure.ends[0], &error, sizeof error) == sizeof error) {
    waitpid(id, nullptr, 0);
    errno = error;
    fail("cannot start " + arguments.at(0));
  }
  return id;
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void note_end(ProcessResult& result, int status, const rusage& usage, Clock::time_point started) {
  if (WIFEXITED(status)) result.status = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.peak_kib = usage.ru_maxrss;
  result.cpu_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  result.seconds = std::chrono::duration<double>(Clock::now() - started).count();
}

/// Writes a part of the input; closes the pipe at its end, or when the program no longer listens.
void feed(Pipe& pipe, std::string_view& input) {
  if (!input.empty()) {
    const ssize_t count = write(pipe.ends[1], input.data(), input.size());
    if (count > 0) input.remove_prefix(static_cast<std::size_t>(count));
    if (count > 0 || errno == EAGAIN || errno == EINTR) {
      if (!input.empty()) return;
    }
  }
  pipe.close_end(1);
}

/// Reads what is there; closes the pipe at its end.
void drain(Pipe& pipe, std::string& text) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(pipe.ends[0], buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  if (count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN)) pipe.close_end(0);
}

/// Moves bytes until both outputs are closed. False: the deadline came first.
bool exchange(Pipe& in, std::string_view input, Pipe& out, Pipe& err, ProcessResult& result, Clock::time_point until) {
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    std::array<pollfd, 3> waiting{pollfd{in.ends[1], POLLOUT, 0}, pollfd{out.ends[0], POLLIN, 0},
                                  pollfd{err.ends[0], POLLIN, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    if (poll(waiting.data(), waiting.size(), static_cast<int>(std::min<std::int64_t>(left, 1000))) < 0) {
      if (errno == EINTR) continue;
      fail("poll");
    }
    if (waiting[0].revents != 0) feed(in, input);
    if (waiting[1].revents != 0) drain(out, result.output);
    if (waiting[2].revents != 0) drain(err, result.errors);
  }
  return true;
}

/// A program that ends without reading its input must not end the test.
void ignore_broken_pipes() {
  static const auto before = ::signal(SIGPIPE, SIG_IGN);
  (void)before;
}

}  // namespace

std::string ProcessResult::describe() const {
  std::string how = signal != 0 ? fmt::format("ended by signal {} ({})", signal, strsignal(signal))
                                : fmt::format("exit status {}", status);
  if (timed_out) how += " after its time was up";
  return fmt::format("{}\n--- output\n{}\n--- errors\n{}", how, output, errors);
}

ProcessResult run(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  ignore_broken_pipes();
  ProcessResult result;
  Pipe in, out, err;
  const Clock::time_point started = Clock::now();
  const pid_t id = spawn(arguments, options, {in.ends[0], out.ends[1], err.ends[1]});
  in.close_end(0);
  out.close_end(1);
  err.close_end(1);
  fcntl(in.ends[1], F_SETFL, O_NONBLOCK);
  if (!exchange(in, options.input, out, err, result, started + options.timeout)) {
    result.timed_out = true;
    kill(id, SIGKILL);
  }
  int status = 0;
  rusage usage{};
  while (wait4(id, &status, 0, &usage) < 0) {
    if (errno != EINTR) fail("wait4");
  }
  note_end(result, status, usage, started);
  return result;
}

std::string run_checked(const std::vector<std::string>& arguments, const ProcessOptions& options) {
  ProcessResult result = run(arguments, options);
  if (result.status != 0) {
    std::string command;
    for (const std::string& argument : arguments) command += argument + " ";
    throw std::runtime_error(command + ": " + result.describe());
  }
  return std::move(result.output);
}

BackgroundProcess::BackgroundProcess(const std::vector<std::string>& arguments, const std::filesystem::path& log,
                                     const ProcessOptions& options)
    : log_(log), started_(Clock::now()) {
  const int output = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  const int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (output < 0 || input < 0) fail("open " + log.string());
  id_ = spawn(arguments, options, {input, output, output});
  close(input);
  close(output);
}

BackgroundProcess::~BackgroundProcess() {
  if (!ended_) {
    kill(id_, SIGKILL);
    collect(true);
  }
}

bool BackgroundProcess::collect(bool block) {
  int status = 0;
  rusage usage{};
  pid_t got = -1;
  while (!ended_ && (got = wait4(id_, &status, block ? 0 : WNOHANG, &usage)) < 0 && errno == EINTR) {
  }
  if (got == id_) {
    note_end(result_, status, usage, started_);
    ended_ = true;
  }
  return ended_;
}

bool BackgroundProcess::running() { return !collect(false); }

void BackgroundProcess::signal(int number) {
  if (running()) kill(id_, number);
}

ProcessResult BackgroundProcess::wait(std::chrono::milliseconds timeout) {
  const Clock::time_point until = Clock::now() + timeout;
  while (running()) {
    if (Clock::now() >= until) {
      result_.timed_out = true;
      kill(id_, SIGKILL);
      collect(true);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  result_.output = log();
  return result_;
}

ProcessResult BackgroundProcess::terminate(std::chrono::milliseconds timeout) {
  signal(SIGTERM);
  return wait(timeout);
}

std::string BackgroundProcess::log() const { return read_file(log_); }

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace twoway::test
