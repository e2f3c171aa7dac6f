#include "runtime/store/postgresql/copy_reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/postgresql/byte_order.h"

namespace twoway::postgresql {

namespace {

/// Begins a binary COPY: a signature, flags, and the length of an extension that nobody uses.
constexpr std::string_view signature("PGCOPY\n\377\r\n\0", 11);
constexpr std::size_t header_bytes = signature.size() + 8;
constexpr std::int16_t end_mark = -1;

[[noreturn]] void broken(const Connection& connection) {
  throw Error(ExitStatus::interrupted,
              fmt::format("{} sent a binary COPY that is not as PostgreSQL writes it", connection.describe()),
              "Is something between twoway and the server? Connect to the server itself.");
}

}  // namespace

CopyReader::CopyReader(Connection& connection, const std::string& query, std::vector<LiveColumn> columns)
    : connection_(connection), columns_(std::move(columns)), values_(columns_.size()) {
  connection_.start_copy_out(fmt::format("COPY ({}) TO STDOUT (FORMAT binary)", query));
}

CopyReader::~CopyReader() {
  if (done_) return;
  try {
    connection_.abandon_copy();
  } catch (const std::exception&) {  // the connection is of no more use, and its next user is told so
  }
}

bool CopyReader::next() {
  arena_.reset();
  std::string_view row;
  while (!done_) {
    if (!connection_.receive_copy(row)) {
      done_ = true;
      break;
    }
    if (first_) {
      if (!row.starts_with(signature) || row.size() < header_bytes) broken(connection_);
      row.remove_prefix(header_bytes);
      first_ = false;
      if (row.empty()) continue;
    }
    if (row.size() < 2) broken(connection_);
    if (read_big_endian<std::int16_t>(row.data()) == end_mark) continue;
    read_row(row);
    return true;
  }
  return false;
}

void CopyReader::read_row(std::string_view row) {
  if (read_big_endian<std::int16_t>(row.data()) != static_cast<std::int16_t>(columns_.size())) broken(connection_);
  row.remove_prefix(2);
  bytes_ = row.size();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (row.size() < 4) broken(connection_);
    const auto size = read_big_endian<std::int32_t>(row.data());
    row.remove_prefix(4);
    if (size < 0) {
      values_[i] = Value::null();
      continue;
    }
    const auto length = static_cast<std::size_t>(size);
    if (row.size() < length) broken(connection_);
    values_[i] = decode(columns_[i], row.substr(0, length), arena_);
    row.remove_prefix(length);
  }
  if (!row.empty()) broken(connection_);
}

std::string select_columns(const std::vector<LiveColumn>& columns, std::string_view table) {
  std::vector<std::string> selected;
  for (const LiveColumn& column : columns) selected.push_back(column.selected());
  return fmt::format("SELECT {} FROM {}", fmt::join(selected, ", "), quoted_name(table));
}

LiveColumn text_column(std::string name) {
  constexpr std::uint32_t text_oid = 25;
  LiveColumn column;
  column.name = std::move(name);
  column.type = "text";
  column.type_oid = text_oid;
  column.transport = Transport::text;
  return column;
}

}  // namespace twoway::postgresql
