// The manual: well-formed, complete, and in need of nothing else. How it looks is for tests/emit/manual_screenshots.sh.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/manual/html.h"
#include "generator/emit/manual/layout.h"
#include "generator/emit/manual/manual.h"
#include "tests/emit/mappings.h"

namespace twowayc::test {
namespace {

/// All elements are closed in the order in which they were opened.
void expect_well_formed(const std::string& text) {
  static const std::set<std::string> without_end = {"meta", "!doctype"};
  static const std::regex tag(R"(<(/?)([!a-z0-9]+)([^<>]*)>)");
  std::vector<std::string> open;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), tag); it != std::sregex_iterator(); ++it) {
    const std::string name = (*it)[2];
    if (without_end.contains(name) || (*it)[3].str().ends_with("/")) continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty()) << it->str() << " at " << it->position();
      ASSERT_EQ(open.back(), name) << it->str() << " at " << it->position();
      open.pop_back();
    }
  }
  EXPECT_EQ(open, std::vector<std::string>());
}

std::set<std::string> all_of(const std::string& text, const std::regex& pattern) {
  std::set<std::string> found;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern); it != std::sregex_iterator(); ++it) {
    found.insert((*it)[1]);
  }
  return found;
}

TEST(Manual, IsWellFormedAndComplete) {
  for (const auto& directory : {flagship_directory(), library_directory()}) {
    SCOPED_TRACE(directory);
    const MappingModel model = compiled(directory);
    const FileTree tree = emit_manual(model);
    ASSERT_EQ(tree.size(), 2U);
    const std::string& page = tree.at("manual.html");
    expect_well_formed(page);
    expect_well_formed(tree.at("entities.svg"));
    const auto anchors = all_of(page, std::regex(R"re(<section id="([^"]*)")re"));
    for (const std::string& link : all_of(page, std::regex(R"re(href="#([^"]*)")re"))) {
      EXPECT_TRUE(anchors.contains(link)) << link;
    }
    for (const Entity& entity : model.entities) {
      EXPECT_TRUE(anchors.contains(entity.name));
      for (const EntityColumn& column : entity.columns) {
        EXPECT_NE(page.find(html_code(column.qualified)), std::string::npos) << column.qualified;
      }
    }
    for (const PurgedTable& purged : model.purged) {
      EXPECT_NE(page.find(html_text(purged.reason)), std::string::npos) << purged.reason;
    }
    EXPECT_EQ(emit_manual(model), tree);
  }
}

TEST(Manual, NeedsNothingElse) {
  for (const auto& [name, text] : emit_manual(compiled(flagship_directory()))) {
    SCOPED_TRACE(name);
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find("<link"), std::string::npos);
    EXPECT_EQ(text.find("src="), std::string::npos);
    EXPECT_EQ(text.find("@import"), std::string::npos);
    EXPECT_EQ(text.find("href=\"http"), std::string::npos);
    const std::string without_namespace =
        std::regex_replace(text, std::regex("xmlns=\"http://www.w3.org/2000/svg\""), "");
    EXPECT_EQ(without_namespace.find("http://"), std::string::npos);
  }
}

TEST(Manual, TextOfTheMappingStaysText) {
  EXPECT_EQ(html_text("<b> & \"x\" \x1B"), "&lt;b&gt; &amp; &quot;x&quot; ?");
  EXPECT_EQ(html_code(""), "");
  EXPECT_EQ(html_of_markdown("a \\< `b<c` [tag](tag.md) by `` x`y ``"),
            "a &lt; <code>b&lt;c</code> <a href=\"#tag\">tag</a> by <code>x`y</code>");
  EXPECT_EQ(html_of_markdown("`open [x] (y) \\"), "`open [x] (y) \\");
}

TEST(Manual, ColumnsOfThePictureFollowTheReferences) {
  const MappingModel model = compiled(flagship_directory());
  const Diagram diagram = lay_out(model);
  std::vector<std::size_t> column(model.entities.size());
  std::size_t placed = 0;
  for (std::size_t i = 0; i < diagram.columns.size(); ++i) {
    for (const std::size_t entity : diagram.columns[i]) {
      column[entity] = i;
      ++placed;
    }
  }
  EXPECT_EQ(placed, model.entities.size());
  for (const DiagramEdge& edge : diagram.edges) {
    EXPECT_NE(edge.from, edge.to);
    EXPECT_TRUE(edge.deferred || column[edge.to] < column[edge.from]) << model.entities[edge.from].name;
  }
  ASSERT_EQ(diagram.hubs.size(), 1U);
  EXPECT_EQ(model.entities[diagram.hubs[0]].name, "user");
}

}  // namespace
}  // namespace twowayc::test
