// By the hook that the mapping's compiler emits (generator/emit/pocketbase/hook_routes.cc): `POST /api/twoway/ACTION`.
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/store/pocketbase_server/server_way.h"

namespace twoway {

namespace json = boost::json;
using http::Answer;
using http::Method;

namespace {

constexpr std::int64_t protocol = 1;
constexpr std::chrono::milliseconds between_questions{300};
constexpr std::size_t id_length = 24;
constexpr std::size_t least_part_bytes = 16U << 10U;
/// SQLite nests expressions up to 1000 deep, and the hook joins the parts by one.
constexpr std::size_t most_parts = 900;

std::string target_of(std::string_view action, std::string_view id) {
  return fmt::format("/api/twoway/{}?id={}", action, id);
}

std::uint64_t number(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_int64() && value->as_int64() >= 0 ? static_cast<std::uint64_t>(value->as_int64())
                                                                         : 0;
}

std::string text(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_bool() && value->as_bool();
}

class HookWay : public ServerWay {
 public:
  HookWay(bool jsonb_each, std::string version) : jsonb_each_(jsonb_each), version_(std::move(version)) {}

  RowBody::Form form() const override { return RowBody::Form::jsonb; }

  Posted import(ServerApi& api, const ServerCollection& collection, std::string_view body, std::size_t rows,
                const std::set<std::size_t>& tagged) override {
    // The id stays the same however often the request is sent: the hook answers a second one as it did the first.
    const std::string id = random_name(id_length);
    std::string target = target_of("import", id) + "&collection=" + collection.name;
    if (jsonb_each_) target += "&each=jsonb";
    if (!tagged.empty()) target += fmt::format("&blobs={}", fmt::join(tagged, ","));
    Answer answer = api.send(Method::post, target, body);
    if (answer.status == 413) {
      constexpr std::string_view too_large = "something before PocketBase takes no request of that size";
      const std::size_t parts = rows == 1 ? send_parts(api, id, body) : 0;
      if (parts == 0) return {Posted::What::too_large, 0, 0, std::string(too_large)};
      answer = api.send(Method::post, fmt::format("{}&parts={}", target, parts));
    }
    if (answer.status == 422) {
      const json::object refused = parsed_refusal(api, answer);
      return {Posted::What::refused, 0, 0, plain_reason(text(refused, "reason"))};
    }
    const json::object done = api.parsed(answer, "the import of records");
    if (number(done, "rows") != rows) {
      throw cannot_start(fmt::format("{} took {} of {} records of {}", api.describe(), number(done, "rows"), rows,
                                     collection.name),
                         "Something between twoway and PocketBase changes requests; reach PocketBase directly.");
    }
    return {Posted::What::done, number(done, "inserted"), number(done, "updated"), {}};
  }

  std::uint64_t erase(ServerApi& api, const ServerCollection& collection,
                      const std::vector<std::string>& ids) override {
    // An array of one row holds the ids.
    RowBody row(form());
    row.begin_row();
    for (const std::string& id : ids) row.add(Value::text(id));
    row.end_row();
    constexpr std::size_t outer_head = 5;
    std::string body(row.body().substr(outer_head));
    const std::string target = target_of("delete", random_name(id_length)) + "&collection=" + collection.name;
    return number(api.ask(Method::post, target, body, "the deletion of records"), "deleted");
  }

  std::uint64_t renew_token_keys(ServerApi& api, const ServerCollection& collection) override {
    const std::string target = target_of("renew", random_name(id_length)) + "&collection=" + collection.name;
    return number(api.ask(Method::post, target, {}, "new token keys"), "renewed");
  }

  void copy_database(ServerApi& api, const std::filesystem::path& file, bool watch) override {
    tidy(api);
    snapshot_ = random_name(id_length);
    // The answer may come after PocketBase's own time limit for answers, that is never. So it is asked for again.
    for (;;) {
      const json::object state = api.ask(Method::post, target_of("snapshot", snapshot_), {}, "a copy of its database");
      if (flag(state, "done")) {
        download(api, "/api/twoway/snapshot/" + snapshot_, number(state, "size"), file);
        break;
      }
      api.client().pause(between_questions);
    }
    if (!watch) tidy(api);
  }

  bool changed(ServerApi& api) override {
    if (snapshot_.empty()) return false;
    const json::object found = api.ask(Method::post, target_of("changed", snapshot_), {}, "what changed meanwhile");
    const json::value* collections = found.if_contains("collections");
    return collections != nullptr && collections->is_array() && !collections->as_array().empty();
  }

  void finish(ServerApi& api) override {
    api.ask(Method::post, target_of("finish", random_name(id_length)), {}, "statistics for its indexes");
  }

  void tidy(ServerApi& api) override {
    if (snapshot_.empty()) return;
    const std::string id = std::move(snapshot_);
    snapshot_.clear();
    api.send(Method::post, target_of("forget", id));
  }

  std::string version(ServerApi&) override { return version_; }

 private:
  static json::object parsed_refusal(ServerApi& api, Answer answer) {
    answer.status = 200;  // the body is what matters
    return api.parsed(answer, "the import of records");
  }

  /// One record in as many requests as it takes. Returns their number; 0 where even small ones are refused.
  std::size_t send_parts(ServerApi& api, const std::string& id, std::string_view body) {
    while (part_bytes_ >= least_part_bytes) {
      std::size_t parts = 0;
      bool fits = true;
      for (std::size_t at = 0; at < body.size() && fits && parts < most_parts; at += part_bytes_) {
        const Answer answer = api.send(Method::post, fmt::format("{}&number={}", target_of("part", id), parts++),
                                       body.substr(at, part_bytes_));
        fits = answer.status != 413;
        if (fits) api.parsed(answer, "the import of records");
      }
      if (fits) return parts * part_bytes_ >= body.size() ? parts : 0;
      part_bytes_ /= 2;
    }
    part_bytes_ = least_part_bytes;
    return 0;
  }

  bool jsonb_each_;
  std::size_t part_bytes_ = 4U << 20U;  ///< of those that the server let through so far
  std::string version_;
  std::string snapshot_;
};

}  // namespace

std::unique_ptr<ServerWay> hook_way(ServerApi& api, const Mapping& mapping) {
  const Answer answer = api.send(Method::post, target_of("hello", random_name(id_length)));
  if (answer.status == 404) return nullptr;
  const json::object hello = api.parsed(answer, "its twoway hook");
  constexpr std::string_view hint =
      "Put the pb_hooks/twoway.pb.js of this mapping into PocketBase's pb_hooks directory (`twoway prepare` with the "
      "server's address writes it).";
  const json::value* version = hello.if_contains("protocol");
  if (version == nullptr || !version->is_int64() || version->as_int64() != protocol) {
    throw cannot_start(fmt::format("the twoway hook of {} is another version's", api.describe()), std::string(hint));
  }
  if (text(hello, "mapping") != mapping.name) {
    throw cannot_start(fmt::format("the twoway hook of {} is that of another mapping, {}", api.describe(),
                                   text(hello, "mapping")), std::string(hint));
  }
  if (text(hello, "digest") != mapping.digest) {
    throw cannot_start(fmt::format("the twoway hook of {} was made from another state of the mapping {}",
                                   api.describe(), mapping.name), std::string(hint));
  }
  return std::make_unique<HookWay>(flag(hello, "jsonb_each"), text(hello, "version"));
}

}  // namespace twoway
