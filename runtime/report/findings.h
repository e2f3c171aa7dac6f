// Notes as they are printed: by weight, with keys and choices.
#pragma once

#include <boost/json/array.hpp>
#include <string>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway::report {

/// `what stops the run`, `needs a look`, `for information`: a list for each weight that there is, the worst first. Five
/// keys of each are shown; of values in the residue only where positions are asked for as well. Empty without notes.
std::string findings(const std::vector<Note>& notes, bool positions);

/// All of it, with the keys of the first `Note::most_keys` rows.
boost::json::array notes_array(const std::vector<Note>& notes);

}  // namespace twoway::report
