// Names that PocketBase, C++ and the mapping language take, as near as can be to those of the database.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <set>

#include "generator/check/pocketbase_names.h"
#include "generator/init/drafted.h"
#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"
#include "generator/source/utf8.h"

namespace twowayc {
namespace {

/// Each character that PocketBase refuses becomes one '_'.
std::string words_only(std::string_view name) {
  std::string out;
  for (std::size_t at = 0; at < name.size();) {
    const std::size_t length = std::max<std::size_t>(utf8_sequence_length(name.substr(at)), 1);
    out += is_word(name[at]) ? name[at] : '_';
    at += length;
  }
  for (std::size_t at; (at = out.find("_via_")) != std::string::npos;) out.replace(at, 5, "_by_");
  const auto letter = [](char c) { return is_word(c) && c != '_' && (c < '0' || c > '9'); };
  return std::any_of(out.begin(), out.end(), letter) ? out : "x" + out;
}

/// `name`, `name_2`, `name_3`, ...: the first that is free.
std::string first_free(const std::string& name, std::size_t longest,
                       const std::function<bool(const std::string&)>& is_free) {
  std::string candidate = name.substr(0, longest);
  for (int number = 2; !is_free(candidate); ++number) {
    const std::string ending = fmt::format("_{}", number);
    candidate = name.substr(0, longest - ending.size()) + ending;
  }
  return candidate;
}

std::string begun_by_letter(const std::string& name, std::string_view prefix) {
  return name.front() >= '0' && name.front() <= '9' ? std::string(prefix) + name : name;
}

class Names {
 public:
  std::string entity(const std::string& table) {
    std::string name = words_only(in_snake_case(table));
    name.erase(0, name.find_first_not_of('_'));
    constexpr std::size_t longest = 100;
    return first_free(begun_by_letter(name, "t_"), longest, [&](const std::string& candidate) {
      // Case does not count for what files and types are called.
      return structs_.insert(lower_case(cpp_struct(candidate))).second;
    });
  }

  std::string collection(const std::string& table) {
    std::string name = begun_by_letter(words_only(table), "t_");
    if (is_reserved_collection(name, false)) name = "app_" + name;
    return first_free(name, longest_collection_name, [&](const std::string& candidate) {
      return !is_reserved_collection(candidate, false) && collections_.insert(lower_case(candidate)).second;
    });
  }

 private:
  std::set<std::string> structs_, collections_;
};

/// `customer` for `customer_id` and `CustomerId`; empty for other names.
std::string without_id(const std::string& name) {
  for (const std::string_view ending : {"_id", "_ID", "Id", "ID"}) {
    if (name.size() > ending.size() && name.ends_with(ending)) return name.substr(0, name.size() - ending.size());
  }
  return {};
}

class FieldNames {
 public:
  explicit FieldNames(const DraftedTable& table) {
    for (const DraftedColumn& column : table.columns) columns_.insert(lower_case(column.live->name));
  }

  std::string field(const DraftedColumn& column) {
    std::string name = column.live->name;
    // A relation is called by what it leads to.
    const std::string shorter = without_id(name);
    if (column.reference && !shorter.empty() && !columns_.contains(lower_case(shorter))) name = shorter;
    name = begun_by_letter(words_only(name), "f_");
    if (is_reserved_field(name, true)) name += "_";
    return first_free(name, longest_field_name, [&](const std::string& candidate) {
      return members_.insert(lower_case(cpp_name(candidate))).second;
    });
  }

 private:
  std::set<std::string> columns_;
  std::set<std::string> members_;
};

}  // namespace

std::string in_snake_case(const std::string& name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool upper = name[i] >= 'A' && name[i] <= 'Z';
    if (upper && i > 0 && name[i - 1] >= 'a' && name[i - 1] <= 'z') out += '_';
    out += name[i];
  }
  return lower_case(out);
}

void choose_names(Drafted& drafted) {
  Names names;
  for (DraftedTable& table : drafted.tables) {
    if (table.key.empty()) continue;
    table.entity = names.entity(table.live->name);
    table.collection = names.collection(table.live->name);
  }
}

/// Once it is known which columns are relations.
void choose_field_names(Drafted& drafted) {
  for (DraftedTable& table : drafted.tables) {
    FieldNames names(table);
    for (DraftedColumn& column : table.columns) {
      if (column.has_field) column.field = names.field(column);
    }
  }
}

}  // namespace twowayc
