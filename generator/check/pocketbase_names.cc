#include "generator/check/pocketbase_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "generator/model/cpp_names.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

// In lower case, because PocketBase compares names so.
constexpr std::string_view reserved_fields[] = {"id",     "residue", "created", "collectionid", "collectionname",
                                                "expand", "null",    "true",    "false",        "_rowid_"};
constexpr std::string_view reserved_auth_fields[] = {"passwordconfirm", "oldpassword"};
constexpr std::string_view reserved_collections[] = {"_collections",   "_migrations", "_params",
                                                     "_externalauths", "_mfas",       "_otps",
                                                     "_authorigins",   "_superusers", "twoway_attic"};

template <std::size_t Size>
bool contains(const std::string_view (&names)[Size], std::string_view name) {
  return std::find(std::begin(names), std::end(names), name) != std::end(names);
}

}  // namespace

std::string pocketbase_refusal(std::string_view name, std::size_t longest) {
  if (name.empty()) return "it is empty";
  if (!std::all_of(name.begin(), name.end(), is_word)) return "only letters, digits and '_' are allowed";
  if (name.front() >= '0' && name.front() <= '9') return "it begins with a digit";
  if (name.size() > longest) return fmt::format("it is longer than {} characters", longest);
  if (name.find("_via_") != std::string_view::npos) return "'_via_' means something in PocketBase";
  return {};
}

bool is_reserved_collection(std::string_view name, bool auth) {
  const std::string lower = lower_case(name);
  return contains(reserved_collections, lower) || lower.starts_with("sqlite_") || (lower == "users" && !auth);
}

bool is_reserved_field(std::string_view name, bool auth) {
  const std::string lower = lower_case(name);
  return contains(reserved_fields, lower) || (auth && contains(reserved_auth_fields, lower));
}

}  // namespace twowayc
