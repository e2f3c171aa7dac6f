// How long the mapping's route takes among 100,000 chats.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace twoway::bench {

struct RouteTime {
  std::string question;
  std::size_t total = 0;         ///< chats that answer it
  double milliseconds = 0;       ///< over HTTP, the best of the rounds
  double join_milliseconds = 0;  ///< the same records from a table of (tag, time, chat); 0: not measured
  bool typical = false;          ///< of somebody with 500 chats; else of one with 50,000
};

/// Fills a new data directory with 100,000 chats of 3 KB, half of them one person's, and asks the real server.
std::vector<RouteTime> measure_routes(const std::filesystem::path& directory, int rounds);

}  // namespace twoway::bench
