// What the schema does not say, and people know.
#include <algorithm>
#include <array>

#include "generator/init/drafted.h"
#include "generator/source/suggest.h"

namespace twowayc {
namespace {

bool is_number(SqlType type) { return type == SqlType::integer || type == SqlType::bigint; }
bool is_text(SqlType type) { return type == SqlType::text || type == SqlType::varchar; }

template <std::size_t Begins, std::size_t Ends, std::size_t Whole>
bool is_like(const std::string& name, const std::array<std::string_view, Begins>& begins,
             const std::array<std::string_view, Ends>& ends, const std::array<std::string_view, Whole>& whole) {
  const auto any = [](const auto& all, auto matches) { return std::any_of(all.begin(), all.end(), matches); };
  return any(begins, [&](std::string_view part) { return name.starts_with(part); }) ||
         any(ends, [&](std::string_view part) { return name.ends_with(part); }) ||
         any(whole, [&](std::string_view part) { return name == part; });
}

bool like_a_time(const std::string& name) {
  return is_like(name, std::array<std::string_view, 1>{"date_"},
                 std::array<std::string_view, 5>{"_at", "_time", "_date", "_ts", "timestamp"},
                 std::array<std::string_view, 6>{"created", "updated", "modified", "deleted", "date", "since"});
}
bool like_a_flag(const std::string& name) {
  return is_like(name, std::array<std::string_view, 3>{"is_", "has_", "can_"},
                 std::array<std::string_view, 2>{"_flag", "_enabled"},
                 std::array<std::string_view, 4>{"active", "enabled", "archived", "visible"});
}
bool like_json(const std::string& name) {
  return is_like(name, std::array<std::string_view, 0>{}, std::array<std::string_view, 1>{"json"},
                 std::array<std::string_view, 4>{"meta", "metadata", "payload", "settings"});
}

void ask_about(DraftedColumn& column) {
  if (column.reference) {
    if (!column.reference->question.empty()) column.questions.push_back(column.reference->question);
    return;
  }
  if (!column.has_field) return;
  const std::string name = in_snake_case(column.live->name);
  const SqlType type = column.type.type;
  if (is_number(type) && like_a_time(name)) {
    column.questions.emplace_back("a time? then lens: epoch_seconds, epoch_milliseconds or epoch_nanoseconds");
  } else if (is_number(type) && like_a_flag(name)) {
    column.questions.emplace_back("true or false? then lens: boolean");
  } else if (is_text(type) && like_a_time(name)) {
    column.questions.emplace_back("a time, written as text? then lens: datetime, or lens: date");
  } else if (is_text(type) && like_json(name)) {
    column.questions.emplace_back("a JSON document? then lens: json_text");
  }
}

void ask_about(DraftedTable& table) {
  const auto called = [&](std::string_view part) {
    return std::any_of(table.columns.begin(), table.columns.end(), [&](const DraftedColumn& column) {
      return is_text(column.type.type) && lower_case(column.live->name).find(part) != std::string::npos;
    });
  };
  if (called("mail") && called("passw")) {
    table.questions.emplace_back(
        "do people sign in with this table? then make it PocketBase's auth collection: pocketbase: users, collection: "
        "{ type: auth, identity: [email] }, and lens: email and lens: password for the two columns");
  }
}

}  // namespace

void ask_about_columns(Drafted& drafted) {
  for (DraftedTable& table : drafted.tables) {
    if (!table.is_entity()) continue;
    for (DraftedColumn& column : table.columns) ask_about(column);
    ask_about(table);
  }
}

}  // namespace twowayc
