// The streams of the process and what is known of them. Tests put strings here.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <istream>
#include <ostream>

namespace twoway::cli {

struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool in_is_terminal = false;
  bool err_is_terminal = false;   ///< and knows how to erase a line
  bool utf8 = false;              ///< what the terminal shows
  bool signals = false;           ///< SIGINT, SIGTERM and SIGHUP end a run after its batch
  std::function<std::size_t()> width = [] { return std::size_t{80}; };   ///< of the terminal, in characters
  std::function<std::chrono::steady_clock::time_point()> now = [] { return std::chrono::steady_clock::now(); };
};

/// The real one.
Console process_console();

}  // namespace twoway::cli
