// The files that rows name: looked at before the first write, copied after the rows, compared by hash.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/files/file_side.h"
#include "runtime/migrate/file_findings.h"
#include "runtime/migrate/preflight.h"
#include "runtime/migrate/run_context.h"

namespace twoway {

class CarryFiles {
 public:
  /// Throws Error(cannot_start) where the options do not fit the stores.
  CarryFiles(RunContext& context, const Ends& ends, const std::filesystem::path& state);

  /// Looks at every file of the source that it can get at: notes what is missing, other than its row says, refused, or
  /// named by no row. The source has to be open. Throws Error(cannot_start) where files are to be copied and all of
  /// them are missing.
  void look();
  /// What copying takes, as it was looked at.
  std::vector<RoomNeeded> room() const;
  /// Copies them; those that are there already and equal are left. The target has to be open for writing, and to have
  /// its rows.
  void carry();
  /// Compares both sides. Both stores have to be open.
  void compare();

 private:
  std::unique_ptr<files::FileSide> sql_side(const files::PutOptions& put) const;
  std::unique_ptr<files::FileSide> source_side(const Entity& entity, const FileField& field) const;
  std::unique_ptr<files::FileSide> target_side(const Entity& entity, const FileField& field) const;
  void look_at(const Entity& entity, const FileField& field, FileReport& report);
  void require_any(const FileReport& report) const;
  void look_at_file(const NamedFile& file, files::FileSide* side, FileReport& report);
  void look_for_unnamed(files::FileSide& side, const std::set<std::uint64_t>& named, FileReport& report);
  void compare_file(const NamedFile& file, files::FileSide& from, files::FileSide& to, FileReport& report);
  void copy_field(const Entity& entity, const FileField& field, FileReport& report);
  bool reads_hash(std::uint64_t bytes);

  RunContext& context_;
  FileFindings findings_;
  const FileOptions& options_;
  std::filesystem::path state_;
  const StoreAddress& pocketbase_;
  bool to_pocketbase_;
  std::filesystem::path replaced_;  ///< empty: what is replaced goes
  std::uint64_t looked_bytes_ = 0;  ///< read for hashes beforehand
  std::uint64_t room_ = 0;
};

/// Looks, where a run between these stores has to do with files at all; else null. Throws as the above.
std::unique_ptr<CarryFiles> look_at_files(RunContext& context, const Ends& ends, const std::filesystem::path& state);

}  // namespace twoway
