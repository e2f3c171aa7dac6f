#include "tests/bench/bench_database.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "tests/bench/random.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::bench {

namespace fs = std::filesystem;
using test::Cell;
using test::SqliteFile;
using test::SqliteInsert;

namespace {

constexpr std::size_t chats_per_megabyte = 37;
constexpr std::int64_t first_second = 1'700'000'000;
constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr std::size_t huge_answer = 3'000'000;  // one pasted log file: a row of 6 MB, as large installations have

/// One person and what belongs to them.
struct Person {
  std::string id;
  std::vector<std::string> folders;
  std::vector<std::string> tags;
};

struct File {
  std::string id, owner, name;
};

/// One message of a chat. `content` is the inside of a JSON string.
struct Message {
  std::string id, parent, child, content;
  bool user = false;
  std::int64_t time = 0;
};

class Writer {
 public:
  Writer(SqliteFile& file, std::size_t megabytes)
      : file_(file), chats_(std::max<std::size_t>(megabytes * chats_per_megabyte, 20)) {}

  BenchDatabase write() {
    file_.execute("PRAGMA journal_mode = off; PRAGMA synchronous = off; PRAGMA cache_size = -1000000; BEGIN");
    people();
    models();
    files();
    chats();
    channels();
    workspace();
    file_.execute("COMMIT");
    return {static_cast<std::int64_t>(chats_), written_messages_, 0};
  }

 private:
  std::int64_t time_of(std::size_t n, std::size_t of) const {
    return first_second + static_cast<std::int64_t>(60'000'000 * n / std::max<std::size_t>(of, 1));
  }

  void people() {
    SqliteInsert user(file_, "user", {"id", "name", "email", "role", "profile_image_url", "last_active_at",
                                      "updated_at", "created_at", "settings", "oauth", "info", "scim", "timezone"});
    SqliteInsert auth(file_, "auth", {"id", "email", "password", "active", "session_stamp"});
    SqliteInsert folder(file_, "folder", {"id", "user_id", "name", "is_expanded", "created_at", "updated_at",
                                          "parent_id", "items", "meta", "data"});
    SqliteInsert tag(file_, "tag", {"id", "name", "user_id"});
    const std::size_t count = std::max<std::size_t>(chats_ / 100, 5);
    for (std::size_t i = 0; i < count; ++i) {
      Person person{random_.uuid(), {}, {}};
      const std::string email = fmt::format("person{}@example.com", i);
      const std::int64_t time = time_of(i, count) - 1'000'000;
      user({person.id, fmt::format("Person {} Müller", i), email, i == 0 ? "admin" : "user", "/user.png",
            time + 900'000, time + 1000, time,
            R"({"ui":{"theme":"dark","pinnedModels":["llama3.2:latest"],"version":"0.12.4"}})", "null", "null", "null",
            i % 3 == 0 ? Cell("Europe/Berlin") : Cell()});
      const std::string hash = "$2b$12$" + random_.characters("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst", 53);
      auth({person.id, email, hash, 1, random_.uuid()});
      for (int n = 0; n < 4; ++n) {
        const std::string parent = n == 3 ? person.folders[0] : "";
        person.folders.push_back(random_.uuid());
        folder({person.folders.back(), person.id, fmt::format("Folder {} 📁", n), n % 2, time, time + n,
                parent.empty() ? Cell() : Cell(parent), "null", R"({"icon":null})", R"({"files":[]})"});
      }
      for (const char* name : {"Work", "Foo Bar", "Науки", "日本語", "Ideas 2024", "todo"}) {
        std::string id(name);
        std::replace(id.begin(), id.end(), ' ', '_');
        tag({id, name, person.id});
        person.tags.push_back(std::move(id));
      }
      people_.push_back(std::move(person));
    }
  }

  void models() {
    SqliteInsert model(file_, "model", {"id", "user_id", "base_model_id", "name", "params", "meta", "updated_at",
                                        "created_at", "is_active"});
    for (const std::string& id : model_ids_) {
      model({id, people_[0].id, nullptr, id, R"({"temperature":0.7,"seed":9223372036854775807})",
             R"({"profile_image_url":"/static/favicon.png","capabilities":{"vision":true},"tags":[{"name":"t"}]})",
             first_second, first_second, 1});
    }
  }

  void files() {
    SqliteInsert insert(file_, "file", {"id", "user_id", "filename", "meta", "created_at", "hash", "data", "updated_at",
                                        "path"});
    for (std::size_t i = 0; i < chats_ / 10; ++i) {
      File file{random_.uuid(), random_.one_of(people_).id, fmt::format("rapport été {}.txt", i)};
      const std::string hash = random_.characters("0123456789abcdef", 64);
      insert({file.id, file.owner, file.name,
              fmt::format(R"({{"name":"{}","content_type":"text/plain","size":{},"file_hash":"{}","data":{{}},)"
                          R"("collection_name":"file-{}"}})", file.name, i, hash, file.id),
              time_of(i, chats_ / 10), hash,
              fmt::format(R"({{"status":"completed","content":"{}"}})",
                          prose_.json(random_, random_.between(500, 9000))),
              time_of(i, chats_ / 10) + 3, "/app/backend/data/uploads/" + file.id + "_" + file.name});
      files_.push_back(std::move(file));
    }
  }

  /// Questions are short, answers long, and a few of them very long.
  std::size_t length_of(bool user) {
    if (user) return random_.one_in(30) ? random_.between(800, 4000) : random_.between(20, 120);
    return random_.one_in(100) ? random_.between(4000, 20000) : random_.between(40, 420);
  }

  std::vector<Message> conversation(std::int64_t time, bool huge) {
    std::vector<Message> messages(2 * random_.between(1, 9));
    for (std::size_t i = 0; i < messages.size(); ++i) {
      messages[i] = {random_.uuid(), {}, {}, {}, i % 2 == 0, time + static_cast<std::int64_t>(i) * 7};
      messages[i].content = prose_.json(random_, huge && i == 1 ? huge_answer : length_of(messages[i].user));
      if (i > 0) {
        messages[i].parent = messages[i - 1].id;
        messages[i - 1].child = messages[i].id;
      }
    }
    return messages;
  }

  static std::string json_or_null(const std::string& text) { return text.empty() ? "null" : '"' + text + '"'; }

  static std::string message_json(const Message& message, const std::string& model) {
    const std::string children = message.child.empty() ? "" : '"' + message.child + '"';
    std::string json = fmt::format(
        R"({{"id":"{}","parentId":{},"childrenIds":[{}],"role":"{}","content":"{}","timestamp":{},)", message.id,
        json_or_null(message.parent), children, message.user ? "user" : "assistant", message.content, message.time);
    if (message.user) return json + fmt::format(R"("models":["{}"],"files":[]}})", model);
    return json + fmt::format(R"("model":"{0}","modelName":"{0}","modelIdx":0,"done":true,"userContext":null,)"
                              R"("usage":{1}}})", model, usage_);
  }

  static std::string chat_json(const std::string& title, const std::vector<Message>& messages,
                               const std::string& model) {
    std::string history, list;
    for (const Message& message : messages) {
      const std::string json = message_json(message, model);
      history += fmt::format("{}\"{}\":", history.empty() ? "" : ",", message.id) + json;
      list += (list.empty() ? "" : ",") + json;
    }
    return fmt::format(R"({{"id":"","title":"{}","models":["{}"],"params":{{}},"history":{{"messages":{{{}}},)"
                       R"("currentId":"{}"}},"messages":[{}],"tags":[],"timestamp":{},"files":[]}})",
                       title, model, history, messages.back().id, list, messages[0].time * 1000);
  }

  void chats() {
    SqliteInsert chat(file_, "chat", {"id", "user_id", "title", "created_at", "updated_at", "archived", "chat",
                                      "pinned", "meta", "folder_id", "tasks", "last_read_at", "current_message_id",
                                      "variables"});
    SqliteInsert row(file_, "chat_message",
                     {"id", "chat_id", "user_id", "role", "content", "done", "created_at", "updated_at", "output",
                      "files", "sources", "embeds", "status_history", "error", "usage", "meta", "parent_id",
                      "model_id"});
    SqliteInsert chat_file(file_, "chat_file", {"id", "user_id", "chat_id", "file_id", "message_id", "created_at",
                                                "updated_at"});
    SqliteInsert feedback(file_, "feedback", {"id", "user_id", "version", "type", "data", "meta", "snapshot",
                                              "created_at", "updated_at"});
    for (std::size_t i = 0; i < chats_; ++i) {
      const Person& owner = random_.one_of(people_);
      const std::string id = random_.uuid(), title = fmt::format("Chat {} – привет 🚀", i);
      const std::string& model = random_.one_of(model_ids_);
      const std::vector<Message> messages = conversation(time_of(i, chats_), i == chats_ / 2);
      const std::int64_t time = messages[0].time, end = messages.back().time;
      const std::string document = chat_json(title, messages, model);
      chat({id, owner.id, title, time, end, random_.one_in(20) ? 1 : 0, document, random_.one_in(15) ? 1 : 0,
            tags_json(owner), random_.one_in(3) ? Cell(random_.one_of(owner.folders)) : Cell(), "null", end + 10,
            messages.back().id, "{}"});
      for (const Message& message : messages) chat_message(row, id, owner.id, message, model);
      if (random_.one_in(12)) {
        chat_file({random_.uuid(), owner.id, id, random_.one_of(files_).id, messages[0].id, time, time});
      }
      if (random_.one_in(50)) {
        feedback({random_.uuid(), owner.id, 0, "rating", fmt::format(R"({{"rating":1,"model_id":"{}"}})", model),
                  fmt::format(R"({{"chat_id":"{}","message_id":"{}"}})", id, messages[1].id),
                  fmt::format(R"({{"chat":{}}})", document), end, end});
      }
    }
  }

  std::string tags_json(const Person& owner) {
    if (!random_.one_in(2)) return "{}";
    const std::string& first = random_.one_of(owner.tags);
    const std::string& second = random_.one_of(owner.tags);
    if (first == second) return fmt::format(R"({{"tags":["{}"]}})", first);
    return fmt::format(R"({{"tags":["{}","{}"]}})", first, second);
  }

  void chat_message(SqliteInsert& row, const std::string& chat, const std::string& owner, const Message& message,
                    const std::string& model) {
    ++written_messages_;
    row({chat + "-" + message.id, chat, owner, message.user ? "user" : "assistant", '"' + message.content + '"', 1,
         message.time, message.time + 5, "null", message.user ? "[]" : "null", "null", "null", "null", "null",
         message.user ? "null" : usage_, "null", message.parent.empty() ? Cell() : Cell(message.parent),
         message.user ? Cell() : Cell(model)});
  }

  /// Here all times are nanoseconds.
  void channels() {
    SqliteInsert channel(file_, "channel", {"id", "user_id", "name", "description", "data", "meta", "created_at",
                                            "updated_at"});
    SqliteInsert member(file_, "channel_member", {"id", "channel_id", "user_id", "created_at", "status", "joined_at",
                                                  "last_read_at", "updated_at", "data", "meta"});
    SqliteInsert message(file_, "message", {"id", "user_id", "channel_id", "content", "data", "meta", "created_at",
                                            "updated_at", "is_pinned", "parent_id"});
    SqliteInsert reaction(file_, "message_reaction", {"id", "user_id", "message_id", "name", "created_at"});
    for (std::size_t i = 0; i < people_.size() / 10 + 1; ++i) {
      const std::string id = random_.uuid();
      std::int64_t time = first_second * nanoseconds + static_cast<std::int64_t>(random_.below(1'000'000'000'000'000));
      channel({id, random_.one_of(people_).id, fmt::format("general {} 💬", i), "", "null", "null", time, time + 17});
      for (std::size_t n = 0; n < people_.size(); n += 7) {
        member({random_.uuid(), id, people_[n].id, time, "joined", time, time, time, "null", "null"});
      }
      std::string last;
      for (int n = 0; n < 100; ++n) {
        time += static_cast<std::int64_t>(random_.between(1, 100'000'000'000));
        const Cell parent = random_.one_in(4) && !last.empty() ? Cell(last) : Cell();
        last = random_.uuid();
        message({last, random_.one_of(people_).id, id, prose_.text(random_, 150), "null", "null", time, time, 0,
                 parent});
        if (random_.one_in(5)) reaction({random_.uuid(), random_.one_of(people_).id, last, "thumbs_up", time + 1});
      }
    }
  }

  void workspace() {
    SqliteInsert note(file_, "note", {"id", "user_id", "title", "data", "meta", "created_at", "updated_at"});
    SqliteInsert memory(file_, "memory", {"id", "user_id", "content", "updated_at", "created_at", "type", "meta"});
    SqliteInsert prompt(file_, "prompt", {"id", "command", "user_id", "name", "content", "created_at", "updated_at",
                                          "data", "meta", "tags"});
    SqliteInsert group(file_, "group", {"id", "user_id", "name", "description", "permissions", "created_at",
                                        "updated_at", "data", "meta"});
    SqliteInsert member(file_, "group_member", {"id", "group_id", "user_id", "created_at", "updated_at"});
    std::string group_id;
    for (std::size_t i = 0; i < people_.size(); ++i) {
      const std::int64_t time = time_of(i, people_.size());
      const std::string& id = people_[i].id;
      note({random_.uuid(), id, "Nøte 📝", fmt::format(R"({{"content":{{"json":null,"md":"{}"}},"versions":[]}})",
                                                       prose_.json(random_, 2000)),
            "{}", time * nanoseconds + 159'679, time * nanoseconds + 259'681});
      memory({random_.uuid(), id, prose_.text(random_, 100), time, time, "context", "null"});
      prompt({random_.uuid(), fmt::format("command-{}", i), id, "A prompt", prose_.text(random_, 400), time, time, "{}",
              "{}", "[]"});
      if (i % 20 == 0) {
        group_id = random_.uuid();
        group({group_id, id, fmt::format("Group {}", i), "", R"({"workspace":{"models":true}})", time, time, "null",
               "null"});
      }
      member({random_.uuid(), group_id, id, time, time});
    }
  }

  static constexpr const char* usage_ =
      R"({"prompt_tokens":412,"completion_tokens":834,"total_duration":9007199254740})";
  const std::vector<std::string> model_ids_{"llama3.2:latest", "gpt-4o", "hf.co/x/y:q4_K_M", "qwen3-8b", "o4-mini"};
  SqliteFile& file_;
  const std::size_t chats_;
  Random random_{20261121};
  const Prose prose_{random_};
  std::vector<Person> people_;
  std::vector<File> files_;
  std::int64_t written_messages_ = 0;
};

}  // namespace

BenchDatabase make_bench_database(const fs::path& path, std::size_t megabytes) {
  const test::TemporaryDirectory scratch("bench");
  fs::copy_file(test::fresh(scratch.path()), path, fs::copy_options::overwrite_existing);
  SqliteFile file(path);
  BenchDatabase written = Writer(file, megabytes).write();
  written.bytes = fs::file_size(path);
  return written;
}

}  // namespace twoway::bench
