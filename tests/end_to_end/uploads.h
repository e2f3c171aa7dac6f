// An uploads directory beside a database, and what PocketBase serves of it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "runtime/migrate/migration.h"
#include "tests/support/pocketbase_server.h"

namespace twoway::test {

/// `real`, and the uploads that belong to it, in a directory.
struct UploadsWorld {
  explicit UploadsWorld(const std::filesystem::path& directory);

  /// Adds a row with this path and name whose `meta` tells size and hash as Open WebUI does, and the file where
  /// `there`: in `uploads` under the path's last part.
  void add(std::string_view id, const std::string& path, const std::string& name, const std::string& bytes,
           bool there = true);
  /// Runs with --files copy.
  RunReport copy(const std::filesystem::path& from, const std::filesystem::path& to, RunOptions options = {}) const;

  std::filesystem::path database, uploads;
};

/// Name (below the directory) and bytes of all files.
std::map<std::string, std::string> files_below(const std::filesystem::path& directory);

/// The hexadecimal SHA-256, as the tests know it: by OpenSSL's one-shot function.
std::string sha256_text(std::string_view bytes);

/// Every file of the collection `files` as PocketBase serves it, by its row's id.
std::map<std::string, std::string> served_files(const PocketBaseServer& server);

/// The media type that PocketBase says each of them is of, by its row's id.
std::map<std::string, std::string> served_types(const PocketBaseServer& server);

}  // namespace twoway::test
