#include "runtime/store/http/client.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

namespace twoway::http {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr milliseconds slice{50};
/// An internal error is rarely one that passes: it is tried again a few times, not for as long as patience lasts.
constexpr int most_internal_errors = 3;

bool may_pass(int status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

/// Seconds, as every server that limits rates writes it; a date is taken for none.
milliseconds wished_pause(const Answer& answer) {
  constexpr int longest = 3600;
  int value = 0;
  if (answer.retry_after.empty()) return milliseconds(0);
  for (const char c : answer.retry_after) {
    if (c < '0' || c > '9' || value > longest) return milliseconds(0);
    value = value * 10 + (c - '0');
  }
  return std::chrono::seconds(std::min(value, longest));
}

std::string_view hint(Failure::What what) {
  using What = Failure::What;
  switch (what) {
    case What::unknown_host:
    case What::refused: return "Check the address, and that PocketBase runs and can be reached from here.";
    case What::certificate:
      return "Check the address. If the certificate is your own authority's, name its file as the CA file.";
    case What::handshake:
    case What::garbage: return "Check the address: http or https, host and port.";
    case What::too_long: return "Check that the address is PocketBase's.";
    case What::silent:
    case What::closed:
    case What::cut: return "Check the network and PocketBase's log, then run the same command again: it goes on.";
    case What::interrupted: return "Run the same command again: it goes on.";
  }
  return {};
}

bool is_final(Failure::What what) {
  using What = Failure::What;
  return what == What::certificate || what == What::handshake || what == What::too_long || what == What::garbage ||
         what == What::interrupted;
}

}  // namespace

Client::Client(Address address, Patience patience, const std::string& ca_file, Log log,
               const std::atomic<bool>* interrupted)
    : address_(std::move(address)), patience_(patience), log_(std::move(log)), interrupted_(interrupted),
      connection_(address_, patience.limits, ca_file, interrupted) {}

Error Client::error(const Failure& failure) const {
  return cannot_start(fmt::format("{} {}", address_.text(), failure.what()), std::string(hint(failure.kind())));
}

void Client::pause(milliseconds time) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until) {
    if (interrupted_ != nullptr && interrupted_->load()) {
      throw error(Failure(Failure::What::interrupted, "was not waited for"));
    }
    std::this_thread::sleep_for(slice);
  }
}

void Client::wait_or_throw(Trouble& trouble, milliseconds at_least, const Error& error) {
  const auto now = Clock::now();
  if (trouble.attempts++ == 0) trouble.since = now;
  const int doublings = std::min(trouble.attempts - 1, 20);
  const auto grown = std::min<milliseconds>(patience_.longest_pause, patience_.first_pause * (1LL << doublings));
  // Half of it by chance: clients that failed together do not come back together.
  const auto jitter = std::uniform_int_distribution<milliseconds::rep>(grown.count() / 2, grown.count())(random_);
  const milliseconds wanted = std::max(at_least, milliseconds(jitter));
  if (now + wanted - trouble.since > patience_.total) throw error;
  if (log_ && trouble.attempts == 2) log_("warning", fmt::format("{}; trying again", error.what()));
  pause(wanted);
}

Answer Client::send(const Request& request, Repeat repeat, const Sink& sink) {
  Trouble trouble;
  bool sunk = false;
  const Sink watched = !sink ? Sink() : [&](std::string_view piece) {
    sunk = true;
    sink(piece);
  };
  for (;;) {
    const bool reused = connection_.reused();
    try {
      Answer answer = connection_.exchange(request, watched);
      answered_ = true;
      if (!may_pass(answer.status)) return answer;
      const bool again = answer.status == 429 || answer.status == 503 || repeat == Repeat::safe;
      if (!again || (answer.status == 500 && trouble.attempts >= most_internal_errors)) return answer;
      try {
        wait_or_throw(trouble, wished_pause(answer),
                      cannot_start(fmt::format("{} answers with status {}", address_.text(), answer.status)));
      } catch (const Error&) {
        if (interrupted_ != nullptr && interrupted_->load()) throw;
        return answer;
      }
    } catch (const Failure& failure) {
      if (sunk) throw;
      // A server closes connections that were idle for a while; that it did so just now says nothing against it.
      if (reused && failure.kind() == Failure::What::closed && repeat == Repeat::safe) continue;
      const bool unreached = failure.kind() == Failure::What::unknown_host || failure.kind() == Failure::What::refused;
      const bool unsent = unreached && answered_;
      if (is_final(failure.kind()) || (!unsent && (repeat == Repeat::never || !answered_))) throw error(failure);
      wait_or_throw(trouble, milliseconds(0), error(failure));
    }
  }
}

}  // namespace twoway::http
