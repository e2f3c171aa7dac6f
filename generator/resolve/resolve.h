// Binds names: tables, columns, lenses, entities, fields. Fills in defaults.
#pragma once

#include <string>

#include "generator/resolve/resolution.h"
#include "generator/source/diagnostic.h"
#include "generator/source/source_set.h"

namespace twowayc {

/// What the folder's path says, independent of where it was built.
struct MappingPlace {
  std::string folder;      ///< "book-shop": the mapping must be called so
  std::string directory;   ///< "mapping/book-shop": printed in generated files
};

/// Reports every name that means nothing, and leaves out what cannot be bound, so that the checks can run on the rest.
/// The syntax must outlive the result.
Resolution resolve(const syntax::Mapping& mapping, const MappingPlace& place, const SourceSet& sources,
                   DiagnosticSink& sink);

}  // namespace twowayc
