#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"
#include "generator/emit/text/raw_string.h"

namespace twowayc {

std::string emit_embedded_migrations(const MappingModel& model,
                                     const std::vector<std::pair<std::string, std::string>>& migrations) {
  Lines out;
  emit_header_line(model.directory, out);
  out.add("// The files of pb_migrations/, so that one binary can prepare a PocketBase.");
  out.add("#include \"mapping.h\"").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).add("namespace {{").blank();
  out.add("constexpr Mapping::MigrationFile migration_files[] = {{");
  for (const auto& [name, content] : migrations) {
    out.add("    {{{},", cpp_text(name)).add("{}}},", cpp_raw_string(content, "js"));
  }
  out.add("}};").blank().add("}}  // namespace").blank();
  out.add("std::span<const Mapping::MigrationFile> pocketbase_migrations() {{ return migration_files; }}").blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

}  // namespace twowayc
