#include "runtime/store/pocketbase_server/server_store.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cstdlib>
#include <limits>
#include <unordered_map>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_directory/attic_records.h"
#include "runtime/store/pocketbase_directory/external_identities.h"
#include "runtime/store/pocketbase_directory/record_file.h"
#include "runtime/store/pocketbase_server/collections.h"
#include "runtime/store/pocketbase_server/import_pipeline.h"
#include "runtime/store/pocketbase_server/server_files.h"
#include "runtime/store/pocketbase_server/session.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t cache_bytes = 8 * 1024 * 1024;
/// SQLite holds no longer value, and neither does a request.
constexpr std::size_t longest_row = (std::size_t{1} << 30U) - (std::size_t{1} << 20U);
/// How long tidying up at the end waits for a server that does not answer.
constexpr std::chrono::milliseconds patience_at_the_end{3000};

/// A copy of the server's database in a directory of its own, which nobody else may look into: it holds everything.
class Copy {
 public:
  Copy(const fs::path& scratch) {
    const fs::path parent = scratch.empty() ? fs::temp_directory_path() : scratch;
    std::error_code error;
    fs::create_directories(parent, error);
    std::string name = (parent / "server-copy-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) {
      throw cannot_start(fmt::format("cannot make a directory in {}", parent.string()),
                         "Name a directory that can be written to with --state.");
    }
    directory_ = name;
  }
  ~Copy() {
    records_.reset();
    std::error_code error;
    fs::remove_all(directory_, error);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  fs::path file() const { return directory_ / "data.db"; }
  void open(const Mapping& mapping, const std::string& name) {
    records_ = std::make_unique<RecordFile>(mapping, file(), sqlite::Access::read_only, cache_bytes, name);
  }
  RecordFile& records() { return *records_; }

 private:
  fs::path directory_;
  std::unique_ptr<RecordFile> records_;
};

/// Keeps the copy that it reads from, also when the store has fetched a newer one.
class CopyReader : public RecordReader {
 public:
  CopyReader(std::shared_ptr<Copy> copy, const Entity& entity)
      : copy_(std::move(copy)), reader_(copy_->records().read(entity)) {}
  bool next() override { return reader_->next(); }
  const void* record() const override { return reader_->record(); }
  Value residue() const override { return reader_->residue(); }
  Value created() const override { return reader_->created(); }
  std::size_t bytes() const override { return reader_->bytes(); }

 private:
  std::shared_ptr<Copy> copy_;
  std::unique_ptr<RecordReader> reader_;
};

class ServerWriter : public RecordWriter {
 public:
  /// `written` is set with each record.
  ServerWriter(ImportPipeline& pipeline, const Entity& entity, bool& written)
      : pipeline_(pipeline), entity_(entity), written_(written), stream_(pipeline.stream(server_collection(entity))) {}

  Outcome write(const void* record, const Value& residue, const Value& created) override {
    written_ = true;
    RowBody& body = stream_->body;
    body.begin_row();
    for (const RecordField& field : entity_.fields) body.add(cell(record, field.offset));
    body.add(residue);
    body.add(created);
    if (body.row_bytes() > longest_row) {
      body.drop_row();
      return {Written::rejected, {}, "string or blob too big"};
    }
    body.end_row();
    pipeline_.added(*stream_);
    return {Written::pending, {}, {}};
  }
  Settlement settle(bool all) override { return pipeline_.settle(*stream_, all); }

 private:
  ImportPipeline& pipeline_;
  const Entity& entity_;
  bool& written_;
  std::shared_ptr<ImportStream> stream_;
};

}  // namespace

class ServerStore::Implementation : public RowResolver {
 public:
  Implementation(const Mapping& mapping, const std::string& url, Use use, const ServerOptions& options)
      : mapping_(mapping), use_(use), scratch_(options.scratch), session_(make_session(url, options)),
        api_(*session_) {
    way_ = hook_way(api_, mapping);
    by_hook_ = way_ != nullptr;
    if (!by_hook_) way_ = console_way(api_, mapping);
    check_server_collections(api_, mapping);
    if (!by_hook_) say_without_hook(options.log);
    if (use == Use::source) {
      fetch();
    } else {
      if (!by_hook_) require_console(api_);
      pipeline_ = std::make_unique<ImportPipeline>(*session_, *way_, options.request_bytes);
      attic_ = pipeline_->stream(server_attic());
    }
  }

  ~Implementation() override {
    attic_.reset();
    pipeline_.reset();
    try {
      const std::unique_ptr<ServerSession> last = session_->with_patience(patience_at_the_end);
      ServerApi api(*last);
      way_->tidy(api);
    } catch (const std::exception& error) {
      if (session_->log) {
        session_->log("warning", fmt::format("something that was made on {} for the run may be left there: {}",
                                             session_->describe(), error.what()));
      }
    }
  }

  std::string describe() const { return session_->describe(); }
  std::string version() { return way_->version(api_); }

  std::unique_ptr<RecordReader> read(const Entity& entity) {
    return std::make_unique<CopyReader>(copy_of(entity), entity);
  }

  std::uint64_t count(const Entity& entity) {
    if (use_ == Use::source) return copy_with(entity.collection)->records().count(entity);
    pipeline_->drain();
    return count_records(api_, entity.collection);
  }

  // As a resolver: what was just written by this store itself is never asked for, so any copy will do.
  bool row_key(const Entity& target, std::string_view id, std::span<Value> key, Arena& arena) override {
    return any_copy().records().resolver().row_key(target, id, key, arena);
  }
  bool exists(const Entity& target, std::string_view id) override {
    return any_copy().records().resolver().exists(target, id);
  }
  bool exists_now(const Entity& entity, std::string_view id) {
    return copy_with(entity.collection)->records().resolver().exists(entity, id);
  }

  std::unique_ptr<RecordWriter> write(const Entity& entity) {
    return std::make_unique<ServerWriter>(*pipeline_, entity, written_[std::string(entity.collection)]);
  }

  std::uint64_t erase(const ServerCollection& collection, const std::vector<std::string>& ids) {
    if (ids.empty()) return 0;
    pipeline_->drain();
    written_[collection.name] = true;
    return way_->erase(api_, collection, ids);
  }

  std::uint64_t renew_token_keys(const Entity& entity) {
    pipeline_->drain();
    written_[std::string(entity.collection)] = true;
    return way_->renew_token_keys(api_, server_collection(entity));
  }

  /// Judged by a copy; the comparison of rows reads the same one where nothing had to be changed.
  IdentityCounts link_identities(const Entity& entity, const IsOurs& ours) {
    const auto copy = copy_of(entity);
    ExternalIdentities identities(copy->records().connection(), entity);
    const std::vector<std::string> gone = identities.superfluous(ours);
    erase(server_identities(), gone);
    const auto stream = pipeline_->stream(server_identities());
    const std::string now = pocketbase_now();
    IdentityCounts counts = identities.missing(ours, gone, [&](const IdentityRow& row) {
      written_[stream->collection.name] = true;
      stream->body.begin_row();
      for (const std::string_view value : values_of(row, now)) stream->body.add(Value::text(value));
      stream->body.end_row();
      pipeline_->added(*stream);
    });
    // Somebody linked the same account meanwhile.
    const std::uint64_t refused = pipeline_->settle(*stream, true).rejected.size();
    counts.added -= refused;
    counts.linked -= refused;
    counts.taken += refused;
    return counts;
  }

  IdentityCounts identity_edits(const Entity& entity) {
    const auto copy = copy_of(entity);
    return ExternalIdentities(copy->records().connection(), entity).edits();
  }

  void read_orphans(const Entity& entity, const TakeOrphan& take) {
    copy_with(entity.collection)->records().read_orphans(entity, take);
  }

  void read_attic(const std::function<void(const AtticEntry&)>& take) {
    const auto copy = copy_with(attic_collection);
    copy->records().read_attic(take);
  }

  Outcome write_attic(const AtticEntry& entry) {
    written_[std::string(attic_collection)] = true;
    const std::string id = attic_record_id(entry), row = attic_row(entry);
    attic_->body.begin_row();
    for (const std::string_view text :
         {std::string_view(id), std::string_view(entry.table), kind_name(entry.what), std::string_view(entry.name),
          std::string_view(row)}) {
      attic_->body.add(Value::text(text));
    }
    if (attic_->body.row_bytes() > longest_row) {
      attic_->body.drop_row();
      return {Written::rejected, {}, "string or blob too big"};
    }
    attic_->body.end_row();
    pipeline_->added(*attic_);
    return {Written::pending, {}, {}};
  }

  Settlement settle_attic(bool all) { return pipeline_ ? pipeline_->settle(*attic_, all) : Settlement{}; }

  std::vector<std::string> other_attic_ids(const std::unordered_set<std::string>& kept) {
    return copy_with(attic_collection)->records().other_attic_ids(kept);
  }

  std::unique_ptr<files::FileSide> files(const Entity& entity, const FileField& field) {
    if (pipeline_) pipeline_->drain();
    return std::make_unique<ServerFiles>(*session_, entity, field,
                                         [this, &entity] { written_[std::string(entity.collection)] = true; });
  }

  void finish_load() {
    pipeline_->drain();
    way_->finish(api_);
  }

  bool changed() { return use_ == Use::source && way_->changed(api_); }

 private:
  void say_without_hook(const http::Log& log) const {
    if (!log) return;
    log("warning", fmt::format("{} does not have the hook of this mapping: {}. `twoway prepare` with the server's "
                               "address writes the hook and says where it goes.",
                               describe(),
                               use_ == Use::source ? "it is read through a backup that is made there and deleted again"
                                                   : "records are written through the SQL console, several times "
                                                     "slower"));
  }

  void fetch() {
    if (pipeline_) pipeline_->drain();
    auto copy = std::make_shared<Copy>(scratch_);
    way_->copy_database(api_, copy->file(), use_ == Use::source);
    copy->open(mapping_, describe());
    copy_ = std::move(copy);
    for (auto& [name, written] : written_) written = false;  // writers hold on to their entries
  }

  /// A copy in which this collection is as it is now.
  std::shared_ptr<Copy> copy_with(std::string_view collection) {
    if (!copy_ || written_[std::string(collection)]) fetch();
    return copy_;
  }
  /// The same for all that the entity's records are read from.
  std::shared_ptr<Copy> copy_of(const Entity& entity) {
    if (has_identities(entity) && written_[std::string(identities_collection)]) fetch();
    return copy_with(entity.collection);
  }
  Copy& any_copy() {
    if (!copy_) fetch();
    return *copy_;
  }

  const Mapping& mapping_;
  Use use_;
  fs::path scratch_;
  std::unique_ptr<ServerSession> session_;
  ServerApi api_;
  std::unique_ptr<ServerWay> way_;
  bool by_hook_ = false;
  std::unique_ptr<ImportPipeline> pipeline_;
  std::shared_ptr<ImportStream> attic_;
  std::shared_ptr<Copy> copy_;
  std::unordered_map<std::string, bool> written_;  ///< collections that the copy no longer shows as they are
};

ServerStore::ServerStore(const Mapping& mapping, const std::string& url, Use use, const ServerOptions& options)
    : implementation_(std::make_unique<Implementation>(mapping, url, use, options)) {}
ServerStore::~ServerStore() = default;

std::string ServerStore::describe() const { return implementation_->describe(); }
std::unique_ptr<RecordReader> ServerStore::read(const Entity& entity) { return implementation_->read(entity); }
std::uint64_t ServerStore::count(const Entity& entity) { return implementation_->count(entity); }
bool ServerStore::exists(const Entity& entity, std::string_view record_id) {
  return implementation_->exists_now(entity, record_id);
}
RowResolver& ServerStore::resolver() { return *implementation_; }
std::unique_ptr<RecordWriter> ServerStore::write(const Entity& entity) { return implementation_->write(entity); }

bool ServerStore::erase(const Entity& entity, std::string_view record_id) {
  return implementation_->erase(server_collection(entity), {std::string(record_id)}) > 0;
}

std::unique_ptr<files::FileSide> ServerStore::files(const Entity& entity, const FileField& field,
                                                    const files::PutOptions&) {
  return implementation_->files(entity, field);
}

std::uint64_t ServerStore::renew_token_keys(const Entity& entity) { return implementation_->renew_token_keys(entity); }
IdentityCounts ServerStore::link_identities(const Entity& entity, const IsOurs& ours) {
  return implementation_->link_identities(entity, ours);
}

IdentityCounts ServerStore::identity_edits(const Entity& entity) { return implementation_->identity_edits(entity); }

void ServerStore::read_orphans(const Entity& entity, const TakeOrphan& take) {
  implementation_->read_orphans(entity, take);
}
void ServerStore::read_attic(const std::function<void(const AtticEntry&)>& take) { implementation_->read_attic(take); }
Outcome ServerStore::write_attic(const AtticEntry& entry) { return implementation_->write_attic(entry); }
Settlement ServerStore::settle_attic(bool all) { return implementation_->settle_attic(all); }
std::string ServerStore::attic_id(const AtticEntry& entry) const { return attic_record_id(entry); }

std::uint64_t ServerStore::other_attic_entries(const std::unordered_set<std::string>& kept, bool remove) {
  const std::vector<std::string> others = implementation_->other_attic_ids(kept);
  if (remove) implementation_->erase(server_attic(), others);
  return others.size();
}

void ServerStore::start_load(bool, std::span<const Entity* const>) {}
void ServerStore::finish_load() { implementation_->finish_load(); }
std::string ServerStore::version() { return implementation_->version(); }
bool ServerStore::changed_since_open() const { return implementation_->changed(); }

}  // namespace twoway
