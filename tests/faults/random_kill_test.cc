// SIGKILL at random moments of a larger migration: between system calls as well, in the middle of computing and of what
// is written through memory. A hundred in the ordinary tests, ten thousand by `./dev test --soak`.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "generated/openwebui-pocketbase/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/faults/scene.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// Lets the run live for that long. True where it was killed before it ended.
bool kill_after(Scene& scene, std::chrono::microseconds life) {
  BackgroundProcess run(scene.command(), scene.work() / "state.log");
  std::this_thread::sleep_for(life);
  run.signal(SIGKILL);
  const bool killed = run.wait(std::chrono::minutes(2)).signal == SIGKILL;
  fs::remove(scene.work() / "state.log");
  return killed;
}

/// Kills runs at random moments, up to three one after another, before one is let through.
void kill_at_random(const Move& move) {
  Scene scene(move);
  const std::uint64_t kills = soak() ? 2500 : 25;
  const std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random(seed);
  Tally tally(fmt::format("SIGKILL at random moments, {}", move.name));
  std::uint64_t killed = 0, let_live = 0;
  while (killed < kills && let_live < 20 * kills) {
    scene.renew();
    for (std::uint64_t more = 1 + random() % 3; more > 0 && killed < kills; --more) {
      const auto longest = static_cast<std::uint64_t>(scene.seconds() * 1e6);
      const bool done = kill_after(scene, std::chrono::microseconds(random() % longest));
      ++(done ? killed : let_live);
    }
    tally.point(fmt::format("seed {}, after {} kills", seed, killed), scene.finish());
  }
  tally.remark(fmt::format("{} kills", killed));
  EXPECT_EQ(killed, kills);
}

/// The flagship mapping with a database that the application wrote.
class RandomKill : public testing::Test {
 protected:
  fs::path prepared() const {
    RunOptions options;
    options.pocketbase = pocketbase_program().string();
    prepare(openwebui_pocketbase::mapping(), (directory_ / "prepared").string(), options);
    fs::remove(directory_ / "prepared" / "types.d.ts");
    return directory_ / "prepared";
  }
  fs::path filled() const {
    RunOptions options;
    options.from = original_.string();
    options.to = prepared().string();
    options.state_directory = (directory_ / "state").string();
    migrate(openwebui_pocketbase::mapping(), options);
    return options.to;
  }

  TemporaryDirectory directory_{"larger"};
  fs::path original_ = real(directory_.path());
};

TEST_F(RandomKill, IntoPocketBase) {
  kill_at_random({"sqlite to pb_data", program("twoway"), original_, "pb_data", prepared(), {}});
}

TEST_F(RandomKill, IntoADatabase) {
  kill_at_random({"pb_data to sqlite", program("twoway"), filled(), "returned.db", {}, {}});
}

TEST_F(RandomKill, OfACopyOfTables) {
  kill_at_random({"sqlite to sqlite", program("twoway"), original_, "copy.db", {}, {}});
}

TEST_F(RandomKill, OfACopyOfRecords) {
  const fs::path from = filled();
  fs::rename(from, directory_ / "from");
  kill_at_random({"pb_data to pb_data", program("twoway"), directory_ / "from", "pb_data", prepared(), {}});
}

}  // namespace
}  // namespace twoway::test
