// The statements that fill an entity's tables.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/postgresql/batch.h"
#include "runtime/store/postgresql/entity_layout.h"

namespace twoway::postgresql {

/// One of an entity's tables.
struct RowPart {
  TableLayout layout;          ///< the columns that are written
  const Join* join = nullptr;  ///< of a joined table
  /// Where each column's value comes from: the row struct's cell at an offset, or one of the unknown columns.
  struct Source {
    bool unknown = false;
    std::size_t at = 0;
  };
  std::vector<Source> sources;
};

/// A row is staged with its joined rows in one line, a marker behind each joined part.
struct RowTarget {
  std::vector<RowPart> parts;  ///< the entity's own table, then the joined ones
  std::shared_ptr<const TableTarget> table;
};

/// `unknown`: the names of the unknown columns that come with the rows, in their order.
RowTarget row_target(const Entity& entity, const LiveSchema& schema, const std::vector<std::string_view>& unknown,
                     const std::string& database);

}  // namespace twoway::postgresql
