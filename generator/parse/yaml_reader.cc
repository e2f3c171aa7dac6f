#include "generator/parse/yaml_reader.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace twowayc {

std::string_view describe_kind(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null: return node.text.empty() ? "nothing" : "null";
    case Node::Kind::scalar: return "text";
    case Node::Kind::list: return "a list";
    case Node::Kind::map: return "a map";
  }
  return "";
}

namespace {

/// How the null that `source` begins with is written: "null", "Null", "NULL", "~", or "" where the value is left out.
std::string null_spelling(std::string_view source) {
  for (const std::string_view spelling : {"null", "Null", "NULL", "~"}) {
    if (source.starts_with(spelling)) return std::string(spelling);
  }
  return {};
}

/// Ends the reading of a file after an error that makes the rest meaningless.
struct Abandon {};

/// Builds the tree from yaml-cpp's events. A stack of unfinished lists and maps; a map alternates key and value.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::uint32_t file, const SourceSet& sources, DiagnosticSink& sink)
      : file_(file), sources_(sources), sink_(sink) {}

  std::optional<Node> take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!root_) return;
    sink_.error(DiagnosticId::yaml_documents, position_of(mark), "a second document in one file")
        .with_hint("remove the line '---' or move what follows into a file of its own");
    throw Abandon();
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node = start(Node::Kind::null, mark, "", anchor);
    node.text = null_spelling(source_from(node.position));
    finish(std::move(node));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(DiagnosticId::yaml_anchor, position_of(mark), "aliases are not part of the mapping language");
    finish(Node{Node::Kind::scalar, position_of(mark), {}, true, {}, {}});
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = start(Node::Kind::scalar, mark, tag, anchor);
    node.text = value;
    node.quoted = tag == "!";
    finish(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    push(start(Node::Kind::list, mark, tag, anchor));
  }
  void OnSequenceEnd() override { pop(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    push(start(Node::Kind::map, mark, tag, anchor));
  }
  void OnMapEnd() override { pop(); }

  /// The innermost list or map that is not finished yet.
  const Node* unfinished() const { return open_.empty() ? nullptr : &open_.back().node; }

  Position position_of(const YAML::Mark& mark) const {
    if (mark.is_null()) return {file_, 1, 1};
    return {file_, static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
  }

 private:
  struct Open {
    Node node;
    bool key_due = true;    ///< of a map: the next value is a key
    std::string key;
    Position key_position;
    bool key_valid = true;  ///< false: the entry was reported and is left out
    std::unordered_map<std::string, Position> seen;
  };

  std::string_view source_from(Position position) const {
    const auto offset = sources_.offset(position);
    return offset ? std::string_view(sources_.file(file_).bytes).substr(*offset) : std::string_view();
  }

  void refuse(DiagnosticId id, Position position, std::string message) {
    sink_.error(id, position, std::move(message)).with_hint("write the value out where it is needed");
  }

  Node start(Node::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    Node node;
    node.kind = kind;
    node.position = position_of(mark);
    const std::string_view source = source_from(node.position);
    if (anchor != 0) refuse(DiagnosticId::yaml_anchor, node.position, "anchors are not part of the mapping language");
    const bool tagged = (tag != "?" && tag != "!" && !tag.empty()) || source.starts_with('!');
    if (tagged) {
      sink_.error(DiagnosticId::yaml_tag, node.position, "tags are not part of the mapping language")
          .with_hint("quote a value that is to be text");
    }
    return node;
  }

  void push(Node node) {
    if (open_.size() >= deepest_nesting) {
      sink_.error(DiagnosticId::yaml_too_deep, node.position,
                  fmt::format("values are nested more than {} levels deep", deepest_nesting));
      throw Abandon();
    }
    open_.push_back(Open{std::move(node), true, {}, {}, true, {}});
  }

  void pop() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    finish(std::move(node));
  }

  void finish(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (open_.back().node.kind == Node::Kind::list) {
      open_.back().node.items.push_back(std::move(node));
    } else if (open_.back().key_due) {
      take_key(open_.back(), node);
    } else {
      take_value(open_.back(), std::move(node));
    }
  }

  void take_key(Open& map, const Node& node) {
    map.key_due = false;
    map.key = node.text;
    map.key_position = node.position;
    map.key_valid = true;
    if (node.kind == Node::Kind::list || node.kind == Node::Kind::map || (node.text.empty() && !node.quoted)) {
      sink_.error(DiagnosticId::yaml_kind, node.position,
                  fmt::format("a key must be text, not {}", describe_kind(node)));
      map.key_valid = false;
    } else if (node.text == "<<" && !node.quoted) {
      refuse(DiagnosticId::yaml_anchor, node.position, "merge keys are not part of the mapping language");
      map.key_valid = false;
    }
  }

  void take_value(Open& map, Node node) {
    map.key_due = true;
    if (!map.key_valid) return;
    const auto [first, is_new] = map.seen.emplace(map.key, map.key_position);
    if (!is_new) {
      sink_.error(DiagnosticId::option_duplicate, map.key_position, fmt::format("'{}' stands twice", map.key))
          .with_note(first->second, "it stands here already");
      return;
    }
    if (node.kind == Node::Kind::null && node.text.empty()) node.position = map.key_position;
    map.node.entries.push_back({std::move(map.key), map.key_position, std::move(node)});
  }

  std::uint32_t file_;
  const SourceSet& sources_;
  DiagnosticSink& sink_;
  std::vector<Open> open_;
  std::optional<Node> root_;
};

/// A syntax error lies where yaml-cpp noticed it, but never behind the end of the file.
Position within_file(Position position, const SourceSet& sources) {
  const SourceFile& file = sources.file(position.file);
  if (sources.offset(position)) return position;
  return sources.position(position.file, file.bytes.size());
}

void report_syntax(const YAML::Exception& exception, const TreeBuilder& builder, const SourceSet& sources,
                   DiagnosticSink& sink) {
  const Position position = within_file(builder.position_of(exception.mark), sources);
  Diagnostic& error =
      sink.error(DiagnosticId::yaml_syntax, position, fmt::format("this is not YAML: {}", exception.msg));
  const Node* unfinished = builder.unfinished();
  if (exception.msg.starts_with("end of") && unfinished != nullptr) {
    error.with_note(unfinished->position, fmt::format("it belongs to {} that begins here", describe_kind(*unfinished)));
  }
  const std::string_view line = sources.line(position.file, position.line);
  const std::size_t tab = line.find('\t');
  if (tab != std::string_view::npos && line.find_first_not_of(" \t") > tab) {
    error.with_hint("indent with blanks: YAML takes no tabs");
  }
}

}  // namespace

std::optional<Node> read_yaml(std::uint32_t file, const SourceSet& sources, DiagnosticSink& sink) {
  const std::size_t errors_before = sink.error_count();
  TreeBuilder builder(file, sources, sink);
  try {
    std::istringstream stream(sources.file(file).bytes);
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Abandon&) {
    return std::nullopt;
  } catch (const YAML::Exception& exception) {
    report_syntax(exception, builder, sources, sink);
    return std::nullopt;
  } catch (const std::exception& exception) {
    sink.error(DiagnosticId::yaml_syntax, {file, 1, 1}, fmt::format("this is not YAML: {}", exception.what()));
    return std::nullopt;
  }
  if (sink.error_count() != errors_before) return std::nullopt;
  std::optional<Node> root = builder.take_root();
  if (!root) sink.error(DiagnosticId::yaml_empty, {file, 1, 1}, "the file is empty");
  return root;
}

}  // namespace twowayc
