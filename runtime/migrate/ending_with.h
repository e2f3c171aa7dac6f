// What a failure means for the one who started the run.
#pragma once

#include <exception>
#include <new>
#include <string>

#include "runtime/migrate/migration.h"
#include "runtime/model/error.h"
#include "runtime/model/memory.h"

namespace twoway {

/// Runs a part of a run. Whatever fails in it ends the program with `status`: only the run knows whether something can
/// have been written by then.
template <class Part>
auto ending_with(ExitStatus status, const Part& part) {
  try {
    return part();
  } catch (const Stopped&) {
    throw;  // nothing was written
  } catch (const Error& error) {
    throw Error(status, error.what(), error.hint());
  } catch (const std::bad_alloc&) {
    throw Error(status, std::string(not_enough_memory), std::string(not_enough_memory_hint));
  } catch (const std::exception& error) {
    throw Error(status, error.what(), "Run the same command again when the cause is mended.");
  }
}

}  // namespace twoway
