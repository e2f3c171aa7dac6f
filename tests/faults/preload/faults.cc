#include "tests/faults/preload/faults.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

namespace twoway::faults {

Fault fault;
Record* record = nullptr;

namespace {

Fault parse(std::string_view text) {
  using Named = std::pair<std::string_view, Kind>;
  constexpr Named kinds[] = {
      {"kill", Kind::kill},
      {"torn", Kind::torn},
      {"stop", Kind::stop},
      {"read_only", Kind::read_only},
      {"full", Kind::full},
      {"full_once", Kind::full_once},
      {"broken", Kind::broken},
      {"broken_once", Kind::broken_once},
      {"cut", Kind::cut},
      {"memory", Kind::memory},
      {"memory_once", Kind::memory_once},
      {"memory_above", Kind::memory_above},
      {"nameless", Kind::nameless},
      {"clock", Kind::clock},
  };
  Fault result;
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return result;
  for (const auto& [name, kind] : kinds) {
    if (name == text.substr(0, colon)) result.kind = kind;
  }
  result.number = std::strtoull(text.data() + colon + 1, nullptr, 10);
  return result;
}

/// Before main(): nothing of the program has run yet.
__attribute__((constructor)) void load() {
  const char* path = std::getenv(record_variable);
  const char* asked = std::getenv(fault_variable);
  if (path == nullptr) return;
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
  if (file < 0) die();  // a test that counts nothing must not pass
  void* memory = mmap(nullptr, sizeof(Record), PROT_READ | PROT_WRITE, MAP_SHARED, static_cast<int>(file), 0);
  syscall(SYS_close, file);
  if (memory == MAP_FAILED) die();
  if (asked != nullptr) fault = parse(asked);
  record = static_cast<Record*>(memory);
  record->loaded.fetch_add(1);
  // Programs that this one starts are left alone: they are counted by nobody.
  unsetenv("LD_PRELOAD");
}

}  // namespace

void die() {
  if (record != nullptr) record->hits.fetch_add(1);
  syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  while (true) syscall(SYS_rt_sigsuspend, nullptr, 0);
}

void stop() {
  record->hits.fetch_add(1);
  syscall(SYS_kill, syscall(SYS_getpid), SIGSTOP);
}

std::uint64_t note(const char* name, Sort sort, std::size_t bytes) {
  const std::uint64_t number = record->calls.fetch_add(1) + 1;
  if (number > Record::most_calls) return number;
  Call& call = record->list[number - 1];
  std::strncpy(call.name.data(), name, call.name.size() - 1);
  call.sort = sort;
  call.bytes = static_cast<std::uint32_t>(bytes);
  return number;
}

int failure(std::uint64_t number, Sort sort) {
  switch (fault.kind) {
    case Kind::read_only:
      return number >= fault.number ? EROFS : 0;
    case Kind::full:
      return number >= fault.number && sort != Sort::other ? ENOSPC : 0;
    case Kind::full_once:
      return number == fault.number && sort != Sort::other ? ENOSPC : 0;
    case Kind::broken:
      return number >= fault.number ? EIO : 0;
    case Kind::broken_once:
      return number == fault.number ? EIO : 0;
    default:
      return 0;
  }
}

}  // namespace twoway::faults
