// Small parts of a page.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/migrate/migration.h"

namespace twoway::report::html {

/// The style sheet of the page.
extern const std::string_view style;

/// Foreign text for any place in a page: printable, redacted, with & < > " ' as entities.
std::string escaped(std::string_view text);

/// A table. `numbers` says which columns hold numbers; cells are markup already.
std::string table(const std::vector<std::string>& heading, const std::vector<bool>& numbers,
                  const std::vector<std::vector<std::string>>& rows);

/// `<code>text</code>`, empty for empty text.
std::string code(std::string_view text);

/// The table of the entities; columns without any number are left out.
std::string entities(const RunReport& report);

/// The digests of the entities that have one.
std::string digests(const RunReport& report);

/// Two bars per entity that has rows: how many rows it has and how long it took. SVG, empty where there is nothing.
std::string bars(const std::vector<EntityReport>& entities);
/// The same of bytes, and of bytes in a second of migrating.
std::string sizes(const std::vector<EntityReport>& entities);

}  // namespace twoway::report::html
