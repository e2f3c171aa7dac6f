// Reading and writing the records of one collection in PocketBase's own SQLite file.
#pragma once

#include <optional>

#include "runtime/store/pocketbase_directory/external_identities.h"
#include "runtime/store/row_buffer.h"
#include "runtime/store/sqlite/connection.h"
#include "runtime/store/streams.h"

namespace twoway {

class DirectoryRecordReader : public RecordReader {
 public:
  DirectoryRecordReader(sqlite::Connection& connection, const Entity& entity);
  bool next() override;
  const void* record() const override { return record_.get(); }
  Value residue() const override { return residue_; }
  Value created() const override { return created_; }
  std::size_t bytes() const override { return bytes_; }

 private:
  const Entity& entity_;
  RowBuffer record_;
  Value residue_;
  Value created_;
  std::size_t bytes_ = 0;
  sqlite::Statement statement_;
  std::optional<ExternalIdentities> identities_;  ///< of people: what PocketBase linked and unlinked is shown
  std::size_t identities_offset_ = 0;
};

class DirectoryRecordWriter : public RecordWriter {
 public:
  DirectoryRecordWriter(sqlite::Connection& connection, const Entity& entity);
  Outcome write(const void* record, const Value& residue, const Value& created) override;

 private:
  sqlite::Connection& connection_;
  const Entity& entity_;
  sqlite::Statement upsert_;
};

}  // namespace twoway
