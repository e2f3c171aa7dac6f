// Encodes rows and hands them over in batches.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "runtime/store/postgresql/codec.h"
#include "runtime/store/postgresql/loader.h"

namespace twoway::postgresql {

/// The rows of one table on their way into the database: see Tables::write. Rows are `pending` until settle() says what
/// became of them.
class PostgresqlTableWriter : public TableWriter {
 public:
  /// About so many bytes of rows go to the server in one transaction.
  static constexpr std::size_t batch_bytes = 8 * 1024 * 1024;

  /// `dry_run`: values are looked at and what cannot be held is counted, nothing is written.
  PostgresqlTableWriter(Database& database, Loader& loader, RefusedLog& refused, TableLayout layout, NulPolicy policy,
                        bool dry_run);

  Outcome write(std::span<const Value> values) override;
  Settlement settle(bool all) override;

  /// Writes or, with an empty document, removes an entry of the side table in the same transaction as the rows around
  /// it.
  void write_side(std::string_view entity, std::string_view key, std::string_view document);

 private:
  void start_batch();
  void flush();
  void make_room(std::size_t size);
  void append();
  std::optional<Outcome> reject(std::size_t column) const;
  Outcome wait_beside(std::span<const Value> values, std::size_t column);
  void keep(std::span<const Value> values);
  void remove_stale(std::string_view key);
  std::string waiting_key(std::span<const Value> values, const std::string& document);

  Database& database_;
  Loader& loader_;
  RefusedLog& refused_;
  std::shared_ptr<const TableTarget> target_;
  std::shared_ptr<WriterState> state_ = std::make_shared<WriterState>();
  NulPolicy policy_;
  bool dry_run_;
  bool direct_ = false;
  KeySet kept_keys_;     // what the side table had of this table when the writer was made
  KeySet waiting_keys_;
  std::string mark_;         // of a table without key
  bool can_mark_ = false;    // the table for marks is there
  bool own_marks_ = false;   // and it was not there before
  std::uint64_t batches_ = 0;
  std::uint64_t waiting_rows_ = 0;
  std::map<std::string, std::uint64_t> null_keys_;  // documents of rows whose key holds NULL, how often each
  std::unique_ptr<Batch> batch_;
  std::size_t beside_bytes_ = 0;  // of the batch's documents
  std::vector<Fit> fits_;  // of the row in hand
  Arena arena_;
};

}  // namespace twoway::postgresql
