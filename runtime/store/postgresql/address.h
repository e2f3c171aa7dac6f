// Where a PostgreSQL database is: the URL that applications are given, taken apart.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace twoway::postgresql {

/// A database, and the schema in it. Holds the password if the URL had one; describe() never shows it.
struct Address {
  /// What libpq is told, in its own words (`host`, `port`, `user`, `password`, `dbname`, `sslmode`...), only what was
  /// given: for the rest libpq looks into its environment, its service file and ~/.pgpass.
  std::vector<std::pair<std::string, std::string>> settings;
  /// The schema that holds the tables; empty: the first one of the server's search_path, mostly `public`.
  std::string schema;

  /// The value of a setting, or an empty text.
  std::string_view find(std::string_view name) const;
  /// `postgresql://user@host:port/database`, with ` (schema NAME)` where there is one. No secrets.
  std::string describe() const;
  /// libpq's connection string, with the password.
  std::string connection_string() const;
};

/// True for URLs of PostgreSQL, with or without the name of a Python driver (`postgresql+psycopg2://`).
bool is_postgresql_url(std::string_view text);

/// Takes a URL as SQLAlchemy and libpq have it: `postgresql://user:password@host:port/database?sslmode=require`, with
/// percent escapes; `host=` in its query may name a socket's directory. `schema`: what the application's setting for it
/// says, or empty. Throws Error(cannot_start), without the password, where it is no such URL.
Address parse_address(std::string_view url, std::string_view schema = {});

}  // namespace twoway::postgresql
