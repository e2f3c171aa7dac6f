// Copying the files of one field, batch by batch.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <vector>

#include "runtime/files/hashed_source.h"
#include "runtime/migrate/file_findings.h"
#include "runtime/migrate/workers.h"

namespace twoway {

class FileCopying {
 public:
  FileCopying(RunContext& context, FileFindings& findings, FileReport& report, files::FileSide& from,
              files::FileSide& to);

  /// Copies one, unless the target has it already; its result may come later. Throws Interrupted where the operator
  /// wants to stop.
  void file(NamedFile file);
  /// Waits for the disk, then compares what was put since the last batch with the hashes that were taken on the way.
  void finish_batch();
  /// The last batch; and what was there before the first write must not be gone silently.
  void finish();

 private:
  /// What became of a file.
  struct Outcome {
    enum class What { absent, found, put, lost };
    What what = What::absent;
    std::string why;  ///< it is lost, for people
    std::string sha256;
    std::uint64_t bytes = 0;
    files::Placed placed;
  };
  /// A file that a worker has.
  struct Begun {
    NamedFile file;
    std::future<Outcome> outcome;
  };
  /// A file that was put and is not compared yet.
  struct Put {
    NamedFile file;
    std::string sha256;
    std::uint64_t size = 0;
    bool linked = false;
  };

  // These two run in the workers' threads.
  Outcome try_copy(const files::FileItem& item, bool has_record) const;
  Outcome copy(const files::FileItem& item, bool has_record) const;

  void settle_first();
  void settle(NamedFile file, Outcome outcome);
  void compare(const Put& put, const std::string& found);
  std::string hash_there(const Put& put) const;
  void say();

  RunContext& context_;
  FileFindings& findings_;
  FileReport& report_;
  files::FileSide& from_;
  files::FileSide& to_;
  std::deque<Begun> begun_;  ///< in the order of their rows
  std::vector<Put> puts_;
  std::uint64_t batch_bytes_ = 0;
  std::uint64_t absent_ = 0;
  std::chrono::steady_clock::time_point said_ = std::chrono::steady_clock::now();
  Workers workers_;  ///< ends first: it uses what stands above
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
