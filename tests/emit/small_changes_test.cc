// A small change of a mapping is a small change of what is generated: a reviewer reads the difference.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "generator/emit/emit.h"
#include "tests/emit/mappings.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_lines = 10;   ///< that may be new, or gone, in all C++ of a mapping

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// The length of the longest common subsequence, as diff finds it.
std::size_t common_lines(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b) {
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1);
  for (const std::string_view line : a) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = line == b[j] ? before[j] + 1 : std::max(before[j + 1], row[j]);
    }
    before = row;
  }
  return before[b.size()];
}

/// What reviewers read: positions, proofs and the copies of JavaScript are folded away (.gitattributes).
bool is_read(std::string_view path) {
  const bool cpp = path.ends_with(".cc") || path.ends_with(".h");
  return cpp && !path.starts_with("positions/") && path != "proofs.cc" && !path.starts_with("pocketbase_");
}

/// The larger of the lines that are new and those that are gone, in C++ that is read.
std::size_t changed_lines(const FileTree& before, const FileTree& now) {
  std::size_t added = 0, removed = 0;
  for (const auto& [path, content] : now) {
    if (!is_read(path) || before.at(path) == content) continue;
    const auto a = lines_of(before.at(path));
    const auto b = lines_of(content);
    const std::size_t common = common_lines(a, b);
    removed += a.size() - common;
    added += b.size() - common;
  }
  return std::max(added, removed);
}

std::size_t find_lens(MappingModel& model, std::string_view name) {
  const auto found = std::find_if(model.lenses.begin(), model.lenses.end(),
                                  [&](const Lens& lens) { return lens.name == name; });
  EXPECT_NE(found, model.lenses.end()) << name;
  return static_cast<std::size_t>(found - model.lenses.begin());
}

TEST(SmallChanges, OneFieldInTheModelIsTenLines) {
  MappingModel model = compiled(flagship_directory());
  const FileTree before = emit(model);
  const std::size_t seconds = find_lens(model, "epoch_seconds");
  const std::size_t nanoseconds = find_lens(model, "epoch_nanoseconds");
  std::size_t most = 0, fields = 0;
  for (Entity& entity : model.entities) {
    for (MappedField& field : entity.fields) {
      const MappedField kept = field;
      const auto expect_small = [&](std::string_view what) {
        const std::size_t lines = changed_lines(before, emit(model));
        EXPECT_LE(lines, most_lines) << entity.name << "." << field.to << ": " << what;
        most = std::max(most, lines);
        field = kept;
      };
      if (++fields % 7 != 0) continue;   // each entity has some
      field.hidden = !field.hidden;
      expect_small("hidden");
      field.lossy = "an estimate";
      expect_small("lossy");
      if (field.lens == seconds) {
        field.lens = nanoseconds;
        expect_small("another lens");
      }
      if (field.target) {
        field.on_delete = OnDelete::restrict_;
        expect_small("another way to delete");
      }
    }
  }
  EXPECT_GT(most, 0U);
}

void replace_in(const fs::path& path, std::string_view old, std::string_view present) {
  std::string text = twoway::test::read_file(path);
  const std::size_t at = text.find(old);
  ASSERT_NE(at, std::string::npos) << old;
  std::ofstream(path) << text.replace(at, old.size(), present);
}

/// The flagship mapping after an edit of its files.
template <class Edit>
std::size_t lines_after(Edit edit) {
  const twoway::test::TemporaryDirectory scratch("small");
  const fs::path copy = scratch / "mapping" / flagship_directory().filename();
  fs::create_directories(copy.parent_path());
  fs::copy(flagship_directory(), copy, fs::copy_options::recursive);
  const FileTree before = emit(compiled(copy));
  edit(copy);
  return changed_lines(before, emit(compiled(copy)));
}

TEST(SmallChanges, ANewColumnIsTenLines) {
  const std::size_t lines = lines_after([](const fs::path& mapping) {
    replace_in(mapping / "sql/openwebui.yaml", "\n  tag:\n    columns:\n",
               "\n  tag:\n    columns:\n      colour: { type: text }\n");
    replace_in(mapping / "entities/tag.yaml", "\nfields:\n", "\nfields:\n  colour: { lens: text }\n");
  });
  EXPECT_GT(lines, 4U);
  EXPECT_LE(lines, most_lines);
}

TEST(SmallChanges, ARenamedFieldIsTenLines) {
  const std::size_t lines = lines_after([](const fs::path& mapping) {
    replace_in(mapping / "entities/chat.yaml", "  title:              {", "  title:              { to: headline,");
  });
  EXPECT_GT(lines, 2U);
  EXPECT_LE(lines, most_lines);
}

TEST(SmallChanges, ACommentIsNone) {
  EXPECT_EQ(lines_after([](const fs::path& mapping) {
              replace_in(mapping / "entities/chat.yaml", "\nfields:\n", "\n\n# A remark.\n\nfields:\n");
            }),
            0U);
}

}  // namespace
}  // namespace twowayc::test
