// Proofs at compile time that a lens comes back. Generated code says, under a `#line` that names the mapping:
//   static_assert(twoway::proven<twoway::lens::EpochSeconds, fields::created_at>);
// Where a law breaks, the compiler's error names the YAML line, the lens, the law, the witness and both values.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "runtime/lens/decimal.h"
#include "runtime/lens/lens.h"

namespace twoway {
namespace proof {

/// The laws, as the error names them.
enum class Law : std::uint8_t {
  none,         ///< all hold
  GetPut,       ///< put(get(s)) is s, for each SQL witness of an iso lens
  ShownAgain,   ///< get(put(get(s))) is get(s), for each SQL witness of a lens with residue: what was shown stays so
  PutGet,       ///< get(put(p)) is p, for each PocketBase witness
  no_witnesses  ///< there is nothing to prove it with
};

/// Memory for the text that a lens makes in a proof.
class Scratch {
 public:
  static constexpr std::size_t capacity = 512;
  constexpr char* allocate(std::size_t bytes) {
    if (bytes > capacity - used_) throw "a proof's texts are limited to 512 bytes: choose shorter witnesses";
    char* const start = bytes_ + used_;
    used_ += bytes;
    return start;
  }

 private:
  char bytes_[capacity];
  std::size_t used_ = 0;
};

/// A value as the compiler prints it: usable as a template argument.
struct Shown {
  char text[64]{};
  std::size_t size = 0;

  constexpr void add(char c) {
    if (size + 1 < sizeof text) text[size++] = c;
  }
  constexpr void add(std::string_view characters) {
    for (const char c : characters) add(c);
  }
};

constexpr void show_integer(std::int64_t value, Shown& shown) {
  char digits[decimal::integer_bytes]{};
  const char* const end = decimal::write_integer(digits, value);
  shown.add({digits, static_cast<std::size_t>(end - digits)});
}

/// With up to six decimal places, or as its bits where it is too large for that.
constexpr void show_real(double value, Shown& shown) {
  constexpr double scale = 1e6;
  if (value > -1e12 && value < 1e12) {
    const double magnitude = value < 0 ? -value : value;
    const auto scaled = static_cast<std::int64_t>(magnitude * scale + 0.5);
    if (value < 0) shown.add('-');
    show_integer(scaled / 1'000'000, shown);
    char places[6]{};
    decimal::write_digits(places, static_cast<unsigned>(scaled % 1'000'000), 6);
    std::size_t used = sizeof places;
    while (used > 1 && places[used - 1] == '0') --used;
    shown.add('.');
    shown.add({places, used});
  } else {
    shown.add("real with the bits ");
    show_integer(std::bit_cast<std::int64_t>(value), shown);
  }
}

constexpr Shown show(const Value& value) {
  Shown shown;
  switch (value.kind()) {
    case Kind::null:
      shown.add("NULL");
      break;
    case Kind::integer:
      show_integer(value.as_integer(), shown);
      break;
    case Kind::real:
      show_real(value.as_real(), shown);
      break;
    case Kind::text:
    case Kind::blob:
      shown.add(value.is_blob() ? "blob[" : "text[");  // no quotes: GCC would print them escaped
      for (const char c : value.bytes()) shown.add(c >= ' ' && c < '\x7F' ? c : '?');
      shown.add(']');
      break;
  }
  return shown;
}

/// What a lens must have, one concept for each of the words that the error uses.
template <class Lens>
concept Typed = requires {
  requires std::derived_from<typename Lens::Sql, Value>;
  requires std::derived_from<typename Lens::PocketBase, Value>;
  { Lens::fidelity } -> std::convertible_to<Fidelity>;
};
template <class Lens, class Memory>
concept Gets = requires(const Field& field, const Value& s, Memory& memory) {
  { Lens::get(field, s, memory) } -> std::same_as<Value>;
};
template <class Lens, class Memory>
concept Puts = requires(const Field& field, const Value& p, Memory& memory) {
  { Lens::put(field, p, memory) } -> std::same_as<Value>;
};
template <class Lens>
concept Witnessed = requires(const Field& field) {
  Lens::sql_witnesses(field).size();
  Lens::pocketbase_witnesses(field).size();
};
template <class Lens>
concept HasFunctions = requires {
  { Lens::functions } -> std::convertible_to<const LensFunctions&>;
};

/// Lenses that only run at run time say `static constexpr bool at_compile_time = false`: their laws are tests.
template <class Lens>
constexpr bool runs_at_compile_time() {
  if constexpr (requires { Lens::at_compile_time; }) {
    return Lens::at_compile_time;
  } else {
    return true;
  }
}

/// The first law that breaks.
struct Report {
  Law law = Law::none;
  std::size_t witness = 0;
  Shown wanted{};
  Shown got{};
};

/// GetPut, or what takes its place for a lens with residue, for one SQL value.
template <class Lens>
consteval Report check_from_sql(const Field& field, const Value& s, std::size_t number) {
  Scratch scratch;
  const Value shown = Lens::get(field, s, scratch);
  const Value back = Lens::put(field, shown, scratch);
  if (Lens::fidelity == Fidelity::iso) {
    if (!same(back, s)) return {Law::GetPut, number, show(s), show(back)};
  } else {
    const Value again = Lens::get(field, back, scratch);
    if (!same(again, shown)) return {Law::ShownAgain, number, show(shown), show(again)};
  }
  return {};
}

template <class Lens>
consteval Report check_from_pocketbase(const Field& field, const Value& p, std::size_t number) {
  Scratch scratch;
  const Value s = Lens::put(field, p, scratch);
  const Value back = Lens::get(field, s, scratch);
  if (!same(back, p)) return {Law::PutGet, number, show(p), show(back)};
  return {};
}

/// The lens's own witnesses.
struct OwnWitnesses {
  template <class Lens, const Field& field>
  static consteval Report check() {
    const auto from_sql = Lens::sql_witnesses(field);
    const auto from_pocketbase = Lens::pocketbase_witnesses(field);
    if (from_sql.size() == 0 || from_pocketbase.size() == 0) return {Law::no_witnesses};
    for (std::size_t i = 0; i < from_sql.size(); ++i) {
      const Report report = check_from_sql<Lens>(field, from_sql[i], i);
      if (report.law != Law::none) return report;
    }
    for (std::size_t i = 0; i < from_pocketbase.size(); ++i) {
      const Report report = check_from_pocketbase<Lens>(field, from_pocketbase[i], i);
      if (report.law != Law::none) return report;
    }
    return {};
  }
};

/// SQL values that somebody else chose: `Values::values()`.
template <class Values>
struct GivenWitnesses {
  template <class Lens, const Field& field>
  static consteval Report check() {
    const auto values = Values::values();
    for (std::size_t i = 0; i < values.size(); ++i) {
      const Report report = check_from_sql<Lens>(field, values[i], i);
      if (report.law != Law::none) return report;
    }
    return {};
  }
};

/// Values that any column of a type may hold, and that pairs which are no inverses like to forget: whoever chooses the
/// witnesses of his own lens cannot leave them out. Neither NULL nor the empty value is one: what they mean is an
/// option of the field.
template <class Sql>
struct Ordinary {
  static consteval auto values() {
    if constexpr (std::derived_from<Sql, sql::Integer>) {
      return std::array{Value::integer(1), Value::integer(-1), Value::integer(7), Value::integer(1700000000123)};
    } else if constexpr (std::derived_from<Sql, sql::Real>) {
      return std::array{Value::real(1.0), Value::real(1234.56), Value::real(-0.5)};
    } else if constexpr (std::derived_from<Sql, sql::Boolean>) {
      return std::array{Value::integer(0), Value::integer(1)};
    } else if constexpr (std::derived_from<Sql, sql::Text>) {
      return std::array{Value::text("a"),        Value::text("a,b"),     Value::text(" a "), Value::text("A"),
                        Value::text("__NULL__"), Value::text("not JSON"), Value::text("{}"),  Value::text("0")};
    } else {
      return std::array<Value, 0>{};
    }
  }
};

/// What the compiler prints where a law breaks: the lens, the law, the number of the witness, the value that was to
/// come back and the one that did.
template <class Lens, Law law, std::size_t witness, Shown wanted, Shown got>
inline constexpr bool holds = law == Law::none;

template <class Lens, const Field& field, class Witnesses>
constexpr bool prove() {
  static_assert(Typed<Lens>, "lens has no types: it needs Sql, PocketBase and fidelity");
  if constexpr (Typed<Lens>) {
    constexpr bool now = runs_at_compile_time<Lens>();
    using Memory = std::conditional_t<now, Scratch, Arena>;
    static_assert(Gets<Lens, Memory>, "lens shows nothing: it needs get(field, sql value, scratch)");
    static_assert(Puts<Lens, Memory>, "lens has no inverse: it needs put(field, PocketBase value, scratch)");
    static_assert(Witnessed<Lens>, "lens has no witnesses: it needs sql_witnesses and pocketbase_witnesses");
    static_assert(HasFunctions<Lens>, "lens does not run: it needs functions");
    if constexpr (now && Gets<Lens, Memory> && Puts<Lens, Memory> && Witnessed<Lens>) {
      constexpr Report report = Witnesses::template check<Lens, field>();
      static_assert(holds<Lens, report.law, report.witness, report.wanted, report.got>,
                    "lens breaks a law: a round trip changed a witness");
    }
  }
  return true;
}

}  // namespace proof

/// True where the lens keeps its laws for this field; else the compiler stops and says which one breaks.
template <class Lens, const Field& field>
inline constexpr bool proven = proof::prove<Lens, field, proof::OwnWitnesses>();

/// The same for a lens that the mapping's author wrote: if it says iso, it also carries the ordinary values of its SQL
/// type there and back. One that cannot says `fidelity = Fidelity::residue`: the exact value then travels beside it.
template <class Lens, const Field& field>
inline constexpr bool proven_own =
    proof::prove<Lens, field, proof::OwnWitnesses>() &&
    proof::prove<Lens, field, proof::GivenWitnesses<proof::Ordinary<typename Lens::Sql>>>();

/// The same for values that the mapping says the column holds (`witnesses:`).
template <class Lens, const Field& field, class Values>
inline constexpr bool proven_with = proof::prove<Lens, field, proof::GivenWitnesses<Values>>();

}  // namespace twoway
