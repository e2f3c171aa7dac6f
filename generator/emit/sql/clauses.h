// Parts of CREATE statements that all dialects write alike.
#pragma once

#include <string>
#include <vector>

#include "generator/model/mapping_model.h"

namespace twowayc {

/// Quoted names, separated by commas.
std::string sql_names(const std::vector<std::string>& names);

/// PRIMARY KEY, UNIQUE and CHECK clauses of a table, in this order.
std::vector<std::string> table_constraints(const SqlTable& table);
/// `[CONSTRAINT name] FOREIGN KEY(...) REFERENCES ...`
std::string foreign_key(const SqlForeignKey& key);
/// A whole CREATE INDEX statement.
std::string create_index(const SqlTable& table, const SqlIndex& index);
/// Makes the table of the schema's version where no table is declared for it; empty where it is.
std::string create_version_table(const SqlSchema& schema);
/// Writes the row that names the schema's version; empty where the mapping has none.
std::string insert_version(const SqlSchema& schema);

}  // namespace twowayc
