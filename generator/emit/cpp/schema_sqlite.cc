#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/sql/sqlite_schema.h"
#include "generator/emit/text/raw_string.h"

namespace twowayc {

std::string emit_schema_sqlite(const MappingModel& model) {
  Lines out;
  emit_header_line(model.directory + "/sql", out);
  out.add("#include \"mapping.h\"").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).add("namespace {{").blank();
  out.add("constexpr std::string_view schema_statements[] = {{");
  for (const std::string& statement : sqlite_schema(model)) out.add("{},", cpp_raw_string(statement, "sql"));
  out.add("}};").blank().add("}}  // namespace").blank();
  out.add("std::span<const std::string_view> sqlite_schema() {{ return schema_statements; }}").blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

}  // namespace twowayc
