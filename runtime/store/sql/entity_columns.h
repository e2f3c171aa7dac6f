// An entity's rows as SQLite gives them (runtime/store/entity_columns.h).
#pragma once

#include "runtime/store/entity_columns.h"
#include "runtime/store/sqlite/schema.h"

namespace twoway::sql_sqlite {

/// The live tables as the dialect-neutral part wants them. `schema` must outlive the answer.
TableFacts table_facts(const sqlite::LiveSchema& schema);

/// Fills the row struct from a statement made by select_rows; returns the bytes of its values.
std::size_t fill_row(const sqlite::Statement& statement, const Entity& entity, void* row);

}  // namespace twoway::sql_sqlite
