// Entries of the attic that somebody changed, or that come in odd company: what a SQL store makes of each, in words.
#pragma once

#include <string>
#include <vector>

#include "runtime/store/attic_entries.h"
#include "runtime/store/streams.h"

namespace twoway::test {

inline std::string tagged_words(std::string_view text) { return attic_entry::tagged(Value::text(text)); }

/// `inserted`, or `rejected COLUMN: REASON`.
inline std::string outcome_of(SqlStore& store, const AtticEntry& entry) {
  const Outcome outcome = store.write_attic(entry);
  switch (outcome.what) {
    case Written::inserted:
      return "inserted";
    case Written::updated:
      return "updated";
    case Written::unchanged:
      return "unchanged";
    case Written::pending:
      return "pending";
    case Written::rejected:
      break;
  }
  return "rejected " + outcome.column + ": " + outcome.reason;
}

inline AtticEntry row_entry(std::string table, std::vector<std::pair<std::string, std::string>> values,
                            std::string name = "0") {
  return {AtticEntry::What::row, std::move(table), std::move(name), std::move(values)};
}

}  // namespace twoway::test
