// The least that anybody must do: SQLite itself moves the rows, from one attached file into the other.
#pragma once

#include <filesystem>

namespace twoway::bench {

/// `INSERT ... SELECT` over ATTACH from `sql` (an Open WebUI database) into the tables that PocketBase made in
/// `pocketbase` (its data.db), with the same indexes: every collection that a table belongs to, every field that has a
/// column of its name; times become dates, NULL becomes empty. One durable transaction. What it leaves out (residue,
/// look-ups of references, mirrors, checks of JSON) only makes it faster. Returns seconds from opening to closing.
double floor_to_pocketbase(const std::filesystem::path& sql, const std::filesystem::path& pocketbase);

/// The same the other way, into the empty tables of `sql`. `original` only tells which unit each time has.
double floor_to_sql(const std::filesystem::path& pocketbase, const std::filesystem::path& sql,
                    const std::filesystem::path& original);

/// `INSERT ... SELECT *` of every table of `source` into the same tables, empty so far, of `target`.
double floor_tables(const std::filesystem::path& source, const std::filesystem::path& target);

}  // namespace twoway::bench
