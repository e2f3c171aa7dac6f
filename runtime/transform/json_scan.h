// Walks through JSON text and knows where it stands: what the parsers at hand do not tell, and a change of a few bytes
// within a document needs.
#pragma once

#include <cstddef>
#include <string_view>

namespace twoway {

/// A forward scanner. It checks the grammar as Python's json module does, which is what reads these documents: NaN,
/// Infinity and lone surrogates are accepted. It does not look into UTF-8. Depth costs a byte of memory each, no stack.
class JsonScanner {
 public:
  explicit JsonScanner(std::string_view text) : text_(text) {}

  std::size_t position() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  /// The next byte, or 0 at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void skip_space();
  /// Steps over `c` if it is next.
  bool take(char c);
  /// Steps over a string token; `token` (with its quotes) may be null.
  bool skip_string(std::string_view* token = nullptr);
  /// Steps over a value of any kind and depth.
  bool skip_value();

 private:
  bool skip_scalar();
  bool skip_number();
  bool skip_digits();
  bool skip_member_name();
  bool skip_literal(std::string_view literal);

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace twoway
