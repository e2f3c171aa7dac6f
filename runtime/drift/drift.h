// What a live store declares and the mapping does not, and the other way round. Only declarations are looked at, no
// rows; nothing is written.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/stores.h"
#include "runtime/model/entity.h"

namespace twoway::drift {

/// One difference.
struct Finding {
  enum class What : std::uint8_t { added, missing, changed };  ///< `added`: the store has it, the mapping not

  What what = What::changed;
  /// SQL: `table`, `column`, `type`, `not null`, `default`, `primary key`, `index`, `foreign key`. PocketBase:
  /// `collection`, `field`, `option`, `rule`, `index`.
  std::string kind;
  std::string table;      ///< or collection
  std::string name;       ///< of the column, index, field, option or rule; `field.option`; empty: of the whole table
  std::string mapped;     ///< what the mapping says; empty where it says nothing
  std::string found;      ///< what the store says; empty where it says nothing
  std::string position;   ///< `file:line` of the mapping; may be empty
  std::string note;       ///< why it is put down to age; may be empty
  std::string yaml = {};  ///< where it is one of a list: the line that declares what was found, or what is missing
};

/// Something missing and something new that could be the same thing under another name: people know, we do not.
struct Question {
  std::string table;  ///< empty: tables (or collections) themselves
  std::string missing;
  std::string found;
  std::string why;       ///< `of the same type (TEXT) and in the same place`
  std::string position;  ///< of what is missing, in the mapping; may be empty
};

/// Lines of YAML that make the mapping fit.
struct Suggestion {
  enum class Action : std::uint8_t { add, replace, remove, create };

  Action action = Action::add;  ///< create: a file of its own
  std::string file;             ///< `mapping/shop/sql/shop.yaml`
  std::string path;             ///< keys from the file's top: `tables: chat: columns:`; empty: the whole file
  std::string yaml;             ///< indented as it stands there, with a line feed behind each line
};

struct Report {
  std::string store;            ///< for people, without secrets
  std::string program;          ///< `SQLite 3.40.1`, `PostgreSQL 15.20`, `PocketBase`
  bool sql = true;              ///< false: a PocketBase
  std::string revision;         ///< that the store names; empty: none
  std::string mapped_revision;  ///< that the mapping is for; empty: it knows no revisions
  std::vector<Finding> differences;
  std::vector<Finding> age;  ///< come from the database's age alone, or likely so: no drift
  std::vector<Question> questions;
  std::vector<Suggestion> suggestions;

  bool other_revision() const { return !mapped_revision.empty() && revision != mapped_revision; }
  bool drifted() const { return other_revision() || !differences.empty(); }
};

/// Looks. Throws Error(cannot_start) where it cannot.
Report look(const Mapping& mapping, const StoreAddress& store, const OpenOptions& options);

/// For people, with a line feed at the end. `verbose`: what comes from age one by one, however much it is.
std::string text(const Mapping& mapping, const Report& report, bool verbose);
/// The suggestions, for people: what to paste where.
std::string suggestions_text(const Report& report);
/// For machines (docs/drift.md).
std::string json_text(const Mapping& mapping, const Report& report);

}  // namespace twoway::drift
