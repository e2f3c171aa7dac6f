// An entity's columns in a live database: which are mapped, which nobody knows, and how to select them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/store/sqlite/schema.h"
#include "runtime/store/streams.h"

namespace twoway::sql_sqlite {

/// True where the mapping accounts for this column of one of the entity's tables: mapped, joined on, or declared.
bool is_known(const Entity& entity, std::string_view table, std::string_view column);

/// The columns of the entity's tables that the mapping does not know, in the order of the tables.
std::vector<UnknownColumn> unknown_columns(const Entity& entity, const sqlite::LiveSchema& schema);

/// `SELECT mapped..., join markers..., unknown... FROM table AS t LEFT JOIN ...`, without WHERE or ORDER BY.
std::string select_rows(const Entity& entity, const std::vector<UnknownColumn>& unknown);

/// The qualified name as it stands in the statement above: `t."id"`, or `j0."email"` for the first joined table.
std::string qualified(const Entity& entity, std::string_view table, std::string_view column);

/// Splits `table.column` of a joined table; a plain name belongs to the entity's own table.
std::pair<std::string_view, std::string_view> split_name(const Entity& entity, std::string_view name);

/// Fills the row struct from a statement made by select_rows; returns the bytes of its values.
std::size_t fill_row(const sqlite::Statement& statement, const Entity& entity, void* row);

}  // namespace twoway::sql_sqlite
