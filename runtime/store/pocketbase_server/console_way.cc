// Without the hook. PocketBase's SQL console (`POST /api/sql`, since 0.39) runs statements of at most 5000 bytes
// without parameters. So the rows of a request go into a record of a collection that is made for the run: a json field
// keeps the text of a valid document to the byte. From there one statement writes them, as the hook does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/external_identities.h"
#include "runtime/store/pocketbase_server/server_way.h"
#include "runtime/store/sqlite/connection.h"

namespace twoway {

namespace json = boost::json;
using http::Answer;
using http::Method;
using sqlite::quoted_name;

namespace {

constexpr std::size_t longest_statement = 5000;
constexpr std::string_view staging = "twoway_import";
constexpr std::size_t record_id_length = 15;
/// Backups that are made to be read once and deleted. PocketBase allows `[a-z0-9_-]+.zip`.
constexpr std::string_view copy_prefix = "twoway_copy_";

/// A JSON text within a JSON string. There are no control characters in it.
std::string wrapped_rows(std::string_view rows) {
  std::string out = "{\"rows\":\"";
  out.reserve(rows.size() + rows.size() / 4);
  for (const char c : rows) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"}";
}

std::string message_of(const Answer& answer) {
  boost::system::error_code error;
  const json::value value = json::parse(answer.body, error);
  if (error || !value.is_object()) return {};
  const json::value* message = value.as_object().if_contains("message");
  return message != nullptr && message->is_string() ? std::string(message->as_string()) : std::string();
}

class ConsoleWay : public ServerWay {
 public:
  explicit ConsoleWay(const Mapping& mapping) : mapping_(mapping) {}

  RowBody::Form form() const override { return RowBody::Form::json; }

  Posted import(ServerApi& api, const ServerCollection& collection, std::string_view body, std::size_t,
                const std::set<std::size_t>& tagged) override {
    if (!stage(api, body)) {
      return {Posted::What::too_large, 0, 0, "something before PocketBase takes no request of that size"};
    }
    const std::string table = quoted_name(collection.name);
    // Rows that are new get row ids that are larger than all before.
    const std::uint64_t last = number(api, fmt::format("SELECT coalesce(max(rowid), 0) FROM {}", table));
    const Answer answer = run(api, upsert(collection, tagged));
    const std::string message = message_of(answer);
    const bool refused = message.find("constraint failed") != std::string::npos ||
                         message.find("too big") != std::string::npos;
    if (answer.status == 400 && refused) return {Posted::What::refused, 0, 0, plain_reason(message)};
    const std::uint64_t written = affected(api, answer);
    const std::uint64_t inserted =
        number(api, fmt::format("SELECT count(*) FROM {} WHERE rowid > {}", table, last));
    return {Posted::What::done, std::min(inserted, written), written - std::min(inserted, written), {}};
  }

  std::uint64_t erase(ServerApi& api, const ServerCollection& collection,
                      const std::vector<std::string>& ids) override {
    RowBody row(form());
    row.begin_row();
    for (const std::string& id : ids) row.add(Value::text(id));
    row.end_row();
    if (!stage(api, row.body())) throw cannot_start(fmt::format("{} takes no list of ids", api.describe()));
    return affected(api, run(api, fmt::format("DELETE FROM {} WHERE id IN (SELECT value FROM json_each((SELECT rows "
                                              "->> 0 FROM {} WHERE id = '{}')))",
                                              quoted_name(collection.name), staging, record_)));
  }

  std::uint64_t renew_token_keys(ServerApi& api, const ServerCollection& collection) override {
    return affected(
        api, run(api, fmt::format("UPDATE {} SET \"tokenKey\" = {}", quoted_name(collection.name), random_token_key)));
  }

  void copy_database(ServerApi& api, const std::filesystem::path& file, bool watch) override {
    if (watch) state_ = state(api);
    const std::string name = fmt::format("{}{}.zip", copy_prefix, random_name(record_id_length));
    for (const std::string& left : backups_named(api, copy_prefix)) {
      if (api.session().log) {
        api.session().log("warning", fmt::format("the backup {} on {} is of a run that was killed, or of one that is "
                                                 "still going on; delete it if there is none", left, api.describe()));
      }
    }
    const std::uint64_t size = make_backup(api, name);
    const auto remove = [&] { api.send(Method::remove, "/api/backups/" + name); };
    try {
      download_database(api, name, size, file);
    } catch (...) {
      try {
        remove();
      } catch (const Error&) {
        // The download's failure is the one to report.
      }
      throw;
    }
    remove();
  }

  bool changed(ServerApi& api) override { return !state_.empty() && state(api) != state_; }
  void finish(ServerApi& api) override { tidy(api); }

  void tidy(ServerApi& api) override {
    if (record_.empty()) return;
    record_.clear();
    api.send(Method::remove, fmt::format("/api/collections/{}", staging));
  }

  std::string version(ServerApi& api) override {
    const Answer answer = run(api, "SELECT coalesce(max(file), '') FROM _migrations WHERE file LIKE '%.go'");
    return answer.status == 200 ? first_cell(api, answer) : std::string();
  }

 private:
  static Answer run(ServerApi& api, const std::string& statement) {
    const std::string body = json::serialize(json::object{{"query", statement}});
    return api.send(Method::post, "/api/sql", body);
  }

  static std::string first_cell(ServerApi& api, const Answer& answer) {
    const json::object result = api.parsed(answer, "its SQL console");
    const json::value* rows = result.if_contains("rows");
    if (rows == nullptr || !rows->is_array() || rows->as_array().empty()) return {};
    const json::value& row = rows->as_array()[0];
    if (!row.is_array() || row.as_array().empty() || !row.as_array()[0].is_string()) return {};
    return std::string(row.as_array()[0].as_string());
  }

  static std::uint64_t number(ServerApi& api, const std::string& statement) {
    const std::string cell = first_cell(api, run(api, statement));
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), number);
    if (cell.empty() || (error == std::errc() && end == cell.data() + cell.size())) return number;
    throw cannot_start(fmt::format("the SQL console of {} gives no number where one is due", api.describe()),
                       "Something between here and PocketBase may have changed its answer.");
  }

  static std::uint64_t affected(ServerApi& api, const Answer& answer) {
    const json::object result = api.parsed(answer, "its SQL console");
    const json::value* rows = result.if_contains("affectedRows");
    return rows != nullptr && rows->is_int64() ? static_cast<std::uint64_t>(rows->as_int64()) : 0;
  }

  /// Puts rows where statements find them. False where the server says that they are too many.
  bool stage(ServerApi& api, std::string_view rows) {
    if (record_.empty()) make_staging(api);
    const std::string body = wrapped_rows(rows);
    const Answer answer = api.send(Method::patch, fmt::format("/api/collections/{}/records/{}?fields=id", staging,
                                                              record_), body);
    if (answer.status == 413) return false;
    api.parsed(answer, "the import of records");
    return true;
  }

  void make_staging(ServerApi& api) {
    const json::object rows{{"name", "rows"}, {"type", "json"}, {"maxSize", 1 << 30}, {"hidden", true}};
    const json::object collection{{"name", staging}, {"type", "base"}, {"fields", json::array{rows}}};
    // One that a killed run left is as good.
    const Answer there = api.send(Method::get, fmt::format("/api/collections/{}", staging));
    if (there.status == 404) {
      const std::string body = json::serialize(collection);
      api.ask(Method::post, "/api/collections", body, "a collection for the import");
    }
    const std::string id = random_name(record_id_length);
    const std::string body = json::serialize(json::object{{"id", id}});
    // Asked for twice, it is there already.
    const Answer made = api.send(Method::post, fmt::format("/api/collections/{}/records?fields=id", staging), body);
    if (made.status != 400) api.parsed(made, "a record for the import");
    record_ = id;
  }

  std::string upsert(const ServerCollection& collection, const std::set<std::size_t>& tagged) const {
    std::vector<std::string> columns, values, assignments, before, after, types;
    for (std::size_t i = 0; i < collection.columns.size(); ++i) {
      const std::string name = quoted_name(collection.columns[i]);
      columns.push_back(name);
      values.push_back(fmt::format("value->>{}", i));
      if (tagged.contains(i)) {
        values.back() = fmt::format("iif(json_type(value,'$[{0}]')='array',iif(value->>'$[{0}][0]'='b',unhex(value->>"
                                    "'$[{0}][1]'),CAST(unhex(value->>'$[{0}][1]')AS TEXT)),value->>{0})", i);
      }
      if (!collection.updated[i]) continue;
      assignments.push_back(fmt::format("{0}=excluded.{0}", name));
      before.push_back("t." + name);
      after.push_back("excluded." + name);
      types.push_back(fmt::format("typeof(t.{0})<>typeof(excluded.{0})", name));
    }
    std::string statement = fmt::format(
        "INSERT INTO {} AS t({}) SELECT {} FROM json_each((SELECT rows FROM {} WHERE id='{}')) WHERE true ON "
        "CONFLICT(id) DO UPDATE SET {} WHERE({})IS NOT({})OR {}",
        quoted_name(collection.name), fmt::join(columns, ","), fmt::join(values, ","), staging, record_,
        fmt::join(assignments, ","), fmt::join(before, ","), fmt::join(after, ","), fmt::join(types, " OR "));
    if (statement.size() > longest_statement) {
      throw cannot_start(fmt::format("the collection {} has more fields than PocketBase's SQL console can write",
                                     collection.name),
                         "Install the hook: `twoway prepare` with the server's address writes it and says where.");
    }
    return statement;
  }

  /// Numbers that nearly every change of a record changes: how many there are, how long their values are, and what the
  /// digits of the short ones add up to.
  std::string state(ServerApi& api) {
    std::string all;
    for (const Entity* entity : mapping_.entities) {
      std::string sums = "count(*),coalesce(max(rowid),0)";
      for (const RecordField& field : entity->fields) {
        sums += fmt::format(",sum(length(CAST({}AS BLOB)))", quoted_name(field.name));
        if (field.type == PocketBaseType::json) continue;
        sums += fmt::format(",sum(CAST(replace(replace(replace({},'-',''),':',''),' ','')AS INTEGER)%1000003)",
                            quoted_name(field.name));
      }
      const Answer answer =
          run(api, fmt::format("SELECT json_array({}) FROM {}", sums, quoted_name(entity->collection)));
      if (answer.status == 404) return {};  // no console: there is no cheap way to know
      all += first_cell(api, answer) + "\n";
    }
    return all;
  }

  const Mapping& mapping_;
  std::string record_;  ///< the staging record's id; empty: not made yet
  std::string state_;
};

}  // namespace

std::unique_ptr<ServerWay> console_way(ServerApi&, const Mapping& mapping) {
  return std::make_unique<ConsoleWay>(mapping);
}

void require_console(ServerApi& api) {
  const std::string body = json::serialize(json::object{{"query", "SELECT 1"}});
  const Answer answer = api.send(Method::post, "/api/sql", body);
  if (answer.status == 404) {
    throw cannot_start(fmt::format("{} has neither the twoway hook nor a SQL console, so nothing can be written to it "
                                   "exactly", api.describe()),
                       "Install the hook (`twoway prepare` with the server's address writes it and says where), or "
                       "use PocketBase 0.39 or newer.");
  }
  api.parsed(answer, "its SQL console");
}

}  // namespace twoway
