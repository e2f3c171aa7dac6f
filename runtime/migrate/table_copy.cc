// SQL to SQL: the same application goes on with another database, so tables are carried as they stand.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/route.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/store/attic_entries.h"
#include "runtime/store/entity_columns.h"
#include "runtime/store/kept.h"
#include "runtime/transform/residue.h"
#include "runtime/verify/verify_tables.h"

namespace twoway {

namespace {

class TableCopy : public Route {
 public:
  TableCopy(RunContext& context, const Ends& ends, OpenOptions options)
      : context_(context), ends_(ends), options_(std::move(options)) {}

  void open_source() override {
    source_ = open_sql(context_.mapping, ends_.from, Use::source, options_);
    context_.report.from_version = source_->version();
    for (TableShape& shape : source_->tables().shapes()) {
      Copy& copy = copies_.emplace_back();
      copy.target = shape;
      copy.source = std::move(shape);
      EntityReport& report = context_.report.entities.emplace_back();
      report.name = report.table = copy.source.name;
      for (const std::size_t index : copy.source.key) report.chunk_key.push_back(copy.source.columns[index].name);
      const auto then = context_.options.chunk_keys.find(report.table);
      if (then != context_.options.chunk_keys.end()) report.chunk_key = then->second;
    }
    context_.entities = copies_.size();
  }

  void open_target(Use use) override {
    target_ = open_sql(context_.mapping, ends_.to, use, options_);
    context_.report.to_version = target_->version();
    context_.target = use == Use::target ? target_.get() : nullptr;
    foreign_ = source_->tables().dialect() != target_->tables().dialect();
    match_shapes(target_->tables());
  }

  void close_target() override {
    context_.target = nullptr;
    target_.reset();
  }

  void remark(bool) override {
    for (const Copy& copy : copies_) {
      if (is_named(context_.mapping, copy.source.name)) continue;
      context_.report.notes.push_back({Note::What::unknown_table,
                                       fmt::format("table {}", copy.source.name),
                                       0,
                                       "the mapping does not name it; it is copied as it stands",
                                       {}});
    }
  }

  Extras find_extras() override {
    Extras extras;
    for (const Copy& copy : copies_) {
      std::vector<std::string> keys;
      const std::uint64_t found = extras_of(copy, false, &keys);
      if (found > 0) extra_tables_.push_back(copy.source.name);
      extras.add(found, copy.source.name, std::move(keys));
    }
    return extras;
  }

  std::uint64_t rows_in_target() override {
    std::uint64_t all = 0;
    for (const Copy& copy : copies_) {
      const bool counts = copy.in_target && copy.source.name != context_.mapping.version_table;
      if (counts) all += target_->tables().count(copy.source.name);
    }
    return all;
  }

  void look_for_orphans() override {}  // they go over as they stand; a database that refuses them says so

  void carry() override {
    if (context_.only) return carry_again();
    if (context_.writes()) start_load();
    if (!context_.writes() && target_ == nullptr) {
      rehearsal_ = rehearse_target(context_.mapping, ends_.to);
      if (rehearsal_) match_shapes(*rehearsal_);
    }
    for (std::size_t i = 0; i < copies_.size(); ++i) carry_table(i);
    if (!context_.writes()) {
      if (target_ || rehearsal_) note_refused(context_, target_ ? target_->tables().refused() : rehearsal_->refused());
      if (ends_.to.kind == StoreKind::postgresql) note_refused(context_, source_->tables().orphans());
      return;
    }
    carry_objects();
    carry_side();
    if (context_.options.extra == RunOptions::Extra::remove) remove_extras();
    context_.phase("finish");
    target_->finish_load();
    settle_waiting(context_, target_->tables());
    note_refused(context_, target_->tables().refused());
  }

  void verify() override { comparison().verify(); }

  void count() override { comparison().count(); }

  std::vector<std::pair<std::string, std::uint64_t>> expected_rows() override {
    std::vector<std::pair<std::string, std::uint64_t>> rows;
    for (const Copy& copy : copies_) rows.emplace_back(copy.source.name, source_->tables().count(copy.source.name));
    return rows;
  }

  std::uint64_t waiting() override { return waiting_rows(target_->tables()); }

  std::string source_state() const override { return source_->state(); }

  bool source_changed() const override { return source_ && source_->changed_since_open(); }

 private:
  TableComparison comparison() {
    return {context_,
            *source_,
            *target_,
            copies_,
            ends_.from.kind == StoreKind::sqlite_file,
            ends_.to.kind == StoreKind::sqlite_file};
  }

  /// Takes types and keys from the target's own tables, as far as they are there.
  void match_shapes(Tables& tables) {
    const std::vector<TableShape> live = tables.shapes();
    for (Copy& copy : copies_) {
      copy.target = copy.source;
      const auto found = std::find_if(live.begin(), live.end(),
                                      [&](const TableShape& shape) { return shape.name == copy.source.name; });
      copy.in_target = found != live.end();
      if (!copy.in_target) continue;
      copy.altered = false;
      for (TableColumn& column : copy.target.columns) {
        copy.altered = copy.altered || found->find(column.name) == nullptr;
        if (const TableColumn* own = found->find(column.name)) column = *own;
      }
      copy.target.key.clear();
      for (const std::size_t index : found->key) {
        const std::string& name = found->columns[index].name;
        const auto place = std::find_if(copy.target.columns.begin(), copy.target.columns.end(),
                                        [&](const TableColumn& column) { return column.name == name; });
        if (place == copy.target.columns.end()) {  // the target tells its rows apart by what the source does not have
          copy.target.key.clear();
          break;
        }
        copy.target.key.push_back(static_cast<std::size_t>(place - copy.target.columns.begin()));
      }
    }
  }

  void start_load() {
    bool empty = true;
    std::vector<const Entity*> many_small_rows;
    for (const Copy& copy : copies_) {
      empty = empty && (copy.source.name == context_.mapping.version_table ||
                        target_->tables().count(copy.source.name) == 0);
    }
    for (const Entity* entity : context_.mapping.entities) {
      const auto copy = std::find_if(copies_.begin(), copies_.end(),
                                     [&](const Copy& one) { return one.source.name == entity->table; });
      if (!empty || copy == copies_.end()) continue;
      const std::uint64_t rows = source_->tables().count(entity->table);
      if (rows == 0) continue;
      const auto reader = source_->tables().read(copy->source);
      const bool one = are_many_and_small(rows, [&] { return reader->next() ? reader->bytes() : std::size_t{0}; });
      if (one) many_small_rows.push_back(entity);
    }
    target_->start_load(empty, many_small_rows);
    make_tables();
  }

  /// Tables and columns that only the source has.
  void make_tables() {
    target_->begin();
    for (const Copy& copy : copies_) {
      // What stands in the words of this very database, because it came from one, is better than a translation.
      const std::string own = foreign_ && !copy.in_target ? kept_statement("table " + copy.source.name) : std::string();
      TableShape shape = copy.source;
      if (!own.empty()) shape.sql = own;
      target_->tables().ensure(shape, foreign_ && own.empty());
    }
    target_->commit();
    match_shapes(target_->tables());
  }

  /// A statement that the source keeps for the target's kind of database.
  std::string kept_statement(std::string_view name) {
    std::string sql;
    Arena arena;
    source_->tables().read_side(kept::statements_of(target_->tables().dialect()),
                                [&](std::string_view, std::string_view key, const Value& document) {
                                  if (key == name) sql = statement_of(document, arena);
                                });
    return sql;
  }

  static std::string statement_of(const Value& document, Arena& arena) {
    Residue entries;
    if (!entries.parse(document, arena)) return {};
    const std::string_view* tagged = entries.find("sql");
    const auto sql = tagged != nullptr ? read_tagged(*tagged, arena) : std::nullopt;
    return sql && sql->is_text() ? std::string(sql->bytes()) : std::string();
  }

  void carry_again() {
    for (std::size_t i = 0; i < copies_.size(); ++i) {
      if (context_.takes(copies_[i].source.name)) carry_table(i);
    }
    move_waiting(context_, target_->tables());
  }

  void carry_table(std::size_t index) {
    const Copy& copy = copies_[index];
    EntityReport& report = context_.report.entities[index];
    const auto started = std::chrono::steady_clock::now();
    // Rows that nothing tells apart cannot be matched: the table is replaced, unless it is equal already.
    const bool whole = copy.target.key.empty();
    const TableDigester digester(copy.source, report.chunk_key);
    if (whole && context_.writes() && copy.in_target && target_->tables().count(copy.source.name) > 0) {
      if (is_equal(copy, digester)) {
        report.read = report.unchanged = source_->tables().count(copy.source.name);
        set_rows(report, table_sums(*source_, copy.source, digester));
        return;
      }
      target_->begin();
      target_->tables().erase(copy.target, {});
      target_->commit();
    }
    const auto reader = source_->tables().read(copy.source);
    // In a dry run the target only looks at the rows. A table that it would have to make or to alter first cannot.
    Tables* tables = target_ ? &target_->tables() : rehearsal_.get();
    const bool looks = tables != nullptr && (context_.writes() || (copy.in_target && !copy.altered));
    const auto writer = looks ? tables->write(copy.target, !context_.writes()) : nullptr;
    Batches batches(
        context_, Progress::Phase::migrate, report, index, source_->tables().count(copy.source.name),
        Batches::settle_of(writer.get()),
        whole ? std::function<std::uint64_t()>() : [&] { return target_->tables().count(copy.source.name); },
        scan_rows(copy));
    std::uint64_t row = 0;
    while (reader->next()) {
      ++report.read;
      report.bytes += reader->bytes();
      add_to(report, digester, reader->values());
      if (writer && !batches.skips() && (whole || takes(copy, reader->values()))) {
        const Outcome outcome = writer->write(reader->values());
        if (context_.writes() || outcome.what == Written::rejected) RunContext::count(report, outcome);
        if (outcome.what == Written::rejected) {
          const std::string key = whole ? fmt::format("row {}", row) : row_name(copy.target, reader->values());
          context_.reject(report, key, outcome, shown_row(context_.mapping, copy.source, reader->values()));
        }
      }
      ++row;
      batches.row(reader->bytes());
    }
    batches.finish();
    report.migrate_time += std::chrono::steady_clock::now() - started;
  }

  bool takes(const Copy& copy, std::span<const Value> values) const {
    return !context_.only || context_.takes(copy.source.name, row_name(copy.target, values));
  }

  ScanRows scan_rows(const Copy& copy) {
    return [&](std::uint64_t first, const auto& take) {
      if (copy.target.key.empty()) return;
      const auto reader = source_->tables().read(copy.source);
      for (std::uint64_t number = 0; reader->next(); ++number) {
        if (number < first) continue;
        const bool more = take(row_name(copy.target, reader->values()),
                               [&] { return shown_row(context_.mapping, copy.source, reader->values()); });
        if (!more) return;
      }
    };
  }

  /// Indexes, triggers and views of tables that the mapping does not name. In another kind of database their statements
  /// mean nothing: they are kept there until they go back.
  void carry_objects() {
    target_->begin();
    for (const TableObject& object : source_->tables().objects()) {
      if (object.type != "view" && is_named(context_.mapping, object.table)) continue;
      const std::string name = fmt::format("{} {}", object.type, object.name);
      if (foreign_) {
        keep_statement(attic_entry::object(object, source_->tables().dialect()));
        continue;
      }
      const Outcome outcome = target_->tables().ensure(object);
      if (outcome.what == Written::rejected) {
        context_.report.notes.push_back({Note::What::left_behind, name, 1, outcome.reason, {}});
      }
    }
    for (const Copy& copy : copies_) {
      if (!foreign_ || is_named(context_.mapping, copy.source.name)) continue;
      keep_statement(attic_entry::table(copy.source, copy.source.sql, source_->tables().dialect()));
    }
    Arena arena;
    std::vector<TableObject> returning;
    source_->tables().read_side(kept::statements_of(target_->tables().dialect()),
                                [&](std::string_view, std::string_view key, const Value& document) {
                                  const std::string type(key.substr(0, key.find(' ')));
                                  const std::string name(key.substr(type.size() + 1));
                                  if (type == "table" || type == "column") return;
                                  returning.push_back({type, name, {}, statement_of(document, arena)});
                                });
    for (const TableObject& object : returning) {
      const Outcome outcome = target_->tables().ensure(object);
      if (outcome.what != Written::rejected) continue;
      context_.report.notes.push_back(
          {Note::What::left_behind, fmt::format("{} {}", object.type, object.name), 1, outcome.reason, {}});
    }
    target_->commit();
  }

  void keep_statement(const AtticEntry& entry) {
    target_->tables().write_side(kept::statements_of(attic_entry::dialect(entry)), attic_entry::statement_key(entry),
                                 Value::text(attic_entry::statement_document(entry)));
  }

  /// What only PocketBase knows of rows goes along; what the source could not hold came back in its rows.
  void carry_side() {
    target_->begin();
    source_->tables().read_side({}, [&](std::string_view entity, std::string_view key, const Value& document) {
      if (!kept::is_kept(entity)) target_->tables().write_side(entity, key, document);
    });
    target_->commit();
  }

  /// Rows of the target that the source does not have; deleted where `remove`.
  std::uint64_t extras_of(const Copy& copy, bool remove, std::vector<std::string>* first_keys = nullptr) {
    if (!copy.in_target || copy.target.key.empty() || copy.source.name == context_.mapping.version_table) return 0;
    TableShape shape = copy.source;  // looked up in the source by the target's key
    shape.key = copy.target.key;
    std::vector<std::vector<std::string>> keys;
    std::vector<Value> found, key;
    std::uint64_t extras = 0;
    for (const auto reader = target_->tables().read(copy.target); reader->next();) {
      key.clear();
      for (const std::size_t index : copy.target.key) key.push_back(reader->values()[index]);
      if (source_->tables().find(shape, key, found)) continue;
      ++extras;
      if (first_keys != nullptr && first_keys->size() < Note::most_keys) {
        first_keys->push_back(row_name(copy.target, reader->values()));
      }
      if (!remove) continue;
      std::vector<std::string>& tagged = keys.emplace_back(key.size());
      for (std::size_t i = 0; i < key.size(); ++i) append_tagged(tagged[i], key[i]);
    }
    Arena arena;
    for (const auto& tagged : keys) {
      key.clear();
      for (const std::string& part : tagged) key.push_back(*read_tagged(part, arena));
      target_->tables().erase(copy.target, key);
    }
    return extras;
  }

  void remove_extras() {
    for (std::size_t i = 0; i < copies_.size(); ++i) {
      const bool has_extras =
          std::find(extra_tables_.begin(), extra_tables_.end(), copies_[i].source.name) != extra_tables_.end();
      if (!has_extras) continue;
      target_->begin();
      context_.report.entities[i].deleted = extras_of(copies_[i], true);
      target_->commit();
    }
  }

  static void add_to(EntityReport& report, const TableDigester& digester, std::span<const Value> values) {
    const Digest row = digester.row(values);
    add_row(report, digester.key_hash(values, row), row);
  }

  bool is_equal(const Copy& copy, const TableDigester& digester) {
    return source_->tables().count(copy.source.name) == target_->tables().count(copy.source.name) &&
           table_sums(*source_, copy.source, digester).digest == table_sums(*target_, copy.target, digester).digest;
  }

  RunContext& context_;
  const Ends& ends_;
  OpenOptions options_;
  std::unique_ptr<SqlStore> source_;
  std::unique_ptr<SqlStore> target_;
  std::unique_ptr<Tables> rehearsal_;  ///< what an empty target would be, in a dry run
  std::vector<Copy> copies_;
  std::vector<std::string> extra_tables_;
  bool foreign_ = false;
};

}  // namespace

std::unique_ptr<Route> make_table_copy(RunContext& context, const Ends& ends, OpenOptions options) {
  return std::make_unique<TableCopy>(context, ends, std::move(options));
}

}  // namespace twoway
