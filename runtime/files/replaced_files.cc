#include "runtime/files/replaced_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

#include "runtime/files/file_writer.h"
#include "runtime/model/error.h"
#include "runtime/store/names_in.h"

namespace twoway::files {

namespace fs = std::filesystem;

namespace {

/// `BEFORE20260102T030405Z` for `2026-01-02T03:04:05Z`.
std::string directory_name(std::string_view before, std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return std::string(before) + time;
}

std::string of_run(const std::string& started) { return directory_name("replaced-files-", started); }

fs::path numbered(const fs::path& directory, int number) {
  return number == 1 ? directory : fs::path(directory.string() + fmt::format("-{}", number));
}

/// Those of runs that began in this second, the newest first.
std::vector<fs::path> all_of(const fs::path& first) {
  std::vector<fs::path> all;
  std::error_code error;
  for (int number = 1; fs::exists(numbered(first, number), error); ++number) all.push_back(numbered(first, number));
  std::reverse(all.begin(), all.end());
  return all;
}

std::vector<std::string> names_below(const fs::path& directory) {
  std::vector<std::string> names = names_in(directory).value_or(std::vector<std::string>());
  std::sort(names.begin(), names.end());
  return names;
}

fs::path root_of(const fs::path& field) {
  std::ifstream in(field / root_name, std::ios::binary);
  std::string root{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (root.empty()) {
    throw cannot_start(fmt::format("{} does not say where its files were", field.string()),
                       "Its file `root` is missing or empty: put the files back by hand.");
  }
  return root;
}

std::uint64_t put_back_folder(const fs::path& files, const std::string& folder, FileWriter& writer) {
  std::uint64_t count = 0;
  const fs::path directory = folder.empty() ? files : files / folder;
  for (const std::string& name : names_below(directory)) {
    std::error_code error;
    if (folder.empty() && fs::is_directory(directory / name, error)) {
      count += put_back_folder(files, name, writer);
    } else if (const auto source = open_local(directory / name)) {
      writer.put(folder, name, *source);
      ++count;
    }
  }
  return count;
}

}  // namespace

fs::path replaced_files(const fs::path& state, const std::string& started, bool goes_on) {
  const fs::path first = state / of_run(started);
  const auto taken = static_cast<int>(all_of(first).size());
  return numbered(first, goes_on ? std::max(taken, 1) : taken + 1);
}

std::uint64_t put_back(const fs::path& state, const std::string& started, const std::string& now,
                       const std::function<fs::path(const fs::path&)>& moved) {
  const fs::path first_aside = state / directory_name("files-before-restore-", now);
  const fs::path aside = numbered(first_aside, static_cast<int>(all_of(first_aside).size()) + 1);
  std::uint64_t count = 0;
  for (const fs::path& replaced : all_of(state / of_run(started))) {
    for (const std::string& field : names_below(replaced)) {
      FileWriter writer(moved(root_of(replaced / field)), {false, aside / field});
      try {
        count += put_back_folder(replaced / field / files_name, {}, writer);
      } catch (const FileError& error) {
        throw cannot_start(fmt::format("a file in {} {}", (replaced / field).string(), error.what()),
                           "Mend it and run the same command again, or put the files back by hand.");
      }
      writer.make_durable();
    }
  }
  return count;
}

}  // namespace twoway::files
