#include "runtime/migrate/file_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <filesystem>

#include "runtime/files/file_name.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace json = boost::json;

namespace {

std::string_view text_of(const Entity& entity, const void* row, std::uint16_t column) {
  const Value& value = cell(row, entity.columns[column].offset);
  return value.is_text() ? value.bytes() : std::string_view();
}

/// The column's document; null where it is none.
json::value document(const Entity& entity, const void* row, const JsonMember& member) {
  if (member.name.empty()) return nullptr;
  boost::system::error_code error;
  json::value value = json::parse(text_of(entity, row, member.column), error);
  return error ? json::value() : value;
}

const json::value* find(const json::value& document, std::string_view name) {
  return document.is_object() ? document.as_object().if_contains(name) : nullptr;
}

std::string member_text(const Entity& entity, const void* row, const JsonMember& member) {
  const json::value all = document(entity, row, member);
  const json::value* value = find(all, member.name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string member_sha256(const Entity& entity, const void* row, const JsonMember& member) {
  constexpr std::size_t digits = 64;
  std::string text = member_text(entity, row, member);
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c; });
  const bool hash = text.size() == digits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
  return hash ? text : std::string();
}

std::optional<std::uint64_t> member_size(const Entity& entity, const void* row, const JsonMember& member) {
  const json::value all = document(entity, row, member);
  const json::value* value = find(all, member.name);
  if (value == nullptr || !value->is_int64() || value->as_int64() < 0) return std::nullopt;
  return static_cast<std::uint64_t>(value->as_int64());
}

/// Puts columns into a template.
std::string filled(const Entity& entity, const void* row, std::string_view form) {
  std::string out;
  while (!form.empty()) {
    const std::size_t open = form.find('{');
    out += form.substr(0, open);
    if (open == std::string_view::npos) break;
    const std::size_t close = form.find('}', open);
    const std::string_view name = form.substr(open + 1, close - open - 1);
    for (std::size_t i = 0; i < entity.columns.size(); ++i) {
      if (entity.columns[i].name == name) out += text_of(entity, row, static_cast<std::uint16_t>(i));
    }
    form.remove_prefix(close + 1);
  }
  return out;
}

/// The name in the directory of the SQL side: as its path says, else as its application would have named it.
files::Name uploads_name(const Entity& entity, const FileField& field, const void* row) {
  const std::string_view path = text_of(entity, row, field.path);
  if (!path.empty() && !files::is_uri(path)) return files::last_part(path);
  return files::single_name(files::shortened(filled(entity, row, field.stored), files::longest_name));
}

std::string refused(const Entity& entity, std::uint16_t column, const std::string& why) {
  return fmt::format("{} {}", entity.columns[column].name, why);
}

NamedFile named_file(const Entity& entity, const FileField& field, const void* row, std::string_view record,
                     std::string_view stored, bool to_pocketbase) {
  NamedFile file;
  file.item.record = record;
  file.item.stored = stored;
  file.path = text_of(entity, row, field.path);
  file.elsewhere = files::is_uri(file.path) && stored.empty();
  const files::Name uploads = uploads_name(entity, field, row);
  file.item.uploads_name = uploads.text;
  if (!uploads.refusal.empty()) file.refusal = refused(entity, field.path, uploads.refusal);
  if (to_pocketbase) {
    const std::string_view name = text_of(entity, row, field.name);
    const files::Name given = files::single_name(files::shortened(name, files::longest_name));
    if (!name.empty() && file.refusal.empty() && !given.refusal.empty()) {
      file.refusal = refused(entity, field.name, given.refusal);
    }
    file.item.storage_name = files::storage_name(given.text.empty() ? uploads.text : given.text);
  }
  file.item.content_type = member_text(entity, row, field.content_type);
  file.sha256 = member_sha256(entity, row, field.sha256);
  file.size = member_size(entity, row, field.size);
  return file;
}

void read_rows(RunContext& context, const Entity& entity, const FileField& field,
               const std::function<bool(const NamedFile& file)>& take) {
  SqlStore& sql = *context.stores.sql;
  Arena arena;
  std::vector<Value> key(entity.key.size());
  for (const auto reader = sql.read(entity); reader->next();) {
    if (text_of(entity, reader->row(), field.path).empty()) continue;
    arena.reset();
    for (std::size_t i = 0; i < key.size(); ++i) {
      key[i] = cell(reader->row(), entity.columns[entity.key[i]].offset);
    }
    const auto record = sql.resolver().record_id(entity, key, arena);
    if (record && !take(named_file(entity, field, reader->row(), *record, {}, true))) return;
  }
}

void read_records(RunContext& context, const Entity& entity, const FileField& field,
                  const std::function<bool(const NamedFile& file)>& take) {
  PocketBaseStore& pocketbase = *context.stores.pocketbase;
  Arena arena;
  ToSql run(entity, pocketbase.resolver(), arena);
  RowBuffer row(entity.row_bytes);
  for (const auto reader = pocketbase.read(entity); reader->next();) {
    arena.reset();
    const pocketbase::Id id{cell(reader->record(), entity.fields[0].offset)};
    run.begin(id, reader->residue(), reader->created());
    entity.to_sql(reader->record(), row.get(), run);
    const Value& name = cell(reader->record(), field.offset);
    const std::string_view stored = name.is_text() ? name.bytes() : std::string_view();
    if (stored.empty() && text_of(entity, row.get(), field.path).empty()) continue;
    if (!take(named_file(entity, field, row.get(), id.bytes(), stored, false))) return;
  }
}

}  // namespace

void read_named_files(RunContext& context, const Entity& entity, const FileField& field,
                      const std::function<bool(const NamedFile& file)>& take) {
  if (context.report.direction == Direction::to_pocketbase) {
    read_rows(context, entity, field, take);
  } else {
    read_records(context, entity, field, take);
  }
}

void place_files(const RunContext& context, const Entity& entity, const void* record, void* row, Arena& arena) {
  const FileOptions& options = context.options.files;
  if (options.mode != FileOptions::Mode::copy || context.report.direction != Direction::to_sql) return;
  for (const FileField& field : entity.files) {
    const Value& stored = cell(record, field.offset);
    if (!stored.is_text() || stored.bytes().empty()) continue;
    const std::string_view path = text_of(entity, row, field.path);
    if (!path.empty() && (options.uploads_path.empty() || files::is_uri(path))) continue;
    const files::Name name = uploads_name(entity, field, row);
    if (!name.refusal.empty()) continue;
    const std::filesystem::path directory = options.uploads_path.empty() ? std::filesystem::absolute(options.uploads)
                                                                         : std::filesystem::path(options.uploads_path);
    cell(row, entity.columns[field.path].offset) = Value::text(arena.copy((directory / name.text).native()));
  }
}

}  // namespace twoway
