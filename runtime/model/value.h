// The one value type that travels through twoway: what a SQL database or PocketBase's data file can hold in a cell.
#pragma once

#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace twoway {

/// The storage class of a cell. SQLite decides it per value, not per column, so twoway does too.
enum class Kind : std::uint8_t { null, integer, real, text, blob };

/// A view of one cell. It owns nothing: text and blobs point into the reader's row or into a scratch arena and
/// are valid until that row is left or that arena is reset. Text is bytes with a length: it may hold NUL and may be
/// invalid UTF-8. Usable in constant expressions, so the code that runs is the code that is proved.
class Value {
 public:
  constexpr Value() : integer_(0) {}
  static constexpr Value null() { return {}; }
  static constexpr Value integer(std::int64_t value) {
    Value v;
    v.kind_ = Kind::integer;
    v.integer_ = value;
    return v;
  }
  static constexpr Value real(double value) {
    Value v;
    v.kind_ = Kind::real;
    v.integer_ = std::bit_cast<std::int64_t>(value);
    return v;
  }
  static constexpr Value text(std::string_view bytes) { return Value(Kind::text, bytes); }
  static constexpr Value blob(std::string_view bytes) { return Value(Kind::blob, bytes); }
  static constexpr Value boolean(bool value) { return integer(value ? 1 : 0); }

  constexpr Kind kind() const { return kind_; }
  constexpr bool is_null() const { return kind_ == Kind::null; }
  constexpr bool is_integer() const { return kind_ == Kind::integer; }
  constexpr bool is_real() const { return kind_ == Kind::real; }
  constexpr bool is_text() const { return kind_ == Kind::text; }
  constexpr bool is_blob() const { return kind_ == Kind::blob; }
  /// True for text of no bytes (not for NULL).
  constexpr bool is_empty_text() const { return kind_ == Kind::text && size_ == 0; }

  /// The integer; the kind must be integer.
  constexpr std::int64_t as_integer() const {
    assert(kind_ == Kind::integer);
    return integer_;
  }
  /// The real; the kind must be real.
  constexpr double as_real() const {
    assert(kind_ == Kind::real);
    return std::bit_cast<double>(integer_);
  }
  /// The bytes of a text or a blob.
  constexpr std::string_view bytes() const {
    assert(kind_ == Kind::text || kind_ == Kind::blob);
    return {data_, size_};
  }

  /// Equal in storage class and in every bit. 1 and 1.0 differ, '' and NULL differ, -0.0 and 0.0 differ.
  friend constexpr bool same(const Value& a, const Value& b) {
    if (a.kind_ != b.kind_) return false;
    switch (a.kind_) {
      case Kind::null: return true;
      case Kind::integer:
      case Kind::real: return a.integer_ == b.integer_;
      case Kind::text:
      case Kind::blob: return a.bytes() == b.bytes();
    }
    return false;
  }

 private:
  constexpr Value(Kind kind, std::string_view bytes) : data_(bytes.data()), size_(bytes.size()), kind_(kind) {}

  union {
    std::int64_t integer_;  // also the bits of a real
    const char* data_;
  };
  std::size_t size_ = 0;
  Kind kind_ = Kind::null;
};

}  // namespace twoway
