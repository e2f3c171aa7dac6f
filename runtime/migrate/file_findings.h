// What a run finds about files: counted by kind, with the keys of the first rows.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/migrate/file_rows.h"
#include "runtime/migrate/run_context.h"

namespace twoway {

class FileFindings {
 public:
  explicit FileFindings(RunContext& context) : context_(context) {}

  void add(const FileReport& report, std::string_view key, const std::string& text, Note::Weight weight,
           const std::string& choice);
  /// Compares with the hash that the row tells, where it tells one, and counts.
  void check_hash(const NamedFile& file, const std::string& sha256, FileReport& report);
  /// Forgets what check_hash() found: all files are hashed anew.
  void forget_hashes();
  /// A file that does not arrive is a difference.
  void say_lost(const FileReport& report, const NamedFile& file, const std::string& why);
  /// Puts them among the run's notes, in the place of what was known before.
  void note();

 private:
  struct Found {
    Note::Weight weight = Note::Weight::look;
    std::string choice;
    std::uint64_t count = 0;
    std::vector<std::string> keys;
  };

  RunContext& context_;
  std::map<std::pair<std::string, std::string>, Found> found_;  ///< by field and text
};

}  // namespace twoway
