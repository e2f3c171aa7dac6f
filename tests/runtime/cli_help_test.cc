#include <gtest/gtest.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <fstream>
#include <sstream>

#include "runtime/cli/explain.h"
#include "runtime/cli/help.h"
#include "runtime/cli/options.h"
#include "runtime/cli/store_argument.h"
#include "runtime/cli/suggest.h"
#include "runtime/cli/version.h"
#include "tests/runtime/report_sample.h"

namespace twoway::cli {
namespace {

TEST(CliHelp, WholeText) {
  EXPECT_EQ(help(sample::mapping(), Command::none),
            R"(twoway 0.1.0 moves data between SQL and PocketBase, in all directions, and proves that it can come back.
Mapping: openwebui-pocketbase (Open WebUI 0.12.4)

Usage: twoway COMMAND [OPTIONS]

Commands:
  plan    --from STORE --to STORE   say what migrate would do; writes nothing
  migrate --from STORE --to STORE   carry everything over, compare every row, write a receipt
  verify  --from STORE --to STORE   compare all fields of all rows; writes nothing
  verify  --receipt FILE STORE      prove one store against the receipt of an earlier run
  prepare STORE                     create the schema in an empty target
  status  DIR                       what runs into a target have committed so far
  restore RECEIPT|DIR               put back what the target held before a run
  retry   RECEIPT|DIR               try again the rows that the target rejected
  drift   STORE                     compare what a store declares with the mapping; writes nothing
  health  STORE                     say whether an application can start on a store; writes nothing
  backfill NAME STORE               fill a relation of PocketBase from the arrays that say the same
  explain [ENTITY]                  how each column goes over and comes back
  ids     STORE --entity ENTITY     the key of each row and the id of its record, as a table
  letters RECEIPT|DIR --out DIR     letters to the people whose accounts a run carried

Options of all commands:
      --json                print the result as JSON on standard output
      --quiet               no progress and no summary; warnings and errors only
      --verbose             every note, rejected row and difference; a detailed log
      --log-format FORMAT   log lines on standard error: text (default) or json
  -h, --help                this text; twoway COMMAND --help for a command
      --version             versions of the program and of the mapping

STORE:
  webui.db, sqlite:///webui.db, sqlite:////data/webui.db   a SQLite file (three slashes: relative path)
  postgresql://user@host:5432/database                     a PostgreSQL database, as DATABASE_URL has it
  pb_data                                                  a PocketBase data directory; stop PocketBase first
  http://host:8090, https://host                           a PocketBase server
  env:NAME                                                 what the environment variable NAME holds
The direction follows from the stores. A path that does not exist yet is made: a SQLite file where it ends in .db,
.sqlite or .sqlite3, else a PocketBase data directory.

Secrets come from the environment or from files, never from an option:
  PGPASSWORD, ~/.pgpass                                    PostgreSQL (DATABASE_SCHEMA names a schema)
  POCKETBASE_SUPERUSER_EMAIL, POCKETBASE_SUPERUSER_PASSWORD or POCKETBASE_SUPERUSER_TOKEN

Exit status:
  0  done and verified
  1  differences or rejected rows
  2  could not start; nothing was written
  3  interrupted; the same command goes on where it ended
)");
}

/// Every option that the parser takes is in the help, and the other way round.
TEST(CliHelp, SaysWhatTheParserTakes) {
  Options options;
  CLI::App app;
  declare(app, options);
  const auto check = [&](const CLI::App& declared, Command command) {
    const std::string text = help(sample::mapping(), command);
    for (const CLI::Option* option : declared.get_options()) {
      const std::string name = option->get_positional() ? option->get_name() : "--" + option->get_lnames().front();
      EXPECT_NE(text.find(name), std::string::npos) << name;
    }
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t dashes = line.find("      --");
      if (dashes != 0) continue;
      const std::string name = line.substr(6, line.find(' ', 6) - 6);
      EXPECT_NE(declared.get_option_no_throw(name), nullptr) << name;
    }
    EXPECT_EQ(text.find('\t'), std::string::npos);
    std::istringstream again(text);
    for (std::string line; std::getline(again, line);) EXPECT_LE(line.size(), 118u) << line;
  };
  check(app, Command::none);
  for (const Command command : {Command::migrate, Command::plan, Command::verify, Command::prepare, Command::explain,
                                Command::drift, Command::ids, Command::letters}) {
    check(*app.get_subcommand(std::string(name(command))), command);
    const Options parsed = parse({std::string(name(command)), "--help"});
    EXPECT_TRUE(parsed.help);
    EXPECT_EQ(parsed.command, command);
  }
}

TEST(CliFiles, OptionsThatDoNotFitEachOther) {
  const auto refused = [](std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--from", "a.db", "--to", "b"});
    try {
      require_complete(parse(words));
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused({"migrate", "--files", "move"}), "--files is none, reuse or copy");
  EXPECT_EQ(refused({"migrate", "--link"}), "--link goes with --files copy");
  EXPECT_EQ(refused({"plan", "--files", "reuse", "--uploads-path", "/x"}), "--uploads-path goes with --files copy");
  EXPECT_EQ(refused({"verify", "--files", "none", "--uploads", "x"}), "--uploads goes with --files reuse or copy");
  EXPECT_EQ(refused({"migrate", "--uploads", "x"}), "");
  EXPECT_EQ(refused({"migrate", "--files", "copy", "--uploads", "x", "--uploads-path", "/x", "--link"}), "");
  try {
    require_complete(parse({"verify", "pb_data", "--receipt", "r.json", "--files", "copy"}));
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "--files copy compares two stores; it cannot go with STORE");
  }
}

TEST(CliHelp, VersionIsTheProjects) {
  std::ostringstream text;
  text << std::ifstream(std::string(TWOWAY_SOURCE_DIR) + "/CMakeLists.txt").rdbuf();
  EXPECT_NE(text.str().find("project(twoway VERSION " + std::string(program_version) + " "), std::string::npos);
}

TEST(CliExplain, Mapping) {
  EXPECT_EQ(explain_mapping(sample::mapping(), false),
            R"(openwebui-pocketbase: 2 entities in the order in which they are migrated

entity  table       collection  columns  iso  residue  mirror  derived  lossy  purge
user    user, auth  users             1    1        .       .        .      .      .
chat    chat        chats             3    1        1       .        1      .      1

tables of which nothing goes over
  oauth_session  mapping.yaml:12  sessions end
)");
}

TEST(CliExplain, Entity) {
  EXPECT_EQ(explain_entity(sample::mapping(), "chat", false), R"(chat: table chat <-> collection chats
migrated after: user

column   field     lens       class    mapping               note
id       id        record_id  iso      entities/chat.yaml:5
user_id  user_id   reference  residue  entities/chat.yaml:7  of user; on_delete cascade
secret   -         -          purge    entities/chat.yaml:8  sessions end
-        verified  bool       derived  entities/chat.yaml:9  only in PocketBase

  iso      comes back to the byte
  residue  shown as far as PocketBase can; the exact value travels in the residue and comes back to the byte
  derived  computed; not read on the way back
  purge    nothing goes over, by the mapping's word
)");
}

TEST(CliExplain, EntityJson) {
  EXPECT_EQ(explain_entity(sample::mapping(), "user", true), R"({
  "entity": "user",
  "table": "user",
  "joined_tables": [
    "auth"
  ],
  "collection": "users",
  "auth": true,
  "needs": [],
  "columns": 1,
  "fields_only": 0,
  "classes": {
    "iso": 1,
    "residue": 0,
    "mirror": 0,
    "derived": 0,
    "lossy": 0,
    "purge": 0
  },
  "fields": [
    {
      "column": "id",
      "field": "id",
      "lens": "record_id",
      "class": "iso",
      "note": "",
      "position": "entities/user.yaml:5"
    }
  ]
}
)");
}

TEST(CliExplain, UnknownEntity) {
  try {
    explain_entity(sample::mapping(), "chta", false);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no entity is named chta");
    EXPECT_EQ(error.hint(), "did you mean chat? twoway explain lists all of them");
    EXPECT_EQ(error.status(), ExitStatus::cannot_start);
  }
}

TEST(CliStore, Forms) {
  EXPECT_EQ(store_path("webui.db"), "webui.db");
  EXPECT_EQ(store_path("pb_data//"), "pb_data");
  EXPECT_EQ(store_path("/"), "/");
  EXPECT_EQ(store_path("sqlite:///webui.db"), "webui.db");
  EXPECT_EQ(store_path("sqlite:////data/webui.db"), "/data/webui.db");
  EXPECT_EQ(store_path("sqlite+aiosqlite:////data/webui.db?timeout=5"), "/data/webui.db");
  EXPECT_EQ(store_path("odd name?://x"), "odd name?://x") << "no scheme: a path";
  EXPECT_EQ(store_path("postgresql+psycopg://h/d"), "postgresql+psycopg://h/d");
  EXPECT_EQ(store_path("https://pb.example"), "https://pb.example");
  ASSERT_EQ(setenv("TWOWAY_TEST_STORE", "sqlite:////data/webui.db", 1), 0);
  EXPECT_EQ(store_path("env:TWOWAY_TEST_STORE"), "/data/webui.db");
}

TEST(CliStore, Refused) {
  const auto refused = [](std::string_view store) -> std::string {
    try {
      return "accepted as " + store_path(store);
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), ExitStatus::cannot_start);
      EXPECT_NE(error.hint(), "");
      return error.what();
    }
  };
  EXPECT_EQ(refused(""), "a STORE is empty");
  EXPECT_EQ(refused("sqlite://"),
            "a SQLite URL has three slashes and a path: sqlite:///webui.db, sqlite:////data/webui.db");
  EXPECT_EQ(refused("sqlite:///"), "a SQLite database in memory holds nothing to migrate");
  EXPECT_EQ(refused("sqlite:///:memory:"), "a SQLite database in memory holds nothing to migrate");
  EXPECT_EQ(refused("sqlite:///file:x.db?uri=true"), "SQLite URIs (file:...?uri=true) are not supported");
  EXPECT_EQ(refused("sqlite+sqlcipher:///x.db"), "an encrypted SQLite file (SQLCipher) is not supported");
  EXPECT_EQ(refused("env:TWOWAY_NOT_SET"), "env:TWOWAY_NOT_SET: the environment has no TWOWAY_NOT_SET");
  EXPECT_EQ(refused("env:"), "env:: the environment has no ");
  EXPECT_EQ(refused("mysql://h/d"), "stores of the kind mysql:// are not supported");
}

TEST(CliStore, StateDirectory) {
  EXPECT_EQ(default_state_directory("/srv/pb_data"), "/srv/pb_data.twoway");
  EXPECT_EQ(default_state_directory("pb_data"), "pb_data.twoway");
  EXPECT_EQ(default_state_directory("/tmp/."), "/tmp.twoway") << "not a hidden directory within the target";
  EXPECT_EQ(default_state_directory("postgresql://me:s3@cret@db.example:5432/openwebui?sslmode=require"),
            "postgresql-db.example-5432-openwebui.twoway");
  EXPECT_EQ(default_state_directory("https://pb.example:8090/"), "https-pb.example-8090.twoway");
}

TEST(CliSuggest, Nearest) {
  constexpr std::array<std::string_view, 3> names{"chat", "channel", "user"};
  EXPECT_EQ(nearest("chta", names), "chat");
  EXPECT_EQ(nearest("chats", names), "chat");
  EXPECT_EQ(nearest("chanel", names), "channel");
  EXPECT_EQ(nearest("zzz", names), "");
  EXPECT_EQ(nearest("", names), "");
}

}  // namespace
}  // namespace twoway::cli
