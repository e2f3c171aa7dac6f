#include "generator/model/cpp_names.h"

#include <algorithm>
#include <iterator>

namespace twowayc {
namespace {

// Sorted. C++20's keywords and alternative tokens, and macros of the C library and of some systems.
constexpr std::string_view reserved[] = {
    "EOF",          "NULL",         "alignas",     "alignof",      "and",           "and_eq",       "asm",
    "assert",       "atomic_cancel", "atomic_commit", "atomic_noexcept", "auto",    "bitand",       "bitor",
    "bool",         "break",        "case",        "catch",        "char",          "char16_t",     "char32_t",
    "char8_t",      "class",        "co_await",    "co_return",    "co_yield",      "compl",        "concept",
    "const",        "const_cast",   "consteval",   "constexpr",    "constinit",     "continue",     "decltype",
    "default",      "delete",       "do",          "double",       "dynamic_cast",  "else",         "enum",
    "errno",        "explicit",     "export",      "extern",       "false",         "float",        "for",
    "friend",       "goto",         "if",          "inline",       "int",           "linux",        "long",
    "major",        "minor",        "mutable",
    "namespace",    "new",          "noexcept",    "not",          "not_eq",        "nullptr",      "operator",
    "or",           "or_eq",        "private",     "protected",    "public",        "reflexpr",     "register",
    "reinterpret_cast", "requires", "return",      "short",        "signed",        "sizeof",       "static",
    "static_assert", "static_cast", "stderr",      "stdin",        "stdout",        "struct",       "switch",
    "synchronized", "template",     "this",        "thread_local", "throw",         "true",         "try",
    "typedef",      "typeid",       "typename",    "union",        "unsigned",      "using",        "virtual",
    "void",         "volatile",     "wchar_t",     "while",        "xor",           "xor_eq"};
static_assert(std::is_sorted(std::begin(reserved), std::end(reserved)));

// Sorted. What generated code itself names.
constexpr std::string_view used[] = {"Arena",       "Column",       "Empty", "Entity", "Field", "Mapping",
                                     "RecordField", "ToPocketBase", "ToSql", "Value",  "lens",  "pocketbase",
                                     "sql",         "std",          "twoway"};
static_assert(std::is_sorted(std::begin(used), std::end(used)));

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_taken(std::string_view name) {
  return std::binary_search(std::begin(reserved), std::end(reserved), name) ||
         std::binary_search(std::begin(used), std::end(used), name);
}

}  // namespace

bool is_word(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

std::string cpp_name(std::string_view name) {
  std::string result;
  if (name.empty() || is_digit(name.front())) result += '_';
  for (const char c : name) result += is_word(c) ? c : '_';
  if (is_taken(result)) result += '_';
  return result;
}

std::string cpp_struct(std::string_view entity) {
  std::string result;
  bool word_begins = true;
  for (const char c : entity) {
    if (!is_word(c) || c == '_') {
      word_begins = true;
      continue;
    }
    result += word_begins && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    word_begins = false;
  }
  if (result.empty() || is_digit(result.front())) result.insert(0, "Entity");
  return result;
}

std::string UniqueNames::take(std::string_view name) {
  std::string free = cpp_name(name);
  while (!taken_.insert(free).second) free += '_';
  return free;
}

}  // namespace twowayc
