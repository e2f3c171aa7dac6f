// What is done to a server before a run: collections, files for its operator, a backup.
#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_server/collections.h"
#include "runtime/store/pocketbase_server/server_way.h"
#include "runtime/store/pocketbase_server/session.h"

namespace twoway {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

void write_files(std::span<const Mapping::MigrationFile> files, const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  for (const Mapping::MigrationFile& file : files) {
    std::ofstream out(directory / file.name, std::ios::binary | std::ios::trunc);
    out.write(file.content.data(), static_cast<std::streamsize>(file.content.size()));
    if (!out.flush()) {
      throw cannot_start(fmt::format("cannot write {}", (directory / file.name).string()),
                         "Name a directory that can be written to.");
    }
  }
}

bool is_empty(ServerApi& api, const Mapping& mapping) {
  const json::array collections = server_collections(api);
  for (const Entity* entity : mapping.entities) {
    const json::object* there = find_collection(collections, entity->collection);
    if (there == nullptr) continue;
    // PocketBase makes an auth collection of its own: one without people in it, and without our fields, is new.
    if (!entity->auth || count_records(api, entity->collection) != 0) return false;
  }
  return true;
}

/// What is left to do about the hook, for people; empty where it is in place.
std::string hook_advice(ServerApi& api, const Mapping& mapping, const fs::path& directory) {
  if (mapping.pocketbase_hooks.empty()) return "This mapping has no hook.";
  std::string state = "not installed";
  try {
    if (hook_way(api, mapping) != nullptr) return {};
  } catch (const Error& error) {
    state = error.what();
  }
  return fmt::format("The hook is {}: put {} into the directory pb_hooks beside the server's pb_data (PocketBase "
                     "restarts by itself), then run this again to check it. Without it, records go over several times "
                     "slower.", state, (directory / "pb_hooks" / mapping.pocketbase_hooks[0].name).string());
}

}  // namespace

std::unique_ptr<ServerSession> make_session(const std::string& url, const ServerOptions& options) {
  auto session = std::make_unique<ServerSession>();
  session->address = http::parse_address(url);
  session->patience = options.patience;
  session->ca_file = options.ca_file;
  session->log = options.log;
  session->interrupted = options.interrupted;
  session->credentials = options.credentials;
  return session;
}

bool is_empty_server(const Mapping& mapping, const std::string& url, const ServerOptions& options) {
  const auto session = make_session(url, options);
  ServerApi api(*session);
  return is_empty(api, mapping);
}

std::string prepare_server(const Mapping& mapping, const std::string& url, const ServerOptions& options,
                           const fs::path& directory) {
  const auto session = make_session(url, options);
  ServerApi api(*session);
  const bool empty = is_empty(api, mapping);
  write_files(mapping.pocketbase_migrations, directory / "pb_migrations");
  write_files(mapping.pocketbase_hooks, directory / "pb_hooks");
  std::string done;
  if (empty) {
    make_collections(api, mapping);
    done = fmt::format("made the collections of {} in {}.", mapping.name, api.describe());
  } else {
    done = fmt::format("{} has the collections of {} already.", api.describe(), mapping.name);
  }
  check_server_collections(api, mapping);
  const std::string advice = hook_advice(api, mapping, directory);
  return done + " " + (advice.empty() ? "The hook is in place." : advice);
}

std::string back_up_server(const std::string& url, const ServerOptions& options, std::string_view stamp) {
  const auto session = make_session(url, options);
  ServerApi api(*session);
  std::string name = "twoway_";
  for (const char c : stamp) {
    const bool fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    name += !fits ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  name += ".zip";
  if (make_backup(api, name) == 0) {
    throw cannot_start(fmt::format("the backup {} on {} is empty", name, api.describe()),
                       "PocketBase's log may say why.");
  }
  return name;
}

void restore_server(const std::string& url, const ServerOptions& options, const std::string& name) {
  constexpr std::chrono::milliseconds until_it_restarts{2500}, between_questions{250};
  constexpr int most_questions = 240;
  const auto session = make_session(url, options);
  ServerApi api(*session);
  api.ask(http::Method::post, fmt::format("/api/backups/{}/restore", percent_encoded(name)), {},
          "going back to the backup " + name, http::Repeat::never);
  // It answers first, and restarts a second later.
  api.client().pause(until_it_restarts);
  for (int question = 0; question < most_questions; ++question) {
    try {
      const http::Request question_of_health{http::Method::get, "/api/health", {}, {}, {}, {}};
      if (api.client().send(question_of_health, http::Repeat::safe).status == 200) return;
    } catch (const Error&) {
      // Not there yet.
    }
    api.client().pause(between_questions);
  }
  throw Error(ExitStatus::interrupted, fmt::format("{} did not come back after the restore", api.describe()),
              "PocketBase's log may say why.");
}

}  // namespace twoway
