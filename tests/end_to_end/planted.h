// A small database with a secret in every place where one may lie, and stores of every kind that refuse some of its
// rows until they are told to take them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/temporary_directory.h"

namespace twoway::test {

/// What no output may hold. The bytes as they stand; a test looks for the hexadecimal form as well.
extern const std::vector<std::string> planted_secrets;
/// In chats, messages and memories: in no output but the file of rejected rows, which holds the rows themselves.
inline constexpr std::string_view planted_text = "the quick brown fox, 7f3a9c";

/// A fresh database with two people, their keys, settings, tools, chats and memories. Returns DIRECTORY/planted.db.
std::filesystem::path planted(const TemporaryDirectory& directory);

/// One row each of five entities, by entity and key.
extern const std::vector<std::pair<std::string_view, std::string_view>> refused_rows;

/// SQL that makes a database refuse those rows, and SQL that ends that.
std::string refuse_in_sqlite();
std::string refuse_in_postgresql();
std::string refuse_in_pocketbase();
std::string take_again_in_sqlite();
std::string take_again_in_postgresql();

}  // namespace twoway::test
