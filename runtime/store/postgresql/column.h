// A column of a live PostgreSQL table, and how its values travel.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/model/entity.h"

namespace twoway::postgresql {

/// How a column's values go over the wire, and what they are in twoway's terms, which are SQLite's.
enum class Transport : std::uint8_t {
  boolean,      ///< integer 0 or 1
  int2,         ///< integer
  int4,
  int8,
  float4,       ///< real
  float8,
  text,         ///< text; also varchar and char
  bytea,        ///< blob
  date,         ///< text `YYYY-MM-DD`
  timestamp,    ///< text `YYYY-MM-DD HH:MM:SS.ffffff`
  json,         ///< its text; a document that is one number is an integer or a real: see number_text.h
  number_text,  ///< numeric: its text by a cast, and the numbers as for json
  other_text,   ///< any other type: its text by a cast
};

struct LiveColumn {
  std::string name;
  std::string type;               ///< as PostgreSQL writes it: `character varying(255)`
  std::uint32_t type_oid = 0;
  Transport transport = Transport::other_text;
  /// Characters that varchar(n) and char(n) take; digits of a second that timestamp(n) keeps. -1: no limit.
  std::int32_t limit = -1;
  bool padded = false;            ///< char(n): shorter text is filled with blanks
  int number = 0;                 ///< attnum
  bool not_null = false;
  std::optional<std::string> default_expression;
  bool generated = false;         ///< computed by PostgreSQL: never written
  char identity = '\0';           ///< 'a' always, 'd' by default
  /// An index's expression or predicate, a check or a generated column evaluates it: JSON escapes that PostgreSQL
  /// cannot turn into text (\u0000, lone surrogates) make such a row fail.
  bool evaluated = false;

  /// The type in the words of the mapping.
  SqlType sql_type() const;
  /// True where the value travels as text and is cast by the server, so that it cannot be copied straight into the
  /// table.
  bool is_cast() const { return transport == Transport::number_text || transport == Transport::other_text; }
  /// What to select to get the value in the form that decode() reads: `"name"`, or `"name"::text`.
  std::string selected() const;
  /// The type that carries the value to the server: of a staging column, or of a parameter.
  std::string wire_type() const;
  std::uint32_t wire_oid() const;
};

/// How values of a type travel.
Transport transport_of(std::uint32_t type_oid);

}  // namespace twoway::postgresql
