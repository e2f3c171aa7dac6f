// From a column's type, in the words of its database, to the mapping language.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// What a declared type becomes.
struct GuessedType {
  SqlType type = SqlType::text;
  std::size_t length = 0;  ///< of varchar(N)
  /// The language's own statement would declare the same, as far as the database is concerned.
  bool same_words = false;
  /// A type that is not PostgreSQL's own: an enum, a domain, one of an extension. It must be made before the table.
  bool foreign = false;
  std::string remark;  ///< what was guessed, for people; may be empty
};

/// SQLite: any word is a type, and what it means is told by parts of the word (https://sqlite.org/datatype3.html).
GuessedType guess_sqlite_type(std::string_view declared);

/// PostgreSQL: as format_type() writes it, `character varying(20)`.
GuessedType guess_postgresql_type(std::string_view declared);

/// As sql/*.yaml has it: `varchar(20)`.
std::string type_text(const GuessedType& type);

/// The lens that shows such a column as it is.
std::string_view plain_lens(SqlType type);

}  // namespace twowayc
