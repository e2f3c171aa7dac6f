// Names of C++, the table of lenses, orders.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "generator/model/cpp_names.h"
#include "generator/plan/graph.h"
#include "generator/resolve/lens_table.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

TEST(CppNames, Identifiers) {
  EXPECT_EQ(cpp_name("title"), "title");
  EXPECT_EQ(cpp_name("author.email"), "author_email");
  EXPECT_EQ(cpp_name("book-shop"), "book_shop");
  EXPECT_EQ(cpp_name("a-b c"), "a_b_c");
  EXPECT_EQ(cpp_name("2fa"), "_2fa");
  EXPECT_EQ(cpp_name(""), "_");
}

TEST(CppNames, AvoidWhatCppMeansOtherwise) {
  for (const std::string name : {"default", "union", "xor_eq", "export", "NULL", "errno", "major", "sql", "Value"}) {
    EXPECT_EQ(cpp_name(name), name + "_");
    EXPECT_EQ(cpp_name(name + "_"), name + "_");
  }
}

TEST(CppNames, AreUnique) {
  UniqueNames names;
  EXPECT_EQ(names.take("a-b"), "a_b");
  EXPECT_EQ(names.take("a_b"), "a_b_");
  EXPECT_EQ(names.take("a b"), "a_b__");
}

TEST(CppNames, Types) {
  EXPECT_EQ(cpp_struct("book_loan"), "BookLoan");
  EXPECT_EQ(cpp_struct("book"), "Book");
  EXPECT_EQ(cpp_struct("2fa"), "Entity2fa");
}

TEST(LensTable, SortedAndComplete) {
  const auto table = built_in_lenses();
  EXPECT_EQ(table.size(), 18U);
  EXPECT_TRUE(std::is_sorted(table.begin(), table.end(), [](const Lens& a, const Lens& b) { return a.name < b.name; }));
  for (const Lens& lens : table) {
    const bool method = lens.name == "reference" || lens.name == "same_as";
    EXPECT_EQ(lens.struct_name.empty(), method) << lens.name;
    EXPECT_EQ(lens.header.empty(), method) << lens.name;
    EXPECT_EQ(lens.provable, !method && !lens.name.starts_with("json")) << lens.name;
  }
}

/// The words between the first two bars of a row of the manual's table of lenses.
std::set<std::string> documented_lenses() {
  std::istringstream manual(read_file(fs::path(TWOWAY_SOURCE_DIR) / "docs" / "mapping-language.md"));
  std::set<std::string> names;
  bool in_table = false;
  for (std::string line; std::getline(manual, line);) {
    if (line.starts_with("| lens |")) in_table = true;
    if (!line.starts_with("|")) in_table = false;
    if (!in_table || !line.starts_with("| `")) continue;
    names.insert(line.substr(3, line.find('`', 3) - 3));
  }
  return names;
}

TEST(LensTable, AgreesWithTheManual) {
  std::set<std::string> names;
  for (const Lens& lens : built_in_lenses()) names.insert(lens.name);
  EXPECT_EQ(names, documented_lenses());
}

TEST(LensTable, AgreesWithTheRuntime) {
  for (const Lens& lens : built_in_lenses()) {
    if (lens.header.empty()) continue;
    const std::string header = read_file(fs::path(TWOWAY_SOURCE_DIR) / lens.header);
    ASSERT_FALSE(header.empty()) << lens.header;
    const std::string name = lens.struct_name.substr(std::string("lens::").size());
    EXPECT_NE(header.find("struct " + name + " "), std::string::npos) << lens.header << " has no struct " << name;
    const std::string fidelity = lens.fidelity == Fidelity::iso ? "Fidelity::iso" : "Fidelity::residue";
    EXPECT_NE(header.find(fidelity), std::string::npos) << lens.header << " is not " << fidelity;
  }
}

TEST(Graph, DependencyOrder) {
  const Graph needs = {{2}, {}, {1}, {}};   // 0 after 2 after 1
  EXPECT_EQ(dependency_order(needs, {0, 1, 2, 3}), (std::vector<std::size_t>{1, 2, 0, 3}));
  EXPECT_EQ(dependency_order(needs, {3, 2, 1, 0}), (std::vector<std::size_t>{3, 1, 2, 0}));
}

TEST(Graph, Cycles) {
  EXPECT_TRUE(cycles({{1}, {2}, {}}).empty());
  EXPECT_EQ(cycles({{0}}), (std::vector<std::vector<std::size_t>>{{0, 0}}));
  EXPECT_EQ(cycles({{1}, {0, 2}, {1}, {4}, {3}}), (std::vector<std::vector<std::size_t>>{{0, 1, 0}, {3, 4, 3}}));
  EXPECT_EQ(cycles({{1}, {2}, {3, 1}, {0}}), (std::vector<std::vector<std::size_t>>{{0, 1, 2, 3, 0}}));
}

TEST(Graph, ShortestPath) {
  const auto all = [](std::size_t) { return true; };
  const Graph needs = {{1, 3}, {2}, {}, {2}};
  EXPECT_EQ(shortest_path(needs, 0, 2, all), (std::vector<std::size_t>{0, 1, 2}));
  const auto not_one = [](std::size_t node) { return node != 1; };
  EXPECT_EQ(shortest_path(needs, 0, 2, not_one), (std::vector<std::size_t>{0, 3, 2}));
  EXPECT_EQ(shortest_path(needs, 2, 0, all), std::nullopt);
}

}  // namespace
}  // namespace twowayc
