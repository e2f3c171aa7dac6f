#include "tests/end_to_end/uploads.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <openssl/sha.h>

#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fstream>

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

std::map<std::string, std::string> served_files(const PocketBaseServer& server) {
  RestClient client = server.superuser();
  const Response token = client.post("/api/files/token", json::object());
  const std::string query = "?token=" + std::string(token.body.at("token").as_string());
  std::map<std::string, std::string> served;
  for (const json::object& record : client.all("files", "id,file", 500)) {
    const std::string id(record.at("id").as_string()), name(record.at("file").as_string());
    if (name.empty()) continue;
    const Response answer = client.get("/api/files/files/" + percent_encode(id) + "/" + percent_encode(name) + query);
    EXPECT_EQ(answer.status, 200) << id << " " << name << ": " << answer.text.substr(0, 200);
    EXPECT_EQ(client.get("/api/files/files/" + percent_encode(id) + "/" + percent_encode(name)).status, 404)
        << "nobody gets a file without a token";
    served.emplace(id, answer.text);
  }
  return served;
}

}  // namespace twoway::test
