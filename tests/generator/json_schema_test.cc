// docs/schema/, which editors complete and check mappings with, says the same as the parser: the same keys in each
// construct, the same ones required, the same words. The parser is asked by giving it what it must refuse.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "generator/parse/parse.h"
#include "generator/parse/yaml_reader.h"
#include "generator/resolve/lens_table.h"
#include "tests/generator/example.h"
#include "tests/generator/json_schema.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using Words = std::set<std::string>;

constexpr std::string_view nonsense = "zzzzzzzzzz";   ///< far from every word of the language

JsonSchema schema_named(std::string_view name) {
  const fs::path path = fs::path(TWOWAY_SOURCE_DIR) / "docs" / "schema" / (std::string(name) + ".schema.json");
  return JsonSchema(json::parse(read_file(path)));
}

/// "mapping", "sql" or "entity", from the path below a mapping's folder.
std::string_view kind_of(const fs::path& relative) {
  if (relative == "mapping.yaml") return "mapping";
  return *relative.begin() == "sql" ? "sql" : "entity";
}

std::optional<Node> tree_of(const std::string& text) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto file = sources.add("x.yaml", "x.yaml", text);
  return read_yaml(file, sources, sink);
}

/// What the parser says about a tree, whatever its positions.
std::vector<Diagnostic> parsed(std::string_view kind, const Node& root) {
  DiagnosticSink sink;
  if (kind == "mapping") parse_mapping_file(root, sink);
  if (kind == "sql") parse_schema_file(root, sink);
  if (kind == "entity") parse_entity_file(root, sink);
  std::vector<Diagnostic> all;
  for (const Diagnostic* diagnostic : sink.sorted()) all.push_back(*diagnostic);
  return all;
}

/// The words of "it takes a, b, c" and of "'x' takes a, b, c, not 'y'".
Words words_taken(std::string text) {
  const std::size_t begin = text.find(" takes ");
  if (begin == std::string::npos) return {};
  text = text.substr(begin + 7, text.find(", not '") == std::string::npos ? std::string::npos
                                                                          : text.find(", not '") - begin - 7);
  Words words;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(", ", at), text.size());
    words.insert(text.substr(at, end - at));
    at = end + 2;
  }
  return words;
}

Node scalar(std::string_view text) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = std::string(text);
  return node;
}

Node empty_list() {
  Node node;
  node.kind = Node::Kind::list;
  return node;
}

Node* find(Node& map, std::string_view key) {
  for (Node::Entry& entry : map.entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

/// A map of the file with one entry more, or another value in its place.
class WithEntry {
 public:
  WithEntry(Node& map, std::string_view key, Node value) : map_(map), kept_(map) {
    Node* const present = find(map, key);
    if (present != nullptr) *present = std::move(value);
    else map.entries.push_back({std::string(key), {}, std::move(value)});
  }
  ~WithEntry() { map_ = std::move(kept_); }
  WithEntry(const WithEntry&) = delete;
  WithEntry& operator=(const WithEntry&) = delete;

 private:
  Node& map_;
  Node kept_;
};

/// Walks a schema along a file that the parser accepts, and tries at each map what both should refuse.
class Comparison {
 public:
  Comparison(std::string_view kind, Node root) : kind_(kind), schema_(schema_named(kind)), root_(std::move(root)) {}

  void run() {
    EXPECT_TRUE(parsed(kind_, root_).empty());
    walk(schema_.root(), root_, std::string(kind_));
  }
  const std::set<const json::object*>& visited() const { return visited_; }
  const JsonSchema& schema() const { return schema_; }

 private:
  void walk(const json::object& unresolved, Node& node, const std::string& path) {
    SCOPED_TRACE(path);
    const json::object& schema = schema_.branch_for(unresolved, node.kind);
    if (node.kind == Node::Kind::list) {
      for (Node& item : node.items) walk(schema.at("items").as_object(), item, path + "[]");
    }
    if (node.kind != Node::Kind::map) return;
    const json::value* const properties = schema.if_contains("properties");
    if (properties != nullptr) {
      compare(schema, properties->as_object(), node);
    } else {
      const std::string any_key = node.entries.front().key;   // a copy: the entry is exchanged meanwhile
      compare_words(schema.at("additionalProperties").as_object(), node, "key", any_key);
    }
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      const std::string key = node.entries[i].key;
      const json::value& below =
          properties != nullptr ? properties->as_object().at(key) : schema.at("additionalProperties");
      walk(below.as_object(), node.entries[i].value, path + "/" + key);
    }
  }

  void compare(const json::object& schema, const json::object& properties, Node& node) {
    if (!visited_.insert(&schema).second) return;
    EXPECT_FALSE(schema.at("additionalProperties").as_bool());
    Words keys;
    for (const auto& [key, value] : properties) keys.insert(std::string(key));
    EXPECT_EQ(keys, keys_taken(node));
    const json::value* const required = schema.if_contains("required");
    Words demanded;
    for (const std::string& key : keys) {
      if (demands(node, key)) demanded.insert(key);
      compare_words(properties.at(key).as_object(), node, key, key);
    }
    Words stated;
    if (required != nullptr) {
      for (const json::value& key : required->as_array()) stated.insert(std::string(key.as_string()));
    }
    EXPECT_EQ(stated, demanded);
  }

  Words keys_taken(Node& node) {
    const WithEntry unknown(node, nonsense, scalar("1"));
    for (const Diagnostic& diagnostic : parsed(kind_, root_)) {
      if (diagnostic.id == DiagnosticId::option_unknown) return words_taken(diagnostic.hint);
    }
    return {};
  }

  /// Whether the parser misses the key where it is left out.
  bool demands(Node& node, const std::string& key) {
    const Node kept = node;
    std::erase_if(node.entries, [&](const Node::Entry& entry) { return entry.key == key; });
    bool missed = false;
    for (const Diagnostic& diagnostic : parsed(kind_, root_)) {
      missed |= diagnostic.id == DiagnosticId::option_missing && diagnostic.message.ends_with("needs '" + key + "'");
    }
    node = kept;
    return missed;
  }

  /// The words that a value takes, where the schema lists them; else that nonsense is text to both.
  void compare_words(const json::object& unresolved, Node& node, const std::string& printed, const std::string& key) {
    SCOPED_TRACE(key);
    const json::object& schema = schema_.resolved(unresolved);
    Words stated;
    if (const json::value* words = listed_words(schema)) {
      for (const json::value& word : words->as_array()) {
        stated.insert(word.is_string() ? std::string(word.as_string()) : json::serialize(word));
      }
    }
    const json::value* const type = schema.if_contains("type");
    if (type != nullptr && type->is_string() && type->as_string() == "boolean") stated = {"true", "false"};
    Words taken;
    {
      const WithEntry wrong(node, key, scalar(nonsense));
      for (const Diagnostic& diagnostic : parsed(kind_, root_)) {
        const bool about_it = diagnostic.message.starts_with(fmt::format("'{}' takes ", printed)) &&
                              diagnostic.message.ends_with(fmt::format(", not '{}'", nonsense));
        if (about_it && printed != "max_size") taken = words_taken(diagnostic.message);
      }
    }
    EXPECT_EQ(stated, taken);
    compare_kinds(schema, node, key);
  }

  /// Lenses have names that the parser does not know: it takes any. So only lists that are whole count.
  static const json::value* listed_words(const json::object& schema) {
    if (const json::value* words = schema.if_contains("enum")) return words;
    const json::value* const branches = schema.if_contains("anyOf");
    if (branches == nullptr) return nullptr;
    const json::value& open = branches->as_array().back();
    const bool takes_any = open.as_object().contains("type") && !open.as_object().contains("pattern");
    return takes_any ? nullptr : branches->as_array().front().as_object().if_contains("enum");
  }

  /// A list and a text are refused by both or by neither.
  void compare_kinds(const json::object& schema, Node& node, const std::string& key) {
    const auto refused_by_both = [&](Node value) {
      const JsonSchema& whole = schema_;
      const WithEntry other(node, key, std::move(value));
      bool kind_refused = false;
      for (const Diagnostic& diagnostic : parsed(kind_, root_)) {
        kind_refused |= diagnostic.id == DiagnosticId::yaml_kind || diagnostic.id == DiagnosticId::option_value;
      }
      EXPECT_EQ(!whole.violation(root_).empty(), kind_refused)
          << whole.violation(root_) << "\n" << json::serialize(schema);
    };
    refused_by_both(empty_list());
    refused_by_both(scalar(nonsense));
  }

  std::string kind_;
  JsonSchema schema_;
  Node root_;
  std::set<const json::object*> visited_;
};

TEST(JsonSchema, HasTheKeysAndWordsOfTheParser) {
  for (const std::string_view kind : {"mapping", "sql", "entity"}) {
    std::set<std::string> seen;
    for (const ExampleFile& file : example_mapping()) {
      if (kind_of(file.path) != kind) continue;
      SCOPED_TRACE(file.path);
      Comparison comparison(kind, *tree_of(std::string(file.text)));
      comparison.run();
      for (const auto& [name, definition] : comparison.schema().root().at("$defs").as_object()) {
        for (const json::object* object : comparison.visited()) {
          if (object == &definition.as_object()) seen.insert(std::string(name));
        }
        const json::value* const branches = definition.as_object().if_contains("anyOf");
        const bool has_keys = branches != nullptr ? branches->as_array().back().as_object().contains("properties")
                                                  : definition.as_object().contains("properties");
        if (branches != nullptr && comparison.visited().contains(branches->as_array().back().if_object())) {
          seen.insert(std::string(name));
        }
        if (!has_keys) seen.insert(std::string(name));
      }
    }
    const JsonSchema schema = schema_named(kind);
    for (const auto& [name, definition] : schema.root().at("$defs").as_object()) {
      EXPECT_TRUE(seen.contains(name)) << "the example mapping has no " << name;
    }
  }
}

TEST(JsonSchema, KnowsTheBuiltInLenses) {
  const JsonSchema schema = schema_named("entity");
  std::vector<std::string> wanted, got;
  for (const Lens& lens : built_in_lenses()) wanted.push_back(lens.name);
  const json::value& lens = schema.root().at("$defs").at("field").at("properties").at("lens");
  for (const json::value& name : lens.at("anyOf").as_array().front().at("enum").as_array()) {
    got.emplace_back(name.as_string());
  }
  EXPECT_EQ(wanted, got);
}

TEST(JsonSchema, AcceptsTheMappings) {
  std::size_t files = 0;
  for (const fs::path folder : {"mapping/openwebui-pocketbase", "tests/library"}) {
    const fs::path root = fs::path(TWOWAY_SOURCE_DIR) / folder;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const fs::path relative = fs::relative(entry.path(), root);
      if (entry.path().extension() != ".yaml" || *relative.begin() == "expected") continue;
      EXPECT_EQ(schema_named(kind_of(relative)).violation(*tree_of(read_file(entry.path()))), "") << relative;
      ++files;
    }
  }
  EXPECT_EQ(files, 53U);
}

/// Mistakes in the form of a file, which a schema can see: for each of these the editor warns before the compiler does.
TEST(JsonSchema, RefusesWhatTheParserRefuses) {
  const fs::path cases = fs::path(TWOWAY_SOURCE_DIR) / "tests" / "generator" / "cases";
  for (const char* name :
       {"option-unknown", "option-unknown-dialect", "option-missing", "option-missing-dialect", "option-missing-lens",
        "option-value", "option-value-dialect", "option-value-nul", "option-value-schema", "option-value-words",
        "yaml-kind", "yaml-kind-schema", "reason-empty"}) {
    std::string found;
    for (const auto& entry : fs::recursive_directory_iterator(cases / name)) {
      if (entry.path().extension() != ".yaml") continue;
      const auto tree = tree_of(read_file(entry.path()));
      const auto kind = kind_of(fs::relative(entry.path(), cases / name));
      if (tree) found += schema_named(kind).violation(*tree);
    }
    EXPECT_NE(found, "") << name;
  }
}

}  // namespace
}  // namespace twowayc
