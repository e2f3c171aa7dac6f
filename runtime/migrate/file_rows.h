// What rows say of the files that they name.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "runtime/files/file_side.h"
#include "runtime/migrate/run_context.h"
#include "runtime/model/entity.h"

namespace twoway {

/// A file as its row tells of it, in the SQL side's terms.
struct NamedFile {
  files::FileItem item;
  std::string path;        ///< as it stands; may be empty where PocketBase made the record
  bool elsewhere = false;  ///< the path is a URI: the bytes lie in an object store
  std::string refusal;     ///< why it cannot be carried, for people; empty: it can
  std::string sha256;      ///< in lower case; empty: the row tells none
  std::optional<std::uint64_t> size;
};

/// Reads the source's rows that name a file, until `take` returns false.
void read_named_files(RunContext& context, const Entity& entity, const FileField& field,
                      const std::function<bool(const NamedFile& file)>& take);

/// The path of a row that is on its way to SQL, where its file is copied: a record that PocketBase made has none, and
/// the operator may want another directory in all of them.
void place_files(const RunContext& context, const Entity& entity, const void* record, void* row, Arena& arena);

}  // namespace twoway
