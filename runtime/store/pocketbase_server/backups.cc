// PocketBase's own backups: an archive on the server with the database and all files.
#include <archive.h>
#include <archive_entry.h>

#include <cerrno>
#include <ctime>
#include <fstream>
#include <map>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "runtime/store/pocketbase_server/server_way.h"

namespace twoway {

namespace json = boost::json;
using http::Answer;
using http::Method;
using http::Repeat;

namespace {

constexpr std::chrono::milliseconds between_questions{500};
/// Tokens for files live for three minutes.
constexpr std::time_t token_seconds = 90;
constexpr std::size_t piece_bytes = 4U << 20U;

/// Names and sizes of all backups on the server.
std::map<std::string, std::uint64_t> all_backups(ServerApi& api) {
  const json::object list = api.ask(Method::get, "/api/backups", {}, "its list of backups");
  std::map<std::string, std::uint64_t> found;
  const json::value* items = list.if_contains("items");
  if (items == nullptr || !items->is_array()) return found;
  for (const json::value& item : items->as_array()) {
    if (!item.is_object()) continue;
    const json::value* key = item.as_object().if_contains("key");
    const json::value* size = item.as_object().if_contains("size");
    if (key == nullptr || !key->is_string() || size == nullptr || !size->is_int64()) continue;
    found.emplace(key->as_string(), static_cast<std::uint64_t>(size->as_int64()));
  }
  return found;
}

/// The backup's size; nullopt where the server does not list it.
std::optional<std::uint64_t> listed(ServerApi& api, const std::string& name) {
  const auto all = all_backups(api);
  const auto found = all.find(name);
  return found == all.end() ? std::nullopt : std::optional(found->second);
}

/// True while the server makes a backup, whoever asked for it.
bool busy(ServerApi& api) {
  const json::object health = api.ask(Method::get, "/api/health", {}, "its state");
  const json::value* data = health.if_contains("data");
  if (data == nullptr || !data->is_object()) return false;
  const json::value* can = data->as_object().if_contains("canBackup");
  return can != nullptr && can->is_bool() && !can->as_bool();
}

/// An archive on the server that libarchive reads and moves about in, by ranges. Of a backup with many files only its
/// directory and the wanted file travel.
class RemoteArchive {
 public:
  RemoteArchive(ServerApi& api, std::string name, std::uint64_t size)
      : api_(api), name_(std::move(name)), size_(size), archive_(archive_read_new()) {
    archive_read_support_format_zip_seekable(archive_);
    archive_read_set_callback_data(archive_, this);
    archive_read_set_read_callback(archive_, [](archive*, void* self, const void** data) {
      return static_cast<RemoteArchive*>(self)->guarded([&](RemoteArchive& me) { return me.read(data); });
    });
    archive_read_set_seek_callback(archive_, [](archive*, void* self, la_int64_t offset, int whence) {
      return static_cast<RemoteArchive*>(self)->seek(offset, whence);
    });
    archive_read_set_skip_callback(archive_, [](archive*, void* self, la_int64_t bytes) {
      static_cast<RemoteArchive*>(self)->at_ += static_cast<std::uint64_t>(bytes);
      return bytes;
    });
  }
  ~RemoteArchive() { archive_read_free(archive_); }
  RemoteArchive(const RemoteArchive&) = delete;
  RemoteArchive& operator=(const RemoteArchive&) = delete;

  void extract(std::string_view wanted, const std::filesystem::path& file) {
    check(archive_read_open1(archive_));
    for (archive_entry* entry = nullptr;;) {
      const int code = archive_read_next_header(archive_, &entry);
      if (code == ARCHIVE_EOF) {
        throw cannot_start(fmt::format("the backup {} of {} holds no {}", name_, api_.describe(), wanted),
                           "PocketBase's log may say why.");
      }
      check(code);
      if (archive_entry_pathname(entry) != nullptr && archive_entry_pathname(entry) == wanted) break;
    }
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    const void* data = nullptr;
    std::size_t bytes = 0;
    la_int64_t offset = 0;
    for (;;) {
      const int code = archive_read_data_block(archive_, &data, &bytes, &offset);
      if (code == ARCHIVE_EOF) break;
      check(code);
      out.write(static_cast<const char*>(data), static_cast<std::streamsize>(bytes));
      if (!out) throw cannot_start(fmt::format("cannot write {}", file.string()), "Make room there.");
    }
    out.close();
    if (!out) throw cannot_start(fmt::format("cannot write {}", file.string()), "Make room there.");
  }

 private:
  void check(int code) {
    if (failure_) std::rethrow_exception(failure_);
    if (code >= ARCHIVE_WARN) return;
    const char* words = archive_error_string(archive_);
    throw cannot_start(fmt::format("the backup {} of {} cannot be read: {}", name_, api_.describe(),
                                   words != nullptr ? words : "damaged"),
                       "Install the hook (`twoway prepare` with the server's address), which needs no backup.");
  }

  /// Exceptions do not travel through C.
  template <class Work>
  la_ssize_t guarded(const Work& work) {
    try {
      return work(*this);
    } catch (...) {
      failure_ = std::current_exception();
      archive_set_error(archive_, EIO, "the download failed");
      return -1;
    }
  }

  la_ssize_t read(const void** data) {
    piece_.clear();
    *data = nullptr;
    if (at_ >= size_) return 0;
    const std::uint64_t end = std::min<std::uint64_t>(size_, at_ + piece_bytes);
    const Answer answer = api_.send(Method::get, fmt::format("/api/backups/{}?token={}", name_, token()), {},
                                    Repeat::safe, {}, fmt::format("bytes={}-{}", at_, end - 1));
    if (answer.status / 100 != 2) throw api_.refusal(answer, "its backup");
    if (answer.status != 206 || answer.body.size() != end - at_) {
      throw cannot_start(fmt::format("{} does not give parts of a backup", api_.describe()),
                         "Something between twoway and PocketBase does not understand ranges; reach PocketBase "
                         "directly.");
    }
    piece_ = answer.body;
    at_ = end;
    *data = piece_.data();
    return static_cast<la_ssize_t>(piece_.size());
  }

  la_int64_t seek(la_int64_t offset, int whence) {
    const auto base = whence == SEEK_SET ? 0 : static_cast<la_int64_t>(whence == SEEK_CUR ? at_ : size_);
    at_ = static_cast<std::uint64_t>(std::max<la_int64_t>(0, base + offset));
    return static_cast<la_int64_t>(at_);
  }

  const std::string& token() {
    if (token_.empty() || std::time(nullptr) - token_since_ > token_seconds) {
      const json::object answer = api_.ask(Method::post, "/api/files/token", {}, "a token for its backup");
      const json::value* token = answer.if_contains("token");
      token_ = token != nullptr && token->is_string() ? percent_encoded(token->as_string()) : std::string();
      token_since_ = std::time(nullptr);
    }
    return token_;
  }

  ServerApi& api_;
  std::string name_;
  std::uint64_t size_;
  archive* archive_;
  std::uint64_t at_ = 0;
  std::string piece_;
  std::string token_;
  std::time_t token_since_ = 0;
  std::exception_ptr failure_;
};

}  // namespace

std::vector<std::string> backups_named(ServerApi& api, std::string_view prefix) {
  std::vector<std::string> names;
  for (const auto& [name, size] : all_backups(api)) {
    if (name.starts_with(prefix)) names.push_back(name);
  }
  return names;
}

std::uint64_t make_backup(ServerApi& api, const std::string& name) {
  const std::string body = json::serialize(json::object{{"name", name}});
  for (bool asked = false;;) {
    while (busy(api)) api.client().pause(between_questions);
    if (const auto size = listed(api, name)) return *size;
    if (asked) {
      throw cannot_start(fmt::format("{} made no backup", api.describe()), "PocketBase's log says why: its disk may be "
                                                                          "full.");
    }
    // The answer comes when the backup is done, and that may be after PocketBase's own limit for answers; so it is not
    // the answer that counts. Where another backup is being made, ours waits for its end.
    Answer answer;
    try {
      answer = api.send(Method::post, "/api/backups", body, Repeat::never);
    } catch (const Error&) {
      api.client().pause(between_questions);
      if (!busy(api) && !listed(api, name)) throw;
    }
    const bool collided = answer.status == 400 && answer.body.find("another backup") != std::string::npos;
    if (answer.status / 100 != 2 && answer.status != 0 && !collided) throw api.refusal(answer, "a backup");
    asked = !collided;
  }
}

void download_database(ServerApi& api, const std::string& backup, std::uint64_t size,
                       const std::filesystem::path& file) {
  RemoteArchive(api, backup, size).extract("data.db", file);
}

}  // namespace twoway
