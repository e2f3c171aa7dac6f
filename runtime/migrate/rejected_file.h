// Rows that a target refused, a JSON object a line, written as it happens: what an operator mends and `retry` tries
// again. docs/rejected.md has the format.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace twoway {

/// A row as it stands in the file.
struct RejectedLine {
  std::string entity;
  std::string table;
  std::string collection;  ///< empty between two SQL databases
  bool attic = false;      ///< it belongs to no entity
  std::string key;         ///< as a record id; `~~` + hexadecimal digits where it is no UTF-8
  std::string column;      ///< may be empty
  std::string reason;
  std::string row;  ///< JSON: {"column": tagged value, ...}, secrets as `*`; empty: unknown
};

/// The file of one run, made when its first row is rejected. Only its owner can read it.
class RejectedFile {
 public:
  /// Names the newest run's file.
  static constexpr std::string_view link_name = "rejected.jsonl";

  /// `run`: when the run began (UTC, ISO 8601). Where it `goes_on`, so does its file; attic rows are left out, because
  /// they are all carried again. Otherwise nothing is written before the first add(), but the link is taken away.
  RejectedFile(const std::filesystem::path& directory, std::string_view run, bool goes_on);
  /// What comes in the place of another run's `file` with commit().
  RejectedFile(const std::filesystem::path& file, std::string_view run);
  ~RejectedFile();
  RejectedFile(const RejectedFile&) = delete;
  RejectedFile& operator=(const RejectedFile&) = delete;

  /// To be called before an entity's rows come: the first `kept` of its lines stay, those behind them will come again.
  /// Returns the lines that stay.
  std::vector<RejectedLine> begin_entity(std::string_view entity, std::uint64_t kept);
  /// Appends a line. Throws Error(interrupted) where the disk refuses.
  void add(const RejectedLine& line);
  /// Waits until the disk has what was added.
  void sync();
  /// Puts the lines in the place of the file that they replace, which is gone where there are none.
  void commit();

  /// Empty as long as there is no line.
  std::string path() const { return lines_ == 0 ? std::string() : file_.string(); }

  /// All whole lines of a file, none where it does not exist. Throws Error(cannot_start) for a line that is none.
  static std::vector<RejectedLine> read(const std::filesystem::path& file);
  /// The run that a file belongs to; empty where it has no line.
  static std::string run_of(const std::filesystem::path& file);
  /// What the link names; empty where there is none.
  static std::filesystem::path newest(const std::filesystem::path& directory);
  /// How a key is written.
  static std::string key_text(std::string_view key);

 private:
  void open();
  void write(std::string_view text);
  void rewrite(const std::vector<RejectedLine>& lines);
  std::string text_of(const RejectedLine& line) const;

  std::filesystem::path file_;
  std::filesystem::path written_;  ///< where lines go: `file_`, or beside it until commit()
  std::string run_;
  int descriptor_ = -1;
  bool dirty_ = false;
  bool replaces_ = false;
  std::uint64_t lines_ = 0;
};

}  // namespace twoway
