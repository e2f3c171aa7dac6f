#include "runtime/store/sqlite/connection.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <new>

#include "runtime/model/error.h"
#include "runtime/store/processes.h"
#include "runtime/store/sqlite/soci_session.h"

namespace twoway::sqlite {

namespace fs = std::filesystem;

std::string quoted_name(std::string_view name) {
  std::string out = "\"";
  for (char c : name) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

namespace {

/// A file as a SQLite URI, every byte that has a meaning in URIs or in SOCI's connection string escaped.
std::string uri_of(const fs::path& file, std::string_view query) {
  std::string out = "file:";
  for (char c : fs::absolute(file).string()) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                       byte == '/' || byte == '-' || byte == '_' || byte == '.';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02x}", byte);
    }
  }
  if (!query.empty()) out += fmt::format("?{}", query);
  return out;
}

/// Refuses what SQLite would only notice later, or would answer with words that help nobody.
/// Returns whether the file's header says that it is in WAL mode.
bool check_header(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  char header[100] = {};
  if (!in.read(header, sizeof header)) {
    if (in.gcount() == 0 && in.eof()) return false;  // an empty file is an empty database
    throw cannot_start(fmt::format("{} is not a SQLite database: it is only {} bytes long", file.string(), in.gcount()),
                       "Name the file that the application uses, not its directory.");
  }
  if (std::memcmp(header, "SQLite format 3", 16) != 0) {
    throw cannot_start(
        fmt::format("{} is not a SQLite database: its first bytes are not 'SQLite format 3'", file.string()),
        "Name the file that the application uses. An encrypted database must be decrypted first.");
  }
  return header[18] == 2;
}

/// True where a writer was killed in the middle of a transaction and the file must be rolled back before it is read.
bool has_unfinished_write(const fs::path& file) {
  // A journal that is finished with may stay, truncated or with zeros for its header.
  std::ifstream in(file.string() + "-journal", std::ios::binary);
  char first = 0;
  return in.get(first) && first != 0;
}

/// True where quick_check took a page that it had no memory for to be damaged: it names the code, SQLITE_NOMEM.
bool lacked_memory(std::string_view found) {
  constexpr std::string_view code = "error code=7";
  const std::size_t at = found.find(code);
  const bool whole = at != std::string_view::npos && found.substr(at + code.size()).find_first_of("0123456789") != 0;
  return whole || found.find("out of memory") != std::string_view::npos;
}

/// Size, time and inode of a file and its WAL, as text to compare.
std::string state_of(const fs::path& file) {
  std::string text;
  for (const std::string& name : {file.string(), file.string() + "-wal"}) {
    struct stat status {};
    if (stat(name.c_str(), &status) == 0 && status.st_size > 0) {
      text += fmt::format("{} {} {}.{};", status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
  }
  return text;
}

}  // namespace

void roll_back_unfinished_write(const fs::path& file) {
  constexpr std::size_t cache_bytes = 1024 * 1024;
  if (has_unfinished_write(file)) Connection(file, Access::exclusive, cache_bytes);
}

Connection::Connection(const fs::path& file, Access access, std::size_t cache_bytes) : file_(file) {
  // A connection belongs to one thread: SQLite need not lock around each value that is read or bound. This is refused,
  // and does no harm, where the program has used SQLite before.
  static const int configured = sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
  static_cast<void>(configured);
  std::error_code error;
  const bool exists = fs::exists(file, error);
  if (access != Access::create && !exists) {
    throw cannot_start(fmt::format("{} does not exist", file.string()), "Check the path.");
  }
  if (exists && fs::is_directory(file)) {
    throw cannot_start(fmt::format("{} is a directory, not a SQLite database", file.string()), "Name the file.");
  }
  bool wal_mode = exists && check_header(file);
  std::string query;
  if (access == Access::read_only && has_unfinished_write(file)) {
    throw cannot_start(fmt::format("{} was left in the middle of a write: {}-journal lies beside it", file.string(),
                                   file.filename().string()),
                       "Start its application once, or run the interrupted migration again: the write is then rolled "
                       "back.");
  }
  if (access == Access::read_only) {
    const fs::path wal = file.string() + "-wal";
    const fs::path shared_memory = file.string() + "-shm";
    const bool wal_used = fs::exists(wal, error) && fs::file_size(wal, error) > 0;
    // Who has it open may write to it at any time: then it is read as SQLite reads what others write to, and the files
    // beside it are there already.
    const bool shared = fs::exists(shared_memory, error) && !database_users(file).empty();
    if (wal_mode && !wal_used && !shared) {
      // Without a WAL the main file is complete. `immutable` keeps SQLite from making -wal and -shm files beside it.
      query = "immutable=1";
    } else if (wal_used) {
      // SQLite needs its index of the WAL; where there was none before, there shall be none afterwards.
      remove_shared_memory_ = !fs::exists(shared_memory, error);
    }
  }
  opened_as_ = state_of(file);
  open(file.empty() ? "file:" : uri_of(file, query), access, cache_bytes);
}

bool Connection::changed_since_open() const { return state_of(file_) != opened_as_; }

void Connection::open(const std::string& uri, Access access, std::size_t cache_bytes) {
  constexpr int busy_timeout_seconds = 5;
  try {
    session_ = std::make_unique<SociSession>(uri, access == Access::read_only, busy_timeout_seconds);
  } catch (const std::runtime_error& failure) {
    throw cannot_start(fmt::format("cannot open {}: {}", file_.string(), failure.what()),
                       access == Access::read_only ? "Check that it exists and that you may read it."
                                                   : "Check that you may write to it and to its directory.");
  }
  native_ = static_cast<sqlite3*>(session_->native());
  sqlite3_extended_result_codes(native_, 1);
  if (access != Access::read_only && sqlite3_db_readonly(native_, "main") == 1) {
    throw cannot_start(fmt::format("{} cannot be written to", file_.string()),
                       "Give yourself write permission on the file and its directory, or choose another target.");
  }
  execute(fmt::format("PRAGMA cache_size = -{}", cache_bytes / 1024));
  if (access == Access::exclusive) lock();
  // The first read tells a damaged or foreign file, and a rollback journal that would have to be played back first.
  const std::string encoding = text("PRAGMA encoding");
  integer("SELECT count(*) FROM sqlite_schema");
  if (encoding != "UTF-8") {
    throw cannot_start(fmt::format("{} holds its text as {}", file_.string(), encoding),
                       "Only UTF-8 databases can be carried to the byte. Dump it and load it into a new one.");
  }
}

Connection::~Connection() {
  try {
    // While it is locked exclusively, SQLite keeps its journal file; this lets it go.
    reset_statements();
    if (exclusive_) {
      session_->execute("PRAGMA locking_mode = NORMAL");
      session_->execute("SELECT count(*) FROM sqlite_schema");
    }
  } catch (const std::exception&) {
    // Nothing is lost with it: an empty journal beside the file means nothing.
  }
  native_ = nullptr;
  session_.reset();
  if (!remove_shared_memory_) return;
  try {
    fs::remove(file_.string() + "-shm");
  } catch (const std::exception&) {
    // It is an index, made anew by whoever opens the file next.
  }
}

void Connection::execute(const std::string& sql) {
  try {
    session_->execute(sql);
  } catch (const std::runtime_error& failure) {
    fail(sqlite3_errcode(native_) & 0xff, failure.what());
  }
}

std::string Connection::holders() const {
  const std::vector<FileUser> users = database_users(file_);
  return users.empty() ? "another program" : names_of(users);
}

void Connection::fail(int code, const std::string& words) const {
  const std::string text = fmt::format("{}: {}", file_.string(), words);
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw cannot_start(fmt::format("{} is in use by {}", file_.string(), holders()),
                         "Stop the application, or close the database browser, and try again.");
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      throw cannot_start(text, "The file is damaged. Restore it from a backup, or let `sqlite3 FILE .recover` save "
                               "what it can.");
    case SQLITE_CANTOPEN:
      throw cannot_start(fmt::format("{} or a file beside it cannot be opened", file_.string()),
                         "Give yourself write permission on its directory: a database with a -wal file is read with an "
                         "index beside it. Or copy both elsewhere.");
    case SQLITE_NOMEM: throw std::bad_alloc();
    case SQLITE_FULL:
      throw Error(ExitStatus::interrupted, text,
                  "Make room on the disk and run the same command again.");
    default:
      throw Error(ExitStatus::interrupted, text, "Run the same command again when the cause is mended.");
  }
}

std::int64_t Connection::integer(std::string_view sql) {
  Statement statement = prepare(sql);
  if (!statement.step()) return 0;
  const Value value = statement.column(0);
  return value.is_integer() ? value.as_integer() : 0;
}

std::string Connection::text(std::string_view sql) {
  Statement statement = prepare(sql);
  if (!statement.step()) return {};
  const Value value = statement.column(0);
  if (value.is_integer()) return std::to_string(value.as_integer());
  return value.is_text() ? std::string(value.bytes()) : std::string();
}

std::int64_t Connection::changes() const { return sqlite3_changes64(native_); }
void Connection::clear_last_insert() { sqlite3_set_last_insert_rowid(native_, 0); }
std::int64_t Connection::last_insert() const { return sqlite3_last_insert_rowid(native_); }
std::string Connection::last_error() const { return sqlite3_errmsg(native_); }

std::string Connection::damage() {
  std::string found = text("PRAGMA quick_check(1)");
  if (found == "ok") return {};
  if (lacked_memory(found)) throw std::bad_alloc();
  std::replace(found.begin(), found.end(), '\n', ' ');
  return found;
}

void Connection::reset_statements() {
  for (sqlite3_stmt* statement = sqlite3_next_stmt(native_, nullptr); statement != nullptr;
       statement = sqlite3_next_stmt(native_, statement)) {
    sqlite3_reset(statement);
  }
}

void Connection::set_journal_mode(std::string_view mode) {
  Statement pragma = prepare(fmt::format("PRAGMA journal_mode = {}", mode));
  bool taken = false;
  // To its end: it is committed after it has answered.
  while (pragma.step()) taken = pragma.column(0).bytes() == mode;
  if (taken) return;
  fail(SQLITE_IOERR, fmt::format("its journal mode could not be set to {}", mode));
}

void Connection::lock() {
  exclusive_ = true;
  // Before the first read: then a database in WAL mode is locked as a whole, and a PocketBase or an application that is
  // started meanwhile fails instead of writing beside us.
  try {
    execute("PRAGMA locking_mode = EXCLUSIVE");
    execute("BEGIN EXCLUSIVE");
    execute("COMMIT");
  } catch (const Error& failure) {
    throw cannot_start(failure.what(), failure.hint());
  }
}

Statement::Statement(Connection& connection, std::string_view sql) : connection_(&connection) {
  const int code = sqlite3_prepare_v3(connection.native(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement_, nullptr);
  if (code == SQLITE_NOMEM) throw std::bad_alloc();
  if (code != SQLITE_OK) {
    throw cannot_start(fmt::format("{}: {}", connection.file().string(), connection.last_error()),
                       code == SQLITE_NOTADB || code == SQLITE_CORRUPT
                           ? "The file is damaged or no database. Restore it from a backup."
                           : fmt::format("The statement was: {}", sql.substr(0, 300)));
  }
}

Statement::~Statement() { sqlite3_finalize(statement_); }

Statement::Statement(Statement&& other) noexcept : connection_(other.connection_), statement_(other.statement_) {
  other.statement_ = nullptr;
}

Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(connection_, other.connection_);
  std::swap(statement_, other.statement_);
  return *this;
}

void Statement::bind(int parameter, const Value& value) {
  const int index = parameter + 1;
  int code = SQLITE_OK;
  switch (value.kind()) {
    case Kind::null: code = sqlite3_bind_null(statement_, index); break;
    case Kind::integer: code = sqlite3_bind_int64(statement_, index, value.as_integer()); break;
    case Kind::real: code = sqlite3_bind_double(statement_, index, value.as_real()); break;
    case Kind::text: {
      const std::string_view bytes = value.bytes();
      // A null pointer would bind NULL: the empty text needs an address.
      code = sqlite3_bind_text64(statement_, index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC,
                                 SQLITE_UTF8);
      break;
    }
    case Kind::blob: {
      const std::string_view bytes = value.bytes();
      code = sqlite3_bind_blob64(statement_, index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
      break;
    }
  }
  if (code != SQLITE_OK) {
    throw Error(ExitStatus::interrupted,
                fmt::format("{}: {}", connection_->file().string(), connection_->last_error()));
  }
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  connection_->fail(code & 0xff, connection_->last_error());
}

bool Statement::execute() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_DONE || code == SQLITE_ROW) {
    sqlite3_reset(statement_);
    return true;
  }
  const int kind = code & 0xff;
  if (kind == SQLITE_CONSTRAINT || kind == SQLITE_TOOBIG || kind == SQLITE_MISMATCH) {
    sqlite3_reset(statement_);
    return false;
  }
  // Not once more: SQLite has rolled the whole transaction back after some failures, a full disk for example.
  connection_->fail(kind, connection_->last_error());
}

void Statement::reset() { sqlite3_reset(statement_); }

Value Statement::column(int index) const {
  sqlite3_value* value = sqlite3_column_value(statement_, index);
  switch (sqlite3_value_type(value)) {
    case SQLITE_INTEGER: return Value::integer(sqlite3_value_int64(value));
    case SQLITE_FLOAT: return Value::real(sqlite3_value_double(value));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
      if (text == nullptr) throw std::bad_alloc();  // the value is there: it must not be taken for an empty one
      return Value::text({text, static_cast<std::size_t>(sqlite3_value_bytes(value))});
    }
    case SQLITE_BLOB: {
      const auto* data = static_cast<const char*>(sqlite3_value_blob(value));
      const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
      if (data == nullptr && size > 0) throw std::bad_alloc();
      return Value::blob(size == 0 ? std::string_view("", 0) : std::string_view(data, size));
    }
    default: return Value::null();
  }
}

int Statement::columns() const { return sqlite3_column_count(statement_); }
std::string_view Statement::column_name(int index) const { return sqlite3_column_name(statement_, index); }

}  // namespace twoway::sqlite
