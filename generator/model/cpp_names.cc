#include "generator/model/cpp_names.h"

#include <algorithm>
#include <iterator>

namespace twowayc {
namespace {

// Sorted. C++20's keywords and alternative tokens, and macros of the C library that a member cannot be called.
constexpr std::string_view reserved[] = {
    "EOF",          "NULL",         "alignas",     "alignof",      "and",           "and_eq",       "asm",
    "assert",       "atomic_cancel", "atomic_commit", "atomic_noexcept", "auto",    "bitand",       "bitor",
    "bool",         "break",        "case",        "catch",        "char",          "char16_t",     "char32_t",
    "char8_t",      "class",        "co_await",    "co_return",    "co_yield",      "compl",        "concept",
    "const",        "const_cast",   "consteval",   "constexpr",    "constinit",     "continue",     "decltype",
    "default",      "delete",       "do",          "double",       "dynamic_cast",  "else",         "enum",
    "errno",        "explicit",     "export",      "extern",       "false",         "float",        "for",
    "friend",       "goto",         "if",          "inline",       "int",           "long",         "mutable",
    "namespace",    "new",          "noexcept",    "not",          "not_eq",        "nullptr",      "operator",
    "or",           "or_eq",        "private",     "protected",    "public",        "reflexpr",     "register",
    "reinterpret_cast", "requires", "return",      "short",        "signed",        "sizeof",       "static",
    "static_assert", "static_cast", "stderr",      "stdin",        "stdout",        "struct",       "switch",
    "synchronized", "template",     "this",        "thread_local", "throw",         "true",         "try",
    "typedef",      "typeid",       "typename",    "union",        "unsigned",      "using",        "virtual",
    "void",         "volatile",     "wchar_t",     "while",        "xor",           "xor_eq"};
static_assert(std::is_sorted(std::begin(reserved), std::end(reserved)));

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_'; }

}  // namespace

std::string cpp_member(std::string_view name) {
  std::string result;
  if (name.empty() || is_digit(name.front())) result += '_';
  for (const char c : name) result += is_word(c) ? c : '_';
  if (std::binary_search(std::begin(reserved), std::end(reserved), std::string_view(result))) result += '_';
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

std::string cpp_namespace(std::string_view mapping) { return cpp_member(mapping); }

std::string cpp_join_marker(std::string_view table) { return cpp_member(std::string(table) + "_exists"); }

}  // namespace twowayc
