#include "generator/check/describe.h"

#include <fmt/format.h>

#include <algorithm>

namespace twowayc {
namespace {

/// The lens that a column of this type mostly has.
std::string_view usual_lens(const SqlColumn& column) {
  const bool time_name = column.name.ends_with("_at") || column.name == "timestamp";
  switch (column.type) {
    case SqlType::text:
    case SqlType::varchar: return "text";
    case SqlType::bigint:
    case SqlType::integer: return time_name ? "epoch_seconds" : "number";
    case SqlType::boolean: return "boolean";
    case SqlType::json: return "json";
    case SqlType::date: return "date";
    case SqlType::datetime: return "datetime";
    case SqlType::real: return "real";
    case SqlType::numeric:
      return "numeric";
    case SqlType::blob:
      return "base64";
  }
  return "";
}

}  // namespace

std::string_view describe(SqlType type) {
  switch (type) {
    case SqlType::text: return "text";
    case SqlType::varchar: return "varchar";
    case SqlType::bigint: return "bigint";
    case SqlType::integer: return "integer";
    case SqlType::boolean: return "boolean";
    case SqlType::json: return "json";
    case SqlType::date: return "date";
    case SqlType::datetime: return "datetime";
    case SqlType::real: return "real";
    case SqlType::numeric:
      return "numeric";
    case SqlType::blob: return "blob";
  }
  return "";
}

std::string_view describe(PocketBaseType type) {
  switch (type) {
    case PocketBaseType::text: return "text";
    case PocketBaseType::number: return "number";
    case PocketBaseType::boolean: return "bool";
    case PocketBaseType::date: return "date";
    case PocketBaseType::json: return "json";
    case PocketBaseType::relation: return "relation";
    case PocketBaseType::relations: return "relation to many";
    case PocketBaseType::email: return "email";
    case PocketBaseType::password: return "password";
    case PocketBaseType::token: return "token";
    case PocketBaseType::file: return "file";
  }
  return "";
}

std::string suggested_field(const SqlSchema& schema, const SqlTable& table, const SqlColumn& column,
                            const std::string& qualified) {
  for (const SqlForeignKey& key : table.foreign_keys) {
    if (key.columns.size() != 1 || key.columns[0] != column.name || schema.find(key.table) == nullptr) continue;
    return fmt::format("{}: {{ lens: reference, of: {}, on_delete: {} }}", qualified, key.table,
                       key.on_delete == "set null"   ? "clear"
                       : key.on_delete == "restrict" ? "restrict"
                                                     : "cascade");
  }
  return fmt::format("{}: {{ lens: {} }}", qualified, usual_lens(column));
}

}  // namespace twowayc
