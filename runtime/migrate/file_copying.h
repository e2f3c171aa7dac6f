// Copying the files of one field, batch by batch.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "runtime/files/hashed_source.h"
#include "runtime/migrate/file_findings.h"

namespace twoway {

class FileCopying {
 public:
  FileCopying(RunContext& context, FileFindings& findings, FileReport& report, files::FileSide& from,
              files::FileSide& to)
      : context_(context), findings_(findings), report_(report), from_(from), to_(to) {}

  /// Copies one, unless the target has it already. Throws Interrupted where the operator wants to stop.
  void file(NamedFile file);
  /// Waits for the disk, then compares what was put since the last batch with the hashes that were taken on the way.
  void finish_batch();
  /// The last batch; and what was there before the first write must not be gone silently.
  void finish();

 private:
  /// A file that was put and is not compared yet.
  struct Put {
    NamedFile file;
    std::string sha256;
    std::uint64_t size = 0;
    bool linked = false;
  };

  void copy(NamedFile& file);
  bool is_there(const NamedFile& file, files::FileSource& source, files::HashedSource& hashed);
  void went_over(const NamedFile& file, const std::string& sha256);
  void compare(const Put& put);
  void say();

  RunContext& context_;
  FileFindings& findings_;
  FileReport& report_;
  files::FileSide& from_;
  files::FileSide& to_;
  std::vector<Put> puts_;
  std::uint64_t batch_bytes_ = 0;
  std::uint64_t absent_ = 0;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
};

/// The same file by two names.
bool share_bytes(const files::FileSource& a, const files::FileSource& b);
/// Adds to the digest of what went over.
void add_file(FileReport& report, const NamedFile& file, const std::string& sha256);
/// Throws Interrupted where the operator wants to stop.
void stop_if_asked(const RunContext& context);

/// How long a part of the run took, added up.
class Stopwatch {
 public:
  explicit Stopwatch(std::chrono::nanoseconds& sum) : sum_(sum) {}
  ~Stopwatch() { sum_ += std::chrono::steady_clock::now() - since_; }
  Stopwatch(const Stopwatch&) = delete;
  Stopwatch& operator=(const Stopwatch&) = delete;

 private:
  std::chrono::nanoseconds& sum_;
  std::chrono::steady_clock::time_point since_ = std::chrono::steady_clock::now();
};

}  // namespace twoway
