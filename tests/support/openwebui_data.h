// Databases written by Open WebUI's own code (tests/data/openwebui/README.md), unpacked for a test to use up.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway::test {

/// Unpacks tests/data/openwebui/NAME.db.zst to DIRECTORY/NAME.db and returns that path.
std::filesystem::path unpack(std::string_view name, const std::filesystem::path& directory);

/// Empty, as a new installation of 0.12.4 looks.
std::filesystem::path fresh(const std::filesystem::path& directory);
/// 0.12.4 with 433 rows in all its tables.
std::filesystem::path real(const std::filesystem::path& directory);
/// Born under 0.5.20, upgraded to 0.12.4 by Open WebUI: its tables are declared differently in 80 places.
std::filesystem::path upgraded(const std::filesystem::path& directory);
/// Born under 0.5.20 and never upgraded.
std::filesystem::path old(const std::filesystem::path& directory);
/// `real` plus 230 rows that no application should have written and some did: ids of every kind (empty, with NUL,
/// invalid UTF-8, blobs, 8,000 characters), JSON that is none, JSON that PocketBase would damage, a 30 MB document,
/// values of the wrong storage class, dangling and cyclic references, doubled keys by case, a column of a fork, a table
/// without rowid and one without a key. Returns DIRECTORY/hard.db.
std::filesystem::path hard(const std::filesystem::path& directory);

}  // namespace twoway::test
