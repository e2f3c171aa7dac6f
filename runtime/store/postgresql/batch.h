// Rows on their way into one table: encoded, and not yet sent.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/store/outcome.h"
#include "runtime/store/postgresql/side_table.h"
#include "runtime/store/postgresql/table_target.h"

namespace twoway::postgresql {

/// What became of one writer's rows; filled by the thread that sends them.
struct WriterState {
  std::mutex mutex;
  Settlement settlement;
};

/// What one transaction carries.
struct Batch {
  std::shared_ptr<const TableTarget> target;
  std::shared_ptr<WriterState> state;
  std::string bytes;               ///< rows as a binary COPY has them, without header and trailer
  std::vector<std::size_t> ends;   ///< of each row in `bytes`
  bool direct = false;             ///< the table was empty at first: COPY straight into it
  std::vector<SideEntry> side;     ///< entries to be written or, with an empty document, removed; in order
  /// Row -> its place in `side`, for rows of which some value is kept beside it.
  std::map<std::size_t, std::size_t> kept;
  std::vector<SideEntry> waiting;  ///< rows that the table cannot hold
  /// A row that a constraint refuses is rejected with what belongs to it, instead of waiting beside its table.
  bool rejects = false;
  std::map<std::size_t, std::size_t> row_of_side;  ///< place in `side` -> the row that it belongs to, where it does
  std::string mark;                ///< for tables without key: names the batch in the database once it is committed

  std::size_t rows() const { return ends.size(); }
  bool empty() const { return ends.empty() && side.empty() && waiting.empty(); }
  /// The rows [first, last).
  std::string_view slice(std::size_t first, std::size_t last) const {
    const std::size_t begin = first == 0 ? 0 : ends[first - 1];
    return std::string_view(bytes).substr(begin, ends[last - 1] - begin);
  }
};

}  // namespace twoway::postgresql
