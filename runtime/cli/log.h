// The log: lines on standard error, as text or as JSON, above the live line.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "runtime/cli/screen.h"

namespace twoway::cli {

struct LogOptions {
  bool json = false;
  bool timestamps = true;   ///< of text lines; a person at a terminal needs none
  bool quiet = false;       ///< warnings and errors only
  bool verbose = false;     ///< debug lines as well
};

/// What the verbs and the runtime log to: level (debug, info, warning, error) and text. Text is made printable and
/// redacted. Safe to use from several threads; must not outlive the screen.
class Log {
 public:
  Log(Screen& screen, const LogOptions& options);
  ~Log();
  void write(std::string_view level, std::string_view text);
  void info(std::string_view text) { write("info", text); }
  void debug(std::string_view text) { write("debug", text); }
  void warning(std::string_view text) { write("warning", text); }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace twoway::cli
