#include "runtime/journal/journal.h"

#include <fmt/format.h>
#include <xxhash.h>

#include "runtime/model/error.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cache_bytes = 1024 * 1024;
/// `twowayJ1` cut to what SQLite has room for: tells a journal from any other database.
constexpr std::int64_t application_id = 0x74774A31;

constexpr std::string_view run_columns =
    "id, mapping, mapping_digest, direction, from_store, to_store, source_state, started, finished, outcome, backup, "
    "target_created";

std::string string_of(const Value& value) {
  std::string text;
  if (value.is_text()) text = value.bytes();
  return text;
}

std::uint64_t count_of(const Value& value) {
  return value.is_integer() ? static_cast<std::uint64_t>(value.as_integer()) : 0;
}

Value count_value(std::uint64_t count) { return Value::integer(static_cast<std::int64_t>(count)); }

Error damaged(const fs::path& file, std::string_view why) {
  return cannot_start(fmt::format("the journal {} is damaged: {}", file.string(), why),
                      "Say --restart to set it aside and carry everything anew; nothing is written twice by that.");
}

}  // namespace

struct Journal::Database {
  Database(const fs::path& file, sqlite::Access access) : connection(file, access, cache_bytes) {}
  sqlite::Connection connection;
};

namespace {

/// Of a row's columns but the last, which holds it.
std::string sum_of(const sqlite::Statement& row) {
  std::string text;
  for (int i = 0; i + 1 < row.columns(); ++i) {
    const Value value = row.column(i);
    text += value.is_integer() ? fmt::format("{};", value.as_integer())
                               : fmt::format("'{}{};", string_of(value).size(), string_of(value));
  }
  return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

/// SQLite notices a page that is no page, but not a digit in it that became another one.
bool sums_fit(sqlite::Connection& connection, std::string_view table) {
  sqlite::Statement rows = connection.prepare(fmt::format("SELECT * FROM {}", table));
  while (rows.step()) {
    if (string_of(rows.column(rows.columns() - 1)) != sum_of(rows)) return false;
  }
  return true;
}

/// Gives a row that was written the sum that it will be checked by.
void seal(sqlite::Connection& connection, std::string_view table, std::int64_t id) {
  std::string sum;
  {
    sqlite::Statement row = connection.prepare(fmt::format("SELECT * FROM {} WHERE id = ?", table));
    row.bind(0, Value::integer(id));
    row.step();
    sum = sum_of(row);
  }
  sqlite::Statement update = connection.prepare(fmt::format("UPDATE {} SET sum = ? WHERE id = ?", table));
  update.bind(0, Value::text(sum));
  update.bind(1, Value::integer(id));
  update.execute();
}

void check(sqlite::Connection& connection) {
  const fs::path& file = connection.file();
  std::string found;
  std::int64_t id = 0, version = 0;
  bool as_written = true;
  try {
    found = connection.text("PRAGMA integrity_check(1)");
    id = connection.integer("PRAGMA application_id");
    version = connection.integer("PRAGMA user_version");
    const bool ours = found == "ok" && id == application_id && version == Journal::format;
    if (ours) as_written = sums_fit(connection, "run") && sums_fit(connection, "batch");
  } catch (const Error& error) {
    throw damaged(file, error.what());
  }
  if (found != "ok") throw damaged(file, found);
  if (id != application_id) throw damaged(file, "it is no journal of twoway");
  if (version != Journal::format) {
    throw cannot_start(
        fmt::format("the journal {} was written by {} twoway (format {}, this one knows {})", file.string(),
                    version > Journal::format ? "a newer" : "an older", version, Journal::format),
        "Go on with the program that wrote it, or say --restart to carry everything anew.");
  }
  if (!as_written) throw damaged(file, "a row in it is not as it was written");
}

void make_tables(sqlite::Connection& connection) {
  connection.execute("BEGIN IMMEDIATE");
  connection.execute(
      "CREATE TABLE run (id INTEGER PRIMARY KEY, mapping TEXT NOT NULL, mapping_digest TEXT NOT NULL, "
      "direction TEXT NOT NULL, from_store TEXT NOT NULL, to_store TEXT NOT NULL, source_state TEXT NOT NULL, "
      "started TEXT NOT NULL, finished TEXT NOT NULL, outcome TEXT NOT NULL, backup TEXT NOT NULL, "
      "target_created INTEGER NOT NULL, sum TEXT NOT NULL DEFAULT '')");
  connection.execute(
      "CREATE TABLE batch (id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), entity TEXT NOT NULL, "
      "rows INTEGER NOT NULL, rows_total INTEGER NOT NULL, bytes INTEGER NOT NULL, inserted INTEGER NOT NULL, updated "
      "INTEGER NOT NULL, unchanged INTEGER NOT NULL, rejected INTEGER NOT NULL, digest TEXT NOT NULL, done INTEGER NOT "
      "NULL, noted TEXT NOT NULL, sum TEXT NOT NULL DEFAULT '')");
  connection.execute(
      "CREATE TABLE expected (run INTEGER NOT NULL REFERENCES run (id), position INTEGER NOT NULL, entity TEXT NOT "
      "NULL, rows INTEGER NOT NULL, PRIMARY KEY (run, position))");
  connection.execute("CREATE INDEX batch_run ON batch (run, entity, id)");
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  connection.execute(fmt::format("PRAGMA user_version = {}", Journal::format));
  connection.execute("COMMIT");
}

/// Under another name first: a process that is killed meanwhile leaves no half a journal.
void make_file(const fs::path& file) {
  const fs::path unnamed = file.string() + ".new";
  std::error_code error;
  for (const char* ending : {"", "-journal", "-wal", "-shm"}) fs::remove(unnamed.string() + ending, error);
  {
    sqlite::Connection connection(unnamed, sqlite::Access::create, cache_bytes);
    make_tables(connection);
    // Readers look into it while a run writes. This is last: a WAL with something in it would stay behind.
    connection.set_journal_mode("wal");
  }
  fs::rename(unnamed, file);
}

}  // namespace

Journal::Journal(const fs::path& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  const fs::path file = directory / file_name;
  if (!fs::is_directory(directory, error)) {
    throw cannot_start(fmt::format("cannot make the state directory {}", directory.string()),
                       "Name a directory that can be written to with --state.");
  }
  if (!fs::exists(file, error) || fs::file_size(file, error) == 0) make_file(file);
  try {
    database_ = std::make_unique<Database>(file, sqlite::Access::create);
    database_->connection.execute("PRAGMA synchronous = FULL");
  } catch (const Error& failure) {
    throw damaged(file, failure.what());
  }
  check(database_->connection);
}

Journal::Journal(std::unique_ptr<Database> database) : database_(std::move(database)) {}

bool Journal::exists(const fs::path& directory) {
  std::error_code error;
  return fs::exists(directory / file_name, error);
}

std::unique_ptr<Journal> Journal::read(const fs::path& directory) {
  const fs::path file = directory / file_name;
  if (!exists(directory)) {
    throw cannot_start(fmt::format("{} holds no journal of a run", directory.string()),
                       "Name a state directory: the target's path with .twoway behind it.");
  }
  std::unique_ptr<Database> database;
  try {
    database = std::make_unique<Database>(file, sqlite::Access::read_only);
  } catch (const Error& failure) {
    throw damaged(file, failure.what());
  }
  check(database->connection);
  return std::unique_ptr<Journal>(new Journal(std::move(database)));
}

void Journal::set_aside(const fs::path& directory) {
  std::error_code error;
  const fs::path file = directory / file_name;
  if (!fs::exists(file, error)) return;
  fs::path aside;
  for (int number = 1; aside.empty() || fs::exists(aside, error); ++number) {
    aside = directory / fmt::format("journal-{}.db", number);
  }
  fs::rename(file, aside, error);
  if (error) {
    throw cannot_start(fmt::format("cannot move {} aside: {}", file.string(), error.message()),
                       "Give yourself write permission on its directory.");
  }
  // They belong to the file that is moved: beside a new one they would be taken for its own.
  for (const char* ending : {"-wal", "-shm"}) {
    if (fs::exists(file.string() + ending, error)) fs::rename(file.string() + ending, aside.string() + ending, error);
  }
}

Journal::~Journal() = default;

std::vector<JournalRun> Journal::read_runs(const std::string& rest) {
  std::vector<JournalRun> runs;
  sqlite::Statement rows =
      database_->connection.prepare(fmt::format("SELECT {} FROM run ORDER BY id DESC {}", run_columns, rest));
  while (rows.step()) {
    JournalRun run;
    run.id = rows.column(0).as_integer();
    std::string* const texts[] = {&run.mapping,      &run.mapping_digest, &run.direction, &run.from,    &run.to,
                                  &run.source_state, &run.started,        &run.finished,  &run.outcome, &run.backup};
    for (int i = 0; i < 10; ++i) *texts[i] = string_of(rows.column(i + 1));
    run.target_created = count_of(rows.column(11)) != 0;
    runs.push_back(std::move(run));
  }
  return runs;
}

std::vector<JournalRun> Journal::runs() { return read_runs({}); }

std::optional<JournalRun> Journal::unfinished() {
  auto newest = read_runs("LIMIT 1");
  if (newest.empty() || !newest[0].finished.empty()) return std::nullopt;
  return std::move(newest[0]);
}

namespace {

Checkpoint checkpoint_of(const sqlite::Statement& row) {
  Checkpoint checkpoint;
  checkpoint.entity = string_of(row.column(0));
  std::uint64_t* const counts[] = {&checkpoint.rows,     &checkpoint.rows_total, &checkpoint.bytes,
                                   &checkpoint.inserted, &checkpoint.updated,    &checkpoint.unchanged,
                                   &checkpoint.rejected};
  for (int i = 0; i < 7; ++i) *counts[i] = count_of(row.column(i + 1));
  checkpoint.digest = string_of(row.column(8));
  checkpoint.done = count_of(row.column(9)) != 0;
  checkpoint.noted = string_of(row.column(10));
  return checkpoint;
}

constexpr std::string_view batch_columns =
    "entity, rows, rows_total, bytes, inserted, updated, unchanged, rejected, digest, done, noted";

}  // namespace

std::vector<Checkpoint> Journal::latest(std::int64_t run) {
  std::vector<Checkpoint> found;
  sqlite::Statement rows = database_->connection.prepare(fmt::format(
      "SELECT {} FROM batch WHERE id IN (SELECT max(id) FROM batch WHERE run = ? GROUP BY entity) ORDER BY id",
      batch_columns));
  rows.bind(0, Value::integer(run));
  while (rows.step()) found.push_back(checkpoint_of(rows));
  return found;
}

std::uint64_t Journal::batches(std::int64_t run) {
  return static_cast<std::uint64_t>(
      database_->connection.integer(fmt::format("SELECT count(*) FROM batch WHERE run = {}", run)));
}

std::int64_t Journal::start(const JournalRun& run) {
  database_->connection.execute("BEGIN IMMEDIATE");
  sqlite::Statement insert = database_->connection.prepare(
      "INSERT INTO run (mapping, mapping_digest, direction, from_store, to_store, source_state, started, finished, "
      "outcome, backup, target_created) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?)");
  const std::string* const texts[] = {&run.mapping,      &run.mapping_digest, &run.direction, &run.from,  &run.to,
                                      &run.source_state, &run.started,        &run.outcome,   &run.backup};
  for (int i = 0; i < 9; ++i) insert.bind(i, Value::text(*texts[i]));
  insert.bind(9, Value::boolean(run.target_created));
  insert.execute();
  run_ = database_->connection.last_insert();
  seal(database_->connection, "run", run_);
  database_->connection.execute("COMMIT");
  return run_;
}

std::map<std::string, Checkpoint> Journal::resume(std::int64_t run) {
  run_ = run;
  sqlite::Statement forget = database_->connection.prepare(
      "DELETE FROM batch WHERE run = ?1 AND id = (SELECT max(id) FROM batch WHERE run = ?1)");
  forget.bind(0, Value::integer(run));
  forget.execute();
  std::map<std::string, Checkpoint> found;
  for (Checkpoint& checkpoint : latest(run)) {
    std::string entity = checkpoint.entity;
    found.emplace(std::move(entity), std::move(checkpoint));
  }
  return found;
}

void Journal::set_expected(const std::vector<std::pair<std::string, std::uint64_t>>& rows) {
  database_->connection.execute("BEGIN IMMEDIATE");
  sqlite::Statement forget = database_->connection.prepare("DELETE FROM expected WHERE run = ?");
  forget.bind(0, Value::integer(run_));
  forget.execute();
  sqlite::Statement insert = database_->connection.prepare("INSERT INTO expected VALUES (?, ?, ?, ?)");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    insert.bind(0, Value::integer(run_));
    insert.bind(1, count_value(i));
    insert.bind(2, Value::text(rows[i].first));
    insert.bind(3, count_value(rows[i].second));
    insert.execute();
  }
  database_->connection.execute("COMMIT");
}

std::vector<std::pair<std::string, std::uint64_t>> Journal::expected(std::int64_t run) {
  std::vector<std::pair<std::string, std::uint64_t>> rows;
  sqlite::Statement read =
      database_->connection.prepare("SELECT entity, rows FROM expected WHERE run = ? ORDER BY position");
  read.bind(0, Value::integer(run));
  while (read.step()) rows.emplace_back(string_of(read.column(0)), count_of(read.column(1)));
  return rows;
}

void Journal::note(const Checkpoint& checkpoint) {
  database_->connection.execute("BEGIN IMMEDIATE");
  sqlite::Statement insert = database_->connection.prepare(
      fmt::format("INSERT INTO batch (run, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", batch_columns));
  insert.bind(0, Value::integer(run_));
  insert.bind(1, Value::text(checkpoint.entity));
  const std::uint64_t counts[] = {checkpoint.rows,    checkpoint.rows_total, checkpoint.bytes,   checkpoint.inserted,
                                  checkpoint.updated, checkpoint.unchanged,  checkpoint.rejected};
  for (int i = 0; i < 7; ++i) insert.bind(i + 2, count_value(counts[i]));
  insert.bind(9, Value::text(checkpoint.digest));
  insert.bind(10, Value::boolean(checkpoint.done));
  insert.bind(11, Value::text(checkpoint.noted));
  insert.execute();
  seal(database_->connection, "batch", database_->connection.last_insert());
  database_->connection.execute("COMMIT");
}

void Journal::finish(const std::string& outcome, const std::string& finished) {
  database_->connection.execute("BEGIN IMMEDIATE");
  sqlite::Statement update = database_->connection.prepare("UPDATE run SET outcome = ?, finished = ? WHERE id = ?");
  update.bind(0, Value::text(outcome));
  update.bind(1, Value::text(finished));
  update.bind(2, Value::integer(run_));
  update.execute();
  seal(database_->connection, "run", run_);
  database_->connection.execute("COMMIT");
}

}  // namespace twoway
