// A form of the source in which only what counts is left, for the digest.
#pragma once

#include <string>

#include "generator/parse/node.h"

namespace twowayc {

/// The tree as unambiguous text: no comments, positions or quotes, keys sorted. Two things keep their order: lists, and
/// the `columns:` of the SQL tables, which is the order of the columns in the database.
std::string canonical_text(const Node& node);

}  // namespace twowayc
