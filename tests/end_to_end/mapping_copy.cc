#include "tests/end_to_end/mapping_copy.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/places.h"

namespace twoway::test {

namespace fs = std::filesystem;

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view mapping = "mapping/openwebui-pocketbase";

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t indent_of(const std::string& line) { return std::min(line.find_first_not_of(' '), line.size()); }

/// The key at the beginning of a line, as it is written; empty where there is none.
std::string key_of(const std::string& line) {
  const std::size_t indent = indent_of(line);
  const std::size_t colon = line.find(':', indent);
  return colon == std::string::npos ? std::string() : line.substr(indent, colon - indent);
}

bool is_outside(const std::string& line, std::size_t indent) {
  const bool blank = indent_of(line) == line.size() || line[indent_of(line)] == '#';
  return !blank && indent_of(line) < indent;
}

/// The lines below a key: [begin, end).
struct Block {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What is below `tables: chat: columns:`; the last key is made where it is missing.
Block below(Lines& lines, const std::string& path) {
  Block block{0, lines.size()};
  std::istringstream keys(path);
  std::size_t indent = 0;
  for (std::string key; keys >> key; indent += 2) {
    key.pop_back();
    std::size_t at = block.begin;
    while (at < block.end && (indent_of(lines[at]) != indent || key_of(lines[at]) != key)) ++at;
    if (at == block.end) {
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(block.begin), std::string(indent, ' ') + key + ":");
      at = block.begin;
      ++block.end;
    }
    block.begin = at + 1;
    std::size_t end = block.begin;
    while (end < lines.size() && !is_outside(lines[end], indent + 1)) ++end;
    block.end = end;
  }
  return block;
}

/// The lines of an entry: its own, and those that are further in.
Block entry(const Lines& lines, const Block& block, const std::string& first) {
  const std::size_t indent = indent_of(first);
  const bool item = first[indent] == '-';
  for (std::size_t at = block.begin; at < block.end; ++at) {
    if (indent_of(lines[at]) != indent || key_of(lines[at]) != key_of(first)) continue;
    const std::string name = first.substr(0, first.find(','));
    if (item && !lines[at].starts_with(name)) continue;
    std::size_t end = at + 1;
    while (end < block.end && indent_of(lines[end]) > indent) ++end;
    return {at, end};
  }
  throw std::runtime_error("nothing begins like: " + first);
}

}  // namespace

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

MappingCopy::MappingCopy(fs::path directory) : directory_(std::move(directory)) {
  fs::copy(source_directory() / mapping, directory_, fs::copy_options::recursive);
}

void MappingCopy::apply(const boost::json::array& suggestions) {
  for (const boost::json::value& suggestion : suggestions) {
    const std::string action(suggestion.at("action").as_string()), named(suggestion.at("file").as_string());
    const fs::path file = directory_ / fs::path(named).lexically_relative(mapping);
    const Lines yaml = lines_of(std::string(suggestion.at("yaml").as_string()));
    const bool whole = suggestion.at("below").is_null();
    if (whole && action == "remove") {
      fs::remove(file);
      continue;
    }
    Lines lines = whole ? yaml : lines_of(read_file(file));
    if (!whole) {
      const std::string path(suggestion.at("below").as_string());
      const auto at = [&](std::size_t line) { return lines.begin() + static_cast<std::ptrdiff_t>(line); };
      for (const std::string& line : action == "add" ? Lines() : yaml) {
        const Block found = entry(lines, below(lines, path), line);
        lines.erase(at(found.begin), at(found.end));
        if (action == "replace") lines.insert(at(found.begin), line);
      }
      if (action == "add") {
        const Block block = below(lines, path);
        lines.insert(at(block.begin), yaml.begin(), yaml.end());
      }
    }
    std::string text;
    for (const std::string& line : lines) text += line + "\n";
    write_file(file, text);
  }
}

ProcessResult MappingCopy::build(const fs::path& generated) const {
  return run({program("twowayc").string(), "build", directory_.string(), "--out", generated.string()});
}

std::string MappingCopy::sqlite_schema(const fs::path& generated) {
  const std::string code = read_file(generated / "schema_sqlite.cc");
  std::string sql;
  constexpr std::string_view begin = "R\"sql(", end = ")sql\"";
  for (std::size_t at = 0; (at = code.find(begin, at)) != std::string::npos;) {
    at += begin.size();
    sql += code.substr(at, code.find(end, at) - at) + ";\n";
  }
  return sql;
}

}  // namespace twoway::test
