// A large Open WebUI 0.12.4 database, made up but shaped like real ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace twoway::bench {

/// What was written.
struct BenchDatabase {
  std::int64_t chats = 0;
  std::int64_t messages = 0;
  std::uintmax_t bytes = 0;
};

/// Writes a database of about `megabytes` (10^6 bytes) to `path`, replacing what is there: 37 chats a megabyte with
/// their whole history as JSON, each of their messages a second time as a row, and people, folders, tags, files,
/// channels, notes and the rest in proportion. Always the same bytes in the rows for the same size.
BenchDatabase make_bench_database(const std::filesystem::path& path, std::size_t megabytes);

}  // namespace twoway::bench
