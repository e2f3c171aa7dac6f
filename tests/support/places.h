// Where the project's files and programs are.
#pragma once

#include <filesystem>
#include <string_view>

namespace twoway::test {

/// The root of the source tree.
std::filesystem::path source_directory();
/// A program of this build, e.g. `program("twoway")`: it lies beside the running test program, or in the directory that
/// $TWOWAY_PROGRAMS names (the same program, compiled with sanitizers).
std::filesystem::path program(std::string_view name);
/// The real PocketBase: $POCKETBASE, else the copy that `./dev setup` put under .cache/ in the source tree.
std::filesystem::path pocketbase_program();

}  // namespace twoway::test
