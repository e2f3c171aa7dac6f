// What a run looks at before its first write. Everything that stands in the way is collected, so that it can be mended
// in one go; it ends in notes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/migrate/run_context.h"
#include "runtime/migrate/stores.h"

namespace twoway {

/// Room that is needed on one disk.
struct RoomNeeded {
  std::string place;  ///< a file or directory, which need not exist yet
  std::uint64_t bytes = 0;
  std::string why;  ///< `1.2 GB for the backup`
};
class CarryFiles;

class Preflight {
 public:
  Preflight(RunContext& context, const Ends& ends, const OpenOptions& options)
      : context_(context), ends_(ends), options_(options) {}

  /// Runs a step. Where it cannot be done, its words become a note that stops the run; returns whether it was done.
  template <class Step>
  bool guard(const std::string& subject, const Step& step) {
    try {
      step();
      return true;
    } catch (const Error& error) {
      stop(Note::What::stop, subject, error);
      return false;
    }
  }
  /// Other programs that have one of the stores open; only of those that could be opened, the others have said why not.
  void look_for_others(bool from, bool to);
  /// Room for the backup and for what the target may grow by. `empty`: the target is made by the run; `backs_up`: it is
  /// backed up; `files`: what is copied beside the rows, or null.
  void look_for_room(bool empty, bool backs_up, const CarryFiles* files);
  /// Revisions of the stores' schemas, and the program that makes a new data directory.
  void note_versions(bool empty);
  /// What the target holds already.
  void note_content(std::uint64_t rows);
  /// Notes what stops the run.
  void stop(Note::What what, const std::string& subject, const Error& error);
  /// Throws Stopped where something stops the run. A run that only looks goes on where both stores could be opened.
  void decide(bool opened) const;

  /// True where the source is so small that converting it once more beforehand costs next to nothing.
  bool is_small_source() const;

 private:
  void look_for_others_at(const StoreAddress& store, bool target);

  RunContext& context_;
  const Ends& ends_;
  const OpenOptions& options_;
};

/// Adds up what is needed on each disk. Returns a sentence for each that has less, and one on each that has enough in
/// `enough`.
std::vector<std::string> missing_room(const std::vector<RoomNeeded>& needed, std::vector<std::string>& enough);

}  // namespace twoway
