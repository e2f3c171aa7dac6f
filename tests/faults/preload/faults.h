// The faults, and where the wrapped calls meet them.
#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>

#include "tests/faults/preload/record.h"

/// Exports a function under libc's name for it. With a name of its own in C++, its declaration need not agree with the
/// C library's headers.
#define TWOWAY_EXPORTED(name) __asm__(name) __attribute__((visibility("default")))

namespace twoway::faults {

enum class Kind : std::uint8_t {
  none,
  kill,          ///< SIGKILL before the call
  torn,          ///< SIGKILL after half of the call's bytes (a call without bytes: after it)
  stop,          ///< SIGSTOP before the call: the program waits for SIGCONT
  read_only,     ///< EROFS from the call on
  full,          ///< ENOSPC from the call on, for whatever needs room
  full_once,     ///< ENOSPC, this once
  broken,        ///< EIO from the call on, for every write-class call
  broken_once,   ///< EIO, this once
  cut,           ///< half of the bytes are written, and the call says so
  memory,        ///< an allocation fails from this one on
  memory_once,   ///< this allocation fails
  memory_above,  ///< allocations of at least so many bytes fail
  nameless,      ///< no file without a name can be made: EOPNOTSUPP for O_TMPFILE
  clock,         ///< from this reading on, the clock is an hour behind
};

struct Fault {
  Kind kind = Kind::none;
  std::uint64_t number = 0;
};

/// What the environment asked for when the program was loaded.
extern Fault fault;
/// Null where the environment names none: then everything is passed on.
extern Record* record;

[[noreturn]] void die();
void stop();
/// Notes a call; gives its number.
std::uint64_t note(const char* name, Sort sort, std::size_t bytes);
/// The errno that a call has to fail with; 0: none.
int failure(std::uint64_t number, Sort sort);

/// One write-class call. `pass(bytes)` makes it with so many of its bytes.
template <class Pass>
auto counted(const char* name, Sort sort, std::size_t bytes, const Pass& pass) {
  using Result = decltype(pass(bytes));
  if (record == nullptr) return pass(bytes);
  const std::uint64_t number = note(name, sort, bytes);
  const bool now = number == fault.number;
  if (now && fault.kind == Kind::kill) die();
  if (now && fault.kind == Kind::stop) stop();
  if (now && fault.kind == Kind::torn) {
    pass(sort == Sort::data ? bytes / 2 : bytes);
    die();
  }
  if (now && fault.kind == Kind::cut && sort == Sort::data && bytes > 1) {
    record->hits.fetch_add(1);
    return pass(bytes / 2);
  }
  if (const int error = failure(number, sort); error != 0) {
    record->hits.fetch_add(1);
    errno = error;
    return static_cast<Result>(-1);
  }
  return pass(bytes);
}

}  // namespace twoway::faults
