// Brings a batch into the database, in one transaction.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "runtime/store/postgresql/batch.h"
#include "runtime/store/postgresql/connection.h"
#include "runtime/store/postgresql/refused_log.h"

namespace twoway::postgresql {

/// Runs one batch on one connection; made for each attempt anew.
class BatchRunner {
 public:
  BatchRunner(Connection& connection, const Batch& batch, RefusedLog& refused)
      : connection_(connection), batch_(batch), target_(*batch.target), refused_(refused) {}

  /// Throws ConnectionLost where it is not known whether the transaction took place, then `run(true)` on a new
  /// connection is right in either case; StatementError where the statements are at fault. Rows that the table refuses
  /// are kept in the side table, and the rest goes through.
  void run(bool repeated);

 private:
  struct RefusedRow {
    std::string key;
    std::string column;
    std::string reason;
  };

  bool took_place();
  bool copy_direct();
  void copy(const std::string& statement, std::size_t first, std::size_t last);
  void stage(std::size_t first, std::size_t last);
  void merge(std::size_t first, std::size_t last);
  void keep_altered();
  void keep_altered_value(const TableLayout& layout, std::span<const Value> values, std::span<const bool> chosen);
  void refuse(std::size_t row, const StatementError& failure);
  bool reject(std::size_t row, const std::string& key, const Refusal& refusal);
  bool erase(std::span<const Value> values);
  void read_row(std::size_t row, std::vector<Value>& values, Arena& arena) const;
  void restore_kept(std::size_t row, std::vector<Value>& values, Arena& arena) const;
  void write_side();
  void settle();

  Connection& connection_;
  const Batch& batch_;
  const TableTarget& target_;
  RefusedLog& refused_;
  bool staging_used_ = false;
  Settlement settlement_;
  std::vector<SideEntry> side_;     // beyond the batch's own
  std::vector<SideEntry> waiting_;
  std::vector<RefusedRow> refused_rows_;
  std::set<std::size_t> rejected_;  // rows of the batch
};

/// Why a row was refused, for people: `unique index user_email_idx`, `check total_is_positive`.
std::string reason_of(const Refusal& refusal);

}  // namespace twoway::postgresql
