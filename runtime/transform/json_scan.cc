#include "runtime/transform/json_scan.h"

#include <string>

namespace twoway {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

}  // namespace

void JsonScanner::skip_space() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
    ++at_;
  }
}

bool JsonScanner::take(char c) {
  if (at_ == text_.size() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool JsonScanner::skip_string(std::string_view* token) {
  const std::size_t start = at_;
  if (!take('"')) return false;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') {
      if (token != nullptr) *token = text_.substr(start, at_ - start);
      return true;
    }
    if (static_cast<unsigned char>(c) < 0x20) return false;
    if (c != '\\') continue;
    if (at_ == text_.size()) return false;
    const char escaped = text_[at_++];
    if (std::string_view("\"\\/bfnrt").find(escaped) != std::string_view::npos) continue;
    if (escaped != 'u' || text_.size() - at_ < 4) return false;
    for (int i = 0; i < 4; ++i) {
      if (!is_hex(text_[at_++])) return false;
    }
  }
  return false;
}

bool JsonScanner::skip_value() {
  std::string closers;  // of the containers that are open; short ones need no memory of their own
  for (;;) {
    skip_space();
    const char c = peek();
    if (c == '{' || c == '[') {
      const char closer = c == '{' ? '}' : ']';
      ++at_;
      skip_space();
      if (!take(closer)) {
        if (closer == '}' && !skip_member_name()) return false;
        closers.push_back(closer);
        continue;
      }
    } else if (!skip_scalar()) {
      return false;
    }
    for (;;) {
      if (closers.empty()) return true;
      skip_space();
      if (take(',')) break;
      if (!take(closers.back())) return false;
      closers.pop_back();
    }
    if (closers.back() == '}') {
      skip_space();
      if (!skip_member_name()) return false;
    }
  }
}

bool JsonScanner::skip_member_name() {
  if (!skip_string()) return false;
  skip_space();
  return take(':');
}

bool JsonScanner::skip_scalar() {
  switch (peek()) {
    case '"': return skip_string();
    case 't': return skip_literal("true");
    case 'f': return skip_literal("false");
    case 'n': return skip_literal("null");
    case 'N': return skip_literal("NaN");
    case 'I': return skip_literal("Infinity");
    default: return skip_literal("-Infinity") || skip_number();
  }
}

bool JsonScanner::skip_literal(std::string_view literal) {
  if (text_.substr(at_, literal.size()) != literal) return false;
  at_ += literal.size();
  return true;
}

bool JsonScanner::skip_digits() {
  const std::size_t start = at_;
  while (is_digit(peek())) ++at_;
  return at_ != start;
}

bool JsonScanner::skip_number() {
  take('-');
  if (!take('0') && !skip_digits()) return false;
  if (take('.') && !skip_digits()) return false;
  if (take('e') || take('E')) {
    if (!take('+')) take('-');
    return skip_digits();
  }
  return true;
}

}  // namespace twoway
