// A copy of the flagship mapping that a test edits as a maintainer would.
#pragma once

#include <boost/json/array.hpp>
#include <filesystem>
#include <string>

#include "tests/support/process.h"

namespace twoway::test {

/// Writes a whole file.
void write_file(const std::filesystem::path& path, const std::string& text);

class MappingCopy {
 public:
  /// Copies the mapping to `directory`, whose name must be the mapping's.
  explicit MappingCopy(std::filesystem::path directory);
  const std::filesystem::path& path() const { return directory_; }

  /// Does what `twoway drift --json` suggests: pastes, replaces, removes, makes files.
  void apply(const boost::json::array& suggestions);
  /// `twowayc build` into `generated`.
  ProcessResult build(const std::filesystem::path& generated) const;
  /// The statements of a generated schema_sqlite.cc, to be executed.
  static std::string sqlite_schema(const std::filesystem::path& generated);

 private:
  std::filesystem::path directory_;
};

}  // namespace twoway::test
