// Errors and warnings. A run collects all of them; they are sorted and printed at its end.
#pragma once

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "generator/model/source_position.h"
#include "generator/source/diagnostic_ids.h"

namespace twowayc {

class SourceSet;

enum class Severity { error, warning };

/// A further place that explains a diagnostic.
struct Note {
  Position position;
  std::string text;
};

struct Diagnostic {
  DiagnosticId id{};
  Severity severity = Severity::error;
  Position position;          ///< unknown where it concerns a path that is no file of the run; `path` says which
  std::string path;           ///< used where the position names no file
  std::string message;
  std::vector<Note> notes;
  std::string hint;           ///< may have several lines; empty: none

  Diagnostic& with_note(Position where, std::string text);
  Diagnostic& with_hint(std::string text);
  /// `did you mean 'x'?`, where one of the candidates is near enough; else all of them, where they are few.
  Diagnostic& with_suggestion(std::string_view wrong, std::span<const std::string> candidates);
};

/// Collects the diagnostics of a run. References that it returns stay valid. A hostile file has errors by the million:
/// what comes after `most_kept` of them is counted, not kept.
class DiagnosticSink {
 public:
  Diagnostic& error(DiagnosticId id, Position position, std::string message);
  Diagnostic& warning(DiagnosticId id, Position position, std::string message);
  /// An error about a path that is no file of the run.
  Diagnostic& error_at_path(DiagnosticId id, std::string path, std::string message);

  std::size_t error_count() const { return error_count_; }
  bool has_errors() const { return error_count_ != 0; }
  /// Those that are kept, in the order of file, line, column, identifier, message.
  std::vector<const Diagnostic*> sorted() const;
  /// The same as text, see printer.h, and how many more there are. Ends in a newline unless there are none.
  std::string print(const SourceSet& sources) const;

  static constexpr std::size_t most_kept = 500;

 private:
  Diagnostic& add(Diagnostic diagnostic);

  std::deque<Diagnostic> diagnostics_;
  Diagnostic dropped_{};   ///< takes what is said of one that is not kept
  std::size_t dropped_count_ = 0;
  std::size_t error_count_ = 0;
};

}  // namespace twowayc
