// Upserts an entity's rows, its joined rows and its side entries.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/store/postgresql/postgresql_tables.h"
#include "runtime/store/postgresql/row_target.h"
#include "runtime/store/streams.h"

namespace twoway::postgresql {

/// Encodes rows for a binary COPY and hands them over in batches, each of which is one transaction. A row and its
/// joined rows travel as one, so that they stand or fall together and count once. Rows are `pending` until settle()
/// says what became of them; one that a constraint refuses is rejected, one whose key its table cannot hold waits.
class PostgresqlRowWriter : public RowWriter {
 public:
  /// About so many bytes of rows go to the server in one transaction.
  static constexpr std::size_t batch_bytes = 8 * 1024 * 1024;

  PostgresqlRowWriter(PostgresqlTables& tables, const Entity& entity);

  Outcome write(const void* row, std::span<const std::pair<std::string_view, Value>> unknown,
                const Value& side) override;
  Settlement settle(bool all) override;

 private:
  using Unknown = std::span<const std::pair<std::string_view, Value>>;

  /// What stood beside one of the entity's tables when the writer was made.
  struct Beside {
    KeySet kept;
    KeySet waiting;
  };
  /// Rows with the same unknown columns, mostly none.
  struct Stream {
    RowTarget target;
    std::unique_ptr<Batch> batch;
    std::size_t beside_bytes = 0;  // of the batch's documents
  };
  /// The row in hand, a part at a time.
  struct Part {
    std::vector<Value> values;
    std::vector<Fit> fits;
    bool present = true;
  };

  Stream& stream_for(Unknown unknown);
  void ensure_columns(Unknown unknown);
  void start_batch(Stream& stream);
  void flush(Stream& stream);
  void gather(const Stream& stream, const void* row, Unknown unknown);
  std::optional<Outcome> reject(const Stream& stream) const;
  std::size_t bytes() const;
  void put_part_beside(Stream& stream, std::size_t part, bool wait);
  void put_side(Stream& stream, const void* row, const Value& side);
  void add_side(Stream& stream, std::string_view entity, std::string_view key, std::string document);
  void append(Stream& stream);

  PostgresqlTables& tables_;
  const Entity& entity_;
  std::shared_ptr<WriterState> state_ = std::make_shared<WriterState>();
  std::vector<Beside> beside_;  // per table of the entity
  KeySet side_keys_;
  bool direct_ = false;         // the entity's own table was empty at first
  std::map<std::string, Stream> streams_;
  std::vector<Part> parts_;     // per table of the entity
  Arena arena_;
};

}  // namespace twoway::postgresql
