// Two SQL databases, table by table: by sums over all rows, whatever their order; where the sums differ, row by row.
#pragma once

#include <string>
#include <vector>

#include "runtime/migrate/run_context.h"
#include "runtime/store/tables.h"

namespace twoway {

/// A table of the source and what became of it in the target.
struct Copy {
  TableShape source;
  TableShape target;       ///< the source's columns with the target's types and key
  bool in_target = false;  ///< the target had it when it was opened
  bool altered = false;    ///< it lacks columns there, which the run adds first
};

/// The sums of a table's rows.
RowSums table_sums(SqlStore& store, const TableShape& shape, const TableDigester& digester);
/// A row's key for people.
std::string row_name(const TableShape& shape, std::span<const Value> values);

class TableComparison {
 public:
  /// `source_is_file`, `target_is_file`: look-ups there cost no network.
  TableComparison(RunContext& context, SqlStore& source, SqlStore& target, const std::vector<Copy>& copies,
                  bool source_is_file, bool target_is_file);
  /// All rows, or those of a sample, as the run's options say.
  void verify();
  /// Only how many rows there are.
  void count();

 private:
  void verify_table(std::size_t index, std::size_t sampled);
  void name_differences(const Copy& copy, const TableDigester& digester, EntityReport& report);
  void complete_references();
  std::vector<std::size_t> deal_sample();
  void sample_tables();
  SampleRow compare_one(const Copy& copy, EntityReport& report, const TableDigester& digester,
                        std::span<const Value> values, bool counts);

  RunContext& context_;
  SqlStore* source_;
  SqlStore* target_;
  const std::vector<Copy>& copies_;
  /// In whose tables references are looked up. Both sides hold the same rows when all sums agree, and then the same
  /// references lead nowhere: look-ups in a file do for both. Where both are files, both are asked.
  SqlStore* followed_source_;
  SqlStore* followed_target_;
};

}  // namespace twoway
