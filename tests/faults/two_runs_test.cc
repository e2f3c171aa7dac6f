// A second run into the same target while the first stands still at a write-class call. (A PocketBase that is started
// meanwhile is tests/end_to_end's; answers of servers that are lost are those of tests/pocketbase_server and
// tests/postgresql.)
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "tests/faults/moves.h"

namespace twoway::test {
namespace {

/// One of them carries all of it; the other is refused, or finds nothing left to do.
std::string second_run(Scene& scene, std::size_t at, bool own_state, std::uint64_t& refused) {
  scene.renew();
  const std::filesystem::path log = scene.work().parent_path() / "first.log";
  BackgroundProcess first(scene.command(), log, scene.disturbed(fmt::format("stop:{}", at)));
  for (int i = 0; i < 4000 && scene.hits() == 0 && first.running(); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  if (scene.hits() != 1) return "the first run did not stop";
  std::vector<std::string> command = scene.command();
  if (own_state) *(std::find(command.begin(), command.end(), "--state") + 1) = scene.state().string() + "/second";
  const ProcessResult second = run(command);
  first.signal(SIGCONT);
  const ProcessResult result = first.wait(std::chrono::minutes(2));
  for (const ProcessResult& one : {second, result}) {
    if (one.status == 0) continue;
    const std::string said = one.output + one.errors;
    if (one.status != 2 && one.status != 3) return "one of them: " + one.describe();
    if (said.find("error: ") == std::string::npos) return "it does not say why: " + one.describe();
    ++refused;
  }
  if (second.status != 0 && result.status != 0) {
    return "none of them came through: " + second.describe() + result.describe();
  }
  return scene.finish();
}

void at_calls(const Move& move, bool own_state) {
  Scene scene(move);
  Tally tally(fmt::format("a second run, {}{}", move.name, own_state ? ", with a state of its own" : ""));
  std::uint64_t refused = 0;
  for (std::size_t at = 1; at <= scene.calls().size(); at += soak() ? 1 : 40) {
    tally.point(fmt::format("call {}", at), second_run(scene, at, own_state, refused));
  }
  tally.remark(fmt::format("{} runs refused", refused));
  EXPECT_GT(refused, 0U);
}

TEST(TwoRuns, IntoOnePocketBase) { at_calls(Library().to_filled_pocketbase(), false); }
TEST(TwoRuns, IntoOneDatabase) { at_calls(Library().to_new_database(), false); }
TEST(TwoRuns, IntoOnePocketBaseWithTwoStates) { at_calls(Library().to_filled_pocketbase(), true); }

}  // namespace
}  // namespace twoway::test
