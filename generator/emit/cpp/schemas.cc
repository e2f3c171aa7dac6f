#include <vector>

#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/sql/postgresql_schema.h"
#include "generator/emit/sql/sqlite_schema.h"
#include "generator/emit/text/raw_string.h"

namespace twowayc {
namespace {

/// `dialect` begins the names: the generated sources are compiled as one.
std::string emit_schema(const MappingModel& model, std::string_view dialect,
                        const std::vector<std::string>& statements) {
  Lines out;
  emit_header_line(model.directory + "/sql", out);
  out.add("#include \"mapping.h\"").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).add("namespace {{").blank();
  out.add("constexpr std::string_view {}_statements[] = {{", dialect);
  for (const std::string& statement : statements) out.add("{},", cpp_raw_string(statement, "sql"));
  out.add("}};").blank().add("}}  // namespace").blank();
  out.add("std::span<const std::string_view> {0}_schema() {{ return {0}_statements; }}", dialect).blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

}  // namespace

std::string emit_schema_sqlite(const MappingModel& model) { return emit_schema(model, "sqlite", sqlite_schema(model)); }

std::string emit_schema_postgresql(const MappingModel& model) {
  return emit_schema(model, "postgresql", postgresql_schema(model));
}

}  // namespace twowayc
