#include "runtime/migrate/questions.h"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_server/server_way.h"
#include "runtime/store/pocketbase_server/session.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway {

namespace json = boost::json;

namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows ask_file(sqlite::Connection& connection, const std::string& sql) {
  Rows rows;
  sqlite::Statement statement = connection.prepare(sql);
  while (statement.step()) {
    std::vector<std::string>& row = rows.emplace_back();
    for (int i = 0; i < statement.columns(); ++i) {
      const Value value = statement.column(i);
      row.push_back(value.is_integer()                   ? std::to_string(value.as_integer())
                    : value.is_text() || value.is_blob() ? std::string(value.bytes())
                                                         : std::string());
    }
  }
  return rows;
}

Rows ask_server(ServerApi& api, const std::string& sql) {
  const std::string body = json::serialize(json::object{{"query", sql}});
  const http::Answer answer = api.send(http::Method::post, "/api/sql", body);
  if (answer.status == 404) {
    throw cannot_start(fmt::format("{} has no SQL console, so it cannot be asked", api.describe()),
                       "PocketBase has one since 0.39; of an older one, look at the data directory.");
  }
  if (answer.status != 200) throw api.refusal(answer, "its SQL console");
  Rows rows;
  const json::object result = api.parsed(answer, "its SQL console");
  const json::value* const found = result.if_contains("rows");
  if (found == nullptr || !found->is_array()) return rows;
  for (const json::value& cells : found->as_array()) {
    std::vector<std::string>& row = rows.emplace_back();
    for (const json::value& cell : cells.as_array()) {
      row.push_back(cell.is_string() ? std::string(cell.as_string()) : std::string());
    }
  }
  return rows;
}

/// What is wrong with the hook that answers for the mapping's routes; empty: nothing.
std::string problem_of_routes(ServerApi& api, const Mapping& mapping) {
  const http::Answer answer = api.send(http::Method::get, "/api/twoway/routes");
  if (answer.status != 200) return "not installed";
  const json::object said = api.parsed(answer, "its routes");
  const json::value* const digest = said.if_contains("digest");
  const bool same = digest != nullptr && digest->is_string() && std::string_view(digest->as_string()) == mapping.digest;
  return same ? "" : "made from another state of the mapping";
}

}  // namespace

DatabaseQuestions database_questions(const StoreAddress& address, const OpenOptions& options) {
  if (address.kind != StoreKind::pocketbase_server) {
    constexpr std::size_t cache_bytes = 1024 * 1024;
    const bool directory = address.kind == StoreKind::pocketbase_directory;
    const auto connection = std::make_shared<sqlite::Connection>(directory ? address.path / "data.db" : address.path,
                                                                 sqlite::Access::read_only, cache_bytes);
    return [connection](const std::string& sql) { return ask_file(*connection, sql); };
  }
  const std::shared_ptr<ServerSession> session = make_session(address.url, server_options(options));
  const auto api = std::make_shared<ServerApi>(*session);
  return [session, api](const std::string& sql) { return ask_server(*api, sql); };
}

std::vector<HookState> hook_states(const Mapping& mapping, const StoreAddress& address, const OpenOptions& options) {
  const auto session = make_session(address.url, server_options(options));
  ServerApi api(*session);
  std::vector<HookState> states;
  for (const Mapping::MigrationFile& file : mapping.pocketbase_hooks) {
    HookState state{std::string(file.name), !states.empty(), {}};  // twoway's own is the first
    try {
      if (state.is_for_applications) {
        state.problem = problem_of_routes(api, mapping);
      } else if (hook_way(api, mapping) == nullptr) {
        state.problem = "not installed";
      }
    } catch (const Error& error) {
      state.problem = error.what();
    }
    states.push_back(std::move(state));
  }
  return states;
}

}  // namespace twoway
