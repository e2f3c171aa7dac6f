// Who notices a damaged mapping, without compiling it: the compiler of mappings, `vet`, and a look at the application's
// own database.
#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/output/file_tree.h"
#include "generator/model/mapping_model.h"
#include "tests/mutants/mapping_mutants.h"
#include "tests/support/temporary_directory.h"

namespace twowayc::test {

enum class Noticed {
  by_compiler,    ///< twowayc refuses it
  by_vet,         ///< `twowayc vet` finds something that it does not find in the sound mapping
  by_sqlite,      ///< the schema that it declares is not that of the application's own SQLite database
  by_postgresql,  ///< or not that of its PostgreSQL database
  other_schema,   ///< another schema, and there is no database of the application to compare it with
  same,           ///< nothing to notice: the same code comes out
  same_schema,    ///< nothing to notice: other statements, which make the application's own databases all the same
  not_yet,
};
std::string name_of(Noticed noticed);

/// Judges the mutants of one mapping, in a copy of its folder. Not shared between threads.
class MappingJudge {
 public:
  explicit MappingJudge(const std::filesystem::path& mapping);

  /// Leaves the copy as it was.
  Noticed judge(const MappingMutant& mutant);
  /// Where the copy is.
  std::filesystem::path copy() const { return scratch_ / "mapping" / name_; }
  const MappingModel& model() const { return model_; }
  /// The model of a mutant that twowayc accepts.
  MappingModel model_of(const MappingMutant& mutant) const;

 private:
  Noticed by_database(const MappingModel& model, const FileTree& code) const;

  twoway::test::TemporaryDirectory scratch_{"mutants"};
  std::string name_;
  MappingModel model_;
  std::set<std::string> usual_findings_;
  FileTree usual_code_;
  std::vector<std::string> sqlite_catalog_;  ///< empty: there is no database of the application
};

}  // namespace twowayc::test
