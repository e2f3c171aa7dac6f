// Compares two versions of a mapping: can data that went over with the old one still come back with the new one?
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"
#include "generator/source/finding_ids.h"

namespace twowayc {

/// A reason why a value that is in PocketBase does not come back as what it was.
struct Break {
  BreakingFinding id;
  std::string text;
  Position before;   ///< in the files of the old mapping; unknown where nothing was there
  Position now;      ///< in the files of the new one; unknown where nothing is there
};

/// All of them, entity by entity. Data made with `before` is read with `now`. What is only added breaks nothing, nor do
/// rules, indexes of PocketBase, defaults and what deletions do.
std::vector<Break> breaks_between(const MappingModel& before, const MappingModel& now);

/// For people: a line for each, and where it stood before. `old_place` names the old mapping: a folder, or "git:REV".
std::string breaks_text(const std::vector<Break>& breaks, const MappingModel& before, const MappingModel& now,
                        const std::string& old_place);

}  // namespace twowayc
