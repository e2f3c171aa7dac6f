// Damaged copies of a mapping: every operator at every place where it applies.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>

#include "generator/model/mapping_model.h"

namespace twowayc::test {

/// One file of the mapping with one damage.
struct MappingMutant {
  std::string file;  ///< below the mapping's folder: "entities/chat.yaml"
  std::string name;  ///< "change entities/chat.yaml fields.title.lens text -> email"
  std::string text;  ///< the whole file
};

/// Makes the mutants one after the other, in a fixed order, each with its number. `model` is the sound mapping in the
/// folder. The operators: drop (an entry or an item), swap (two neighbours' values, two fields' names), change (a value
/// for others of its kind).
void for_each_mutant(const std::filesystem::path& directory, const MappingModel& model,
                     const std::function<void(std::size_t, const MappingMutant&)>& visit);

}  // namespace twowayc::test
