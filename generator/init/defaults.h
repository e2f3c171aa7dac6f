// A column's default, for one database and for both.
#pragma once

#include <optional>
#include <string>

#include "generator/init/drafted.h"

namespace twowayc {

struct DraftedDefault {
  std::optional<std::string> all;         ///< `default:`
  std::optional<std::string> postgresql;  ///< `postgresql: { default: ... }`
  std::string sequence;                   ///< `postgresql: { sequence: ... }`
};

DraftedDefault draft_default(const Drafted& drafted, const DraftedTable& table, const DraftedColumn& column);

}  // namespace twowayc
