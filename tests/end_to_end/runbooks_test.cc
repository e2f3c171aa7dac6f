// The runbooks, followed by pasting: their code blocks are run in their order, as one script.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/pocketbase_server.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// The lines of the `sh` blocks of a page, without the indent of the list that they stand in.
std::vector<std::string> code_blocks(const fs::path& page) {
  std::vector<std::string> blocks;
  std::istringstream in(read_file(page));
  bool inside = false;
  std::size_t indent = 0;
  for (std::string line; std::getline(in, line);) {
    const std::size_t fence = line.find("```");
    if (!inside && fence != std::string::npos && line.substr(fence) == "```sh") {
      inside = true;
      // A block may begin behind the number of its step; what follows is indented as deep.
      indent = fence;
      blocks.emplace_back();
    } else if (inside && fence != std::string::npos) {
      inside = false;
    } else if (inside) {
      blocks.back() += (line.size() > indent ? line.substr(indent) : "") + "\n";
    }
  }
  return blocks;
}

class Runbooks : public testing::Test {
 protected:
  /// Runs the blocks as a person pastes them: in one shell, one after the other. What a block starts in the background
  /// is waited for until it answers, and stopped before the next block.
  ProcessResult follow(const std::string& page) {
    port_ = free_port();
    std::string script = "set -eu\n";
    for (std::string block : code_blocks(source_directory() / "docs" / "runbooks" / page)) {
      const std::size_t address = block.find("127.0.0.1:8090");
      if (address != std::string::npos) block.replace(address, 14, fmt::format("127.0.0.1:{}", port_));
      script += block;
      if (address == std::string::npos) continue;
      script += fmt::format(
          "for i in $(seq 100); do curl -fs http://127.0.0.1:{0}/api/health && break; sleep 0.1; done\n"
          "curl -fs http://127.0.0.1:{0}/api/health\nkill $!\nwait $! || true\n",
          port_);
    }
    std::ofstream(directory_ / "script.sh") << script;
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment.emplace_back("POCKETBASE", pocketbase_program().string());
    options.environment.emplace_back("TWOWAY_SOURCE", source_directory().string());
    options.environment.emplace_back("PATH", fmt::format("{}:/usr/local/bin:/usr/bin:/bin",
                                                         program("twoway").parent_path().string()));
    return run({"/bin/bash", "script.sh"}, options);
  }

  TemporaryDirectory directory_{"runbooks"};
  unsigned short port_ = 0;
};

TEST_F(Runbooks, ThereAndBack) {
  fs::rename(real(directory_.path()), directory_ / "webui.db");
  const ProcessResult there = follow("sql-to-pocketbase.md");
  EXPECT_EQ(there.status, 0) << there.describe();
  EXPECT_NE(there.output.find("\nestimate: about "), std::string::npos) << there.output;
  EXPECT_NE(there.output.find("API is healthy."), std::string::npos) << there.output;
  EXPECT_FALSE(fs::exists(directory_ / "pb_data"));   // the last step went back
  for (const char* letter : {"announce/maintenance.txt", "letters/sign-in-again.txt", "letters/we-went-back.html"}) {
    EXPECT_TRUE(fs::exists(directory_ / letter)) << letter;
  }
  // Once more, up to the step that goes back, for the way back.
  ProcessOptions options;
  options.working_directory = directory_.path();
  options.environment.emplace_back("POCKETBASE", pocketbase_program().string());
  const ProcessResult again =
      run({program("twoway").string(), "migrate", "--from", "webui.db", "--to", "pb_data", "--quiet"}, options);
  ASSERT_EQ(again.status, 0) << again.describe();
  const ProcessResult back = follow("pocketbase-to-sql.md");
  EXPECT_EQ(back.status, 0) << back.describe();
  EXPECT_NE(back.output.find("API is healthy."), std::string::npos) << back.output;
  EXPECT_NE(back.output.find("Healthy"), std::string::npos) << back.output;
  EXPECT_TRUE(fs::exists(directory_ / "webui.db"));   // what it was before the run
  EXPECT_TRUE(fs::exists(directory_ / "letters_back/sign-in-again.txt"));
}

}  // namespace
}  // namespace twoway::test
