// PostgreSQL's own client programs, run from here.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twoway::postgresql {

/// The newest of Debian's packages, else the one on PATH; nullopt where there is none.
std::optional<std::filesystem::path> find_client_program(std::string_view name);

struct ClientResult {
  int status = -1;      ///< exit status; -1 where it could not be started or a signal ended it
  std::string errors;   ///< its standard error
};

/// Runs a program to its end, without input and output. The environment is this program's and `environment`: secrets go
/// that way, because everybody sees arguments.
ClientResult run_client_program(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                                const std::vector<std::pair<std::string, std::string>>& environment);

}  // namespace twoway::postgresql
