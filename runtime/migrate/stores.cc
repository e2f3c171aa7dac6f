#include "runtime/migrate/stores.h"

#include <fmt/format.h>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/directory_store.h"
#include "runtime/store/pocketbase_directory/running.h"
#include "runtime/store/sql/sqlite_store.h"

namespace twoway {

namespace fs = std::filesystem;

StoreAddress parse_store(const std::string& text, StoreKind otherwise) {
  StoreAddress address;
  std::string path = text;
  const std::size_t scheme = text.find("://");
  if (scheme != std::string::npos) {
    // SQLAlchemy: sqlite:///relative and sqlite:////absolute.
    if (text.rfind("sqlite:///", 0) != 0) {
      throw cannot_start(fmt::format("'{}' is no store that this version can open", text.substr(0, scheme + 3)),
                         "Name a SQLite file (a path, or sqlite:///path) or a PocketBase data directory.");
    }
    path = text.substr(std::string_view("sqlite:///").size());
    otherwise = StoreKind::sqlite_file;
  }
  if (path.empty()) throw cannot_start("a store's path is empty", "Name a SQLite file or a PocketBase data directory.");
  address.path = path;
  std::error_code error;
  const fs::file_status status = fs::status(address.path, error);
  address.exists = fs::exists(status);
  if (!address.exists) {
    address.kind = otherwise;
  } else {
    address.kind = fs::is_directory(status) ? StoreKind::pocketbase_directory : StoreKind::sqlite_file;
  }
  return address;
}

Ends parse_ends(const std::string& from, const std::string& to) {
  Ends ends;
  ends.from = parse_store(from, StoreKind::sqlite_file);
  if (!ends.from.exists) {
    throw cannot_start(fmt::format("{} does not exist", ends.from.path.string()), "Check the path given with --from.");
  }
  const bool from_sql = ends.from.kind == StoreKind::sqlite_file;
  ends.to = parse_store(to, from_sql ? StoreKind::pocketbase_directory : StoreKind::sqlite_file);
  if (ends.to.kind == ends.from.kind) {
    throw cannot_start(from_sql ? "both stores are SQL databases" : "both stores are PocketBase data directories",
                       "Name one SQLite file and one PocketBase data directory.");
  }
  ends.direction = from_sql ? Direction::to_pocketbase : Direction::to_sql;
  return ends;
}

bool is_empty_target(const Mapping& mapping, const StoreAddress& target) {
  return target.kind == StoreKind::sqlite_file ? is_empty_sqlite(target.path)
                                               : is_empty_directory(mapping, target.path);
}

void recover_target(const StoreAddress& target) {
  const bool file = target.kind == StoreKind::sqlite_file;
  if (!file) refuse_running_pocketbase(target.path);
  sqlite::roll_back_unfinished_write(file ? target.path : target.path / "data.db");
}

void prepare_target(const Mapping& mapping, const StoreAddress& target, const std::string& pocketbase_binary) {
  if (target.kind == StoreKind::sqlite_file) {
    prepare_sqlite(mapping, target.path);
  } else {
    prepare_directory(mapping, target.path, pocketbase_binary);
  }
}

}  // namespace twoway
