#include "generator/emit/cpp/emit_cpp.h"
#include "generator/emit/text/literal.h"
#include "generator/emit/text/raw_string.h"

namespace twowayc {

namespace {

std::string embedded(const MappingModel& model, std::string_view comment, std::string_view array,
                     std::string_view function, const NamedFiles& files) {
  Lines out;
  emit_header_line(model.directory, out);
  out.add("// {}", comment);
  out.add("#include \"mapping.h\"").blank();
  out.add("namespace twoway::{} {{", model.cpp_namespace).add("namespace {{").blank();
  out.add("constexpr Mapping::MigrationFile {}[] = {{", array);
  for (const auto& [name, content] : files) {
    out.add("    {{{},", cpp_text(name)).add("{}}},", cpp_raw_string(content, "js"));
  }
  out.add("}};").blank().add("}}  // namespace").blank();
  out.add("std::span<const Mapping::MigrationFile> {}() {{ return {}; }}", function, array).blank();
  out.add("}}  // namespace twoway::{}", model.cpp_namespace);
  return out.take();
}

}  // namespace

std::string emit_embedded_migrations(const MappingModel& model, const NamedFiles& migrations) {
  return embedded(model, "The files of pb_migrations/, so that one binary can prepare a PocketBase.", "migration_files",
                  "pocketbase_migrations", migrations);
}

std::string emit_embedded_hooks(const MappingModel& model, const NamedFiles& hooks) {
  return embedded(model, "The files of pb_hooks/, so that one binary can prepare a PocketBase server.", "hook_files",
                  "pocketbase_hooks", hooks);
}

}  // namespace twowayc
