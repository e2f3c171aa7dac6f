// The clock on the wall, wrapped. Clocks that only go forward are left alone: they do not jump.
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tests/faults/preload/faults.h"

namespace {

using twoway::faults::fault;
using twoway::faults::Kind;
using twoway::faults::record;

/// Counts a reading; gives how many seconds the clock is behind.
long behind() {
  constexpr long hour = 3600;
  if (record == nullptr) return 0;
  const std::uint64_t number = record->clock_readings.fetch_add(1) + 1;
  if (fault.kind != Kind::clock || number < fault.number) return 0;
  record->hits.fetch_add(1);
  return hour;
}

}  // namespace

extern "C" {

int faults_clock_gettime(clockid_t clock, timespec* now) TWOWAY_EXPORTED("clock_gettime");
int faults_clock_gettime(clockid_t clock, timespec* now) {
  const long result = syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec -= behind();
  return static_cast<int>(result);
}
int faults_gettimeofday(timeval* now, void*) TWOWAY_EXPORTED("gettimeofday");
int faults_gettimeofday(timeval* now, void*) {
  timespec exact{};
  if (faults_clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}
time_t faults_time(time_t* kept) TWOWAY_EXPORTED("time");
time_t faults_time(time_t* kept) {
  timespec exact{};
  faults_clock_gettime(CLOCK_REALTIME, &exact);
  if (kept != nullptr) *kept = exact.tv_sec;
  return exact.tv_sec;
}

}  // extern "C"
