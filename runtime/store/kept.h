// What a SQL database cannot hold is kept in its side table `twoway_residue`: single values of a row that stands in its
// table, and whole rows that wait beside it. The documents are the same in every kind of database.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/tables.h"
#include "runtime/transform/arena.h"

namespace twoway::kept {

// The side table's `entity` for these documents. Entities of mappings are identifiers, so a blank tells them apart; its
// `key` is the row's key as record_id::encode writes it.
//   `values of TABLE`   {"column": tagged exact value} for each value that the row cannot hold
//   `rows of TABLE`     {"column": tagged value} for all columns of a row that the table refused
// A value comes back as long as the row still shows what the database made of it; otherwise somebody edited the row,
// and the edit counts. (The same rule as for residue in PocketBase.)
//   `statements of DIALECT`   {"sql": tagged text, "table": tagged text} for tables and objects that another kind of
//                             database made, and the types of columns; the key is `table NAME`, `column TABLE.NAME`,
//                             `index NAME`, `trigger NAME` or `view NAME`
std::string values_of(std::string_view table);
std::string rows_of(std::string_view table);
std::string statements_of(std::string_view dialect);

/// True for the side table's rows that belong to this database alone and are never copied as they stand.
bool is_kept(std::string_view side_entity);

/// The document for the columns of a row for which `chosen` (in step with the values; empty: all) is true.
std::string document(const TableShape& shape, std::span<const Value> values, std::span<const bool> chosen = {});

/// Calls `take(index into shape.columns, value)` for each entry; entries of columns that the shape does not have are
/// passed over. Values are in `arena` or point into `json`. False where the text is none that document() writes.
bool read(std::string_view json, const TableShape& shape, Arena& arena,
          const std::function<void(std::size_t column, const Value& value)>& take);

/// The key of a row as the side table has it.
std::string_view key_text(const TableShape& shape, std::span<const Value> values, Arena& arena);

}  // namespace twoway::kept
