// Memory that runs out, and a clock that jumps back an hour, in the middle of a small migration.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/faults/moves.h"

namespace twoway::test {
namespace {

/// True where a library ended the program while it set itself up: it knows no other way, and nothing is at stake yet.
bool ended_at_start(const Scene& scene, const ProcessResult& result) {
  return result.signal == SIGABRT && !std::filesystem::exists(scene.state()) &&
         (result.errors.find("std::bad_alloc") != std::string::npos ||
          result.errors.find("out of memory") != std::string::npos);
}

/// Whether a failed run says what happened, and what to do.
std::string judge_words(const ProcessResult& result) {
  // When all is done, the receipt alone may fail.
  const bool receipt = result.status == 1 && result.errors.find("receipt") != std::string::npos;
  if (result.status != 2 && result.status != 3 && !receipt) {
    return "it does not end as it should: " + result.describe();
  }
  if (result.errors.find("error: ") == std::string::npos || result.errors.find("memory") == std::string::npos) {
    return "it does not say what happened: " + result.describe();
  }
  return {};
}

/// A run without memory comes through, or ends with words and the status that tells what to do; but at its start, where
/// a library may end it. In all cases it keeps its promises and the same command goes on.
std::string without_memory(Scene& scene, const std::string& fault, std::uint64_t& aborted) {
  scene.renew();
  const ProcessResult result = scene.run(fault);
  if (result.status == 0) return scene.judge(result);
  if (scene.hits() == 0) return "the fault did not take place: " + result.describe();
  if (ended_at_start(scene, result)) {
    ++aborted;
  } else if (std::string unclear = judge_words(result); !unclear.empty()) {
    return unclear;
  }
  if (std::string broken = scene.broken_promise(result); !broken.empty()) return broken;
  const std::string problem = scene.finish();
  return problem.empty() ? problem : "the same command again: " + problem;
}

/// Tries about so many allocations, evenly; all of them where there is time.
void at_allocations(const Move& move, const char* kind, std::uint64_t points) {
  Scene scene(move);
  ASSERT_GT(scene.allocations(), 1000U) << "a migration allocates more often than that";
  Tally tally(fmt::format("{} at an allocation, {}", kind, move.name));
  const std::uint64_t stride = soak() ? 1 : scene.allocations() / points;
  std::uint64_t hit = 0, aborted = 0;
  for (std::uint64_t at = 1; at < scene.allocations(); at += stride) {
    tally.point(fmt::format("allocation {}", at), without_memory(scene, fmt::format("{}:{}", kind, at), aborted));
    hit += scene.fault_hit() ? 1 : 0;
  }
  tally.remark(fmt::format("{} ended at the start", aborted));
  EXPECT_LE(aborted, soak() ? 20 : 1) << "more would be ours to mend";
  // How often a run allocates depends on what else runs on the machine: it looks through all processes.
  EXPECT_GT(hit, tally.points() / 2);
}

TEST(Memory, OneAllocationFails) {
  const Library library;
  at_allocations(library.to_prepared_pocketbase(), "memory_once", 60);
  at_allocations(library.to_filled_database(), "memory_once", 60);
}

TEST(Memory, AllAllocationsFailFromOneOn) {
  const Library library;
  at_allocations(library.to_filled_pocketbase(), "memory", 60);
  at_allocations(library.to_new_database(), "memory", 60);
}

TEST(Memory, LargeAllocationsFail) {
  const Library library;
  Scene scene(library.to_prepared_pocketbase());
  Tally tally("memory_above, sqlite to an empty pb_data");
  std::uint64_t aborted = 0;
  for (std::uint64_t size = 256; size <= 65536; size *= 2) {
    tally.point(fmt::format("{} bytes", size), without_memory(scene, fmt::format("memory_above:{}", size), aborted));
  }
  tally.remark(fmt::format("{} ended at the start", aborted));
}

TEST(Clock, JumpsBackAnHourAtEachReading) {
  const Library library;
  for (const Move& move : {library.to_filled_pocketbase(), library.to_new_database()}) {
    Scene scene(move);
    ASSERT_GT(scene.clock_readings(), 5U);
    Tally tally(fmt::format("the clock jumps back, {}", move.name));
    for (std::uint64_t at = 2; at <= scene.clock_readings(); ++at) {
      scene.renew();
      std::string problem = scene.judge(scene.run(fmt::format("clock:{}", at)));
      if (scene.hits() == 0) problem = "the fault did not take place";
      // And a run after it, with the clock put right.
      if (problem.empty()) problem = scene.finish();
      tally.point(fmt::format("reading {}", at), problem);
    }
  }
}

}  // namespace
}  // namespace twoway::test
