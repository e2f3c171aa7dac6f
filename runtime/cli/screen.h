// Standard error: whole lines, and at most one live line below them that is drawn again and again.
#pragma once

#include <mutex>
#include <ostream>
#include <string>
#include <string_view>

namespace twoway::cli {

/// Safe to use from several threads.
class Screen {
 public:
  explicit Screen(std::ostream& stream) : stream_(stream) {}
  ~Screen() { clear(); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  /// Writes a line above the live one.
  void line(std::string_view text);
  /// Draws the live line; it must be shorter than the terminal is wide.
  void live(std::string_view text);
  /// Takes the live line away.
  void clear();

 private:
  void write(const std::string& text);

  std::ostream& stream_;
  std::mutex mutex_;
  std::string live_;
};

}  // namespace twoway::cli
