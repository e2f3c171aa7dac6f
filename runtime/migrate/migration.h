// A whole run: preflight, backup, migrate, verify. The command line and the report sit on top of this.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/model/entity.h"
#include "runtime/model/error.h"

namespace twoway {

enum class Direction : std::uint8_t { to_pocketbase, to_sql, sql_to_sql, pocketbase_to_pocketbase };

/// `to_pocketbase`...
std::string_view direction_name(Direction direction);

/// 128 bits over all rows of an entity in the SQL side's terms, independent of their order.
struct Digest {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  bool operator==(const Digest&) const = default;
  /// 32 hexadecimal digits.
  std::string text() const;
  /// The other way; zeros for anything else.
  static Digest of(std::string_view text);
};

/// A part of an entity's rows: those whose keys share the first bits of their hash. The same keys are in the same chunk
/// on every side and in every order.
struct Chunk {
  std::uint64_t rows = 0;
  Digest digest;  ///< the sum of their digests
  bool operator==(const Chunk&) const = default;
};

/// A row that the target refused, or a record that could not be converted.
struct RejectedRow {
  std::string entity;
  std::string key;     ///< as a record id: readable and free of control characters
  std::string column;  ///< may be empty
  std::string reason;
};

/// One difference that verification found.
struct Difference {
  std::string entity;
  std::string key;
  std::string column;    ///< empty: the whole row
  std::string expected;  ///< shown for people, shortened; secrets of hidden fields as their digest
  std::string found;
  std::string position;  ///< `file:line` of the column in the mapping
};

/// How many references of one relation there are, and how many lead nowhere.
struct References {
  std::uint64_t all = 0;
  std::uint64_t nowhere = 0;
};
struct ReferenceReport {
  std::string entity;
  std::string column;    ///< as in RelationEdge::column
  std::string target;    ///< the entity that is referred to
  std::string position;  ///< `file:line` of the column in the mapping
  References source;
  References target_side;
};

/// One row, chosen at random, as both sides hold it: for human eyes, never in a receipt on disk.
struct SampleRow {
  std::string entity;
  std::string key;
  struct Line {
    std::string name;    ///< `column`, or `column / field`
    std::string source;  ///< shortened; secrets are covered
    std::string target;
  };
  std::vector<Line> lines;
  bool equal = true;     ///< as far as the comparison went: all of its fields
};

/// How much is compared after a run. Only `all` counts as verified.
enum class Verification : std::uint8_t { all, sample, count, none };

/// `all`, `sample`, `count`, `none`.
std::string_view verification_name(Verification verification);

/// What happened to one entity (or, where `attic` is set, to one unknown table).
struct EntityReport {
  std::string name;
  std::string table;
  std::string collection;
  bool attic = false;
  std::uint64_t read = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t rejected = 0;
  std::uint64_t deleted = 0;          ///< extra rows of the target that were deleted (--extra delete)
  std::uint64_t with_residue = 0;     ///< records that carry residue
  std::uint64_t with_side = 0;        ///< rows with an entry in the side table
  std::uint64_t superseded = 0;       ///< residue values that an edit in PocketBase replaced
  std::uint64_t adapted = 0;          ///< NULLs written as empty, because this target declares NOT NULL
  std::uint64_t to_attic = 0;         ///< rows of this entity that can have no record and went to the attic
  std::uint64_t skipped = 0;          ///< rows that an interrupted run had committed already
  std::uint64_t bytes = 0;
  std::uint64_t verified = 0;         ///< rows compared
  std::uint64_t different = 0;
  std::uint64_t missing = 0;          ///< in the target
  std::uint64_t extra = 0;            ///< in the target only
  std::chrono::nanoseconds migrate_time{0};
  std::chrono::nanoseconds verify_time{0};
  Digest digest;                      ///< of the SQL side's rows as they are (or became)
  std::vector<Chunk> chunks;          ///< its parts, `chunks_kept` of them; empty where no row was added
  std::vector<std::string> chunk_key; ///< the columns whose values decide a row's chunk; empty: the whole row does
  std::vector<std::string> superseded_examples;  ///< `key column`
};

/// Something that the mapping or the run leaves behind on purpose, or that a person should know: a finding.
struct Note {
  /// How it is to be taken.
  enum class Weight : std::uint8_t {
    information,
    look,   ///< the run goes on, but somebody should look at it
    stops,  ///< the run does not start
  };
  enum class What : std::uint8_t {
    purged,
    lossy,
    unknown_table,
    unknown_column,
    adapted,
    older_schema,
    extra,
    refused,      ///< values and rows that the target cannot hold: kept beside the table, they come back
    left_behind,  ///< stays in the source, and is kept nowhere else
    warning,
    stop,       ///< why the run cannot start: a store that cannot be opened, another schema
    in_use,     ///< another program has a store open
    space,      ///< room on the disks
    version,    ///< of a store's schema, or of the program that makes it
    not_empty,  ///< what the target holds already
    orphan,     ///< references that lead nowhere
    duplicate,  ///< rows that the target takes for the same
    residue,    ///< values that the other side cannot show: carried along, they come back
    file,       ///< files that rows name: missing, other than the row says, refused, or that no row names
  };
  What what = What::warning;
  std::string subject{};  ///< `author.password`, `table forktable`
  std::uint64_t count = 0;
  std::string text{};      ///< reason, or what happens to it
  std::string position{};  ///< `file:line`, may be empty
  Weight weight = Weight::information;
  std::string entity{};  ///< empty where it is about no entity
  std::string column{};  ///< may be empty
  /// Of the first `most_keys` rows, as record ids.
  std::vector<std::string> keys{};
  std::string choice{};  ///< what the operator can do: an option, a command, a statement; empty: nothing needs doing
  static constexpr std::size_t most_keys = 1000;
  /// `a, b, c, d, e, ...`: of the first few rows.
  std::string first_keys() const;
};

/// What becomes of the files that rows name, whose bytes lie beside a SQL database.
struct FileOptions {
  enum class Mode : std::uint8_t {
    none,   ///< nobody looks at them
    reuse,  ///< they stay where they are, and are looked at where they can be
    copy,   ///< they go into PocketBase's storage, and back
  };
  Mode mode = Mode::reuse;
  bool asked_for = false;    ///< the operator said so: then every hash is compared beforehand, whatever it takes
  std::string uploads;       ///< the directory that belongs to the SQL side; may be empty
  std::string uploads_path;  ///< the same as its application sees it: written into the rows' paths; empty: they stay
  bool link = false;         ///< share the bytes where both sides are on one file system
};

/// `none`, `reuse`, `copy`.
std::string_view file_mode_name(FileOptions::Mode mode);

/// What happened to the files of one field.
struct FileReport {
  std::string entity;
  std::string field;        ///< in PocketBase
  std::string position;     ///< `file:line` in the mapping
  std::string from;         ///< where they were looked for: a directory or a URL; empty: where their paths say
  std::string to;           ///< empty: they stay
  std::uint64_t named = 0;  ///< rows that name a file
  std::uint64_t present = 0;
  std::uint64_t bytes = 0;   ///< of those that are present
  std::uint64_t hashed = 0;  ///< of those that are present: compared with the hash that the row tells
  std::uint64_t missing = 0;
  std::uint64_t elsewhere = 0;   ///< in an object store
  std::uint64_t unseen = 0;      ///< in a directory that this machine does not have
  std::uint64_t refused = 0;     ///< by a name that cannot be used
  std::uint64_t other_size = 0;  ///< than the row tells
  std::uint64_t other_hash = 0;  ///< than the row tells
  std::uint64_t unnamed = 0;     ///< files that no row names
  std::uint64_t copied = 0;
  std::uint64_t linked = 0;
  std::uint64_t skipped = 0;  ///< were there already, equal
  std::uint64_t failed = 0;   ///< cannot be read, or the target did not take them
  std::uint64_t copied_bytes = 0;
  std::uint64_t verified = 0;  ///< compared with what arrived, by hash unless less was asked for
  std::uint64_t different = 0;
  Digest digest;  ///< over keys and hashes of what went over, in no order
  std::chrono::nanoseconds copy_time{0};
  std::chrono::nanoseconds verify_time{0};
};

/// What becomes of the people's accounts: by how they can sign in afterwards, and who has to be told what.
struct PeopleReport {
  std::string entity;
  std::uint64_t accounts = 0;
  std::uint64_t with_password = 0;    ///< sign in with the password they have
  std::uint64_t reset_needed = 0;     ///< cannot sign in until somebody sets a password
  std::uint64_t oauth_only = 0;       ///< have no such password, but an account elsewhere
  std::uint64_t oauth = 0;            ///< have both; the password may be one that nobody knows
  std::uint64_t identity_taken = 0;   ///< name an account elsewhere that another person names, too
  std::uint64_t no_address = 0;
  std::uint64_t address_refused = 0;  ///< PocketBase takes the address for none
  std::uint64_t unverified = 0;       ///< their address is not verified
  std::uint64_t listed = 0;           ///< one of these at least
  std::uint64_t identities = 0;       ///< accounts elsewhere
  std::uint64_t linked = 0;           ///< rows of PocketBase's own that were made for them
  std::uint64_t unlinked = 0;         ///< and removed
  bool reset_passwords = false;       ///< all passwords are to be reset
  std::uint64_t signed_out = 0;       ///< accounts whose sessions end; in a plan: would end
  std::string list;                   ///< the file that names those accounts; empty: none was written
  std::string list_digest;            ///< SHA-256 of its bytes, hexadecimal
  std::string addresses;              ///< the file with the addresses of all
  std::string addresses_digest;
};

/// How a run's rows compare with those of an earlier receipt.
struct EarlierComparison {
  std::string receipt;  ///< the file
  std::string started;  ///< when the earlier run began
  std::string root;
  struct Differing {
    std::string entity;                ///< `attic/NAME` for an unknown table
    std::vector<std::size_t> chunks;   ///< the numbers of those that differ, from 1
    std::size_t of = 0;                ///< how many chunks there are
    std::uint64_t rows_then = 0;
    std::uint64_t rows_now = 0;
  };
  std::vector<Differing> differing;    ///< empty: all rows are the same
};

/// What a run found and did: the receipt's content.
struct RunReport {
  std::string mapping;
  std::string mapping_digest;
  Direction direction = Direction::to_pocketbase;
  std::string from;
  std::string to;
  std::string from_version;
  std::string to_version;
  std::string started;   ///< UTC, ISO 8601
  std::string finished;
  bool dry_run = false;
  std::string user;               ///< who ran it, by the system's account
  std::string host;
  bool verified = false;          ///< verification ran over everything
  Verification verification = Verification::all;  ///< what was asked for
  bool one_sided = false;         ///< only `from` was read, to be held against an earlier receipt
  std::uint64_t seed = 0;         ///< what chose the sample; 0: there is none
  bool target_created = false;
  std::string resumed;            ///< when the run began that this one goes on with; empty: it is a new one
  std::string backup;             ///< path; empty: there was nothing to back up, or --no-backup
  std::string rejected_file;      ///< path of the rows that were rejected; empty: there are none
  std::string stopped;            ///< why the run ended before its end where nobody interrupted it; mostly empty
  std::vector<EntityReport> entities;  ///< in dependency order, attic tables last
  std::vector<Note> notes;
  std::vector<RejectedRow> rejected;   ///< the first 1000
  std::vector<Difference> differences; ///< the first 1000
  FileOptions::Mode files_mode = FileOptions::Mode::none;
  std::vector<FileReport> files;             ///< empty: the mapping has none, or nobody looked
  std::vector<ReferenceReport> references;   ///< empty: not checked
  std::vector<SampleRow> samples;            ///< at most as many as were asked for
  std::optional<PeopleReport> people;        ///< of a conversion of all rows, where the mapping has people
  std::optional<EarlierComparison> earlier;  ///< with a receipt of an earlier run, where there was one
  ExitStatus status = ExitStatus::done;
};

/// Called while a run goes on; the rate of calls is the caller's to limit.
struct Progress {
  enum class Phase : std::uint8_t { migrate, verify };
  Phase phase = Phase::migrate;
  std::string_view entity;
  std::size_t entity_index = 0;   ///< 0-based
  std::size_t entities = 0;
  std::uint64_t rows = 0;
  std::uint64_t rows_total = 0;
  std::uint64_t bytes = 0;
  std::uint64_t rows_committed = 0;   ///< of `rows`, those that the target has for good
  const RunReport* report = nullptr;  ///< all that is known so far; valid for the time of the call
};

struct RunOptions {
  std::string from;
  std::string to;
  std::string credentials_file;   ///< of a PocketBase server's superuser; empty: the environment
  std::string ca_file;            ///< certificates to trust beside the system's, for https; may be empty
  std::string pocketbase;         ///< the PocketBase binary; empty: $POCKETBASE, then PATH
  std::string state_directory;    ///< backups and receipts; empty: `<to>.twoway`
  std::string people_directory;   ///< of a run that writes nothing: where its list of people goes; empty: nowhere
  bool reset_passwords = false;   ///< nobody's password works in the target: all have to be reset
  bool dry_run = false;
  bool while_open = false;                     ///< go on although another program has a SQL store open
  bool restart = false;                        ///< give up an interrupted run, and carry everything anew
  std::size_t batch_bytes = 64 * 1024 * 1024;  ///< committed at a time
  Verification verification = Verification::all;
  std::size_t sample = 0;         ///< rows to show for human eyes
  std::uint64_t seed = 0;         ///< chooses them; the same seed chooses the same rows. 0: a new one
  bool backup = true;
  FileOptions files;
  /// verify() only: reads `from` alone, and makes digests as a run in this direction does.
  std::optional<Direction> one_sided;
  /// With it: the columns that decided each table's chunks then.
  std::map<std::string, std::vector<std::string>> chunk_keys;
  /// More rejected rows than this end the run after the batch.
  std::uint64_t max_rejected = std::numeric_limits<std::uint64_t>::max();
  /// What to do with rows that only the target has: keep (and count them), delete, or refuse to start.
  enum class Extra : std::uint8_t { refuse, keep, remove } extra = Extra::refuse;
  std::function<void(const Progress&)> progress;         ///< may be empty
  /// What the run is about to do: `preflight`, `backup`, `migrate`, `finish`, `verify`; may be empty.
  std::function<void(std::string_view phase)> phase;
  /// level: info, warning, error; may be empty
  std::function<void(std::string_view level, std::string_view text)> log;
  const std::atomic<bool>* interrupted = nullptr;        ///< set by a signal handler; ends after the batch
};

/// A run that did not start, with what was found until then: the notes that stop it, and the others. Its words are
/// those of what stops it.
class Stopped : public Error {
 public:
  Stopped(const Error& error, std::vector<Note> notes) : Error(error), notes_(std::move(notes)) {}
  const std::vector<Note>& notes() const { return notes_; }

 private:
  std::vector<Note> notes_;
};

/// What would happen: everything is read and converted, nothing is written. Counts, notes, digests. Its status is
/// cannot_start where migrate() would not start.
RunReport plan(const Mapping& mapping, const RunOptions& options);
/// Migrates and, unless told otherwise, verifies. Throws Error where it could not start.
RunReport migrate(const Mapping& mapping, const RunOptions& options);
/// Compares two stores without writing.
RunReport verify(const Mapping& mapping, const RunOptions& options);
/// Tries again the rows that a run's file of rejected rows names, and those that wait beside their tables in a SQL
/// target; verifies the entities that they belong to; leaves in the file what is still rejected. `from`: the state
/// directory, or the JSON file of a receipt in it. The stores are those of the run; `options` may name them with the
/// secrets that the journal does not have.
RunReport retry(const Mapping& mapping, const std::string& from, const RunOptions& options);
/// Makes the schema in an empty target: PocketBase for a directory (or a path that does not exist and does not end in
/// .db, .sqlite or .sqlite3), SQL for a file. Returns what was done, for people.
std::string prepare(const Mapping& mapping, const std::string& store, const RunOptions& options);

}  // namespace twoway
