// --files copy beside `cp -r`.
#pragma once

#include <cstddef>
#include <filesystem>

namespace twoway::bench {

/// Seconds in one round, each until the disk has all of it.
struct FilesRound {
  double floor_there = 0;  ///< `cp -r` of what PocketBase's storage then holds
  double there = 0;        ///< twoway's own figure: copying with hashes, without rows and comparison
  double floor_back = 0;   ///< `cp -r` of the uploads directory
  double back = 0;
  double compared = 0;  ///< reading and hashing again what was copied there
};

/// Makes `count` files of `bytes` each and a database that names them, copies them there and back. `directory` is
/// emptied first.
FilesRound measure_files(const std::filesystem::path& directory, std::size_t count, std::size_t bytes);

}  // namespace twoway::bench
