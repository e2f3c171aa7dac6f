// Files that are copied: kills between their calls, and a file system that cannot do what the others can.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <string_view>

#include "generated/openwebui-pocketbase/mapping.h"
#include "runtime/migrate/migration.h"
#include "tests/faults/scene.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

class FileFaults : public testing::Test {
 protected:
  FileFaults() {
    fs::copy(source_directory() / "tests/data/openwebui/uploads", directory_ / "uploads");
    RunOptions options;
    options.pocketbase = pocketbase_program().string();
    prepare(openwebui_pocketbase::mapping(), (directory_ / "prepared").string(), options);
    fs::remove(directory_ / "prepared" / "types.d.ts");
  }
  Move move() const {
    return {"files of sqlite to pb_data",
            program("twoway"),
            original_,
            "pb_data",
            directory_ / "prepared",
            {"--files", "copy", "--uploads", (directory_ / "uploads").string()}};
  }

 private:
  TemporaryDirectory directory_{"files"};
  fs::path original_ = real(directory_.path());
};

/// Some network file systems, and some that programs make, know no file without a name.
TEST_F(FileFaults, WithoutFilesThatHaveNoNameAllIsTheSame) {
  Scene scene(move());
  scene.renew();
  const ProcessResult result = scene.run("nameless:1");
  EXPECT_EQ(scene.judge(result), "");
  EXPECT_EQ(scene.hits(), 10U) << "five files and their attributes";
  EXPECT_EQ(scene.finish(), "");
}

TEST_F(FileFaults, KilledAtTheirCalls) {
  Scene scene(move());
  const auto is_link = [](const faults::Call& call) { return std::string_view(call.name.data()) == "linkat"; };
  const auto& calls = scene.calls();
  const auto first = std::find_if(calls.begin(), calls.end(), is_link) - calls.begin();
  const auto last = calls.rend() - std::find_if(calls.rbegin(), calls.rend(), is_link);
  ASSERT_GE(last - first, 5) << "a link each";
  Tally tally("SIGKILL before a call, files of sqlite to pb_data");
  // From the folder of the first file to the name of the last in its record. Threads take turns as they like.
  for (auto at = std::max(first - 5, 1L); at < last + 12; at += soak() ? 1 : 4) {
    scene.renew();
    const ProcessResult result = scene.run(fmt::format("kill:{}", at));
    std::string problem = result.signal == SIGKILL ? scene.broken_promise(result) : "no kill: " + result.describe();
    if (problem.empty()) problem = scene.finish();
    tally.point(fmt::format("call {}", at), problem);
  }
}

}  // namespace
}  // namespace twoway::test
