#include "runtime/store/postgresql/wording.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace twoway::postgresql {

namespace {

/// libpq's words as one line: its messages are indented over several, and SOCI puts a line of its own before them.
std::string one_line(std::string_view said) {
  constexpr std::string_view preface = "Cannot establish connection to the database.";
  if (said.starts_with(preface)) said.remove_prefix(preface.size());
  std::string out;
  for (const char c : said) {
    const bool blank = c == '\n' || c == '\t' || c == '\r' || c == ' ';
    if (!blank) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.')) out.pop_back();
  return out;
}

/// What the server says when it refuses or ends a session, else libpq's words; without libpq's guesses behind them.
std::string fatal_part(std::string line) {
  constexpr std::string_view mark = "FATAL: ";
  if (const std::size_t at = line.rfind(mark); at != std::string::npos) {
    line.erase(0, at + mark.size());
    line.erase(0, line.find_first_not_of(' '));
  }
  constexpr std::array<std::string_view, 3> guesses{" This probably means", " Is the server running",
                                                    " server closed the connection"};
  for (const std::string_view guess : guesses) {
    if (const std::size_t at = line.find(guess); at != std::string::npos) line.erase(at);
  }
  return line;
}

struct Advice {
  std::string_view part;  ///< of the message
  std::string_view hint;
};

constexpr std::array<Advice, 15> advices{{
    {"password authentication failed",
     "Check user and password. In a URL, write %40 for @, %2F for /, %3A for a colon, %25 for a percent sign."},
    {"no password supplied", "Put the password into the URL, into PGPASSWORD or into ~/.pgpass."},
    {"no pg_hba.conf entry",
     "The server lets nobody in from here: add a line to its pg_hba.conf, or try ?sslmode=require in the URL."},
    {"does not exist", "Check the URL's user and database, or make them with CREATE ROLE and CREATE DATABASE."},
    {"permission denied", "Give this user the right to connect: GRANT CONNECT ON DATABASE."},
    {"Connection refused", "Is the server running, and does it listen on this host and port?"},
    {"No such file or directory", "Is the server running? With no host in the URL, its socket is looked for."},
    {"could not translate host name", "Check the host's name in the URL."},
    {"timeout expired", "Nobody answers there: check host, port and firewall."},
    {"server does not support SSL", "Use sslmode=prefer or sslmode=disable in the URL."},
    {"certificate", "Check sslmode and sslrootcert in the URL."},
    {"too many clients", "The server takes no more connections: end some, or raise its max_connections."},
    {"remaining connection slots", "The server takes no more connections: end some, or raise its max_connections."},
    {"too many connections", "This user or database may have no more connections: end some."},
    {"starting up", "The server is just starting: try again."},
}};

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace

Words words_for_no_connection(const Address& address, std::string_view said) {
  const std::string line = one_line(said);
  Words words{fmt::format("cannot connect to {}: {}", address.describe(), fatal_part(line)),
              "Check host, port, user and database in the URL."};
  const auto found = std::find_if(advices.begin(), advices.end(),
                                  [&](const Advice& advice) { return contains(line, advice.part); });
  if (found != advices.end()) words.hint = found->hint;
  return words;
}

Words words_for_lost_connection(const Address& address, std::string_view said) {
  std::string line = one_line(said);
  if (line.empty()) line = "the server is gone";
  return {fmt::format("the connection to {} is lost: {}", address.describe(), fatal_part(line)),
          "When the server is back, run the same command again: it goes on where it stopped."};
}

Words words_for_refusal(const Address& address, const Refusal& refusal, std::string_view sql) {
  Words words{fmt::format("{}: {} (SQLSTATE {})", address.describe(), refusal.message, refusal.sqlstate), {}};
  const std::string_view code = refusal.sqlstate;
  if (code == "42501") {
    words.hint = "Connect as the owner of the tables, or give this user the right.";
  } else if (code == "53100") {
    words.hint = "Make room on the server's disk and run the same command again.";
  } else if (code.starts_with("53")) {
    words.hint = "The server is out of memory or connections. Run the same command again when it has some.";
  } else if (code == "55P03") {
    words.hint = "Another program holds a lock on it for a minute: stop the application and try again.";
  } else if (code == "25006") {
    words.hint = "This server or session is read-only: name the primary server, not a standby.";
  } else if (code == "40P01" || code == "40001") {
    words.hint = "Another program writes to the same rows: stop the application and try again.";
  } else {
    constexpr std::size_t shown = 300;
    words.hint = fmt::format("The statement was: {}", sql.substr(0, shown));
  }
  return words;
}

std::string without_values(std::string_view message) {
  // `invalid input syntax for type bigint: "..."`; names of constraints and columns stand before any colon.
  const std::size_t quoted = message.find(": \"");
  // `value "..." is out of range for type integer`
  constexpr std::string_view value = "value \"";
  const std::size_t behind = message.rfind("\" is ");
  if (message.starts_with(value) && behind != std::string_view::npos) {
    return std::string("value").append(message.substr(behind + 1));
  }
  return std::string(message.substr(0, quoted));
}

bool is_connection_failure(std::string_view sqlstate) {
  return sqlstate.starts_with("08") || (sqlstate.starts_with("57P0") && sqlstate != "57P04");
}

bool StatementError::is_about_rows() const {
  const std::string_view code = refusal_.sqlstate;
  return code.starts_with("22") || code.starts_with("23") || code == "21000" || code == trigger_refused ||
         code.starts_with("54");
}

}  // namespace twoway::postgresql
