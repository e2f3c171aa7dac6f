// What a disturbed program and the test that disturbs it share: a mapped file, so that it outlives SIGKILL.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace twoway::faults {

/// What a call does to the disk, as far as the faults differ by it.
enum class Sort : std::uint8_t {
  data,   ///< writes bytes: it can be torn, short, and find the disk full
  grows,  ///< needs room on the disk, all or nothing
  other,  ///< needs none: it can only fail
};

/// One write-class call.
struct Call {
  std::array<char, 14> name{};  ///< of the system call, ends with a zero
  Sort sort = Sort::other;
  std::uint32_t bytes = 0;  ///< of `data`
};

/// Begins with zeros. Calls, allocations and clock readings are numbered from 1.
struct Record {
  static constexpr std::size_t most_calls = 200'000;
  std::atomic<std::uint64_t> loaded{0};  ///< how often the library was loaded
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> allocations{0};
  std::atomic<std::uint64_t> clock_readings{0};
  std::atomic<std::uint64_t> hits{0};   ///< how often the fault took place
  std::array<Call, most_calls> list{};  ///< the first `most_calls`
};

/// The environment: the file with the record, and `KIND:NUMBER`.
constexpr const char* record_variable = "TWOWAY_FAULT_RECORD";
constexpr const char* fault_variable = "TWOWAY_FAULT";

}  // namespace twoway::faults
