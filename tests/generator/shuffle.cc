#include "tests/generator/shuffle.h"

#include <algorithm>
#include <optional>
#include <random>
#include <stdexcept>

#include "generator/parse/yaml_reader.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (c == '\n') result += "\\n";
    else result += c;
  }
  return result + "\"";
}

/// Writes a tree; with a seed, the keys of maps in any order.
class Writer {
 public:
  explicit Writer(std::optional<std::uint32_t> seed) : shuffles_(seed.has_value()), random_(seed.value_or(0)) {}

  void write(const Node& node, std::size_t indent, bool keep_order) {
    switch (node.kind) {
      case Node::Kind::null: out += node.text.empty() ? "" : node.text; break;
      case Node::Kind::scalar: out += node.quoted ? quoted(node.text) : node.text; break;
      case Node::Kind::list: write_list(node, indent); break;
      case Node::Kind::map: write_map(node, indent, keep_order); break;
    }
  }

  std::string out;

 private:
  void write_list(const Node& node, std::size_t indent) {
    if (node.items.empty()) out += "[]";
    for (const Node& item : node.items) {
      out += "\n" + std::string(indent, ' ') + "-   ";
      write(item, indent + 4, false);
    }
  }

  void write_map(const Node& node, std::size_t indent, bool keep_order) {
    if (node.entries.empty()) out += "{}";
    std::vector<const Node::Entry*> entries;
    for (const Node::Entry& entry : node.entries) entries.push_back(&entry);
    if (shuffles_ && !keep_order) std::shuffle(entries.begin(), entries.end(), random_);
    for (const Node::Entry* entry : entries) {
      out += "\n" + std::string(indent, ' ') + quoted(entry->key) + ": ";
      write(entry->value, indent + 3, entry->key == "columns");
    }
  }

  bool shuffles_;
  std::mt19937 random_;
};

}  // namespace

std::string yaml_text(const Node& root) {
  Writer writer(std::nullopt);
  writer.write(root, 0, true);
  return writer.out + "\n";
}

void write_shuffled(const fs::path& from, const fs::path& to, std::uint32_t seed) {
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    if (entry.path().extension() != ".yaml") continue;
    SourceSet sources;
    DiagnosticSink sink;
    const auto file = sources.add(entry.path().string(), "", read_file(entry.path()));
    const auto root = read_yaml(file, sources, sink);
    if (!root) throw std::runtime_error(sink.print(sources));
    Writer writer(seed++);
    writer.write(*root, 0, false);
    write_file(to / fs::relative(entry.path(), from), writer.out + "\n");
  }
}

}  // namespace twowayc
