// The files of one run: their bytes, their lines and the paths they are printed with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/source_position.h"

namespace twowayc {

/// A file that was read. A byte order mark is not part of `bytes`.
struct SourceFile {
  std::string display_path;               ///< as people are to see it, relative as given on the command line
  std::string relative_path;              ///< below the mapping's folder: "entities/chat.yaml"
  std::string bytes;
  std::vector<std::size_t> line_starts;   ///< offset of the first byte of each line
};

/// Owns the files of a run. Indexes stay valid; Position::file is one.
class SourceSet {
 public:
  /// Adds a file and returns its index. Its bytes may be anything.
  std::uint32_t add(std::string display_path, std::string relative_path, std::string bytes);

  std::size_t size() const { return files_.size(); }
  const SourceFile& file(std::uint32_t index) const { return files_.at(index); }

  /// The text of a line (1-based) without its end; empty beyond the end of the file.
  std::string_view line(std::uint32_t file, std::uint32_t line) const;
  /// The position of a byte offset.
  Position position(std::uint32_t file, std::size_t offset) const;
  /// The offset of a position; nothing if it lies outside its file.
  std::optional<std::size_t> offset(Position position) const;
  /// `path:line:column`, `path:line` or `path` as far as the position is known; empty without a file.
  std::string describe(Position position) const;
  /// The length in bytes of the YAML token that begins at the position, at least 1.
  std::size_t token_length(Position position) const;

 private:
  std::vector<SourceFile> files_;
};

}  // namespace twowayc
