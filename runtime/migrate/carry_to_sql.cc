#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/migrate/file_rows.h"
#include "runtime/migrate/run_context.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/record_id.h"
#include "runtime/transform/to_sql.h"

namespace twoway {

namespace {

std::string_view key_text(const Entity& entity, const void* row, Arena& arena) {
  std::vector<Value> parts;
  for (std::uint16_t index : entity.key) parts.push_back(cell(row, entity.columns[index].offset));
  return record_id::encode(std::span<const Value>(parts), arena);
}

void note_superseded(EntityReport& report, const ToSql& run, std::string_view id) {
  constexpr std::size_t kept = 20;
  report.superseded += run.superseded().size();
  for (std::string_view column : run.superseded()) {
    if (report.superseded_examples.size() >= kept) break;
    report.superseded_examples.push_back(fmt::format("{} {}", id, column));
  }
}

using UnknownColumns = std::vector<std::pair<std::string_view, Value>>;

void read_unknown(const ToSql& run, UnknownColumns& unknown) {
  unknown.clear();
  for (const ToSql::Unknown& column : run.unknown()) unknown.emplace_back(column.column, column.value);
}

ScanRows scan_records(RunContext& context, const Entity& entity) {
  return [&](std::uint64_t first, const auto& take) {
    PocketBaseStore& pocketbase = *context.stores.pocketbase;
    const auto reader = pocketbase.read(entity);
    Arena arena;
    ToSql run(entity, pocketbase.resolver(), arena);
    RowBuffer row(entity.row_bytes);
    UnknownColumns unknown;
    for (std::uint64_t number = 0; reader->next(); ++number) {
      if (number < first) continue;
      arena.reset();
      run.begin(pocketbase::Id{cell(reader->record(), entity.fields[0].offset)}, reader->residue(), reader->created());
      entity.to_sql(reader->record(), row.get(), run);
      place_files(context, entity, reader->record(), row.get(), arena);
      withhold_password(context.options, entity, row.get(), reader->record(), run);
      context.stores.sql->adapt(entity, row.get());
      read_unknown(run, unknown);
      const bool more = take(key_text(entity, row.get(), arena),
                             [&] { return shown_row(context.mapping, entity, row.get(), unknown); });
      if (!more) return;
    }
  };
}

}  // namespace

void carry_to_sql(RunContext& context, const Entity& entity, std::size_t index, ConstraintRehearsal* rehearsal) {
  EntityReport& report = context.report.entities[index];
  PocketBaseStore& pocketbase = *context.stores.pocketbase;
  const auto started = std::chrono::steady_clock::now();
  const auto reader = pocketbase.read(entity);
  const auto writer = context.writes() ? context.stores.sql->write(entity) : nullptr;
  Arena arena;
  ToSql run(entity, pocketbase.resolver(), arena);
  RowBuffer row(entity.row_bytes);
  SeenKeys seen(entity);
  UnknownColumns unknown;
  Batches batches(
      context, Progress::Phase::migrate, report, index, pocketbase.count(entity), Batches::settle_of(writer.get()),
      [&] { return context.stores.sql->count(entity); }, scan_records(context, entity));
  while (reader->next()) {
    ++report.read;
    report.bytes += reader->bytes();
    arena.reset();
    const pocketbase::Id id{cell(reader->record(), entity.fields[0].offset)};
    if (!run.begin(id, reader->residue(), reader->created())) {
      // The record is carried as it shows; what SQL held beyond that is gone, and that must not pass for success.
      context.differ({std::string(entity.name), std::string(id.bytes()), "residue", "what twoway wrote",
                      "something else: somebody edited it", {}});
    }
    entity.to_sql(reader->record(), row.get(), run);
    place_files(context, entity, reader->record(), row.get(), arena);
    withhold_password(context.options, entity, row.get(), reader->record(), run);
    if (!reader->residue().is_null()) ++report.with_residue;
    note_superseded(report, run, id.bytes());
    read_unknown(run, unknown);
    if (context.stores.sql) report.adapted += context.stores.sql->adapt(entity, row.get());
    const std::string_view key = key_text(entity, row.get(), arena);
    if (context.people != nullptr) context.people->add(entity, key, row.get(), reader->record());
    const Value side = run.side();
    if (!side.is_null()) {
      ++report.with_side;
      context.findings.converted(entity, run, key);
    }
    const bool taken = context.takes(entity.name, key);
    Outcome outcome;
    if (!seen.add(key) && taken) {
      outcome = {Written::rejected, {},
                 fmt::format("another record became the row with the key {} already; merge the two in PocketBase",
                             key)};
    } else if (writer && taken && !batches.skips()) {
      outcome = writer->write(row.get(), unknown, side);
    } else if (rehearsal != nullptr) {
      if (const auto refusal = rehearsal->add(entity, row.get(), key)) outcome = refused_in_rehearsal(*refusal);
    }
    if (outcome.what != Written::rejected) {
      add_row(report, key_hash(entity, row.get()), row_digest(entity, row.get(), unknown));
    }
    if (batches.skips() || !taken) outcome = {Written::pending, {}, {}};  // counted when it was written
    if (writer || outcome.what == Written::rejected) RunContext::count(report, outcome);
    if (outcome.what == Written::rejected) {
      context.reject(report, std::string(key), outcome, shown_row(context.mapping, entity, row.get(), unknown));
    }
    batches.row(reader->bytes());
  }
  batches.finish();
  report.migrate_time += std::chrono::steady_clock::now() - started;
}

}  // namespace twoway
