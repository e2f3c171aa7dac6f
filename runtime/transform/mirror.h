// Mirrors: a relation in PocketBase and an array within a JSON document in SQL that say the same thing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/value.h"
#include "runtime/transform/arena.h"

namespace twoway::mirror {

/// One item of the array.
struct Item {
  std::string_view text;                 ///< as it stands in the document
  std::optional<std::string_view> name;  ///< what it means, where it is a string of valid UTF-8
};

/// Where the array stands in a document.
struct Array {
  enum class State {
    unreadable,  ///< the document is no JSON: there is no mirror, and nothing may be changed
    no_object,   ///< NULL or a JSON value that is no object
    no_member,   ///< an object without that member
    no_array,    ///< the member is something else
    found,
  };
  State state = State::unreadable;
  std::size_t begin = 0;      ///< of the member's value; for no_member: of the object's closing brace
  std::size_t end = 0;
  bool empty_object = false;  ///< for no_member
  std::vector<Item> items;    ///< for found

  /// What stands for the array in hashes: its text, or the whole document where it has none.
  Value text(const Value& document) const {
    return state == State::found ? Value::text(document.bytes().substr(begin, end - begin)) : document;
  }
};

/// Finds the array at `member` of the top-level object; the last one counts where the document says it twice.
Array find(const Value& document, std::string_view member, Arena& arena);

/// The items of an array's text, or nullopt where it is no JSON array.
std::optional<std::vector<Item>> read_items(std::string_view array, Arena& arena);

/// The residue entry of a mirror: the array's text then, and the indexes of the items that no record stands for.
struct Base {
  std::string_view array;
  std::vector<std::size_t> unlinked;
};
/// `1,3:["a","b","c","d"]`.
void append_base(std::string& out, const Base& base);
std::optional<Base> read_base(std::string_view entry);

/// What the array becomes when the relation is merged into it.
struct Merge {
  std::vector<std::string_view> kept;   ///< texts of items that stay, in order
  std::vector<std::string_view> added;  ///< names to append
  bool changed = false;
};
/// Merges three ways. `base` is the array then with the items that had no record, or nullopt; `names` are what the
/// relation says now.
Merge merge(const std::optional<Base>& base, const std::vector<Item>& now, const std::vector<std::string_view>& names,
            Arena& arena);

/// The document with the merged array in place of the old one; every other byte stays. The text is in the arena.
Value replace(const Value& document, const Array& array, std::string_view member, const Merge& merge, Arena& arena);

}  // namespace twoway::mirror
