#include "tests/end_to_end/uploads.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <functional>

#include "tests/end_to_end/journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace fs = std::filesystem;
namespace json = boost::json;

UploadsWorld::UploadsWorld(const fs::path& directory) : database(real(directory)), uploads(directory / "uploads") {
  fs::copy(source_directory() / "tests/data/openwebui/uploads", uploads);
}

void UploadsWorld::add(std::string_view id, const std::string& path, const std::string& name, const std::string& bytes,
                       bool there) {
  json::object meta;
  meta["name"] = name;
  meta["content_type"] = "text/plain";
  meta["size"] = bytes.size();
  meta["file_hash"] = sha256_text(bytes);
  SqliteFile(database).run(
      "INSERT INTO file (id, user_id, filename, path, meta, created_at, updated_at) VALUES (?, NULL, ?, ?, ?, 1, 1)",
      {std::string(id), name, path, json::serialize(meta)});
  if (!there) return;
  const std::string last = path.substr(path.rfind('/') + 1);
  std::ofstream(uploads / last, std::ios::binary) << bytes;
}

RunReport UploadsWorld::copy(const fs::path& from, const fs::path& to, RunOptions options) const {
  options.files.mode = FileOptions::Mode::copy;
  options.files.asked_for = true;
  if (options.files.uploads.empty()) options.files.uploads = uploads.string();
  return carry(from, to, options);
}

std::map<std::string, std::string> files_below(const fs::path& directory) {
  std::map<std::string, std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(directory)) {
    if (!fs::is_regular_file(entry.symlink_status())) continue;
    found.emplace(entry.path().native().substr(directory.native().size() + 1), read_file(entry.path()));
  }
  return found;
}

std::string sha256_text(std::string_view bytes) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), hash.data());
  std::string text;
  for (const unsigned char byte : hash) text += fmt::format("{:02x}", byte);
  return text;
}

namespace {

/// Takes every file of the collection `files`: its row's id, and the path that PocketBase serves it at.
void for_each_served(RestClient& client, const std::function<void(const std::string& id, const std::string&)>& take) {
  for (const json::object& record : client.all("files", "id,file", 500)) {
    const std::string id(record.at("id").as_string()), name(record.at("file").as_string());
    if (!name.empty()) take(id, "/api/files/files/" + percent_encode(id) + "/" + percent_encode(name));
  }
}

/// Files are shown to those who have such a token.
std::string token_query(RestClient& client) {
  const Response token = client.post("/api/files/token", json::object());
  return "?token=" + std::string(token.body.at("token").as_string());
}

}  // namespace

std::map<std::string, std::string> served_files(const PocketBaseServer& server) {
  RestClient client = server.superuser();
  const std::string query = token_query(client);
  std::map<std::string, std::string> served;
  for_each_served(client, [&](const std::string& id, const std::string& path) {
    const Response answer = client.get(path + query);
    EXPECT_EQ(answer.status, 200) << path << ": " << answer.text.substr(0, 200);
    EXPECT_EQ(client.get(path).status, 404) << "nobody gets a file without a token";
    served.emplace(id, answer.text);
  });
  return served;
}

std::map<std::string, std::string> served_types(const PocketBaseServer& server) {
  RestClient client = server.superuser();
  const std::string query = token_query(client);
  std::map<std::string, std::string> types;
  for_each_served(client, [&](const std::string& id, const std::string& path) {
    types.emplace(id, run_checked({"curl", "-fsS", "-o", "/dev/null", "-w", "%{content_type}",
                                   server.url() + path + query}));
  });
  return types;
}

}  // namespace twoway::test
