// The statements that fill one table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/table_layout.h"

namespace twoway::postgresql {

/// Finds staged values that a table shows in another form, because they are cast. Columns of the answer: all of the
/// layout as they were staged, then for each of its columns whether it is one of them.
struct Altered {
  std::string find;
  TableLayout layout;
};

struct TableTarget {
  TableLayout layout;    ///< what is staged
  bool several = false;  ///< what is staged are rows of several tables, one behind the other
  /// COPY straight into the table. Empty where values have to be cast.
  std::string copy_direct;
  /// A temporary table for the rows of one transaction, and the COPY that fills it.
  std::string make_staging;
  std::string clear_staging;
  std::string copy_staging;
  /// Merges the staged rows into the table, by its key; gives the numbers of inserted and of updated rows.
  std::string merge;
  /// For each table with values that are cast. For a table without key it has to run before `merge` and looks at the
  /// staged rows alone; merge leaves those rows out.
  std::vector<Altered> altered;
  /// Deletes the row with the key $1, $2...; empty without a key.
  std::string erase;
};

TableTarget target_of(TableLayout layout);

// Parts of such statements, for rows of several tables in one. `source` is what gives the staged rows: the temporary
// table, or a query in parentheses with columns of the layout's names.
inline constexpr std::string_view staging_table = "pg_temp.twoway_staging";

/// `INSERT INTO table AS target ... ON CONFLICT (key) DO UPDATE ...`, to which RETURNING can be added.
std::string upsert_by_index(const TableLayout& layout, std::string_view source);
/// The same where no unique index stands behind the key, in two statements of one WITH. The first returns `returned`.
std::string update_by_hand(const TableLayout& layout, std::string_view source, std::string_view returned);
std::string insert_by_hand(const TableLayout& layout, std::string_view source);
/// See Altered.
std::string find_altered(const TableLayout& layout, std::string_view source);

}  // namespace twoway::postgresql
