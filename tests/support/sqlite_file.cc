#include "tests/support/sqlite_file.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <bit>
#include <memory>
#include <stdexcept>
#include <utility>

namespace twoway::test {

namespace {

struct Finalize {
  void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

int bind(sqlite3_stmt* statement, int index, const Cell& cell) {
  switch (cell.storage) {
    case Cell::Class::null:
      return sqlite3_bind_null(statement, index);
    case Cell::Class::integer:
      return sqlite3_bind_int64(statement, index, cell.bits);
    case Cell::Class::real:
      return sqlite3_bind_double(statement, index, cell.real());
    case Cell::Class::text:
      return sqlite3_bind_text64(statement, index, cell.bytes.data(), cell.bytes.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    case Cell::Class::blob:
      return sqlite3_bind_blob64(statement, index, cell.bytes.data(), cell.bytes.size(), SQLITE_TRANSIENT);
  }
  return SQLITE_MISUSE;
}

Cell cell_of(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_INTEGER:
      return Cell(std::int64_t{sqlite3_column_int64(statement, column)});
    case SQLITE_FLOAT:
      return Cell(sqlite3_column_double(statement, column));
    case SQLITE_TEXT: {
      const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement, column));
      return Cell(std::string_view(text, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))));
    }
    case SQLITE_BLOB: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement, column));
      return Cell::blob({bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement, column))});
    }
    default:
      return Cell();
  }
}

/// The first bytes, with everything that does not print escaped.
std::string printable(std::string_view bytes) {
  constexpr std::size_t most = 80;
  std::string text;
  for (const char c : bytes.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      text += fmt::format("\\x{:02x}", byte);
    } else {
      text += c;
    }
  }
  if (bytes.size() > most) text += fmt::format("... ({} bytes)", bytes.size());
  return text;
}

std::string hexadecimal(std::string_view bytes) {
  std::string text;
  for (const char c : bytes.substr(0, 40)) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  if (bytes.size() > 40) text += fmt::format("... ({} bytes)", bytes.size());
  return text;
}

}  // namespace

Cell::Cell(double value) : storage(Class::real), bits(std::bit_cast<std::int64_t>(value)) {}

Cell Cell::blob(std::string_view bytes) {
  Cell cell(bytes);
  cell.storage = Class::blob;
  return cell;
}

double Cell::real() const { return std::bit_cast<double>(bits); }

std::string Cell::describe() const {
  switch (storage) {
    case Class::null:
      return "NULL";
    case Class::integer:
      return fmt::format("integer {}", bits);
    case Class::real:
      return fmt::format("real {}", real());
    case Class::text:
      return "text '" + printable(bytes) + "'";
    case Class::blob:
      return "blob x'" + hexadecimal(bytes) + "'";
  }
  return {};
}

std::string identifier(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + "\"";
}

SqliteFile::SqliteFile(const std::filesystem::path& path, Mode mode) {
  const int flags = mode == Mode::read    ? SQLITE_OPEN_READONLY
                    : mode == Mode::write ? SQLITE_OPEN_READWRITE
                                          : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
  if (sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(handle_);
    sqlite3_close(handle_);
    throw std::runtime_error("cannot open " + path.string() + ": " + why);
  }
  sqlite3_busy_timeout(handle_, 10000);
}

SqliteFile::~SqliteFile() { sqlite3_close(handle_); }

void SqliteFile::fail(const std::string& sql) {
  throw std::runtime_error(fmt::format("{}: {}", sqlite3_errmsg(handle_), sql));
}

sqlite3_stmt* SqliteFile::prepare(const std::string& sql, const std::vector<Cell>& values) {
  sqlite3_stmt* raw = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &raw, nullptr) != SQLITE_OK) fail(sql);
  Statement statement(raw);
  if (static_cast<std::size_t>(sqlite3_bind_parameter_count(raw)) != values.size()) {
    throw std::runtime_error(fmt::format("{} values for: {}", values.size(), sql));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (bind(raw, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) fail(sql);
  }
  return statement.release();
}

void SqliteFile::execute(const std::string& sql) {
  if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) fail(sql);
}

void SqliteFile::each(const std::string& sql, const std::vector<Cell>& values,
                      const std::function<void(const Row&)>& visit) {
  const Statement statement(prepare(sql, values));
  Row row;
  int result = SQLITE_ROW;
  while ((result = sqlite3_step(statement.get())) == SQLITE_ROW) {
    row.clear();
    for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) row.push_back(cell_of(statement.get(), i));
    visit(row);
  }
  if (result != SQLITE_DONE) fail(sql);
}

std::vector<Row> SqliteFile::rows(const std::string& sql, const std::vector<Cell>& values) {
  std::vector<Row> all;
  each(sql, values, [&](const Row& row) { all.push_back(row); });
  return all;
}

void SqliteFile::run(const std::string& sql, const std::vector<Cell>& values) {
  each(sql, values, [](const Row&) {});
}

Cell SqliteFile::cell(const std::string& sql, const std::vector<Cell>& values) {
  std::vector<Row> all = rows(sql, values);
  return all.empty() ? Cell() : all[0].at(0);
}

std::int64_t SqliteFile::integer(const std::string& sql, const std::vector<Cell>& values) {
  const Cell first = cell(sql, values);
  return first.storage == Cell::Class::integer ? first.bits : 0;
}

void SqliteFile::insert(std::string_view table, const std::vector<std::pair<std::string, Cell>>& row) {
  std::string names, marks;
  std::vector<Cell> values;
  for (const auto& [name, value] : row) {
    names += (names.empty() ? "" : ", ") + identifier(name);
    marks += marks.empty() ? "?" : ", ?";
    values.push_back(value);
  }
  run(fmt::format("INSERT INTO {} ({}) VALUES ({})", identifier(table), names, marks), values);
}

SqliteInsert::SqliteInsert(SqliteFile& file, std::string_view table, const std::vector<std::string>& columns)
    : file_(file) {
  std::string names, marks;
  for (const std::string& column : columns) {
    names += (names.empty() ? "" : ", ") + identifier(column);
    marks += marks.empty() ? "?" : ", ?";
  }
  sql_ = fmt::format("INSERT INTO {} ({}) VALUES ({})", identifier(table), names, marks);
  if (sqlite3_prepare_v2(file.handle_, sql_.c_str(), -1, &statement_, nullptr) != SQLITE_OK) file.fail(sql_);
}

SqliteInsert::~SqliteInsert() { sqlite3_finalize(statement_); }

void SqliteInsert::operator()(const std::vector<Cell>& values) {
  sqlite3_clear_bindings(statement_);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (bind(statement_, static_cast<int>(i) + 1, values[i]) != SQLITE_OK) file_.fail(sql_);
  }
  if (sqlite3_step(statement_) != SQLITE_DONE) file_.fail(sql_);
  sqlite3_reset(statement_);
}

std::vector<std::string> SqliteFile::tables() {
  std::vector<std::string> names;
  each("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
       {}, [&](const Row& row) { names.push_back(row[0].bytes); });
  return names;
}

std::vector<std::string> SqliteFile::columns(std::string_view table) {
  std::vector<std::string> names;
  each("SELECT name FROM pragma_table_info(?) ORDER BY cid", {table},
       [&](const Row& row) { names.push_back(row[0].bytes); });
  return names;
}

std::vector<std::string> SqliteFile::primary_key(std::string_view table) {
  std::vector<std::string> names;
  each("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", {table},
       [&](const Row& row) { names.push_back(row[0].bytes); });
  return names;
}

}  // namespace twoway::test
