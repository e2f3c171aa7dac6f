// From a live database's schema to a mapping that compiles: what is known is written down, what is guessed is said in a
// comment, and what only people can know is asked.
#pragma once

#include <cstddef>
#include <string>

#include "generator/emit/output/file_tree.h"
#include "runtime/store/live_schema.h"

namespace twowayc {

struct Draft {
  FileTree files;  ///< below the mapping's folder
  std::size_t entities = 0;
  std::size_t left_whole = 0;  ///< tables of which no entity can be made; they travel in the attic
  std::size_t questions = 0;   ///< comments that begin with `question:`
};

/// `name` is the mapping's, which is its folder's.
Draft draft_mapping(const twoway::LiveSchema& schema, const std::string& name);

}  // namespace twowayc
