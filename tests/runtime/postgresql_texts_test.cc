// What of PostgreSQL is text alone: URLs, dates and times, words for operators.
#include <gtest/gtest.h>

#include <limits>

#include "runtime/model/error.h"
#include "runtime/store/postgresql/address.h"
#include "runtime/store/postgresql/calendar.h"
#include "runtime/store/postgresql/failure.h"
#include "runtime/store/postgresql/json_grammar.h"
#include "runtime/store/postgresql/wording.h"

namespace twoway::postgresql {
namespace {

std::string refusal(std::string_view url) {
  try {
    parse_address(url);
    return "taken";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(PostgresqlUrls, EscapesThatAreNone) {
  const std::string no_escape = "the PostgreSQL URL has a '%' in its password that begins no percent escape";
  for (const char* password : {"%", "%4", "%4g", "%g4", "%00", "%:0", "%@0", "%`0", "%G0", "%/0"}) {
    EXPECT_EQ(refusal(std::string("postgresql://u:") + password + "@h/d"), no_escape) << password;
  }
  EXPECT_EQ(parse_address("postgresql://u:%4aA%4A@h/d").find("password"), "JAJ");
}

TEST(PostgresqlUrls, PartsThatDoNotFit) {
  EXPECT_EQ(refusal("mysql://h/d").substr(0, 27), "this is no PostgreSQL URL: ");
  EXPECT_EQ(refusal("no url").substr(0, 27), "this is no PostgreSQL URL: ");
  EXPECT_EQ(refusal("postgresql://h"), "the PostgreSQL URL names no database");
  EXPECT_EQ(refusal(std::string_view("postgresql://h/d\0e", 18)), "the PostgreSQL URL has a NUL in it");
  EXPECT_EQ(refusal("postgresql://h/d?dbname=e"), "the PostgreSQL URL names the database twice");
  EXPECT_EQ(refusal("postgresql://h/d?host=i"), "the PostgreSQL URL names the host twice");
  EXPECT_EQ(refusal("postgresql://h/d?sslmode"), "the PostgreSQL URL has an option 'sslmode' without a value");
  EXPECT_EQ(refusal("postgresql://h/d?color=red"), "the PostgreSQL URL has an option 'color' that libpq does not know");
  EXPECT_EQ(refusal("postgresql://[::1/d"), "the PostgreSQL URL has an IPv6 address without its closing ]");
  EXPECT_EQ(refusal("postgresql://[::1]x/d"), "the PostgreSQL URL has something between the IPv6 address and the port");
  for (const char* port : {"x", "1x", "0", "65536", "123456", ":1"}) {
    EXPECT_EQ(refusal(std::string("postgresql://h:") + port + "/d"),
              "the PostgreSQL URL has no number from 1 to 65535 for its port")
        << port;
  }
}

TEST(PostgresqlUrls, PartsThatMayBeEmpty) {
  EXPECT_EQ(parse_address("postgresql://h:/d").find("port"), "");
  EXPECT_EQ(parse_address("postgresql://[::1]/d").find("host"), "::1");
  EXPECT_EQ(parse_address("postgresql://u@h/d?&sslmode=&&connect_timeout=3&").find("connect_timeout"), "3");
  EXPECT_EQ(parse_address("postgresql://u:it's\\@h/d").connection_string(),
            "user='u' password='it\\'s\\\\' host='h' dbname='d'");
  EXPECT_EQ(parse_address("postgresql:///d", "shop").describe(), "postgresql:///d (schema shop)");
  EXPECT_EQ(parse_address("postgresql://[::1]:5432/d").describe(), "postgresql://[::1]:5432/d");
}

TEST(PostgresqlCalendar, DatesOfAnotherForm) {
  for (const char* text : {"",
                           "999-01-01",
                           "0000-01-01",
                           "01999-01-01",
                           "2000",
                           "2000/01/01",
                           "2000-x1-01",
                           "2000-13-01",
                           "2000-00-01",
                           "2000-01",
                           "2000-01/01",
                           "2000-01-00",
                           "2000-01-32",
                           "2000-02-30",
                           "1900-02-29",
                           "5874898-01-01",
                           "4714-11-23 BC",
                           "2000-01-01x",
                           "2000-01-01 12:00:00",
                           "2000-01-01 x",
                           "12345678-01-01",
                           "2000:01:01"}) {
    EXPECT_EQ(calendar::read_date(text), std::nullopt) << text;
  }
  EXPECT_EQ(calendar::read_date("2000-01-02"), 1);
  EXPECT_EQ(calendar::read_date("2000-01-02 00:00:00"), 1);
  EXPECT_EQ(calendar::read_date("2000-01-02T00:00:00.0"), 1);
  EXPECT_EQ(calendar::read_date("infinity"), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ(calendar::read_date("-infinity"), std::numeric_limits<std::int32_t>::min());
}

TEST(PostgresqlCalendar, TimestampsOfAnotherForm) {
  for (const char* text :
       {"", "x", "2000-01-01x00:00:00", "2000-01-01 ", "2000-01-01 24:00:00", "2000-01-01 00-00:00",
        "2000-01-01 00:60:00", "2000-01-01 00:00-00", "2000-01-01 00:00:60", "2000-01-01 00:00:0",
        "2000-01-01 00:00:00x", "2000-01-01 00:00:00.", "2000-01-01 00:00:00.1234567", "2000-01-01 00:00:00.12x",
        "2000-01-01 00:00:00./", "294277-01-01", "4714-11-23 00:00:00 BC"}) {
    EXPECT_EQ(calendar::read_timestamp(text), std::nullopt) << text;
  }
  EXPECT_EQ(calendar::read_timestamp("2000-01-01"), 0);
  EXPECT_EQ(calendar::read_timestamp("2000-01-01T00:00:01.5"), 1'500'000);
  EXPECT_EQ(calendar::read_timestamp("infinity"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(calendar::read_timestamp("-infinity"), std::numeric_limits<std::int64_t>::min());
}

TEST(PostgresqlCalendar, WhatItWritesItReads) {
  Arena arena;
  for (const std::int32_t days : {0, -1, 3'000'000, -731'000, -2'451'545, 2'145'031'948,
                                  std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::min()}) {
    EXPECT_EQ(calendar::read_date(calendar::date_text(days, arena)), days);
  }
  for (const std::int64_t time :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{86'399'999'999}, std::int64_t{-70'000'000'000'000'000},
        std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(calendar::read_timestamp(calendar::timestamp_text(time, arena)), time);
  }
  EXPECT_EQ(calendar::date_text(-730'119, arena), "0001-01-01");
  EXPECT_EQ(calendar::date_text(-730'120, arena).substr(4), "-12-31 BC");
}

TEST(PostgresqlCalendar, RoundsAwayFromTheYear2000) {
  EXPECT_EQ(calendar::rounded(1'500'000, 0), 2'000'000);
  EXPECT_EQ(calendar::rounded(-1'500'000, 0), -2'000'000);
  EXPECT_EQ(calendar::rounded(1'499'999, 0), 1'000'000);
  EXPECT_EQ(calendar::rounded(123'456, 3), 123'000);
  for (const std::int32_t digits : {-1, 6, 7}) EXPECT_EQ(calendar::rounded(123'456, digits), 123'456);
  for (const std::int64_t endless :
       {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
    EXPECT_EQ(calendar::rounded(endless, 0), endless);
  }
}

std::string refused(const std::string& sqlstate) {
  return words_for_refusal(parse_address("postgresql://h/d"), {sqlstate, "no", {}, {}, {}}, "SELECT 1").hint;
}

TEST(PostgresqlWords, ForRefusals) {
  EXPECT_EQ(refused("42501"), "Connect as the owner of the tables, or give this user the right.");
  EXPECT_EQ(refused("53100"), "Make room on the server's disk and run the same command again.");
  EXPECT_EQ(refused("53200"),
            "The server is out of memory or connections. Run the same command again when it has some.");
  EXPECT_EQ(refused("55P03"), "Another program holds a lock on it for a minute: stop the application and try again.");
  EXPECT_EQ(refused("25006"), "This server or session is read-only: name the primary server, not a standby.");
  for (const char* code : {"40P01", "40001"}) {
    EXPECT_EQ(refused(code), "Another program writes to the same rows: stop the application and try again.");
  }
  EXPECT_EQ(refused("42P01"), "The statement was: SELECT 1");
}

TEST(PostgresqlWords, ForConnections) {
  const Address address = parse_address("postgresql://h/d");
  EXPECT_EQ(words_for_lost_connection(address, " \n").what,
            "the connection to postgresql://h/d is lost: the server is gone");
  EXPECT_EQ(words_for_lost_connection(address,
                                      "server closed the connection unexpectedly\n\tThis probably means the "
                                      "server terminated abnormally.\r\n")
                .what,
            "the connection to postgresql://h/d is lost: server closed the connection unexpectedly");
  const Words odd = words_for_no_connection(address, "Cannot establish connection to the database. odd\n");
  EXPECT_EQ(odd.what, "cannot connect to postgresql://h/d: odd");
  EXPECT_EQ(odd.hint, "Check host, port, user and database in the URL.");
  EXPECT_EQ(words_for_no_connection(address, "FATAL:  the database system is starting up").hint,
            "The server is just starting: try again.");
}

TEST(PostgresqlWords, WhatACodeMeans) {
  for (const char* code : {"08006", "57P01", "57P05"}) EXPECT_TRUE(is_connection_failure(code)) << code;
  for (const char* code : {"57P04", "57014", "22001"}) EXPECT_FALSE(is_connection_failure(code)) << code;
  const auto about_rows = [](const char* code) {
    return StatementError("no", "", Refusal{code, "no", {}, {}, {}}).is_about_rows();
  };
  for (const char* code : {"22001", "23505", "21000", "P0001", "54000"}) EXPECT_TRUE(about_rows(code)) << code;
  for (const char* code : {"42P01", "53100", "40001"}) EXPECT_FALSE(about_rows(code)) << code;
}

TEST(PostgresqlWords, WithoutValues) {
  EXPECT_EQ(without_values("invalid input syntax for type bigint: \"secret\""), "invalid input syntax for type bigint");
  EXPECT_EQ(without_values("value \"secret\" is out of range for type integer"),
            "value is out of range for type integer");
  EXPECT_EQ(without_values("value too long for type character varying(3)"),
            "value too long for type character varying(3)");
  EXPECT_EQ(without_values("value \"odd"), "value \"odd");
}

TEST(PostgresqlJson, TakesWhatTheServerTakes) {
  for (const char* text : {"1", "-0.5e+10", "\"\"", "[]", "{}", " [1 , {\"a\":null, \"b\":[true,false]}]\n",
                           "\"\\u00e9\\uABCD\\uabcd\\n\\/\"", "\"\\ud83d\\ude00\"", "\"\\uD83D\\uDE00\""}) {
    EXPECT_TRUE(examine_json(text).valid) << text;
    EXPECT_FALSE(examine_json(text).unspeakable) << text;
  }
  for (const char* text :
       {"",          "01",          "1.",          "NaN",         "\"",          "\"\n\"", "\"\\", "\"\\x\"",
        "\"\\u12\"", "\"\\u12g4\"", "\"\\u12G4\"", "\"\\u12@4\"", "\"\\u12`4\"", "[1,]",   "[1",   "[1}",
        "{\"a\"}",   "{\"a\":}",    "{\"a\":1,}",  "{1:2}",       "tru",         "true1",  "1 2",  "{\"a\" 1}"}) {
    EXPECT_FALSE(examine_json(text).valid) << text;
  }
  EXPECT_TRUE(examine_json(std::string(7000, '[') + std::string(7000, ']')).too_deep);
}

TEST(PostgresqlJson, HalvesOfPairsAreReplaced) {
  Arena arena;
  for (const char* half :
       {"\\u0000", "\\ud800", "\\udc00", "\\uD8ff\\u0041", "\\ud800\\n", "\\ud800x", "\\uDBFF\\ud800"}) {
    const std::string text = std::string("\"") + half + "\"";
    EXPECT_TRUE(examine_json(text).unspeakable) << text;
    EXPECT_EQ(speakable_json(text, arena).substr(0, 7), "\"\\ufffd") << text;
  }
  EXPECT_EQ(speakable_json("\"\\ud83d\\ude00 \\n\"", arena), "\"\\ud83d\\ude00 \\n\"");
  EXPECT_EQ(speakable_json("7", arena), "7");
}

}  // namespace
}  // namespace twoway::postgresql
