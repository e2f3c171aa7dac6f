// What a conversion notices on its way: references that lead nowhere, values that need residue. Counted by column, with
// the keys of the first rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway {

class ToPocketBase;
class ToSql;

class Findings {
 public:
  void add(Note::What what, std::string_view entity, std::string_view column, std::string_view key);
  /// A reference of the entity that leads nowhere.
  void orphan(const Entity& entity, const RelationEdge& relation, std::string_view key);
  /// What the row that `run` has just converted needs beside its record; `row` is the entity's row struct.
  void converted(const Entity& entity, const void* row, const ToPocketBase& run, std::string_view key);
  /// What the record that `run` has just converted needs beside its row.
  void converted(const Entity& entity, const ToSql& run, std::string_view key);
  /// Notes with words and choices, by entity and column. `in_sql`: the rows stand in a SQL database, so that the choice
  /// can be a statement.
  std::vector<Note> notes(const Mapping& mapping, bool in_sql) const;
  void clear() { found_.clear(); }

 private:
  struct Found {
    std::uint64_t count = 0;
    std::vector<std::string> keys;
  };
  std::map<std::tuple<std::string, std::string, Note::What>, Found, std::less<>> found_;
};

/// True for what a conversion finds, and nothing else does.
bool is_of_conversion(Note::What what);

}  // namespace twoway
