#include "tests/support/compare_databases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string_view>
#include <unordered_map>

#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace {

/// 128 bits of a row and its length. Nobody makes up rows to collide here.
struct Digest {
  std::uint64_t first = 0, second = 0;
  std::size_t size = 0;
  bool operator==(const Digest&) const = default;
};

struct DigestHash {
  std::size_t operator()(const Digest& digest) const { return digest.first; }
};

Digest digest_of(const Row& row) {
  std::string text;
  for (const Cell& cell : row) {
    text += static_cast<char>('0' + static_cast<int>(cell.storage));
    text += fmt::format("{}:{}:", cell.bits, cell.bytes.size());
    text += cell.bytes;
  }
  std::uint64_t fnv = 14695981039346656037U;
  for (const char c : text) fnv = (fnv ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return {std::hash<std::string_view>()(text), fnv, text.size()};
}

using Counts = std::unordered_map<Digest, std::int64_t, DigestHash>;

/// Both rows that share a primary key, as far as they are left over.
struct LeftOver {
  std::vector<Row> a, b;
};

/// One table of the two databases.
class TableComparison {
 public:
  TableComparison(SqliteFile& a, SqliteFile& b, std::string table, const CompareOptions& options,
                  std::vector<std::string>& differences)
      : a_(a), b_(b), table_(std::move(table)), options_(options), differences_(differences) {}

  void run() {
    match_columns();
    if (columns_.empty()) return;
    Counts counts;
    a_.each(select(), {}, [&](const Row& row) { ++counts[digest_of(row)]; });
    b_.each(select(), {}, [&](const Row& row) { --counts[digest_of(row)]; });
    std::erase_if(counts, [](const auto& entry) { return entry.second == 0; });
    if (!counts.empty()) describe(counts);
  }

 private:
  void match_columns() {
    const std::vector<std::string> theirs = b_.columns(table_);
    const std::set<std::string> in_b(theirs.begin(), theirs.end());
    std::set<std::string> in_a;
    for (const std::string& column : a_.columns(table_)) {
      in_a.insert(column);
      if (ignored(column)) continue;
      if (in_b.contains(column)) {
        columns_.push_back(column);
      } else {
        differences_.push_back(fmt::format("{}.{}: only A has this column", table_, column));
      }
    }
    for (const std::string& column : theirs) {
      if (!in_a.contains(column) && !ignored(column)) {
        differences_.push_back(fmt::format("{}.{}: only B has this column", table_, column));
      }
    }
    for (const std::string& column : a_.primary_key(table_)) {
      const auto at = std::find(columns_.begin(), columns_.end(), column);
      if (at != columns_.end()) key_.push_back(static_cast<std::size_t>(at - columns_.begin()));
    }
  }

  bool ignored(const std::string& column) const { return options_.ignored_columns.contains(table_ + "." + column); }

  std::string select() const {
    std::string names;
    for (const std::string& column : columns_) names += (names.empty() ? "" : ", ") + identifier(column);
    return "SELECT " + names + " FROM " + identifier(table_);
  }

  std::string key_of(const Row& row) const {
    std::string key;
    for (const std::size_t part : key_) key += (key.empty() ? "" : ", ") + columns_[part] + "=" + row[part].describe();
    return key.empty() ? "row" : key;
  }

  void describe(Counts& counts) {
    const auto only = [&](SqliteFile& file, std::int64_t sign, std::vector<Row> LeftOver::*side, auto& by_key) {
      file.each(select(), {}, [&](const Row& row) {
        const auto found = counts.find(digest_of(row));
        if (found == counts.end() || found->second * sign <= 0) return;
        found->second -= sign;
        ++left_over_;
        if (by_key.size() <= options_.most || by_key.contains(key_of(row))) (by_key[key_of(row)].*side).push_back(row);
      });
    };
    std::map<std::string, LeftOver> by_key;
    only(a_, 1, &LeftOver::a, by_key);
    only(b_, -1, &LeftOver::b, by_key);
    for (const auto& [key, rows] : by_key) describe(key, rows);
    differences_.push_back(fmt::format("{}: {} rows have no equal on the other side", table_, left_over_));
  }

  void describe(const std::string& key, const LeftOver& rows) {
    if (differences_.size() >= options_.most) return;
    if (!key_.empty() && rows.a.size() == 1 && rows.b.size() == 1) {
      for (std::size_t i = 0; i < columns_.size(); ++i) {
        if (rows.a[0][i] == rows.b[0][i]) continue;
        differences_.push_back(fmt::format("{}[{}].{}: A has {}, B has {}", table_, key, columns_[i],
                                           rows.a[0][i].describe(), rows.b[0][i].describe()));
      }
      return;
    }
    const auto only = [&](char side, const Row& row) {
      differences_.push_back(fmt::format("{}[{}]: only in {}: {}", table_, key, side, text_of(row)));
    };
    for (const Row& row : rows.a) only('A', row);
    for (const Row& row : rows.b) only('B', row);
  }

  std::string text_of(const Row& row) const {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += (text.empty() ? "" : ", ") + columns_[i] + "=" + row[i].describe();
    }
    return text;
  }

  SqliteFile& a_;
  SqliteFile& b_;
  const std::string table_;
  const CompareOptions& options_;
  std::vector<std::string>& differences_;
  std::vector<std::string> columns_;
  std::vector<std::size_t> key_;
  std::size_t left_over_ = 0;
};

}  // namespace

std::vector<std::string> compare_databases(const std::filesystem::path& a, const std::filesystem::path& b,
                                           const CompareOptions& options) {
  SqliteFile file_a(a, SqliteFile::Mode::read), file_b(b, SqliteFile::Mode::read);
  std::vector<std::string> differences;
  const std::vector<std::string> tables_a = file_a.tables(), tables_b = file_b.tables();
  const std::set<std::string> in_a(tables_a.begin(), tables_a.end()), in_b(tables_b.begin(), tables_b.end());
  for (const std::string& table : tables_a) {
    if (options.ignored_tables.contains(table)) continue;
    if (in_b.contains(table)) {
      TableComparison(file_a, file_b, table, options, differences).run();
    } else {
      differences.push_back(table + ": only A has this table");
    }
  }
  for (const std::string& table : tables_b) {
    if (!in_a.contains(table) && !options.ignored_tables.contains(table)) {
      differences.push_back(table + ": only B has this table");
    }
  }
  return differences;
}

std::string describe_differences(const std::vector<std::string>& differences) {
  return fmt::format("{} differences\n{}", differences.size(), fmt::join(differences, "\n"));
}

}  // namespace twoway::test
