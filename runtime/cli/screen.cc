#include "runtime/cli/screen.h"

namespace twoway::cli {
namespace {

constexpr std::string_view erase = "\r\x1b[K";  ///< back to the line's beginning, rid of what stands there

}  // namespace

void Screen::write(const std::string& text) {
  stream_.write(text.data(), static_cast<std::streamsize>(text.size()));
  stream_.flush();
}

void Screen::line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  if (!live_.empty()) bytes += erase;
  bytes += text;
  bytes += '\n';
  write(bytes + live_);
}

void Screen::live(std::string_view text) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  if (!live_.empty()) bytes += erase;
  live_ = text;
  write(bytes + live_);
}

void Screen::clear() {
  const std::lock_guard lock(mutex_);
  if (live_.empty()) return;
  live_.clear();
  write(std::string(erase));
}

}  // namespace twoway::cli
