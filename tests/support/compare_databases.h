// Are two SQLite databases the same, to the byte?
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace twoway::test {

struct CompareOptions {
  std::set<std::string> ignored_tables;
  std::set<std::string> ignored_columns;  ///< `table.column`
  std::size_t most = 40;                  ///< differences that are described; the rest is counted
};

/// The differences between two databases in readable lines, none if there are none. Every row of every table counts,
/// each value by storage class and bytes. Tables and columns are matched by name. A table's rows are compared as a
/// multiset, so neither their order nor a missing key matters; what is left over is described by its primary key where
/// the table has one. Memory grows with the number of rows, not with their size.
std::vector<std::string> compare_databases(const std::filesystem::path& a, const std::filesystem::path& b,
                                           const CompareOptions& options = {});

/// The lines joined, for a failed assertion.
std::string describe_differences(const std::vector<std::string>& differences);

}  // namespace twoway::test
