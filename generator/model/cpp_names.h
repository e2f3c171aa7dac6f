// All rules by which names of the mapping become names of C++.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace twowayc {

/// What a word is made of, in C++ and in PocketBase: an ASCII letter, a digit or '_'.
bool is_word(char c);

/// An identifier: "title", "author_email" for "author.email". What an identifier cannot hold becomes '_', and a digit
/// in front gets one. Keywords, macros and names that generated code itself uses get a '_' at the end: "default_".
std::string cpp_name(std::string_view name);

/// The stem of an entity's types: "BookLoan" for "book_loan" (BookLoanRow, BookLoanRecord).
std::string cpp_struct(std::string_view entity);

/// Hands out each name once, as cpp_name() has it: what is taken gets '_' at the end until it is free.
class UniqueNames {
 public:
  std::string take(std::string_view name);

 private:
  std::set<std::string, std::less<>> taken_;
};

}  // namespace twowayc
