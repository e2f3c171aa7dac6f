// Residue: what one side holds and the other cannot show, as a JSON object of tagged strings.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/value.h"
#include "runtime/transform/arena.h"

namespace twoway {

// Every value is a string, because a client that reads and writes a record rounds numbers and re-marshals documents:
//   n            NULL                      i123   integer          r + 16 hex digits: bits of a real
//   t...         text                      x + hex: text that JSON cannot carry (invalid UTF-8)
//   b + hex      blob
/// Tags a value; appends to `out` (not JSON-escaped).
void append_tagged(std::string& out, const Value& value);
/// A column's name as it stands in an entry after `+`: itself, or `~` + hex where JSON cannot carry it or where it
/// begins with `~`.
void append_column_name(std::string& out, std::string_view column);
/// The other way; points into `name` or into the arena. nullopt: not what append_column_name writes.
std::optional<std::string_view> read_column_name(std::string_view name, Arena& arena);
/// Reads a tagged value; text and blobs are in `arena` or point into `tagged`. nullopt: not a tagged value.
std::optional<Value> read_tagged(std::string_view tagged, Arena& arena);

/// Collects the entries of one record's residue and writes them as JSON, `{"column":"tagged",...}`, in the order added.
class ResidueWriter {
 public:
  void clear();
  bool empty() const { return json_.empty(); }
  /// Adds an entry. The name is `prefix` (one of residue_name, or 0 for none) + `name`, in valid UTF-8; the text is
  /// `before`, which is ASCII, + the tagged `value`.
  void add(std::string_view name, const Value& value, char prefix = 0, std::string_view before = {});
  /// Adds a ready text, which must be valid UTF-8.
  void add_text(std::string_view name, std::string_view text, char prefix = 0);
  /// Takes the entry of that name (without prefix) out again, if there is one.
  void remove(std::string_view name);
  /// The JSON document, or NULL where nothing was added. Valid until the next add() or clear().
  Value document();
  /// Calls `take` with the name of each entry, prefix included, as it stands in JSON.
  void for_each_name(const std::function<void(std::string_view)>& take) const;

 private:
  void open(std::string_view name, char prefix);
  /// The document is ours: `{"name":"text","name":"text"`, where a quote within a string stands behind a backslash.
  std::size_t end_of_string(std::size_t quote) const;

  std::string json_;     // without the last brace, unless closed_
  bool closed_ = false;
};

/// A parsed residue document. Names and texts are in the arena.
class Residue {
 public:
  /// Parses; an empty or NULL document gives no entries. False where the text is no flat JSON object of strings with
  /// names of their own (a person edited it): then no entry is there and the caller reports the record. Whether the
  /// strings are tagged values is for the caller to see, because side entries say more than a value.
  bool parse(const Value& document, Arena& arena);
  void clear() { entries_.clear(); }
  bool empty() const { return entries_.empty(); }
  /// The text of the entry `prefix` + `name`, or nullptr.
  const std::string_view* find(std::string_view name, char prefix = 0) const;
  struct Entry {
    std::string_view name;
    std::string_view text;
  };
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

/// Names of residue entries that are not columns.
namespace residue_name {
inline constexpr char unknown_column = '+';  ///< "+fork_col": a column that the mapping does not know
inline constexpr char mirror = '~';          ///< "~tags": the base of a mirror
inline constexpr char absent_join = '-';     ///< "-auth": the joined row does not exist
inline constexpr char shown = '=';           ///< "=column": what was shown for that entry, if not get(s)
inline constexpr char withheld = '!';        ///< "!column": a password hash that is not shown: it is to be reset
}  // namespace residue_name

}  // namespace twoway
