// What differs between runs by the sorts of their two stores: SQL and PocketBase, or twice the same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/migrate/run_context.h"
#include "runtime/migrate/stores.h"

namespace twoway {

/// The steps of a run between two stores. A run calls open_source first, then the others as it needs them; the target
/// may be opened for reading, closed and opened for writing.
class Route {
 public:
  virtual ~Route() = default;
  virtual void open_source() = 0;
  virtual void open_target(Use use) = 0;
  virtual void close_target() = 0;

  /// Notes what is left behind on purpose and what a person should know of the two stores. The target may be closed.
  virtual void remark(bool target_open) = 0;
  /// Rows that only the target has.
  struct Extras {
    std::uint64_t rows = 0;
    std::string places;  ///< `3 in chat, 1 in tag`
    struct Place {
      std::string name;
      std::uint64_t rows = 0;
      std::vector<std::string> keys;  ///< of the first `Note::most_keys`
    };
    std::vector<Place> by_place;
    void add(std::uint64_t found, std::string_view place, std::vector<std::string> keys = {});
  };
  virtual Extras find_extras() = 0;
  /// Rows that the target holds.
  virtual std::uint64_t rows_in_target() = 0;
  /// Looks for references that lead nowhere. Where the run writes, only in tables that are read in next to no time: the
  /// others would cost the run a tenth of its time and more.
  virtual void look_for_orphans() = 0;

  /// Reads everything; writes it where the run writes. Indexes and checks that a load puts off are done afterwards.
  /// What find_extras() found is deleted where the operator said so.
  virtual void carry() = 0;
  /// Compares all fields of all rows, or of a sample of them, as the run's options say.
  virtual void verify() = 0;
  /// Compares how many rows there are.
  virtual void count() = 0;
  /// The entities or tables that carry() will read, and how many rows each has, in its order.
  virtual std::vector<std::pair<std::string, std::uint64_t>> expected_rows() = 0;
  /// Rows that wait beside the tables of the open target.
  virtual std::uint64_t waiting() { return 0; }
  /// What the source says of itself: another text where somebody wrote to it since. Empty: it cannot tell.
  virtual std::string source_state() const = 0;
  /// True where somebody wrote to the source meanwhile.
  virtual bool source_changed() const = 0;

 protected:
  /// True where all rows of an entity are read in next to no time: few, or all of them small.
  template <class Reader>
  static bool is_cheap_to_scan(std::uint64_t rows, Reader& reader) {
    constexpr std::uint64_t cheap_bytes = 16 * 1024 * 1024, sampled = 100;
    std::uint64_t seen = 0, bytes = 0;
    for (; seen < sampled && reader.next(); ++seen) bytes += reader.bytes();
    return seen == 0 || rows * (bytes / seen) <= cheap_bytes;
  }
};

/// SQL to PocketBase, or PocketBase to SQL.
std::unique_ptr<Route> make_conversion(RunContext& context, const Ends& ends, OpenOptions options);
/// SQL to SQL: the same application goes on, so nothing is purged and nothing is converted.
std::unique_ptr<Route> make_table_copy(RunContext& context, const Ends& ends, OpenOptions options);
/// PocketBase to PocketBase: the records of the mapping's collections with their residue, and the attic.
std::unique_ptr<Route> make_record_copy(RunContext& context, const Ends& ends, OpenOptions options);

/// True where an entity has many rows, all of them small: then its indexes are better made at the end of a load.
/// `rows`: how many it has; `next_bytes`: the size of its next row, 0 at the end.
template <class NextBytes>
bool are_many_and_small(std::uint64_t rows, const NextBytes& next_bytes) {
  constexpr std::uint64_t many = 5000, sampled = 100;
  constexpr std::size_t small_bytes = 2000;  // well within a page of 4096 bytes
  if (rows < many) return false;
  std::size_t bytes = 0;
  for (std::uint64_t i = 0; i < sampled; ++i) bytes += next_bytes();
  return bytes < sampled * small_bytes;
}

}  // namespace twoway
