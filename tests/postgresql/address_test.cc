// URLs of PostgreSQL, and what is said to people who cannot connect: whole texts.
#include "runtime/store/postgresql/address.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <regex>

#include "runtime/store/postgresql/database.h"
#include "tests/support/postgresql_cluster.h"

namespace twoway::postgresql {
namespace {

using test::PostgresqlCluster;
using test::PostgresqlOptions;
using test::shared_cluster;

/// Settings as `name=value`, a blank between them.
std::string settings(std::string_view url, std::string_view schema = {}) {
  std::string out;
  for (const auto& [name, value] : parse_address(url, schema).settings) {
    out += (out.empty() ? "" : " ") + name + "=" + value;
  }
  return out;
}

/// What is said and hinted where this throws.
template <class Work>
std::string words(Work work) {
  try {
    work();
  } catch (const Error& error) {
    return std::string(error.what()) + "\n" + error.hint();
  }
  return "nothing";
}

std::string refusal(std::string_view url) {
  return words([&] { parse_address(url); });
}

TEST(Address, AsApplicationsHaveIt) {
  EXPECT_EQ(settings("postgresql://webui:secret@db:5433/openwebui"),
            "user=webui password=secret host=db port=5433 dbname=openwebui");
  for (const char* scheme : {"postgres", "postgresql+psycopg2", "postgresql+psycopg", "postgresql+asyncpg"}) {
    EXPECT_EQ(settings(std::string(scheme) + "://u@h/d"), "user=u host=h dbname=d");
  }
  EXPECT_EQ(settings("postgresql://u%40corp:p%2Fa%3As%25s%20w@h/my%20db?sslmode=require&connect_timeout=3"),
            "user=u@corp password=p/a:s%s w host=h dbname=my db sslmode=require connect_timeout=3");
  EXPECT_EQ(settings("postgresql://u:p@ss@h/d"), "user=u password=p@ss host=h dbname=d");
  EXPECT_EQ(settings("postgresql:///d?host=/var/run/postgresql&user=u"), "dbname=d host=/var/run/postgresql user=u");
  EXPECT_EQ(settings("postgresql://u@[::1]:5432/d"), "user=u host=::1 port=5432 dbname=d");
  EXPECT_EQ(settings("postgresql://h/d?ssl=require"), "host=h dbname=d sslmode=require");
  EXPECT_EQ(settings("postgresql://?service=webui"), "service=webui");
}

TEST(Address, IsDescribedWithoutSecrets) {
  EXPECT_EQ(parse_address("postgresql+psycopg2://webui:secret@db:5433/openwebui?sslpassword=secret").describe(),
            "postgresql://webui@db:5433/openwebui");
  EXPECT_EQ(parse_address("postgres://h/d", "tenant").describe(), "postgresql://h/d (schema tenant)");
  EXPECT_EQ(parse_address("postgresql://u@[::1]/d").describe(), "postgresql://u@[::1]/d");
}

TEST(Address, WhatIsWrongWithIt) {
  EXPECT_EQ(refusal("mysql://h/d"),
            "this is no PostgreSQL URL: it begins with none of postgresql://, postgres://, postgresql+psycopg2://, "
            "postgresql+psycopg://, postgresql+asyncpg://\n"
            "It looks like postgresql://user:password@host:5432/database?sslmode=require.");
  EXPECT_EQ(refusal("postgresql://u:secret@h"),
            "the PostgreSQL URL names no database\n"
            "It looks like postgresql://user:password@host:5432/database?sslmode=require.");
  EXPECT_EQ(refusal("postgresql://u:sec%ret@h/d"),
            "the PostgreSQL URL has a '%' in its password that begins no percent escape\n"
            "Write %25 for a percent sign, %40 for @, %2F for /, %3A for a colon.");
  const std::string port =
      "the PostgreSQL URL has no number from 1 to 65535 for its port\n"
      "Is there a special character in the password? Write %40 for @, %2F for /, %3A for a colon, %23 for #, %3F for a "
      "question mark.";
  EXPECT_EQ(refusal("postgresql://u:sec/ret@h:5432x/d"), port);
  EXPECT_EQ(refusal("postgresql://h:70000/d"), port);
  EXPECT_EQ(refusal("postgresql://h/d?pool_size=5").substr(0, 74),
            "the PostgreSQL URL has an option 'pool_size' that libpq does not know\nKnow");
  EXPECT_EQ(refusal("postgresql://h/d?host=other"),
            "the PostgreSQL URL names the host twice\n"
            "It looks like postgresql://user:password@host:5432/database?sslmode=require.");
}

TEST(Address, PasswordsOfEveryKindGetThrough) {
  PostgresqlOptions options;
  options.passwords = true;
  options.fsync = false;
  PostgresqlCluster cluster(options);
  const std::string name = cluster.create_database();
  EXPECT_EQ(Connection(parse_address(cluster.url(name)), Access::read_only).text("SELECT current_user::text"), "webui");
  EXPECT_EQ(Connection(parse_address(cluster.socket_url(name)), Access::read_only).integer("SELECT 7"), 7);
  cluster.sql(name, R"(ALTER ROLE webui PASSWORD 'a b''c\d"=singlerows=true')", PostgresqlCluster::superuser);
  const std::string server = "127.0.0.1:" + std::to_string(cluster.port()) + "/" + name;
  EXPECT_EQ(Connection(parse_address("postgresql://webui:a%20b'c\\d\"=singlerows=true@" + server), Access::read_only)
                .integer("SELECT 7"),
            7);
  EXPECT_EQ(words([&] { Connection(parse_address("postgresql://webui:wr0ng@" + server), Access::read_only); }),
            "cannot connect to postgresql://webui@" + server + ": password authentication failed for user \"webui\"\n"
            "Check user and password. In a URL, write %40 for @, %2F for /, %3A for a colon, %25 for a percent sign.");
  EXPECT_EQ(words([&] { Connection(parse_address("postgresql://webui@" + server), Access::read_only); }),
            "cannot connect to postgresql://webui@" + server + ": connection to server at \"127.0.0.1\", port " +
                std::to_string(cluster.port()) + " failed: fe_sendauth: no password supplied\n"
            "Put the password into the URL, into PGPASSWORD or into ~/.pgpass.");
}

TEST(Address, WhatIsSaidToThoseWhoCannotConnect) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  const std::string server = "127.0.0.1:" + std::to_string(cluster.port());
  const auto open = [](const std::string& url, std::string_view schema = {}) {
    return words([&] { Connection(parse_address(url, schema), Access::read_write); });
  };
  EXPECT_EQ(open("postgresql://webui@" + server + "/nowhere"),
            "cannot connect to postgresql://webui@" + server + "/nowhere: database \"nowhere\" does not exist\n"
            "Check the URL's user and database, or make them with CREATE ROLE and CREATE DATABASE.");
  EXPECT_EQ(open("postgresql://webui@127.0.0.1:1/d"),
            "cannot connect to postgresql://webui@127.0.0.1:1/d: connection to server at \"127.0.0.1\", port 1 failed: "
            "Connection refused\n"
            "Is the server running, and does it listen on this host and port?");
  EXPECT_EQ(open(cluster.url(name) + "?sslmode=require"),
            "cannot connect to postgresql://webui@" + server + "/" + name + ": connection to server at \"127.0.0.1\", "
            "port " + std::to_string(cluster.port()) + " failed: server does not support SSL, but SSL was required\n"
            "Use sslmode=prefer or sslmode=disable in the URL.");
  EXPECT_EQ(open(cluster.url(name), "tenant"),
            "postgresql://webui@" + server + "/" + name + " (schema tenant) has no schema 'tenant'\n"
            "Check DATABASE_SCHEMA, or make it with CREATE SCHEMA.");
  cluster.sql("postgres", "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0 OWNER webui",
              PostgresqlCluster::superuser);
  EXPECT_EQ(open(cluster.url("latin")),
            "the database postgresql://webui@" + server + "/latin stores text in LATIN1, not in UTF8\n"
            "Make a database with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0 and restore a dump of this "
            "one into it.");
}

TEST(Address, TheSchemaIsTheOnlyOneThatIsLookedInto) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE here (a int); CREATE SCHEMA \"Ten ant\"; CREATE TABLE \"Ten ant\".there (a int)");
  Connection connection(parse_address(cluster.url(name), "Ten ant"), Access::read_write);
  EXPECT_EQ(connection.schema(), "Ten ant");
  EXPECT_EQ(words([&] { connection.execute("SELECT * FROM here"); }),
            connection.describe() + ": relation \"here\" does not exist (SQLSTATE 42P01)\n"
            "The statement was: SELECT * FROM here");
  connection.execute("SELECT * FROM there");
}

TEST(Address, StatementsThatAreRefusedTellNoValues) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  cluster.sql(name, "CREATE TABLE t (a text PRIMARY KEY)");
  Connection connection(parse_address(cluster.url(name)), Access::read_write);
  const Parameter secret = text_parameter("sk-secret");
  connection.query("INSERT INTO t VALUES ($1)", {&secret, 1});
  try {
    connection.query("INSERT INTO t VALUES ($1)", {&secret, 1});
    ADD_FAILURE() << "a duplicate was taken";
  } catch (const StatementError& error) {
    EXPECT_EQ(error.what(), connection.describe() +
                                ": duplicate key value violates unique constraint \"t_pkey\" (SQLSTATE 23505)");
    EXPECT_EQ(error.refusal().constraint, "t_pkey");
    EXPECT_TRUE(error.is_about_rows());
  }
  EXPECT_EQ(words([&] { connection.query("SELECT $1::text::int", {&secret, 1}); }),
            connection.describe() + ": invalid input syntax for type integer (SQLSTATE 22P02)\n"
            "The statement was: SELECT $1::text::int");
}

TEST(Address, ALostConnectionIsToldFromARefusedStatement) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  Connection connection(parse_address(cluster.url(name)), Access::read_write);
  cluster.sql(name, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'twoway-%'");
  try {
    connection.execute("SELECT 1");
    ADD_FAILURE() << "the connection stands";
  } catch (const ConnectionLost& lost) {
    EXPECT_EQ(std::string(lost.what()),
              "the connection to " + connection.describe() +
                  " is lost: terminating connection due to administrator command");
    EXPECT_EQ(lost.hint(), "When the server is back, run the same command again: it goes on where it stopped.");
  }
  connection.reopen();
  EXPECT_EQ(connection.integer("SELECT 7"), 7);
}

TEST(Address, OnlyOneTwowayWrites) {
  PostgresqlCluster& cluster = shared_cluster();
  const std::string name = cluster.create_database();
  const Address address = parse_address(cluster.url(name));
  Database first(address, Access::read_write);
  const auto plain = [](const std::string& text) {
    return std::regex_replace(text, std::regex("session [0-9]+"), "session N");
  };
  EXPECT_EQ(plain(words([&] { Database second(address, Access::read_write); })),
            fmt::format("another twoway writes to {}: twoway (process {}) (user webui from 127.0.0.1, session N)\n"
                        "Wait until it has ended, or end it.",
                        address.describe(), getpid()));
  Database reader(address, Access::read_only);
  EXPECT_EQ(reader.main().integer("SELECT 7"), 7);
  EXPECT_EQ(other_sessions(reader.main()), std::vector<std::string>{});
  Connection application(parse_address(cluster.url(name) + "?application_name=shop"), Access::read_only);
  const std::vector<std::string> others = other_sessions(first.main());
  ASSERT_EQ(others.size(), 1U);
  EXPECT_EQ(plain(others[0]), "shop (user webui from 127.0.0.1, session N)");
  EXPECT_EQ(words([&] { reader.main().execute("CREATE TABLE t (a int)"); }),
            address.describe() + ": cannot execute CREATE TABLE in a read-only transaction (SQLSTATE 25006)\n"
            "This server or session is read-only: name the primary server, not a standby.");
}

}  // namespace
}  // namespace twoway::postgresql
