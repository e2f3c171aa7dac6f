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
  DiagnosticId id;
  Severity severity = Severity::error;
  Position position;          ///< unknown where it concerns a path that is no file of the run; `path` says which
  std::string path;           ///< used where the position names no file
  std::string message;
  std::vector<Note> notes;
  std::string hint;           ///< may have several lines; empty: none

  Diagnostic& with_note(Position where, std::string text);
  Diagnostic& with_hint(std::string text);
  /// `did you mean 'x'?`, where one of the candidates is near enough.
  Diagnostic& with_suggestion(std::string_view wrong, std::span<const std::string> candidates);
};

/// Collects the diagnostics of a run. References that it returns stay valid.
class DiagnosticSink {
 public:
  Diagnostic& error(DiagnosticId id, Position position, std::string message);
  Diagnostic& warning(DiagnosticId id, Position position, std::string message);
  /// An error about a path that is no file of the run.
  Diagnostic& error_at_path(DiagnosticId id, std::string path, std::string message);

  std::size_t error_count() const { return error_count_; }
  bool has_errors() const { return error_count_ != 0; }
  /// All of them in the order of file, line, column, identifier, message.
  std::vector<const Diagnostic*> sorted() const;
  /// All of them as text, see printer.h. Ends in a newline unless there are none.
  std::string print(const SourceSet& sources) const;

 private:
  std::deque<Diagnostic> diagnostics_;
  std::size_t error_count_ = 0;
};

}  // namespace twowayc
