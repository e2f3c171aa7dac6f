// The statements that fill one table.
#pragma once

#include <string>

#include "runtime/store/postgresql/table_layout.h"

namespace twoway::postgresql {

struct TableTarget {
  TableLayout layout;
  /// COPY straight into the table. Empty where values have to be cast.
  std::string copy_direct;
  /// A temporary table for the rows of one transaction, and the COPY that fills it.
  std::string make_staging;
  std::string clear_staging;
  std::string copy_staging;
  /// Merges the staged rows into the table, by its key; gives the numbers of inserted and of updated rows.
  std::string merge;
  /// Where values are cast: finds staged values that the table shows in another form. Columns of the answer: all of the
  /// shape as they were staged, then for each of the shape's columns whether it is one of them. For a table without key
  /// it has to run before `merge` and looks at the staged rows alone; merge leaves those rows out.
  std::string find_altered;
  /// Deletes the row with the key $1, $2...; empty without a key.
  std::string erase;
};

TableTarget target_of(TableLayout layout);

}  // namespace twoway::postgresql
