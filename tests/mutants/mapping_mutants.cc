#include "tests/mutants/mapping_mutants.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "generator/parse/yaml_reader.h"
#include "tests/generator/shuffle.h"
#include "tests/mutants/mutated_values.h"
#include "tests/support/process.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

/// Fields and columns are swapped with those up to this far behind them; everything else with its neighbour.
constexpr std::size_t far = 3;

class Mutations {
 public:
  Mutations(const MappingModel& model, const std::function<void(std::size_t, const MappingMutant&)>& visit)
      : model_(model), visit_(visit) {}

  void of_file(const std::string& file, Node root) {
    root_ = std::move(root);
    place_ = {file, {}};
    of_node(root_);
    if (place_.in_entity()) swapped_names();
  }

 private:
  void of_node(Node& node) {
    if (node.kind == Node::Kind::map) of_map(node);
    if (node.kind == Node::Kind::list) of_list(node);
    if (node.kind != Node::Kind::scalar && node.kind != Node::Kind::null) return;
    if (node.kind == Node::Kind::null && node.text.empty()) return;
    for (Node& other : other_values(place_, node, model_)) {
      const std::string what = node.text + " -> " + other.text;
      std::swap(node, other);
      emit("change", place_.text() + " " + what);
      std::swap(node, other);
    }
  }

  void of_map(Node& node) {
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      place_.keys.push_back(node.entries[i].key);
      Node::Entry dropped = std::move(node.entries[i]);
      node.entries.erase(node.entries.begin() + static_cast<std::ptrdiff_t>(i));
      emit("drop", place_.text());
      node.entries.insert(node.entries.begin() + static_cast<std::ptrdiff_t>(i), std::move(dropped));
      of_node(node.entries[i].value);
      place_.keys.pop_back();
    }
    const bool is_wide = !place_.keys.empty() && (place_.keys.back() == "fields" || place_.keys.back() == "columns");
    for (std::size_t i = 0; i < node.entries.size(); ++i) {
      for (std::size_t j = i + 1; j < std::min(node.entries.size(), i + 1 + (is_wide ? far : 1)); ++j) {
        std::swap(node.entries[i].value, node.entries[j].value);
        emit("swap", place_.text() + " " + node.entries[i].key + " <-> " + node.entries[j].key);
        std::swap(node.entries[i].value, node.entries[j].value);
      }
    }
  }

  void of_list(Node& node) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      place_.keys.push_back("[" + std::to_string(i) + "]");
      Node dropped = std::move(node.items[i]);
      node.items.erase(node.items.begin() + static_cast<std::ptrdiff_t>(i));
      emit("drop", place_.text());
      node.items.insert(node.items.begin() + static_cast<std::ptrdiff_t>(i), std::move(dropped));
      of_node(node.items[i]);
      place_.keys.pop_back();
      if (i == 0) continue;
      std::swap(node.items[i - 1], node.items[i]);
      emit("swap", place_.text() + " [" + std::to_string(i - 1) + "] <-> [" + std::to_string(i) + "]");
      std::swap(node.items[i - 1], node.items[i]);
    }
  }

  /// Two columns that would fit into each other's field: `a: { to: b }` and `b: { to: a }`.
  void swapped_names() {
    const auto fields = std::find_if(root_.entries.begin(), root_.entries.end(),
                                     [](const Node::Entry& entry) { return entry.key == "fields"; });
    const auto entity = std::find_if(model_.entities.begin(), model_.entities.end(),
                                     [&](const Entity& e) { return place_.file == "entities/" + e.name + ".yaml"; });
    if (fields == root_.entries.end() || entity == model_.entities.end()) return;
    for (std::size_t a = 0; a < entity->fields.size(); ++a) {
      for (std::size_t b = a + 1; b < entity->fields.size(); ++b) {
        const MappedField &first = entity->fields[a], &second = entity->fields[b];
        if (first.lens != second.lens || first.to.empty() || second.to.empty()) continue;
        if (first.target != second.target) continue;
        const Node kept = fields->value;
        set_name(fields->value, entity->columns[first.column].qualified, second.to);
        set_name(fields->value, entity->columns[second.column].qualified, first.to);
        emit("swap", "fields names " + first.to + " <-> " + second.to);
        fields->value = kept;
      }
    }
  }

  static void set_name(Node& fields, const std::string& column, const std::string& name) {
    for (Node::Entry& field : fields.entries) {
      if (field.key != column) continue;
      Node value;
      value.kind = Node::Kind::scalar;
      value.text = name;
      std::erase_if(field.value.entries, [](const Node::Entry& option) { return option.key == "to"; });
      field.value.entries.push_back({"to", {}, value});
    }
  }

  void emit(const std::string& how, const std::string& what) {
    std::string name = how + " " + place_.file + " " + what;
    std::replace(name.begin(), name.end(), '\n', ' ');
    visit_(count_++, {place_.file, std::move(name), yaml_text(root_)});
  }

  const MappingModel& model_;
  const std::function<void(std::size_t, const MappingMutant&)>& visit_;
  Node root_;
  Place place_;
  std::size_t count_ = 0;
};

}  // namespace

void for_each_mutant(const fs::path& directory, const MappingModel& model,
                     const std::function<void(std::size_t, const MappingMutant&)>& visit) {
  std::vector<std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string path = fs::relative(entry.path(), directory).string();
    const bool is_part = path == "mapping.yaml" || path.starts_with("entities/") || path.starts_with("sql/");
    if (is_part && entry.path().extension() == ".yaml") files.push_back(path);
  }
  std::sort(files.begin(), files.end());
  Mutations mutations(model, visit);
  for (const std::string& file : files) {
    SourceSet sources;
    DiagnosticSink sink;
    const auto index = sources.add(file, file, twoway::test::read_file(directory / file));
    auto root = read_yaml(index, sources, sink);
    if (!root) throw std::runtime_error(sink.print(sources));
    mutations.of_file(file, std::move(*root));
  }
}

}  // namespace twowayc::test
