#include "tests/support/openwebui_data.h"

#include <string>

#include "tests/support/places.h"
#include "tests/support/process.h"

namespace twoway::test {

namespace fs = std::filesystem;

fs::path unpack(std::string_view name, const fs::path& directory) {
  const fs::path packed = source_directory() / "tests/data/openwebui" / (std::string(name) + ".db.zst");
  fs::path file = directory / (std::string(name) + ".db");
  fs::create_directories(directory);
  run_checked({"zstd", "--decompress", "--quiet", "--force", packed.string(), "-o", file.string()});
  return file;
}

fs::path fresh(const fs::path& directory) { return unpack("fresh-0.12.4", directory); }
fs::path real(const fs::path& directory) { return unpack("real-0.12.4", directory); }
fs::path upgraded(const fs::path& directory) { return unpack("real-0.5.20-to-0.12.4", directory); }
fs::path old(const fs::path& directory) { return unpack("real-0.5.20", directory); }

}  // namespace twoway::test
