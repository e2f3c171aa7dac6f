#include "runtime/cli/console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace twoway::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// By the names of the locale, in POSIX' order; the locale itself need not be installed.
bool utf8_locale() {
  std::string locale = variable("LC_ALL");
  if (locale.empty()) locale = variable("LC_CTYPE");
  if (locale.empty()) locale = variable("LANG");
  std::transform(locale.begin(), locale.end(), locale.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

Console process_console() {
  const std::string terminal = variable("TERM");
  return Console{.in = std::cin,
                 .out = std::cout,
                 .err = std::cerr,
                 .in_is_terminal = ::isatty(STDIN_FILENO) == 1,
                 .err_is_terminal = ::isatty(STDERR_FILENO) == 1 && !terminal.empty() && terminal != "dumb",
                 .utf8 = utf8_locale(),
                 .signals = true,
                 .width = terminal_width};
}

}  // namespace twoway::cli
