// Typed cells: what the mapping declares about a column or a field. The value inside may still be of any storage
// class, because SQLite enforces no column type; the type says which lenses fit, and the compiler holds to it.
#pragma once

#include "runtime/model/value.h"

namespace twoway {

namespace sql {
struct Text : Value {};      ///< TEXT, VARCHAR, VARCHAR(n)
struct Integer : Value {};   ///< BIGINT, INTEGER
struct Boolean : Value {};   ///< BOOLEAN; SQLite holds 0 and 1
struct Json : Value {};      ///< JSON; in SQLite of NUMERIC affinity: a document that is one number becomes a number
struct Date : Value {};      ///< DATE, `YYYY-MM-DD`
struct Datetime : Value {};  ///< DATETIME, `YYYY-MM-DD HH:MM:SS[.ffffff]`
struct Real : Value {};      ///< REAL, FLOAT, DOUBLE
struct Blob : Value {};      ///< BLOB
}  // namespace sql

namespace pocketbase {
struct Id : Value {};         ///< text, the primary key of every record
struct Text : Value {};       ///< text, never NULL
struct Number : Value {};     ///< number: a double in PocketBase's API, so exact only up to 2^53
struct Bool : Value {};       ///< bool, stored 0 or 1
struct Date : Value {};       ///< `YYYY-MM-DD HH:MM:SS.mmmZ` or empty
struct Json : Value {};       ///< json, the only nullable field; NUMERIC affinity
struct Relation : Value {};   ///< the id of one record, or empty
struct Relations : Value {};  ///< a JSON array of record ids, compact
struct Email : Value {};      ///< an address that PocketBase accepts, or empty
struct Password : Value {};   ///< a password hash; `!` where there is none that PocketBase could verify
struct File : Value {};       ///< the name of a file in PocketBase's storage, or empty
}  // namespace pocketbase

}  // namespace twoway
