// The hard database: see `hard` in openwebui_data.h. Every row here is one that a migrator once got wrong.
#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {

namespace fs = std::filesystem;
using namespace std::string_literals;

namespace {

using Fields = std::vector<std::pair<std::string, Cell>>;

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

std::string times(std::string_view text, std::size_t count) {
  std::string all;
  all.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

class HardDatabase {
 public:
  explicit HardDatabase(const fs::path& path) : file_(path) {
    file_.execute("PRAGMA journal_mode = delete; PRAGMA synchronous = off; BEGIN");
    bobs_hash_ = file_.cell("SELECT password FROM auth WHERE email = 'bob@example.com'");
  }

  void fill() {
    users();
    for (const Cell& document : documents()) chat(document);
    chat("{\"m\":\"" + times("x", 30'000'000) + "\"}");
    file_.execute("INSERT INTO chat (id, user_id, chat, meta)"
                  " VALUES ('bad8', 'case', CAST(x'7b2261223a22ff227d' AS TEXT), '{}')");
    odd_values();
    tags();
    folders();
    scalars();
    messages();
    unknown_to_the_mapping();
    file_.execute("COMMIT");
  }

 private:
  void user(const std::string& id, const Cell& email, const Cell& hash, const Cell& auth_email) {
    file_.insert("user", {{"id", id}, {"name", "N"}, {"email", email}, {"role", "user"}, {"created_at", 1700000000},
                          {"updated_at", 1700000000}, {"last_active_at", 1700000000}});
    file_.insert("auth", {{"id", id}, {"email", auth_email}, {"password", hash}, {"active", 1}});
  }
  void user(const std::string& id, const Cell& email) { user(id, email, bobs_hash_, email); }
  void user(const std::string& id, const Cell& email, const Cell& hash) { user(id, email, hash, email); }

  void users() {
    user("loc", "admin@localhost");
    user("Case", "MixedCase@Example.com");
    user("case", "case@x.io");
    user("", "emptyid@x.io");
    user("a/b:c%d e\"f", "slash@x.io");
    user("nul\0id"s, "nulid@x.io");
    user("~41", "tilde@x.io");
    user("CON", "con@x.io");
    user("..", "dots@x.io");
    user("😀é", "emoji@x.io");
    user("nomail", nullptr);
    user("argon", "argon@x.io", "$argon2id$v=19$m=65536,t=3,p=4$abc$def");
    user("nopw", "nopw@x.io", "");
    user("nullpw", "nullpw@x.io", nullptr);
    user("nulmail", "nul\0@x.io"s);
    user("difmail", "dif@x.io", bobs_hash_, "other@x.io");
    user("spaced", " lead@x.io");
    user("emptymail", "");
    user(times("long", 2000), "long@x.io");
    user("quo'te", "quote@x.io");
    user("q?uest#hash&amp", "q@x.io");
    user("new\nline\ttab", "nl@x.io");
    user("pct%2f", "pct@x.io");
    file_.insert("user", {{"id", "noauth"}, {"name", "NA"}, {"email", "noauth@x.io"}});
    file_.insert("auth", {{"id", "orph/auth"}, {"email", "ghost2@example.com"}, {"password", bobs_hash_}});
    file_.insert("user", {{"id", "\xff\x41"}, {"name", "badutf8"}, {"email", "\xfe\x40"}});
    file_.insert("user", {{"id", Cell::blob("\0\xff"s)}, {"name", Cell::blob("\x01\x02")}, {"email", "blob@x.io"}});
  }

  void chat(const Cell& document, const Cell& meta = "{}", const Cell& owner = "case", const Fields& more = {}) {
    ++chats_;
    Fields row{{"id", fmt::format("h{}", chats_)}, {"user_id", owner}, {"title", fmt::format("T{}", chats_)},
               {"created_at", 1700000000}, {"updated_at", 1700000001}, {"archived", 0}, {"pinned", 0},
               {"chat", document}, {"meta", meta}};
    row.insert(row.end(), more.begin(), more.end());
    file_.insert("chat", row);
  }

  /// What stands in the JSON column of one chat each. Bare numbers meet the column's NUMERIC affinity.
  static std::vector<Cell> documents() {
    return {R"({"a":1,"a":2})", R"({"s":"\ud800"})", R"({"s":"\ud83d\ude00 ok \\ud800"})", R"({"n":NaN})",
            R"({"n":-Infinity})", R"({"n":12345678901234567890})", R"({"n":1e400})",
            R"({"n":1e-400,"z":-0.0,"f":5e-324})", "3", "-7", "1.5", "1e3", "12345678901234567890", "true", "false",
            R"("str")", R"("3")", "null", " null ", "[]", R"( {"lead":1})", "{\"trail\":1}\n",
            "{\"a\": 1, \"b\" :\t[1 , 2]}", "not json", "", "{", R"({"nul":"\u0000"})", "{\"raw\0\":1}"s,
            R"({"\u0061":1,"a":2})", times("[", 200) + times("]", 200),
            times(R"({"d":)", 200) + "1" + times("}", 200), times("[", 9999) + times("]", 9999),
            times("[", 12000) + times("]", 12000), R"({"k":")" + times("x", 100) + R"("})", nullptr,
            Cell::blob("\0\xff"s), largest, smallest, 1e300, std::numeric_limits<double>::infinity(), 2.5,
            "\xef\xbb\xbf{}", "{\"b\":\"\x7f\"}", R"({"big":)" + times("9", 5000) + "}",
            "{\"html\":\"<&>\\u003c\xe2\x80\xa8\"}", "01", "-", R"("\x")", "tru", R"({"x":1}{"y":2})", "nan",
            "Infinity", "-0", "-0.0", "1E2", "0x10", "\"unterminated", R"({"":1})", R"({"\ud800":1,"\ud801":2})",
            R"({"\ufffd":1,"\ud800":2})"};
  }

  /// One chat each, with one column that holds what it should not.
  void odd_values() {
    const Fields values{
        {"archived", 7}, {"archived", "x"}, {"created_at", std::int64_t{1'000'000'000'000'000}},
        {"created_at", std::int64_t{-62135596801}}, {"created_at", -1}, {"created_at", 0},
        {"created_at", std::int64_t{253402300799}}, {"created_at", std::int64_t{253402300800}},
        {"created_at", std::int64_t{1700000000123}}, {"created_at", "text"}, {"created_at", 1.5},
        {"timer_at", std::int64_t{1763697783123456789}}, {"timer_at", std::int64_t{1763697783123000000}},
        {"timer_at", largest}, {"timer_at", -1}, {"title", Cell::blob("\x01")}, {"title", "nul\0in"s}, {"title", ""},
        {"title", nullptr}, {"user_id", ""}, {"user_id", nullptr}, {"user_id", "dangling"},
        {"user_id", "nul\0dangling"s}, {"folder_id", ""}, {"summary", times("x", 6000)}, {"archived", nullptr},
        {"last_read_at", 0}};
    for (std::size_t i = 0; i < values.size(); ++i) {
      Fields row{{"id", fmt::format("v{}", i)}, {"chat", "{}"}, {"meta", "{}"}, values[i]};
      if (values[i].first != "user_id") row.push_back({"user_id", "case"});
      file_.insert("chat", row);
    }
  }

  void tags() {
    const std::vector<Cell> metas{
        "[]", "[1]", "3", R"("s")", "null", "true", R"({"tags":"x"})", R"({"tags":null})",
        R"({"tags":[1,null,"work",["x"],{"a":1}]})", R"({"tags":["work","work","UnNormal Ised","no row","🙂_tag"]})",
        R"({"tags":["🙂_tag","work"],"tags":["shadow"]})", R"({"x":1 ,"tags" : [ "work" ]})", "not json", "",
        R"({"tags":["case"]})", R"({"tags":["Case","CASE","case"]})", R"({"tags":["a/b:c","nul\u0000"]})"};
    for (const Cell& meta : metas) chat("{}", meta);
    const std::vector<std::pair<std::string, std::string>> names{
        {"work", "WORK"}, {"🙂_tag", "🙂_TAG"}, {"Case", "CASE"}, {"case", "CASE"}, {"a/b:c", "A/B:C"},
        {"nul\0"s, "NUL\0"s}, {"", ""}};
    for (const char* owner : {"case", "Case", "", "loc"}) {
      for (const auto& [id, name] : names) {
        file_.insert("tag", {{"id", id}, {"name", name}, {"user_id", owner}, {"meta", nullptr}});
      }
    }
    file_.insert("tag", {{"id", "nouser"}, {"name", "x"}, {"user_id", nullptr}});
    file_.insert("tag", {{"id", "ghosttag"}, {"name", "x"}, {"user_id", "ghost"}});
    chat("{}", R"({"tags":["ghosttag"]})", "ghost");
  }

  void folder(const char* id, const char* parent, const char* owner, const char* name) {
    file_.insert("folder", {{"id", id}, {"parent_id", parent}, {"user_id", owner}, {"name", name}, {"is_expanded", 0},
                            {"created_at", 1}, {"updated_at", 1}});
  }

  void folders() {
    folder("f1", "f2", "case", "n");
    folder("f2", "f1", "case", "n");
    folder("f3", "f3", "case", "n");
    folder("f4", "nope", "case", "n");
    folder("f1", "f2", "Case", "same id");
    for (const char* owner : {"case", "Case", "loc"}) chat("{}", "{}", owner, {{"folder_id", "f1"}});
  }

  void prompt(const std::string& id, const Cell& command) {
    file_.insert("prompt", {{"id", id}, {"command", command}, {"user_id", "case"}, {"name", "n"}, {"content", "c"},
                            {"created_at", 1}, {"updated_at", 1}});
  }

  /// Commands that differ by a slash or by case, and scalars where a document should be.
  void scalars() {
    prompt("p0", "/x");
    prompt("p1", "x");
    prompt("p2", "");
    prompt("p3", "X");
    prompt("pn", nullptr);
    const std::vector<Cell> specs{"3", "1.0", "1e2", "{}", R"({"a":1,"a":2})", "", "null", "-0", "007",
                                  "99999999999999999999", R"("x")", nullptr, " 5 "};
    for (std::size_t i = 0; i < specs.size(); ++i) {
      file_.insert("tool", {{"id", fmt::format("t:{}/x", i)}, {"user_id", "case"}, {"name", "n"}, {"specs", specs[i]},
                            {"meta", specs[i]}, {"valves", specs[i]}});
    }
    const std::vector<Cell> values{3, 1.5, "true", R"("s")", "[1]", std::int64_t{1} << 62, 1e300};
    for (std::size_t i = 0; i < values.size(); ++i) {
      file_.insert("config", {{"key", fmt::format("k.{}", i)}, {"value", values[i]}, {"updated_at", 1}});
    }
  }

  void message(const char* id, const char* chat, const Cell& content, std::int64_t time, const Cell& parent) {
    file_.insert("chat_message", {{"id", id}, {"chat_id", chat}, {"role", "user"}, {"content", content},
                                  {"created_at", time}, {"parent_id", parent}});
  }

  void messages() {
    message("weird", "h1", R"("x")", 1763697783123, nullptr);
    message("h1-m2", "h1", 3, 17, "m1");
    message("h1-m1", "h1", 4.5, 17, "m1");
    message("orphmsg", "nochat", 4.5, 17, "m1");
  }

  void unknown_to_the_mapping() {
    file_.execute("ALTER TABLE chat ADD COLUMN fork_col BLOB;"
                  "UPDATE chat SET fork_col = x'0001' WHERE id = 'h1';"
                  "UPDATE chat SET fork_col = 't' WHERE id = 'h2';"
                  "CREATE TABLE forktable (a, b JSON, c text, PRIMARY KEY (a, c)) WITHOUT ROWID;"
                  "INSERT INTO forktable VALUES (1, 'x', 'y'), (x'00ff', 2.5, 'nul' || char(0) || 'z');"
                  "CREATE TABLE nopk (a);"
                  "INSERT INTO nopk VALUES (1), (1), (NULL), (1.0);");
  }

  SqliteFile file_;
  Cell bobs_hash_;
  int chats_ = 0;
};

}  // namespace

fs::path hard(const fs::path& directory) {
  fs::path path = directory / "hard.db";
  fs::rename(real(directory / "hard.unpacked"), path);
  fs::remove(directory / "hard.unpacked");
  HardDatabase(path).fill();
  return path;
}

}  // namespace twoway::test
