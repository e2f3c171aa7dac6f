// A disk that is full, and one that fails, at each write-class call of a small migration. The run says so and ends with
// the status that tells what to do; with room again, the same command comes to the same end as an undisturbed one.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/faults/moves.h"

namespace twoway::test {
namespace {

/// A run that a fault was in: it may have come through, or say what stopped it; it never crashes.
std::string end_of(Scene& scene, const ProcessResult& result) {
  if (scene.hits() == 0) return "the fault did not take place";
  if (result.status == 0) return scene.judge(result);
  const bool says_so =
      result.errors.find("error: ") != std::string::npos && result.errors.find("\nhint: ") != std::string::npos;
  const bool in_words = result.errors.find("std::") == std::string::npos;
  const bool only_the_receipt = result.errors.find("the receipt was not written") != std::string::npos;
  if (result.status < 1 || result.status > 3) return "it crashed: " + result.describe();
  if (!says_so || !in_words) return "it does not say what happened: " + result.describe();
  if (result.status == 1 && !only_the_receipt) return "exit status 1 is for differences: " + result.describe();
  return scene.broken_promise(result);
}

std::string disturb(Scene& scene, const std::string& fault) {
  scene.renew();
  if (std::string problem = end_of(scene, scene.run(fault)); !problem.empty()) return problem;
  const std::string problem = scene.finish();
  return problem.empty() ? problem : "the same command again: " + problem;
}

void at_calls(const Move& move, const char* kind, bool (*fits)(const faults::Call&), std::size_t stride) {
  Scene scene(move);
  Tally tally(fmt::format("{} at a call, {}", kind, move.name));
  std::size_t fitting = 0;
  for (std::size_t at = 0; at < scene.calls().size(); ++at) {
    const faults::Call& call = scene.calls()[at];
    if (!fits(call) || fitting++ % (soak() ? 1 : stride) != 0) continue;
    tally.point(fmt::format("call {} ({})", at + 1, call.name.data()),
                disturb(scene, fmt::format("{}:{}", kind, at + 1)));
  }
}

bool any(const faults::Call&) { return true; }
bool needs_room(const faults::Call& call) { return call.sort != faults::Sort::other; }
bool has_bytes(const faults::Call& call) { return call.sort == faults::Sort::data && call.bytes > 1; }

constexpr std::size_t stride = 9;

TEST(Disk, FullFromACallOn) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "full", needs_room, stride);
  at_calls(library.to_filled_pocketbase(), "full", needs_room, stride);
  at_calls(library.to_new_database(), "full", needs_room, stride);
  at_calls(library.copy_to_new_database(), "full", needs_room, stride);
}

TEST(Disk, FullForOneCall) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "full_once", needs_room, stride);
  at_calls(library.to_filled_database(), "full_once", needs_room, stride);
  at_calls(library.to_new_database(), "full_once", needs_room, stride);
}

TEST(Disk, BrokenFromACallOn) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "broken", any, stride);
  at_calls(library.to_filled_database(), "broken", any, stride);
  at_calls(library.copy_to_new_database(), "broken", any, stride);
}

TEST(Disk, BrokenForOneCall) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "broken_once", any, stride);
  at_calls(library.to_filled_pocketbase(), "broken_once", any, stride);
  at_calls(library.to_new_database(), "broken_once", any, stride);
}

TEST(Disk, WritesHalfOfACall) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "cut", has_bytes, stride);
  at_calls(library.to_new_database(), "cut", has_bytes, stride);
}

/// Nothing can be written anywhere: the run does not start, and says so.
TEST(Disk, ReadOnly) {
  const Library library;
  Tally tally("a disk that is read-only");
  for (const Move& move : {library.to_new_pocketbase(), library.to_prepared_pocketbase(),
                           library.to_filled_pocketbase(), library.to_new_database(), library.to_filled_database(),
                           library.copy_to_new_database(), library.copy_to_filled_pocketbase()}) {
    Scene scene(move);
    scene.renew();
    const ProcessResult result = scene.run("read_only:1");
    std::string problem = result.status == 2 ? end_of(scene, result) : "it started: " + result.describe();
    if (problem.empty()) problem = scene.finish();
    tally.point(move.name, problem);
  }
}

TEST(Disk, ReadOnlyFromACallOn) {
  const Library library;
  at_calls(library.to_prepared_pocketbase(), "read_only", any, 2 * stride);
  at_calls(library.to_filled_database(), "read_only", any, 2 * stride);
}

}  // namespace
}  // namespace twoway::test
