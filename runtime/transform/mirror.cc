#include "runtime/transform/mirror.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "runtime/lens/utf8.h"
#include "runtime/transform/json_scan.h"
#include "runtime/transform/json_text.h"

namespace twoway::mirror {
namespace {

using Names = std::unordered_set<std::string_view>;

/// Records in `array` where the value of `member` stands, if the object says so. False where it is no object.
bool scan_object(JsonScanner& scanner, std::string_view member, Arena& arena, Array& array) {
  if (!scanner.take('{')) return false;
  scanner.skip_space();
  array.empty_object = scanner.peek() == '}';
  while (scanner.peek() != '}') {
    std::string_view token;
    if (!scanner.skip_string(&token)) return false;
    const std::optional<std::string_view> name = json_text::read_string(token, arena);
    scanner.skip_space();
    if (!scanner.take(':')) return false;
    scanner.skip_space();
    const std::size_t begin = scanner.position();
    if (!scanner.skip_value()) return false;
    if (name && *name == member) {
      array.state = Array::State::no_array;
      array.begin = begin;
      array.end = scanner.position();
    }
    scanner.skip_space();
    if (!scanner.take(',')) break;
    scanner.skip_space();
    if (scanner.peek() == '}') return false;
  }
  if (array.state != Array::State::no_array) array.begin = array.end = scanner.position();
  return scanner.take('}');
}

void append_items(std::string& out, const Merge& merge, std::string_view separator) {
  out.push_back('[');
  bool first = true;
  for (const std::string_view text : merge.kept) {
    if (!first) out.append(separator);
    out.append(text);
    first = false;
  }
  for (const std::string_view name : merge.added) {
    if (!first) out.append(separator);
    json_text::append_string(out, name);
    first = false;
  }
  out.push_back(']');
}

/// The bytes between two items, as this document writes them.
std::string_view separator_of(std::string_view document, const Array& array) {
  if (array.items.size() > 1) {
    const char* begin = array.items[0].text.data() + array.items[0].text.size();
    return {begin, static_cast<std::size_t>(array.items[1].text.data() - begin)};
  }
  const bool spaced = array.state == Array::State::found && array.begin > 0 && document[array.begin - 1] == ' ';
  return spaced ? ", " : ",";
}

/// The names that a record stood for then.
Names linked_names(const Base& base, Arena& arena) {
  Names names;
  const std::optional<std::vector<Item>> items = read_items(base.array, arena);
  if (!items) return names;
  std::size_t next = 0;
  for (std::size_t i = 0; i < items->size(); ++i) {
    if (next < base.unlinked.size() && base.unlinked[next] == i) {
      ++next;
    } else if ((*items)[i].name) {
      names.insert(*(*items)[i].name);
    }
  }
  return names;
}

}  // namespace

Array find(const Value& document, std::string_view member, Arena& arena) {
  Array array;
  if (!document.is_text()) {
    if (!document.is_blob()) array.state = Array::State::no_object;
    return array;
  }
  const std::string_view text = document.bytes();
  JsonScanner scanner(text);
  scanner.skip_space();
  const bool object = scanner.peek() == '{';
  array.state = object ? Array::State::no_member : Array::State::no_object;
  const bool read = object ? scan_object(scanner, member, arena, array) : scanner.skip_value();
  scanner.skip_space();
  if (!read || !scanner.at_end()) {
    array.state = Array::State::unreadable;
    return array;
  }
  if (array.state == Array::State::no_array && text[array.begin] == '[') {
    std::optional<std::vector<Item>> items = read_items(text.substr(array.begin, array.end - array.begin), arena);
    if (items) {
      array.state = Array::State::found;
      array.items = std::move(*items);
    }
  }
  return array;
}

std::optional<std::vector<Item>> read_items(std::string_view array, Arena& arena) {
  std::vector<Item> items;
  JsonScanner scanner(array);
  scanner.skip_space();
  if (!scanner.take('[')) return std::nullopt;
  scanner.skip_space();
  while (items.empty() ? scanner.peek() != ']' : scanner.take(',')) {
    scanner.skip_space();
    const std::size_t begin = scanner.position();
    if (!scanner.skip_value()) return std::nullopt;
    const std::string_view text = array.substr(begin, scanner.position() - begin);
    items.push_back({text, json_text::read_string(text, arena)});
    scanner.skip_space();
  }
  if (!scanner.take(']')) return std::nullopt;
  scanner.skip_space();
  if (!scanner.at_end()) return std::nullopt;
  return items;
}

void append_base(std::string& out, const Base& base) {
  for (std::size_t i = 0; i < base.unlinked.size(); ++i) {
    if (i != 0) out.push_back(',');
    out.append(std::to_string(base.unlinked[i]));
  }
  out.push_back(':');
  out.append(base.array);
}

std::optional<Base> read_base(std::string_view entry) {
  Base base;
  const char* at = entry.data();
  const char* const end = at + entry.size();
  while (at != end && *at != ':') {
    if (!base.unlinked.empty() && *at++ != ',') return std::nullopt;
    std::size_t index = 0;
    const auto [next, error] = std::from_chars(at, end, index);
    if (error != std::errc()) return std::nullopt;
    if (!base.unlinked.empty() && index <= base.unlinked.back()) return std::nullopt;
    base.unlinked.push_back(index);
    at = next;
  }
  if (at == end) return std::nullopt;
  base.array = entry.substr(static_cast<std::size_t>(at + 1 - entry.data()));
  return base;
}

Merge merge(const std::optional<Base>& base, const std::vector<Item>& now, const std::vector<std::string_view>& names,
            Arena& arena) {
  const Names then = base ? linked_names(*base, arena) : Names();
  const Names related(names.begin(), names.end());
  Merge result;
  Names present;
  for (const Item& item : now) {
    if (item.name && then.contains(*item.name) && !related.contains(*item.name)) {
      result.changed = true;
      continue;
    }
    if (item.name) present.insert(*item.name);
    result.kept.push_back(item.text);
  }
  for (const std::string_view name : names) {
    if (then.contains(name) || !utf8::valid(name) || !present.insert(name).second) continue;
    result.added.push_back(name);
    result.changed = true;
  }
  return result;
}

Value replace(const Value& document, const Array& array, std::string_view member, const Merge& merge, Arena& arena) {
  std::string out;
  if (array.state == Array::State::no_object) {
    out.push_back('{');
    json_text::append_string(out, member);
    out.push_back(':');
    append_items(out, merge, ",");
    out.push_back('}');
    return Value::text(arena.copy(out));
  }
  const std::string_view text = document.bytes();
  out.reserve(text.size() + 64);
  out.append(text.substr(0, array.begin));
  if (array.state == Array::State::no_member) {
    if (!array.empty_object) out.push_back(',');
    json_text::append_string(out, member);
    out.push_back(':');
  }
  append_items(out, merge, separator_of(text, array));
  out.append(text.substr(array.end));
  return Value::text(arena.copy(out));
}

}  // namespace twoway::mirror
