// PostgreSQL's binary format is big-endian throughout.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

namespace twoway::postgresql {

namespace detail {

template <class Integer>
Integer swapped(Integer value) {
  static_assert(std::endian::native == std::endian::little || std::endian::native == std::endian::big);
  if constexpr (std::endian::native == std::endian::big || sizeof(Integer) == 1) {
    return value;
  } else if constexpr (sizeof(Integer) == 2) {
    return static_cast<Integer>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  } else if constexpr (sizeof(Integer) == 4) {
    return static_cast<Integer>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  } else {
    return static_cast<Integer>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
}

}  // namespace detail

/// Reads an integer of its size's bytes.
template <class Integer>
Integer read_big_endian(const char* bytes) {
  Integer value;
  std::memcpy(&value, bytes, sizeof value);
  return detail::swapped(value);
}

/// Appends an integer of its size's bytes.
template <class Integer>
void append_big_endian(std::string& out, std::type_identity_t<Integer> value) {
  const Integer swapped = detail::swapped(static_cast<Integer>(value));
  char bytes[sizeof swapped];
  std::memcpy(bytes, &swapped, sizeof swapped);
  out.append(bytes, sizeof bytes);
}

/// Writes an integer over what is there.
template <class Integer>
void write_big_endian(char* out, std::type_identity_t<Integer> value) {
  const Integer swapped = detail::swapped(static_cast<Integer>(value));
  std::memcpy(out, &swapped, sizeof swapped);
}

}  // namespace twoway::postgresql
