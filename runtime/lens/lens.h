// What every lens provides, and how a lens gets memory for text that it makes.
#pragma once

#include <cstddef>
#include <string_view>

#include "runtime/model/field.h"
#include "runtime/model/types.h"
#include "runtime/transform/arena.h"

namespace twoway {

/// How a lens keeps GetPut, `put(get(s)) == s`.
enum class Fidelity : std::uint8_t {
  iso,      ///< for every witness; only values outside the declared domain travel in the residue
  residue,  ///< by design not for all: what the PocketBase value cannot show travels in the residue
};

/// A lens is a struct with
///   using Sql = sql::...; using PocketBase = pocketbase::...;
///   static constexpr Fidelity fidelity;
///   template <class Scratch> static constexpr Value get(const Field&, const Value& s, Scratch&);   // SQL ->
///   PocketBase template <class Scratch> static constexpr Value put(const Field&, const Value& p, Scratch&);   //
///   PocketBase -> SQL static constexpr auto sql_witnesses(const Field&);         // std::array<Value, N>: must satisfy
///   GetPut static constexpr auto pocketbase_witnesses(const Field&);  // std::array<Value, N>: must satisfy PutGet
///   static const LensFunctions functions;                      // the same code for the runtime, see below
/// Both functions are total: `get` shows the best it can for any SQL value at all (the exact value then travels in the
/// residue, because put(get(s)) != s), and `put` takes any value that PocketBase can hold. What `get` returns must be
/// storable in the field and must not stop PocketBase from saving the record again. For any SQL value at all, what is
/// shown is shown again after an untouched way back: get(put(get(s))) == get(s).
/// Where a value goes over unchanged, both return the very view that came in (the transform compares pointers first).
/// A lens that cannot run in constant expressions says `static constexpr bool at_compile_time = false`, and its get and
/// put may be plain functions over an Arena. Proofs: proof.h.
struct LensFunctions {
  Value (*get)(const Field&, const Value&, Arena&);
  Value (*put)(const Field&, const Value&, Arena&);
};

/// The runtime's pair of functions for a lens whose code is templated over the scratch memory.
template <class Lens>
constexpr LensFunctions functions_of() {
  return {&Lens::template get<Arena>, &Lens::template put<Arena>};
}

}  // namespace twoway
