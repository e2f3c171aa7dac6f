#include "runtime/transform/record_id.h"

// The pattern is built from the grammar. RE2 knows no look-ahead, so what must not follow is said by what may.
// Only runs of escaped high bytes need care: together they must not be UTF-8 that would have stayed as it is (C1
// controls excepted), and a part must not be a device name.

// clang-format off
// One character that stays as it is, but none of `LESS`.
#define PLAIN_BUT(LESS) R"([^\x00-\x20A-Z./\\|"'`<>:?*%$~\x7f-\x9f)" LESS "]"
#define PLAIN PLAIN_BUT("")
#define HEX "[0-9a-f]"
// An escape of an ASCII character, or of a byte that never occurs in UTF-8.
#define SINGLE "~(?:[01]" HEX "|2[02457aef]|3[acef]|4[1-9a-f]|5[0-9ac]|60|7[cef]|c[01]|f[5-9a-f])"
// An escape of a continuation byte.
#define TAIL_OF(NIBBLES) "~" NIBBLES HEX
#define TAIL TAIL_OF("[89ab]")
#define STRAY "(?:" TAIL ")*"
// An escape of a lead byte with those of its continuation bytes: too few of them, or of another lead byte's.
#define LEAD \
  "~(?:c2(?:" TAIL_OF("[89]") STRAY ")?"                                                            \
  "|c[3-9a-f]|d" HEX                                                                                \
  "|e0(?:" TAIL_OF("[89]") STRAY "|" TAIL_OF("[ab]") ")?"                                           \
  "|e[1-9a-cef](?:" TAIL ")?"                                                                       \
  "|ed(?:" TAIL_OF("[ab]") STRAY "|" TAIL_OF("[89]") ")?"                                           \
  "|f0(?:" TAIL_OF("8") STRAY "|" TAIL_OF("[9ab]") "(?:" TAIL ")?)?"                                \
  "|f[1-3](?:" TAIL "(?:" TAIL ")?)?"                                                               \
  "|f4(?:" TAIL_OF("[9ab]") STRAY "|" TAIL_OF("8") "(?:" TAIL ")?)?)"
// Beginnings of device names: those that are none yet, and all of them.
#define BEGINNING "c|com?|pr?|au?|nu?|l|lpt?"
#define NAME "con|com[0-9]|prn|aux|nul|lpt[0-9]"
// From the beginning of a device name (or nothing) to the first character that is not in it.
#define LEAVE \
  PLAIN_BUT("acnlp") "|a" PLAIN_BUT("u") "|au" PLAIN_BUT("x") "|c" PLAIN_BUT("o") "|co" PLAIN_BUT("mn") \
  "|com" PLAIN_BUT("0-9") "|l" PLAIN_BUT("p") "|lp" PLAIN_BUT("t") "|lpt" PLAIN_BUT("0-9")          \
  "|n" PLAIN_BUT("u") "|nu" PLAIN_BUT("l") "|p" PLAIN_BUT("r") "|pr" PLAIN_BUT("n")                 \
  "|(?:" NAME ")" PLAIN                                                                             \
  "|(?:" BEGINNING "|" NAME ")?(?:" SINGLE "|" TAIL ")"
#define TEXT                                                                                        \
  BEGINNING                                                                                         \
  "|(?:(?:" LEAVE ")" STRAY "|(?:" BEGINNING "|" NAME ")?" LEAD ")"                                 \
  "(?:(?:" PLAIN "|" SINGLE ")" STRAY "|" LEAD ")*"
#define ESCAPED_NAME "~63o(?:n|m[0-9])|~70rn|~61ux|~6eul|~6cpt[0-9]"
// 19 digits up to 9223372036854775807, and up to ...8 below zero.
#define NINETEEN_DIGITS                                                                                  \
  "[1-8][0-9]{18}|9(?:[0-1][0-9]{17}|2(?:[0-1][0-9]{16}|2(?:[0-2][0-9]{15}|3(?:[0-2][0-9]{14}|3(?:[0-6]" \
  "[0-9]{13}|7(?:[0-1][0-9]{12}|20(?:[0-2][0-9]{10}|3(?:[0-5][0-9]{9}|6(?:[0-7][0-9]{8}|8(?:[0-4][0-9]{" \
  "7}|5(?:[0-3][0-9]{6}|4(?:[0-6][0-9]{5}|7(?:[0-6][0-9]{4}|7(?:[0-4][0-9]{3}|5(?:[0-7][0-9]{2}|80[0-7]" \
  ")))))))))))))))"
#define INTEGER "~i(?:0|-?(?:[1-9][0-9]{0,17}|" NINETEEN_DIGITS ")|-9223372036854775808)"
#define PART "(?:" TEXT "|~[nz]|" INTEGER "|~r" HEX "{16}|~x(?:" HEX HEX ")*|" ESCAPED_NAME ")"
// clang-format on

namespace twoway::record_id {

constinit const std::string_view pattern = "^" PART "(?:~_" PART ")*$";

}  // namespace twoway::record_id
