#include "generator/emit/text/names.h"

#include <algorithm>
#include <array>

namespace twowayc {
namespace {

// Sorted: keywords and alternative tokens of C++20; macros of the headers that generated code includes; namespaces and
// types that generated code names.
constexpr std::array<std::string_view, 118> reserved = {
    "Arena",        "Column",       "Empty",        "Entity",       "Field",        "Mapping",
    "NULL",         "RecordField",  "ToPocketBase", "ToSql",        "Value",        "alignas",
    "alignof",      "and",          "and_eq",       "asm",          "assert",       "auto",
    "bitand",       "bitor",        "bool",         "break",        "case",         "catch",
    "char",         "char16_t",     "char32_t",     "char8_t",      "class",        "co_await",
    "co_return",    "co_yield",     "compl",        "concept",      "const",        "const_cast",
    "consteval",    "constexpr",    "constinit",    "continue",     "decltype",     "default",
    "delete",       "do",           "double",       "dynamic_cast", "else",         "enum",
    "errno",        "explicit",     "export",       "extern",       "false",        "float",
    "for",          "friend",       "goto",         "if",           "inline",       "int",
    "lens",         "linux",        "long",         "major",        "makedev",      "minor",
    "mutable",      "namespace",    "new",          "noexcept",     "not",          "not_eq",
    "nullptr",      "offsetof",     "operator",     "or",           "or_eq",        "pocketbase",
    "private",      "protected",    "public",       "register",     "reinterpret_cast", "requires",
    "return",       "short",        "signed",       "sizeof",       "sql",          "static",
    "static_assert", "static_cast", "std",          "stderr",       "stdin",        "stdout",
    "struct",       "switch",       "template",     "this",         "thread_local", "throw",
    "true",         "try",          "twoway",       "typedef",      "typeid",       "typename",
    "union",        "unix",         "unsigned",     "using",        "virtual",      "void",
    "volatile",     "wchar_t",      "while",        "xor"};
static_assert(std::is_sorted(reserved.begin(), reserved.end()));

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

}  // namespace

std::string cpp_name(std::string_view name) {
  std::string out;
  for (const char c : name) out += is_name_character(c) ? c : '_';
  if (out.empty() || (out[0] >= '0' && out[0] <= '9')) out.insert(0, "n");
  if (std::binary_search(reserved.begin(), reserved.end(), std::string_view(out)) || out == "xor_eq") out += '_';
  return out;
}

std::string UniqueNames::take(std::string_view name) {
  std::string free = cpp_name(name);
  while (!taken_.insert(free).second) free += '_';
  return free;
}

}  // namespace twowayc
