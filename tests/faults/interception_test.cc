// Whether the wrapped calls are all there are: a tracer counts the system calls themselves, below libc.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>

#include "tests/faults/moves.h"
#include "tests/support/places.h"

namespace twoway::test {
namespace {

/// The name under which the preload counts a system call; null where it is not write-class. Calls that only old
/// programs make stand for those that took their place.
const char* write_class(const __ptrace_syscall_info& info) {
  const auto number = static_cast<long>(info.entry.nr);
  const auto flags = [&](int argument) {
    const int given = static_cast<int>(info.entry.args[argument]);
    return (given & (O_CREAT | O_TRUNC)) != 0 || (given & O_TMPFILE) == O_TMPFILE;
  };
  static const std::map<long, const char*> names{
      {SYS_write, "write"},         {SYS_pwrite64, "pwrite64"},
      {SYS_writev, "writev"},       {SYS_pwritev, "pwritev"},
      {SYS_fsync, "fsync"},         {SYS_fdatasync, "fdatasync"},
      {SYS_ftruncate, "ftruncate"}, {SYS_truncate, "truncate"},
      {SYS_fallocate, "fallocate"}, {SYS_unlinkat, "unlinkat"},
      {SYS_renameat2, "renameat"},  {SYS_linkat, "linkat"},
      {SYS_symlinkat, "symlinkat"}, {SYS_mkdirat, "mkdirat"},
      {SYS_fchmod, "fchmod"},       {SYS_fchown, "fchown"},
      {SYS_msync, "msync"},         {SYS_copy_file_range, "copy_file_range"},
      {SYS_sendfile, "sendfile"},   {SYS_sendto, "sendto"},
      {SYS_sendmsg, "sendmsg"},
#ifdef SYS_open
      {SYS_unlink, "unlinkat"},     {SYS_rmdir, "unlinkat"},
      {SYS_rename, "renameat"},     {SYS_link, "linkat"},
      {SYS_symlink, "symlinkat"},   {SYS_mkdir, "mkdirat"},
      {SYS_creat, "openat"},        {SYS_chmod, "chmod"},
      {SYS_chown, "chown"},
#endif
      {SYS_renameat, "renameat"},   {SYS_fchmodat, "chmod"},
      {SYS_pwritev2, "pwritev"},    {SYS_sync_file_range, "sync_file_range"}};
  if (number == SYS_openat) return flags(2) ? "openat" : nullptr;
#ifdef SYS_open
  if (number == SYS_open) return flags(1) ? "openat" : nullptr;
#endif
  // What is printed goes through libc's own buffers. It is no state that anything would go on from.
  if (number == SYS_write && info.entry.args[0] <= 2) return nullptr;
  const auto found = names.find(number);
  return found == names.end() ? nullptr : found->second;
}

/// Runs a command under a tracer; counts its write-class calls by name.
std::map<std::string, std::uint64_t> traced(const std::vector<std::string>& command, int& status) {
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> words;
    for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    const int nowhere = open("/dev/null", O_RDWR);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    execv(words[0], words.data());
    _exit(127);
  }
  std::map<std::string, std::uint64_t> counts;
  waitpid(child, &status, 0);
  ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
  for (long signal = 0; !WIFEXITED(status) && !WIFSIGNALED(status);) {
    ptrace(PTRACE_SYSCALL, child, nullptr, signal);
    waitpid(child, &status, 0);
    signal = 0;
    if (!WIFSTOPPED(status)) continue;
    if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
      signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
      continue;
    }
    __ptrace_syscall_info info{};
    ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) continue;
    if (const char* name = write_class(info)) ++counts[name];
  }
  return counts;
}

TEST(Interception, EveryWriteClassSystemCallPassesThroughThePreload) {
  const Library library;
  for (const Move& move : {library.to_prepared_pocketbase(), library.to_filled_pocketbase(), library.to_new_database(),
                           library.copy_to_new_database()}) {
    Scene scene(move);
    std::map<std::string, std::uint64_t> wrapped;
    for (const faults::Call& call : scene.calls()) ++wrapped[call.name.data()];
    scene.renew();
    int status = 0;
    const std::map<std::string, std::uint64_t> seen = traced(scene.command(), status);
    EXPECT_EQ(WEXITSTATUS(status), 0) << move.name;
    EXPECT_EQ(seen, wrapped) << move.name;
    EXPECT_GT(scene.calls().size(), 150U) << move.name;
  }
}

}  // namespace
}  // namespace twoway::test
