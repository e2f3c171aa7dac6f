#include "runtime/store/pocketbase_directory/record_streams.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/pocketbase_directory/record_file.h"

namespace twoway {

using sqlite::quoted_name;

std::string select_records(const Entity& entity) {
  std::string sql = "SELECT ";
  for (const RecordField& field : entity.fields) sql += quoted_name(field.name) + ", ";
  return sql + fmt::format("residue, created FROM {}", quoted_name(entity.collection));
}

std::size_t fill_record(const sqlite::Statement& statement, const Entity& entity, void* record) {
  std::size_t bytes = 0;
  int index = 0;
  for (const RecordField& field : entity.fields) {
    const Value value = statement.column(index++);
    bytes += value.is_text() || value.is_blob() ? value.bytes().size() : sizeof(std::int64_t);
    cell(record, field.offset) = value;
  }
  return bytes;
}

DirectoryRecordReader::DirectoryRecordReader(sqlite::Connection& connection, const Entity& entity)
    : entity_(entity), record_(entity.record_bytes), statement_(connection.prepare(select_records(entity))) {
  if (!has_identities(entity)) return;
  identities_.emplace(connection, entity);
  for (const RecordField& field : entity.fields) {
    if (field.name == entity.people->identities_field) identities_offset_ = field.offset;
  }
}

bool DirectoryRecordReader::next() {
  if (!statement_.step()) return false;
  bytes_ = fill_record(statement_, entity_, record_.get());
  const int fields = static_cast<int>(entity_.fields.size());
  residue_ = statement_.column(fields);
  created_ = statement_.column(fields + 1);
  if (residue_.is_text()) bytes_ += residue_.bytes().size();
  if (identities_) {
    Value& document = cell(record_.get(), identities_offset_);
    document = identities_->shown(cell(record_.get(), entity_.fields[0].offset).bytes(), document);
  }
  return true;
}

DirectoryRecordWriter::DirectoryRecordWriter(sqlite::Connection& connection, const Entity& entity)
    : connection_(connection), entity_(entity) {
  std::vector<std::string> names, assignments, differences;
  const auto add = [&](std::string_view name, bool updated) {
    names.push_back(quoted_name(name));
    if (!updated) return;
    assignments.push_back(fmt::format("{0} = excluded.{0}", quoted_name(name)));
    differences.push_back(
        fmt::format("t.{0} IS NOT excluded.{0} OR typeof(t.{0}) IS NOT typeof(excluded.{0})", quoted_name(name)));
  };
  for (const RecordField& field : entity.fields) {
    add(field.name, field.type != PocketBaseType::id && !field.insert_only);
  }
  add("residue", true);
  add("created", true);
  upsert_ = connection.prepare(fmt::format(
      "INSERT INTO {} AS t ({}) VALUES ({}) ON CONFLICT (id) DO UPDATE SET {} WHERE {}", quoted_name(entity.collection),
      fmt::join(names, ", "), fmt::join(std::vector<std::string>(names.size(), "?"), ", "),
      fmt::join(assignments, ", "), fmt::join(differences, " OR ")));
}

Outcome DirectoryRecordWriter::write(const void* record, const Value& residue, const Value& created) {
  int index = 0;
  for (const RecordField& field : entity_.fields) upsert_.bind(index++, cell(record, field.offset));
  upsert_.bind(index++, residue);
  upsert_.bind(index, created);
  connection_.clear_last_insert();
  if (!upsert_.execute()) {
    Outcome outcome{Written::rejected, {}, connection_.last_error()};
    const std::size_t colon = outcome.reason.find(": ");
    if (colon != std::string::npos) outcome.column = outcome.reason.substr(colon + 2);
    return outcome;
  }
  if (connection_.changes() == 0) return {};
  return {connection_.last_insert() != 0 ? Written::inserted : Written::updated, {}, {}};
}

}  // namespace twoway
