#include "runtime/migrate/ids.h"

#include <fmt/format.h>

#include <vector>

#include "runtime/lens/utf8.h"
#include "runtime/migrate/private_file.h"
#include "runtime/migrate/run_context.h"
#include "runtime/model/hexadecimal.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/json_text.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/side_entry.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace {

bool is_shown_as_text(const Value& value) { return value.is_text() && utf8::valid(value.bytes()); }

std::string number(const Value& value) {
  return value.is_integer() ? fmt::format("{}", value.as_integer()) : fmt::format("{}", value.as_real());
}

std::string csv_value(const Value& value) {
  if (value.is_null()) return {};
  if (is_shown_as_text(value)) return csv_cell(value.bytes());
  return value.is_text() || value.is_blob() ? "\\x" + hexadecimal(value.bytes()) : number(value);
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  json_text::append_escaped(out, text);
  return out + '"';
}

std::string json_value(const Value& value) {
  if (value.is_null()) return "null";
  if (is_shown_as_text(value)) return json_string(value.bytes());
  if (value.is_text() || value.is_blob()) return "{\"hex\":\"" + hexadecimal(value.bytes()) + "\"}";
  return number(value);
}

/// Writes pair after pair in one form.
class PairWriter {
 public:
  PairWriter(const Entity& entity, IdsForm form, const std::function<void(std::string_view)>& write)
      : entity_(entity), form_(form), write_(write) {
    std::string line;
    for (const std::uint16_t part : entity.key) line += csv_cell(entity.columns[part].name) + ",";
    write_(form == IdsForm::csv ? line + "record_id\n" : "[");
  }

  /// `record_id` is empty where the row has no record.
  void add(const void* row, std::string_view record_id) {
    std::string line;
    for (const std::uint16_t part : entity_.key) {
      const Column& column = entity_.columns[part];
      const Value& value = cell(row, column.offset);
      if (form_ == IdsForm::csv) {
        line += csv_value(value) + ",";
      } else {
        line += fmt::format("{}{}: {}", line.empty() ? "" : ", ", json_string(column.name), json_value(value));
      }
    }
    if (form_ == IdsForm::csv) {
      write_(line + csv_cell(record_id) + "\n");
    } else {
      write_(fmt::format("{}\n  {{\"key\": {{{}}}, \"record_id\": {}}}", pairs_ == 0 ? "" : ",", line,
                         record_id.empty() ? "null" : json_string(record_id)));
    }
    ++pairs_;
  }

  std::uint64_t finish() {
    if (form_ == IdsForm::json) write_(pairs_ == 0 ? "]\n" : "\n]\n");
    return pairs_;
  }

 private:
  const Entity& entity_;
  IdsForm form_;
  const std::function<void(std::string_view)>& write_;
  std::uint64_t pairs_ = 0;
};

void write_rows(SqlStore& sql, const Entity& entity, PairWriter& pairs) {
  Arena arena;
  SeenKeys seen(entity);
  for (const auto reader = sql.read(entity); reader->next();) {
    arena.reset();
    std::vector<Value> key;
    for (const std::uint16_t part : entity.key) key.push_back(cell(reader->row(), entity.columns[part].offset));
    const auto kept = side_entry::record_id(reader->side(), arena);
    const std::string_view id = kept ? *kept : record_id::encode(std::span<const Value>(key), arena);
    pairs.add(reader->row(), seen.add(id) ? id : std::string_view());
  }
}

void write_records(PocketBaseStore& pocketbase, const Entity& entity, PairWriter& pairs) {
  Arena arena;
  ToSql run(entity, pocketbase.resolver(), arena);
  RowBuffer row(entity.row_bytes);
  for (const auto reader = pocketbase.read(entity); reader->next();) {
    arena.reset();
    const pocketbase::Id id{cell(reader->record(), entity.fields[0].offset)};
    run.begin(id, reader->residue(), reader->created());
    entity.to_sql(reader->record(), row.get(), run);
    pairs.add(row.get(), id.bytes());
  }
}

}  // namespace

std::uint64_t write_ids(const Mapping& mapping, const Entity& entity, const StoreAddress& store,
                        const OpenOptions& options, IdsForm form, const std::function<void(std::string_view)>& write) {
  if (is_sql(store.kind)) {
    const auto sql = open_sql(mapping, store, Use::source, options);
    PairWriter pairs(entity, form, write);
    write_rows(*sql, entity, pairs);
    return pairs.finish();
  }
  const auto pocketbase = open_pocketbase(mapping, store, Use::source, options);
  PairWriter pairs(entity, form, write);
  write_records(*pocketbase, entity, pairs);
  return pairs.finish();
}

}  // namespace twoway
