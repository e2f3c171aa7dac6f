// Fills a mirror's relation in PocketBase from the arrays beside it, where only those were written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/migrate/stores.h"
#include "runtime/model/entity.h"

namespace twoway {

struct BackfillOptions {
  std::string mirror;  ///< its field, or `collection.field` where several have that name
  std::string create;  ///< makes the records that names have none of; this column of theirs gets the name. Empty: no
  bool backup = true;  ///< copies the store first, if anything is to be written
  bool dry_run = false;
  std::string stamp;  ///< names the backup
  OpenOptions open;
};

struct BackfillReport {
  std::string store;       ///< for people, without secrets
  std::string collection;  ///< whose relation is filled
  std::string field;
  std::string target;  ///< collection that the relation leads to
  bool dry_run = false;
  std::uint64_t records = 0;
  std::uint64_t filled = 0;   ///< records that got relations (or would get, in a dry run)
  std::uint64_t links = 0;    ///< relations that were added
  std::uint64_t noted = 0;    ///< records whose relation was complete, where what the array says was noted (residue)
  std::uint64_t created = 0;  ///< records of the target that were made
  std::uint64_t unknown = 0;  ///< names in arrays that no record of the target stands for
  std::vector<std::string> unknown_examples;
  std::vector<std::string> rejected;  ///< `id: the store's words`
  std::string backup;                 ///< path or name; empty: there was nothing to write, or none was wanted
};

/// What an array names and the relation lacks is added; nothing is taken out of a relation, and no document is changed.
/// A name that was taken out of the relation since twoway wrote the record is not added again. What the array says is
/// noted in the residue, so that a name that people take out of the relation later leaves the array, too, on the way to
/// SQL. Throws Error(cannot_start).
BackfillReport backfill(const Mapping& mapping, const StoreAddress& store, const BackfillOptions& options);

}  // namespace twoway
