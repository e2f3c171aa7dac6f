// What is looked at in a PocketBase beside its collections.
#pragma once

#include <functional>
#include <string_view>

#include "runtime/health/health.h"
#include "runtime/migrate/questions.h"

namespace twoway::health {

/// The mapping's migrations are among those that were applied, or what they make was made otherwise (`same_schema`).
void add_migrations(const Mapping& mapping, const DatabaseQuestions& questions, bool same_schema, Report& report);
/// True where a run that loads the database was interrupted.
bool unfinished_load(const DatabaseQuestions& questions);
/// Indexes that a collection declares and the database does not have, mail, superusers.
void add_settings(const DatabaseQuestions& questions, Report& report);
/// Whether a server has the mapping's hooks, and these.
void add_hooks(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options, Report& report);
/// Whether SQLite finds its file in order.
void add_integrity(const std::filesystem::path& file, Report& report);

/// Calls `take_for(entity)` for what takes the entity's orphans. A directory may be in use; a server is copied.
void read_pocketbase_orphans(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options,
                             const std::function<TakeOrphan(const Entity&)>& take_for);

}  // namespace twoway::health
