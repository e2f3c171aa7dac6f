// Who has a file open: this very machine's processes.
#include "runtime/store/processes.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway {
namespace {

namespace fs = std::filesystem;
using test::BackgroundProcess;

/// Waits until `sh` has opened the file and has become `sleep`.
void wait_for_sleep(const BackgroundProcess& process) {
  while (test::read_file(fmt::format("/proc/{}/comm", process.id())) != "sleep\n") usleep(1000);
}

TEST(Processes, WhoHasAFileOpenAndHow) {
  const test::TemporaryDirectory directory("processes");
  const fs::path file = directory / "a file.db";
  std::ofstream(file) << "x";
  std::ofstream(file.string() + "-wal") << "x";
  EXPECT_TRUE(database_users(file).empty());
  EXPECT_TRUE(database_users(directory / "missing").empty());
  const std::ifstream own(file);
  EXPECT_TRUE(database_users(file).empty()) << "this process is no other";
  BackgroundProcess reader({"sh", "-c", "exec 9<\"$0\"; exec sleep 300", file.string()}, directory / "log");
  BackgroundProcess writer({"sh", "-c", "exec 9<>\"$0\"-wal; exec sleep 300", file.string()}, directory / "log");
  wait_for_sleep(reader);
  wait_for_sleep(writer);
  const std::vector<FileUser> users = database_users(file);
  ASSERT_EQ(users.size(), 2U);
  for (const FileUser& user : users) {
    EXPECT_EQ(user.name, fmt::format("sleep (process {})", user.process));
    EXPECT_EQ(user.may_write, user.process == writer.id());
  }
  EXPECT_EQ(names_of(users), users[0].name + " and " + users[1].name);
}

TEST(Processes, AnInterpreterIsNamedWithWhatItRuns) {
  const test::TemporaryDirectory directory("processes");
  const fs::path script = directory / "app.sh";
  std::ofstream(script) << "while :; do sleep 0.05; done\n";
  BackgroundProcess process({"bash", script.string(), "--password", "secret"}, directory / "log");
  while (test::read_file(fmt::format("/proc/{}/comm", process.id())) != "bash\n") usleep(1000);
  EXPECT_EQ(process_name(process.id()), fmt::format("bash app.sh (process {})", process.id()));
  EXPECT_TRUE(process_name(1 << 30).starts_with("a program (process "));
}

TEST(Processes, ANamedLockKnowsItsHolder) {
  const std::string name = fmt::format("processes test {}", getpid());
  {
    const NamedLock first(name);
    EXPECT_FALSE(first.holder());
    const NamedLock second(name), other(name + " other");
    EXPECT_EQ(second.holder(), process_name(getpid()));
    EXPECT_FALSE(other.holder());
  }
  EXPECT_FALSE(NamedLock(name).holder()) << "it is let go";
}

TEST(Processes, ANameMayBeLong) {
  const std::string name = fmt::format("{} {}", std::string(200, 'x'), getpid());
  const NamedLock first(name);
  EXPECT_FALSE(first.holder());
  EXPECT_TRUE(NamedLock(name).holder().has_value());
  EXPECT_FALSE(NamedLock(name + "y").holder());
}

TEST(Processes, ModulesAndLongNames) {
  const test::TemporaryDirectory directory("processes");
  const fs::path interpreter = directory / "python-of-a-long-name";
  fs::create_symlink("/bin/sleep", interpreter);
  const auto named = [&](const std::vector<std::string>& arguments, const std::string& comm) {
    BackgroundProcess process(arguments, directory / "log");
    while (test::read_file(fmt::format("/proc/{}/comm", process.id())) != comm + "\n") usleep(1000);
    const std::string name = process_name(process.id());
    return name.substr(0, name.find(" (process "));
  };
  EXPECT_EQ(named({interpreter.string(), "300"}, "python-of-a-lon"), "python-of-a-long-name 300");
  EXPECT_EQ(named({"bash", "-c", "exec -a python3 sleep 300"}, "sleep"), "sleep 300");
  EXPECT_EQ(named({"bash", "-c", "exec -a bash bash -c 'while :; do sleep 0.05; done' -m x"}, "bash"), "bash");
}

}  // namespace
}  // namespace twoway
