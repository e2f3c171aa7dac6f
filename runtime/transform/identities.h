// Accounts elsewhere that sign people in, as a JSON document names them: `{"google": {"sub": "1234"}}`.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "runtime/model/value.h"

namespace twoway {

/// A person's identities: the provider and who the person is there.
using Identities = std::map<std::string, std::string, std::less<>>;

/// The identities that a document names: members that are objects whose `member` is a text that is not empty. None
/// where the document is no JSON object. Of a name that stands twice the last one counts.
Identities identities_in(const Value& document, std::string_view member);

/// A merge patch (RFC 7396) for the document: what `now` has in place of what `then` has.
std::string identities_patch(const Identities& then, const Identities& now, std::string_view member);

}  // namespace twoway
