#include "runtime/cli/log.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <boost/json.hpp>
#include <chrono>
#include <ctime>
#include <mutex>

#include "runtime/report/text.h"

namespace twoway::cli {
namespace {

/// `2026-11-21T12:00:00.123Z`
std::string timestamp(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(time)),
                     milliseconds);
}

std::string_view name(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::trace:
    case spdlog::level::debug: return "debug";
    case spdlog::level::warn: return "warning";
    case spdlog::level::err:
    case spdlog::level::critical: return "error";
    default: return "info";
  }
}

spdlog::level::level_enum level_of(std::string_view level) {
  if (level == "debug") return spdlog::level::debug;
  if (level == "warning") return spdlog::level::warn;
  if (level == "error") return spdlog::level::err;
  return spdlog::level::info;
}

/// Gives whole lines to the screen, which has a lock of its own.
class ScreenSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  ScreenSink(Screen& screen, const LogOptions& options) : screen_(screen), options_(options) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string text =
        report::redacted(report::printable(std::string_view(message.payload.data(), message.payload.size())));
    if (options_.json) {
      boost::json::object line;
      line["time"] = timestamp(message.time);
      line["level"] = boost::json::string(name(message.level));
      line["message"] = text;
      screen_.line(boost::json::serialize(line));
    } else if (options_.timestamps) {
      screen_.line(fmt::format("{} {:<7} {}", timestamp(message.time), name(message.level), text));
    } else if (message.level == spdlog::level::info) {
      screen_.line(text);
    } else {
      screen_.line(fmt::format("{}: {}", name(message.level), text));
    }
  }
  void flush_() override {}

 private:
  Screen& screen_;
  LogOptions options_;
};

}  // namespace

struct Log::Parts {
  spdlog::logger logger;
};

Log::Log(Screen& screen, const LogOptions& options)
    : parts_(std::make_unique<Parts>(Parts{spdlog::logger("twoway", std::make_shared<ScreenSink>(screen, options))})) {
  parts_->logger.set_level(options.verbose ? spdlog::level::debug
                           : options.quiet ? spdlog::level::warn
                                           : spdlog::level::info);
}

Log::~Log() = default;

void Log::write(std::string_view level, std::string_view text) {
  parts_->logger.log(level_of(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace twoway::cli
