// Allocation, wrapped: operator new and SQLite come here as well.
#include <dlfcn.h>

#include <cerrno>
#include <cstddef>

#include "tests/faults/preload/faults.h"

// glibc's own, under the names that it keeps for those who wrap them.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace {

using twoway::faults::fault;
using twoway::faults::Kind;
using twoway::faults::record;

using Main = int (*)(int, char**, char**);
Main program = nullptr;
/// Set when main() begins: what libraries allocate before that is not the program's to answer for.
bool started = false;

int start(int count, char** arguments, char** environment) {
  started = true;
  return program(count, arguments, environment);
}

/// Counts an allocation; true where it has to fail.
bool refused(std::size_t size) {
  if (record == nullptr || !started) return false;
  const std::uint64_t number = record->allocations.fetch_add(1) + 1;
  const bool now = (fault.kind == Kind::memory && number >= fault.number) ||
                   (fault.kind == Kind::memory_once && number == fault.number) ||
                   (fault.kind == Kind::memory_above && size >= fault.number);
  if (now) {
    record->hits.fetch_add(1);
    errno = ENOMEM;
  }
  return now;
}

}  // namespace

extern "C" {

int faults_start_main(Main main, int count, char** arguments, void (*begin)(), void (*end)(), void (*unload)(),
                      void* top) TWOWAY_EXPORTED("__libc_start_main");
int faults_start_main(Main main, int count, char** arguments, void (*begin)(), void (*end)(), void (*unload)(),
                      void* top) {
  program = main;
  const auto real = reinterpret_cast<decltype(&faults_start_main)>(dlsym(RTLD_NEXT, "__libc_start_main"));
  return real(start, count, arguments, begin, end, unload, top);
}

void* faults_malloc(std::size_t size) TWOWAY_EXPORTED("malloc");
void* faults_malloc(std::size_t size) { return refused(size) ? nullptr : __libc_malloc(size); }
void* faults_calloc(std::size_t count, std::size_t size) TWOWAY_EXPORTED("calloc");
void* faults_calloc(std::size_t count, std::size_t size) {
  return refused(count * size) ? nullptr : __libc_calloc(count, size);
}
void* faults_realloc(void* memory, std::size_t size) TWOWAY_EXPORTED("realloc");
void* faults_realloc(void* memory, std::size_t size) {
  return size != 0 && refused(size) ? nullptr : __libc_realloc(memory, size);
}
void* faults_memalign(std::size_t alignment, std::size_t size) TWOWAY_EXPORTED("memalign");
void* faults_memalign(std::size_t alignment, std::size_t size) {
  return refused(size) ? nullptr : __libc_memalign(alignment, size);
}
void* faults_aligned_alloc(std::size_t alignment, std::size_t size) TWOWAY_EXPORTED("aligned_alloc");
void* faults_aligned_alloc(std::size_t alignment, std::size_t size) { return faults_memalign(alignment, size); }
int faults_posix_memalign(void** memory, std::size_t alignment, std::size_t size) TWOWAY_EXPORTED("posix_memalign");
int faults_posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  void* made = faults_memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *memory = made;
  return 0;
}

}  // extern "C"
