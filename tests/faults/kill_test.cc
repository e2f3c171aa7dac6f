// SIGKILL at every write-class system call of a small migration. The same command again ends where an undisturbed one
// does: verified, with the same digest, the same target to the value, and nothing in it twice.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/faults/moves.h"

namespace twoway::test {
namespace {

/// Kills at one call and runs again. Returns what is wrong.
std::string kill_at(Scene& scene, const std::string& fault) {
  scene.renew();
  const ProcessResult result = scene.run(fault);
  if (result.signal != SIGKILL || scene.hits() != 1) return "it was not killed: " + result.describe();
  if (std::string broken = scene.broken_promise(result); !broken.empty()) return broken;
  return scene.finish();
}

/// `torn`: in the middle of the call, half of its bytes written, where the call writes bytes at all.
void kill_everywhere(const Move& move, bool torn, std::size_t stride = 1) {
  Scene scene(move);
  ASSERT_GT(scene.calls().size(), 150U) << "a migration makes more calls than that";
  Tally tally(fmt::format("SIGKILL {} a call, {}", torn ? "inside" : "before", move.name));
  for (std::size_t at = 0; at < scene.calls().size(); at += soak() ? 1 : stride) {
    const faults::Call& call = scene.calls()[at];
    if (torn && (call.sort != faults::Sort::data || call.bytes < 2)) continue;
    tally.point(fmt::format("call {} ({})", at + 1, call.name.data()),
                kill_at(scene, fmt::format("{}:{}", torn ? "torn" : "kill", at + 1)));
  }
}

TEST(Kill, BeforeEachCallIntoAnEmptyPocketBase) { kill_everywhere(Library().to_prepared_pocketbase(), false); }
TEST(Kill, BeforeEachCallIntoAFilledPocketBase) { kill_everywhere(Library().to_filled_pocketbase(), false); }
TEST(Kill, BeforeEachCallIntoANewDatabase) { kill_everywhere(Library().to_new_database(), false); }
TEST(Kill, BeforeEachCallIntoAFilledDatabase) { kill_everywhere(Library().to_filled_database(), false); }
TEST(Kill, BeforeEachCallOfACopyOfTables) { kill_everywhere(Library().copy_to_new_database(), false); }
TEST(Kill, BeforeEachCallOfACopyOfRecords) { kill_everywhere(Library().copy_to_filled_pocketbase(), false); }
TEST(Kill, InsideEachCallIntoAnEmptyPocketBase) { kill_everywhere(Library().to_prepared_pocketbase(), true); }
TEST(Kill, InsideEachCallIntoANewDatabase) { kill_everywhere(Library().to_new_database(), true); }
TEST(Kill, InsideEachCallOfACopyOfTables) { kill_everywhere(Library().copy_to_new_database(), true); }
/// PocketBase makes the collections each time, which takes most of the time.
TEST(Kill, BeforeCallsIntoANewPocketBase) { kill_everywhere(Library().to_new_pocketbase(), false, 10); }

/// What is sent differs by a few calls from run to run, so the last ones are not asked for.
TEST(Kill, BeforeCallsIntoPostgresql) {
  const Library library;
  Scene scene(library.copy_to_postgresql());
  Tally tally("SIGKILL before a call, sqlite to postgresql");
  const std::size_t last = scene.calls().size() * 9 / 10;
  ASSERT_GT(last, 100U);
  for (std::size_t at = 1; at <= last; at += soak() ? 1 : last / 25) {
    tally.point(fmt::format("call {}", at), kill_at(scene, fmt::format("kill:{}", at)));
  }
}

}  // namespace
}  // namespace twoway::test
