// Who runs this, when, and the words for what is run.
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <ctime>

#include "runtime/migrate/run_context.h"
#include "runtime/migrate/stores.h"

namespace twoway {

std::string utc_now(const char* form) {
  const std::time_t seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, form, &parts);
  return {text, size};
}

std::string_view direction_name(Direction direction) {
  constexpr std::array<std::string_view, 4> names{"to_pocketbase", "to_sql", "sql_to_sql", "pocketbase_to_pocketbase"};
  return names[static_cast<std::size_t>(direction)];
}

std::string_view verification_name(Verification verification) {
  constexpr std::array<std::string_view, 4> names{"all", "sample", "count", "none"};
  return names[static_cast<std::size_t>(verification)];
}

void who_runs(RunReport& report) {
  const passwd* account = getpwuid(geteuid());
  report.user = account != nullptr ? std::string(account->pw_name) : fmt::format("{}", geteuid());
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) == 0) report.host = name.data();
}

}  // namespace twoway
