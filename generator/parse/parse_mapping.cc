#include <fmt/format.h>

#include <algorithm>

#include "generator/model/cpp_names.h"
#include "generator/parse/map_reader.h"
#include "generator/parse/parse.h"

namespace twowayc {
namespace {

constexpr std::string_view default_collection_prefix = "twoway_";

void parse_pocketbase(const Node& node, syntax::MappingFile& file, DiagnosticSink& sink) {
  MapReader reader(node, "'pocketbase'", sink);
  file.pocketbase_version = reader.required_text("version").value;
  file.collection_prefix = reader.text("collection_prefix")
                               .value_or(syntax::Text{std::string(default_collection_prefix), node.position});
  reader.finish();
}

/// The generated code includes the header and names the struct, so both must be what they say.
void check_lens_names(const syntax::CustomLens& lens, DiagnosticSink& sink) {
  const auto in_path = [](char c) { return is_word(c) || c == '/' || c == '.' || c == '-'; };
  const std::string& header = lens.header.value;
  const bool leaves = header.starts_with('/') || header.find("..") != std::string::npos;
  if (!header.empty() && (leaves || !std::all_of(header.begin(), header.end(), in_path))) {
    sink.error(DiagnosticId::option_value, lens.header.position, "'header' takes a path below the project's root");
  }
  const auto in_name = [](char c) { return is_word(c) || c == ':'; };
  const std::string& name = lens.struct_name.value;
  if (!name.empty() && !std::all_of(name.begin(), name.end(), in_name)) {
    sink.error(DiagnosticId::option_value, lens.struct_name.position, "'struct' takes the name of a C++ struct")
        .with_hint("with its namespace: shop::Cents");
  }
}

syntax::CustomLens parse_lens(const Node::Entry& entry, DiagnosticSink& sink) {
  syntax::CustomLens lens;
  lens.name = {entry.key, entry.key_position};
  MapReader reader(entry.value, "a lens", sink);
  lens.header = reader.required_text("header");
  lens.struct_name = reader.required_text("struct");
  if (const Node* sql = reader.require("sql")) {
    const auto read = [&](const Node& item) {
      return read_word<SqlType>(item, "sql",
                                {{"text", SqlType::text},
                                 {"integer", SqlType::integer},
                                 {"boolean", SqlType::boolean},
                                 {"json", SqlType::json},
                                 {"date", SqlType::date},
                                 {"datetime", SqlType::datetime},
                                 {"real", SqlType::real},
                                 {"numeric", SqlType::numeric},
                                 {"blob", SqlType::blob}},
                                sink);
    };
    if (const auto type = read(*sql)) lens.sql.push_back(*type);
  }
  if (const Node* type = reader.require("pocketbase")) {
    const auto word = read_word<PocketBaseType>(
        *type, "pocketbase", {{"text", PocketBaseType::text}, {"number", PocketBaseType::number},
                              {"bool", PocketBaseType::boolean}, {"date", PocketBaseType::date},
                              {"json", PocketBaseType::json}}, sink);
    if (word) lens.pocketbase = word->value;
  }
  if (const Node* fidelity = reader.require("fidelity")) {
    const auto word = read_word<Fidelity>(
        *fidelity, "fidelity", {{"iso", Fidelity::iso}, {"residue", Fidelity::residue}}, sink);
    if (word) lens.fidelity = word->value;
  }
  reader.finish();
  check_lens_names(lens, sink);
  return lens;
}

}  // namespace

syntax::OptionalText parse_reason(const Node& node, DiagnosticSink& sink) {
  if (node.kind != Node::Kind::null) {
    auto text = read_text(node, sink);
    if (!text) return std::nullopt;
    const bool blank = text->value.find_first_not_of(" \t\r\n") == std::string::npos;
    if (!blank) {
      while (text->value.find_last_of(" \t\r\n") == text->value.size() - 1) text->value.pop_back();
      return text;
    }
  }
  sink.error(DiagnosticId::reason_empty, node.position, "a reason is due here")
      .with_hint("say to the people who will run the migration why this is not kept");
  return std::nullopt;
}

syntax::MappingFile parse_mapping_file(const Node& root, DiagnosticSink& sink) {
  syntax::MappingFile file;
  MapReader reader(root, "mapping.yaml", sink);
  file.name = reader.required_text("mapping");
  file.description = reader.plain_text("description");
  file.sql = reader.required_text("sql");
  if (const Node* pocketbase = reader.require("pocketbase")) parse_pocketbase(*pocketbase, file, sink);
  file.order = reader.texts("order");
  reader.entries("purge", [&](const Node::Entry& entry) {
    const auto reason = parse_reason(entry.value, sink);
    if (reason) file.purge.push_back({{entry.key, entry.key_position}, *reason});
  });
  reader.entries("lenses", [&](const Node::Entry& entry) { file.lenses.push_back(parse_lens(entry, sink)); });
  if (const auto reject = reader.word<bool>("nul", {{"residue", false}, {"reject", true}})) {
    file.reject_nul = reject->value;
  }
  file.purge_position = reader.key_position("purge");
  reader.finish();
  const auto by_name = [](const auto& a, const auto& b) { return a.name.value < b.name.value; };
  std::sort(file.purge.begin(), file.purge.end(), by_name);
  std::sort(file.lenses.begin(), file.lenses.end(), by_name);
  return file;
}

}  // namespace twowayc
