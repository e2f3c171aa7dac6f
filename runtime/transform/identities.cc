#include "runtime/transform/identities.h"

#include <boost/json.hpp>

namespace twoway {

namespace json = boost::json;

Identities identities_in(const Value& document, std::string_view member) {
  Identities found;
  if (!document.is_text() || document.bytes().find('{') == std::string_view::npos) return found;
  boost::system::error_code failed;
  const json::value value = json::parse(document.bytes(), failed);
  if (failed || !value.is_object()) return found;
  for (const auto& [provider, account] : value.get_object()) {
    const json::value* identity = account.is_object() ? account.get_object().if_contains(member) : nullptr;
    if (provider.empty() || identity == nullptr || !identity->is_string()) continue;
    if (!identity->get_string().empty()) found[std::string(provider)] = std::string(identity->get_string());
  }
  return found;
}

std::string identities_patch(const Identities& then, const Identities& now, std::string_view member) {
  json::object patch;
  for (const auto& [provider, identity] : then) {
    if (!now.contains(provider)) patch[provider] = nullptr;
  }
  for (const auto& [provider, identity] : now) {
    const auto known = then.find(provider);
    if (known == then.end() || known->second != identity) patch[provider] = json::object{{member, identity}};
  }
  return json::serialize(patch);
}

}  // namespace twoway
