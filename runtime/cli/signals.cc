#include "runtime/cli/signals.h"

#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace twoway::cli {
namespace {

std::atomic<bool> flag{false};
static_assert(std::atomic<bool>::is_always_lock_free);

extern "C" void twoway_interrupt(int) {
  const int error = errno;
  flag.store(true);
  // The second signal, whichever it is, ends the process.
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::signal(number, SIG_DFL);
  constexpr std::string_view text = "\ninterrupted: ending after this batch; once more ends at once\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
  errno = error;
}

}  // namespace

Signals::Signals() {
  flag.store(false);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    struct sigaction action {};
    action.sa_handler = twoway_interrupt;
    action.sa_flags = SA_RESTART;
    // Who reads our output may go away in the middle of a run; the run goes on.
    if (numbers[i] == SIGPIPE) action.sa_handler = SIG_IGN;
    ::sigaction(numbers[i], nullptr, &before_[i]);
    // nohup and background jobs of simple shells ignore some of them; that stays.
    if (before_[i].sa_handler != SIG_IGN) ::sigaction(numbers[i], &action, nullptr);
  }
}

Signals::~Signals() {
  for (std::size_t i = 0; i < numbers.size(); ++i) ::sigaction(numbers[i], &before_[i], nullptr);
}

const std::atomic<bool>& Signals::interrupted() { return flag; }

}  // namespace twoway::cli
