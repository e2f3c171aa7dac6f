// SQLite -> PocketBase server: twoway beside a client that posts ready-made bodies.
#pragma once

#include <filesystem>

namespace twoway::bench {

struct ServerRound {
  double floor = 0;  ///< the bodies that twoway posted, posted again to a new server by a client that only posts
  double plain = 0;  ///< twoway migrate --no-verify
  double verified = 0;
  long peak_kib = 0;
  long server_peak_kib = 0;  ///< of PocketBase, while twoway wrote
};

/// `hook`: with the mapping's hook; without it, by what PocketBase has of its own.
ServerRound measure_server_round(const std::filesystem::path& database, const std::filesystem::path& directory,
                                 bool hook);

}  // namespace twoway::bench
