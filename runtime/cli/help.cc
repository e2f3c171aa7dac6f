#include "runtime/cli/help.h"

#include <fmt/format.h>

#include "runtime/cli/version.h"

namespace twoway::cli {
namespace {

constexpr std::string_view top = R"(
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
)";

constexpr std::string_view migrate = R"(
Carries everything from one store to the other, compares every row and writes a receipt.

Usage: twoway migrate --from STORE --to STORE [OPTIONS]

      --from STORE          what is read; it stays as it is
      --to STORE            what is written; made where it does not exist
      --dry-run             read and convert everything, write nothing
      --restart             give up an interrupted run and carry everything anew
      --verify WHAT         compare every row afterwards (all, the default), rows chosen at random (sample), only how
                            many there are (count), or nothing (none); but for all, the receipt says `not verified`
      --no-verify           the same as --verify none
      --sample N            show N rows, chosen at random, side by side; with --verify sample: those that are compared
      --seed NUMBER         chooses them; the same number chooses the same rows again
      --no-backup           do not copy the target first
      --extra WHAT          rows that only the target has: refuse to start (refuse, the default), leave them (keep)
                            or delete them (delete)
      --while-open          go on although another program has the SQLite file or the PostgreSQL target open
      --files WHAT          files that rows name: leave them where they are and look at them (reuse, the default),
                            copy them (copy), or do not look (none)
      --uploads DIR         the directory in which the SQL side's application keeps them
      --uploads-path DIR    with --files copy, to SQL: what the rows' paths then begin with; without it they stay
      --link                with --files copy: share the bytes (clone or hard link) where both are on one file system
      --max-rejected N      end after the batch where more than N rows were rejected, with status 3
      --metrics FILE        how far the run is, for Prometheus; written anew every second
      --state DIR           where backups and receipts go; default: TARGET.twoway beside the target
      --receipt FILE        one more copy of the receipt; a page where FILE ends in .html, else JSON; may be repeated
      --receipt-there FILE  the receipt of the way there: says whether the same rows came back. Found by itself where
                            it is in the source's own state directory
      --reset-passwords     nobody's password works in the target: all are to be reset; hashes are kept and come back
      --yes                 do not ask before writing to a target that is not empty
      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE as above, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

SIGINT (Ctrl-C) and SIGTERM end the run after its batch with status 3; the same command goes on from there.
)";

constexpr std::string_view plan = R"(
Reads and converts everything, writes nothing, and says what migrate would do: what stops it, what needs a look, and
what can be done about each. Ends with status 2 where migrate, with the same options, would not start.

Usage: twoway plan --from STORE --to STORE [OPTIONS]

      --from STORE          what would be read
      --to STORE            what would be written; need not exist
      --extra WHAT          as for migrate: refuse, keep or delete rows that only the target has
      --no-backup           as for migrate: no backup, and no room for it
      --while-open          as for migrate: other programs may have the stores open
      --reset-passwords     as for migrate: all passwords are to be reset
      --people DIR          write people.csv and addresses.txt there, as migrate does beside its receipt
      --state DIR           as for migrate: where the backup would go
      --files WHAT          as for migrate; where it is given, every file is read and its hash compared
      --uploads DIR         as for migrate: the directory in which the SQL side's application keeps files
      --uploads-path DIR    as for migrate: what the rows' paths would begin with
      --link                as for migrate: no room for what is linked
      --receipt FILE        write what was found; a page where FILE ends in .html, else JSON; may be repeated
      --metrics FILE        how far the run is, for Prometheus; written anew every second
      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE as above, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's
)";

constexpr std::string_view verify = R"(
Compares all fields of all rows of two stores, in the SQL side's terms, and follows their references. Or proves one
store against the receipt of an earlier run, without the other side: every entity, chunk by chunk. Writes nothing.

Usage: twoway verify --from STORE --to STORE [OPTIONS]
       twoway verify --receipt FILE STORE [OPTIONS]

      --from STORE          what was read
      --to STORE            what was written
      --receipt FILE        a receipt (JSON) that STORE, or both ends, must still agree with
      --verify WHAT         compare every row (all, the default), rows chosen at random (sample), or only how many
                            there are (count); but for all, the result says `not verified`
      --sample N            show N rows, chosen at random, side by side; with --verify sample: those that are compared
      --seed NUMBER         chooses them; the same number chooses the same rows again
      --files WHAT          look at the files that rows name (reuse, the default), compare those of both sides by hash
                            (copy), or do not look (none)
      --uploads DIR         the directory in which the SQL side's application keeps them
      --uploads-path DIR    as for the migrate that wrote the rows
      --reset-passwords     the run between the two was told so
      --write-receipt FILE  write the result; a page where FILE ends in .html, else JSON; may be repeated
      --metrics FILE        how far the run is, for Prometheus; written anew every second
      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE as above, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's
)";

constexpr std::string_view prepare = R"(
Creates the schema in an empty target. migrate does it for a new one. For a PocketBase server it also says which files
make bulk transfer possible, and checks that they work.

Usage: twoway prepare STORE [OPTIONS]

      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE as above, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

A path that does not exist becomes a SQLite file where it ends in .db, .sqlite or .sqlite3, else a PocketBase data
directory.
)";

constexpr std::string_view status = R"(
Says what runs into a target have committed so far, how fast, and how long the rest may take.

Usage: twoway status DIR

DIR is the state directory, by default TARGET.twoway. Works beside a run. --verbose shows earlier runs whole.
)";

constexpr std::string_view restore = R"(
Backs out: puts back what the target held before a run. What stands there now is moved aside, not deleted; a target that
the run had made is moved away.

Usage: twoway restore RECEIPT|DIR [OPTIONS]

      --to STORE            the target, where it is reached by a URL
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's
      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH

RECEIPT is a receipt's JSON file. DIR is a state directory, by default TARGET.twoway: its newest run counts. Stop the
application first.
)";

constexpr std::string_view drift = R"(
Compares what a live store declares (tables, columns, types, keys, indexes; collections, fields, options, rules) with
the mapping, and tells real differences from those that come only from a database's age. Reads no rows and writes
nothing.

Usage: twoway drift STORE [OPTIONS]

      --suggest             print the YAML that makes the mapping fit, with the file and the place for each piece
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

--verbose lists what comes from age. Exit status: 0 no drift, 1 some, 2 could not look.
)";

constexpr std::string_view health = R"(
Says whether an application can start on a store: schema and revision, migrations, rules, indexes, an interrupted run,
the database's integrity, references that lead nowhere, how PocketBase is set up. Writes nothing.

Usage: twoway health STORE [OPTIONS]

      --quick               only what is known without reading rows: no integrity, no references
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

A data directory may be in use; name a running server by its address to have its hooks checked, too.
Exit status: 0 healthy (perhaps with hints), 1 findings, 2 could not look.
)";

constexpr std::string_view backfill = R"(
Fills a relation of PocketBase from the arrays that say the same, in records where only those were written. Adds what an
array names and the relation lacks; takes nothing out, and changes no array. A second run finds nothing to do.

Usage: twoway backfill NAME STORE [OPTIONS]

      --create COLUMN       make the records that names have none of; COLUMN of theirs gets the name
      --dry-run             say what would be done, write nothing
      --no-backup           do not copy the store first
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

NAME is the relation's field (tags), or collection.field (chats.tags). STORE is a data directory of a PocketBase that
does not run, or a server to which nobody writes meanwhile.
)";

constexpr std::string_view retry = R"(
Tries again the rows that a run rejected, after their cause is mended, and in a SQL target those that wait beside their
tables. Reads them from the source and compares all rows of their entities. rejected.jsonl keeps what is still rejected.

Usage: twoway retry RECEIPT|DIR [OPTIONS]

      --from STORE          the source, where it is reached by a URL with a password
      --to STORE            the target, where it is reached by a URL with a password
      --no-verify           do not compare the two sides afterwards
      --no-backup           do not copy the target first
      --while-open          go on although another program has one of the stores open
      --reset-passwords     as the run was told
      --receipt FILE        one more copy of the receipt; a page where FILE ends in .html, else JSON; may be repeated
      --metrics FILE        how far the run is, for Prometheus; written anew every second
      --pocketbase FILE     the PocketBase program; default: $POCKETBASE, then PATH
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

RECEIPT is a receipt's JSON file. DIR is a state directory, by default TARGET.twoway: its newest run counts. Where much
was mended, twoway migrate does the same and more: it carries every row again and writes where one differs.
)";

constexpr std::string_view explain = R"(
Says how each column of an entity goes over and comes back, and where the mapping says so.

Usage: twoway explain [ENTITY]

Without ENTITY (also: its table or collection): all entities in the order in which they are migrated.
)";

constexpr std::string_view ids = R"(
Prints the pairs of one entity: the key of each row in SQL, and the id of its record in PocketBase. Canonical ids are
the same on both sides; others are made by a function that can be reversed, and this is its table.

Usage: twoway ids STORE --entity ENTITY [OPTIONS]

      --entity ENTITY       its name, table or collection
      --csv                 a line with names, then a line a row (this is the default; --json: an array)
      --out FILE            into a file, which only its owner may read, instead of standard output
      --credentials FILE    superuser of a PocketBase server: lines NAME=VALUE, instead of the environment
      --ca-file FILE        certificates to trust for https, beside the system's

From a SQL database: the ids that records have or will have. From a PocketBase: the keys that rows have or will have.
)";

constexpr std::string_view letters = R"(
Writes letters to the people whose accounts a run carried: maintenance, please sign in again, please set a new
password, we went back. Each as plain text, as a page, and a file with the addresses of those concerned, one a line.

Usage: twoway letters RECEIPT|DIR --out DIR [OPTIONS]

      --out DIR             where they go; made where it is missing
      --when TEXT           when the maintenance begins: `on 1 December at 22:00 UTC`
      --contact TEXT        whom to ask
      --overwrite           also those that somebody edited since they were written

RECEIPT is a receipt's JSON file, DIR a state directory, by default TARGET.twoway: its newest run counts. A plan's
receipt (plan --people DIR --receipt FILE) makes the first letter only.
)";

/// The texts begin on a line of their own in this file.
std::string after_line_feed(std::string_view text) { return std::string(text.substr(1)); }

}  // namespace

std::string help(const Mapping& mapping, Command command) {
  switch (command) {
    case Command::none: break;
    case Command::migrate: return after_line_feed(migrate);
    case Command::plan: return after_line_feed(plan);
    case Command::verify: return after_line_feed(verify);
    case Command::prepare: return after_line_feed(prepare);
    case Command::explain: return after_line_feed(explain);
    case Command::status:
      return after_line_feed(status);
    case Command::restore:
      return after_line_feed(restore);
    case Command::retry:
      return after_line_feed(retry);
    case Command::drift:
      return after_line_feed(drift);
    case Command::health:
      return after_line_feed(health);
    case Command::backfill:
      return after_line_feed(backfill);
    case Command::ids:
      return after_line_feed(ids);
    case Command::letters:
      return after_line_feed(letters);
  }
  const std::string side = mapping.version_name.empty() ? "" : fmt::format(" ({})", mapping.version_name);
  return fmt::format("twoway {} moves data between SQL and PocketBase, in all directions, and proves that it can "
                     "come back.\nMapping: {}{}\n{}",
                     program_version, mapping.name, side, top);
}

}  // namespace twoway::cli
