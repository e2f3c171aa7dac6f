#include "runtime/store/postgresql/connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/store/postgresql/byte_order.h"
#include "runtime/store/postgresql/soci_session.h"
#include "runtime/store/postgresql/wording.h"

namespace twoway::postgresql {

namespace {

constexpr int oldest_version = 130000;
constexpr int binary = 1;
constexpr std::uint32_t text_array_oid = 1009;
constexpr std::uint32_t text_oid = 25;

/// Adds a setting unless the URL has it.
void add_default(Address& address, std::string_view name, std::string_view value) {
  if (address.find(name).empty()) address.settings.emplace_back(name, value);
}

void ignore_notice(void*, const char*) {}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out + quote;
}

}  // namespace

std::string quoted_name(std::string_view name) { return quoted(name, '"'); }
std::string quoted_text(std::string_view text) { return quoted(text, '\''); }

Result::~Result() { PQclear(result_); }
Result::Result(Result&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
Result& Result::operator=(Result&& other) noexcept {
  std::swap(result_, other.result_);
  return *this;
}

int Result::rows() const { return PQntuples(result_); }
int Result::columns() const { return PQnfields(result_); }
bool Result::is_null(int row, int column) const { return PQgetisnull(result_, row, column) != 0; }
std::uint32_t Result::type(int column) const { return PQftype(result_, column); }

std::string_view Result::bytes(int row, int column) const {
  return {PQgetvalue(result_, row, column), static_cast<std::size_t>(PQgetlength(result_, row, column))};
}

std::int64_t Result::integer(int row, int column) const {
  const std::string_view raw = bytes(row, column);
  switch (raw.size()) {
    case 1: return static_cast<unsigned char>(raw[0]);
    case 2: return read_big_endian<std::int16_t>(raw.data());
    case 4: return read_big_endian<std::int32_t>(raw.data());
    case 8: return read_big_endian<std::int64_t>(raw.data());
    default: return 0;
  }
}

std::vector<std::string> Result::texts(int row, int column) const {
  // Dimensions, a flag, the element's type; then size and first index of each dimension; then lengths and bytes.
  constexpr std::size_t header = 12, dimension = 8;
  std::vector<std::string> out;
  std::string_view raw = bytes(row, column);
  if (raw.size() < header + dimension) return out;
  const auto count = read_big_endian<std::int32_t>(raw.data() + header);
  raw.remove_prefix(header + dimension);
  for (std::int32_t i = 0; i < count; ++i) {
    const auto size = read_big_endian<std::int32_t>(raw.data());
    raw.remove_prefix(sizeof size);
    out.emplace_back(raw.substr(0, size < 0 ? 0 : static_cast<std::size_t>(size)));
    raw.remove_prefix(out.back().size());
  }
  return out;
}

std::int64_t Result::changes() const {
  const char* text = PQcmdTuples(result_);
  return *text == '\0' ? 0 : std::strtoll(text, nullptr, 10);
}

Parameter text_array_parameter(std::span<const std::string> texts, std::string& memory) {
  memory.clear();
  append_big_endian<std::int32_t>(memory, texts.empty() ? 0 : 1);  // dimensions
  append_big_endian<std::int32_t>(memory, 0);                      // no NULL among them
  append_big_endian<std::uint32_t>(memory, text_oid);
  if (!texts.empty()) {
    append_big_endian<std::int32_t>(memory, static_cast<std::int32_t>(texts.size()));
    append_big_endian<std::int32_t>(memory, 1);  // the first index
  }
  for (const std::string& text : texts) {
    append_big_endian<std::int32_t>(memory, static_cast<std::int32_t>(text.size()));
    memory += text;
  }
  return {text_array_oid, memory, true};
}

Connection::Connection(const Address& address, Access access) : address_(address), access_(access) {
  // The process that other runs are told of.
  add_default(address_, "application_name", fmt::format("twoway-{}", getpid()));
  add_default(address_, "client_encoding", "UTF8");
  add_default(address_, "connect_timeout", "10");
  // A server that vanishes is noticed after a minute, not after the hours that the system's defaults take.
  add_default(address_, "keepalives_idle", "30");
  add_default(address_, "keepalives_interval", "10");
  add_default(address_, "keepalives_count", "3");
  add_default(address_, "tcp_user_timeout", "60000");
  try {
    open();
  } catch (const ConnectionLost& failure) {
    throw cannot_start(failure.what(), failure.hint());
  }
  check_server();
}

Connection::~Connection() { PQfreemem(copy_piece_); }

void Connection::open() {
  PQfreemem(std::exchange(copy_piece_, nullptr));
  native_ = nullptr;
  session_.reset();
  prepared_.clear();
  try {
    session_ = std::make_unique<SociSession>(address_.connection_string());
  } catch (const std::runtime_error& failure) {
    const Words words = words_for_no_connection(address_, failure.what());
    throw ConnectionLost(ExitStatus::interrupted, words.what, words.hint);
  }
  native_ = static_cast<pg_conn*>(session_->native());
  PQsetNoticeProcessor(native_, ignore_notice, nullptr);
  PQsetErrorVerbosity(native_, PQERRORS_DEFAULT);
  try {
    configure();
  } catch (const std::runtime_error& failure) {
    const Words words = words_for_no_connection(address_, failure.what());
    throw ConnectionLost(ExitStatus::interrupted, words.what, words.hint);
  }
  choose_schema();
}

void Connection::configure() {
  for (const char* setting :
       {"client_encoding = 'UTF8'", "DateStyle = 'ISO, YMD'", "IntervalStyle = 'postgres'", "TimeZone = 'UTC'",
        "extra_float_digits = 3", "standard_conforming_strings = on", "bytea_output = 'hex'", "xmloption = content",
        "statement_timeout = 0", "lock_timeout = '60s'", "idle_in_transaction_session_timeout = 0",
        // Rows come in the order in which they lie, always: a run that goes on counts on it.
        "synchronize_seqscans = off",
        // Rows that a policy would hide are an error, not missing.
        "row_security = off", "max_parallel_workers_per_gather = 0", "client_min_messages = error"}) {
    session_->execute(std::string("SET ") + setting);
  }
  // Newer servers have more clocks.
  session_->execute("DO $$ BEGIN PERFORM set_config(name, '0', false) FROM pg_catalog.pg_settings WHERE name IN "
                    "('idle_session_timeout', 'transaction_timeout'); END $$");
  if (access_ == Access::read_only) {
    session_->execute("SET default_transaction_read_only = on");
  } else {
    // Compressing large values is most of the work of a load, and lz4 does it several times faster than the default.
    // Only where nobody decided otherwise, and where the server has it (from version 14 on, as an option).
    session_->execute("DO $$ BEGIN PERFORM set_config(name, 'lz4', false) FROM pg_catalog.pg_settings WHERE name = "
                      "'default_toast_compression' AND source = 'default' AND 'lz4' = ANY (enumvals); END $$");
  }
}

void Connection::check_server() const {
  if (server_version() < oldest_version) {
    throw cannot_start(fmt::format("the server of {} is PostgreSQL {}; twoway needs 13 or newer", describe(),
                                   PQparameterStatus(native_, "server_version")),
                       "Upgrade the server, or restore a dump of the database into a newer one.");
  }
  const std::string encoding = PQparameterStatus(native_, "server_encoding");
  if (encoding != "UTF8") {
    throw cannot_start(fmt::format("the database {} stores text in {}, not in UTF8", describe(), encoding),
                       "Make a database with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 and restore a dump "
                       "of this one into it.");
  }
}

void Connection::choose_schema() {
  if (!address_.schema.empty()) {
    schema_ = address_.schema;
    const Parameter name = text_parameter(schema_);
    if (integer("SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = $1::text", {&name, 1}) == 0) {
      throw cannot_start(fmt::format("{} has no schema '{}'", describe(), schema_),
                         "Check DATABASE_SCHEMA, or make it with CREATE SCHEMA.");
    }
  } else {
    schema_ = text("SELECT coalesce(current_schema(), '')::text");
    if (schema_.empty()) {
      throw cannot_start(fmt::format("{} has none of the schemas that its search_path names", describe()),
                         "Name the schema with DATABASE_SCHEMA.");
    }
  }
  // That one alone: a table that it lacks must not be found in another.
  execute("SET search_path = " + quoted_name(schema_));
}

void Connection::reopen() { open(); }

int Connection::server_version() const { return PQserverVersion(native_); }
bool Connection::alive() const { return native_ != nullptr && PQstatus(native_) == CONNECTION_OK; }

bool Connection::in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(native_);
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

bool Connection::ready() const {
  const PGTransactionStatusType status = native_ == nullptr ? PQTRANS_UNKNOWN : PQtransactionStatus(native_);
  return status == PQTRANS_IDLE || status == PQTRANS_INTRANS;
}

void Connection::lost(const std::string& words) const {
  const Words text = words_for_lost_connection(address_, words);
  throw ConnectionLost(ExitStatus::interrupted, text.what, text.hint);
}

void Connection::fail(const pg_result* result, std::string_view sql) const {
  const auto field = [&](int code) {
    const char* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
    return std::string(text == nullptr ? "" : text);
  };
  Refusal refusal{field(PG_DIAG_SQLSTATE), field(PG_DIAG_MESSAGE_PRIMARY), field(PG_DIAG_CONSTRAINT_NAME),
                  field(PG_DIAG_TABLE_NAME), field(PG_DIAG_COLUMN_NAME)};
  if (!alive() || is_connection_failure(refusal.sqlstate)) {
    lost(refusal.message.empty() ? PQerrorMessage(native_) : refusal.message);
  }
  refusal.message = without_values(refusal.message.empty() ? PQerrorMessage(native_) : refusal.message);
  // What a function raises says whatever its author wrote, mostly with values of the row.
  if (field(PG_DIAG_SOURCE_FUNCTION) == "exec_stmt_raise") refusal.message = "a trigger or function refused it";
  const Words words = words_for_refusal(address_, refusal, sql);
  throw StatementError(words.what, words.hint, std::move(refusal));
}

Result Connection::checked(pg_result* result, std::string_view sql) {
  Result owned(result);
  switch (PQresultStatus(result)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_EMPTY_QUERY:
      return owned;
    default:
      fail(result, sql);
  }
}

void Connection::execute(const std::string& sql) { checked(PQexec(native_, sql.c_str()), sql); }

namespace {

/// Parameters as libpq wants them.
struct ParameterArrays {
  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  std::vector<std::string> terminated;  // texts need a NUL at their end

  explicit ParameterArrays(std::span<const Parameter> parameters) {
    terminated.reserve(parameters.size());
    for (const Parameter& parameter : parameters) {
      types.push_back(parameter.type);
      formats.push_back(parameter.binary ? 1 : 0);
      lengths.push_back(parameter.bytes ? static_cast<int>(parameter.bytes->size()) : 0);
      if (!parameter.bytes) {
        values.push_back(nullptr);
      } else if (parameter.binary) {
        values.push_back(parameter.bytes->data() == nullptr ? "" : parameter.bytes->data());
      } else {
        terminated.emplace_back(*parameter.bytes);
        values.push_back(terminated.back().c_str());
      }
    }
  }
  int count() const { return static_cast<int>(values.size()); }
};

}  // namespace

Result Connection::query(const std::string& sql, std::span<const Parameter> parameters) {
  const ParameterArrays given(parameters);
  return checked(PQexecParams(native_, sql.c_str(), given.count(), given.types.data(), given.values.data(),
                              given.lengths.data(), given.formats.data(), binary),
                 sql);
}

Result Connection::query_prepared(const std::string& sql, std::span<const Parameter> parameters) {
  const ParameterArrays given(parameters);
  auto found = prepared_.find(sql);
  if (found == prepared_.end()) {
    const std::string name = fmt::format("twoway_{}", prepared_.size());
    checked(PQprepare(native_, name.c_str(), sql.c_str(), given.count(), given.types.data()), sql);
    found = prepared_.emplace(sql, name).first;
  }
  return checked(PQexecPrepared(native_, found->second.c_str(), given.count(), given.values.data(),
                                given.lengths.data(), given.formats.data(), binary),
                 sql);
}

std::int64_t Connection::integer(const std::string& sql, std::span<const Parameter> parameters) {
  const Result result = query(sql, parameters);
  return result.rows() == 0 ? 0 : result.integer(0, 0);
}

std::string Connection::text(const std::string& sql, std::span<const Parameter> parameters) {
  const Result result = query(sql, parameters);
  return result.rows() == 0 ? std::string() : result.text(0, 0);
}

void Connection::drain() {
  while (pg_result* result = PQgetResult(native_)) {
    PQclear(result);
    if (!alive()) break;
  }
}

void Connection::start_copy_out(const std::string& sql) { checked(PQexec(native_, sql.c_str()), sql); }

bool Connection::receive_copy(std::string_view& piece) {
  PQfreemem(std::exchange(copy_piece_, nullptr));
  const int size = PQgetCopyData(native_, &copy_piece_, 0);
  if (size > 0) {
    piece = {copy_piece_, static_cast<std::size_t>(size)};
    return true;
  }
  if (size == -2) fail(nullptr, "COPY");
  checked(PQgetResult(native_), "COPY");
  drain();
  return false;
}

void Connection::start_copy_in(const std::string& sql) { checked(PQexec(native_, sql.c_str()), sql); }

void Connection::send_copy(std::string_view bytes) {
  // libpq keeps what it is given until it is sent: pieces bound that memory.
  constexpr std::size_t piece_bytes = 64 * 1024;
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, piece_bytes);
    if (PQputCopyData(native_, piece.data(), static_cast<int>(piece.size())) != 1) lost(PQerrorMessage(native_));
    bytes.remove_prefix(piece.size());
  }
}

std::int64_t Connection::finish_copy_in() {
  if (PQputCopyEnd(native_, nullptr) != 1) lost(PQerrorMessage(native_));
  pg_result* result = PQgetResult(native_);
  if (PQresultStatus(result) != PGRES_COMMAND_OK) {
    Result owned(result);
    drain();
    fail(result, "COPY");
  }
  const Result owned(result);
  drain();
  return owned.changes();
}

void Connection::abandon_copy() {
  if (!alive()) return;
  PQfreemem(std::exchange(copy_piece_, nullptr));
  if (PQtransactionStatus(native_) != PQTRANS_ACTIVE) return;
  pg_result* result = PQgetResult(native_);
  if (PQresultStatus(result) == PGRES_COPY_IN) {
    PQputCopyEnd(native_, "abandoned");
  } else if (PQresultStatus(result) == PGRES_COPY_OUT) {
    // The rest of a COPY OUT would have to be read to its end; the server is asked to leave it.
    if (PGcancel* cancel = PQgetCancel(native_)) {
      std::array<char, 256> words{};
      PQcancel(cancel, words.data(), static_cast<int>(words.size()));
      PQfreeCancel(cancel);
    }
    char* piece = nullptr;
    while (PQgetCopyData(native_, &piece, 0) > 0) PQfreemem(piece);
  }
  PQclear(result);
  drain();
}

std::unique_ptr<Connection> open_further(const Address& address, Access access) {
  try {
    return std::make_unique<Connection>(address, access);
  } catch (const Error& failure) {
    throw Error(ExitStatus::interrupted, failure.what(), failure.hint());
  }
}

}  // namespace twoway::postgresql
