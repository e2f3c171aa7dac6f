#include "runtime/migrate/digest.h"
#include "runtime/migrate/run_context.h"
#include "runtime/migrate/shown_row.h"
#include "runtime/store/row_buffer.h"
#include "runtime/transform/residue.h"
#include "runtime/transform/to_pocketbase.h"

namespace twoway {

namespace {

/// A row that can have no record of its own, as an attic entry.
AtticEntry attic_row_of(const Entity& entity, const RowReader& reader, std::uint64_t number) {
  AtticEntry entry;
  entry.table = entity.table;
  // The key is not unique, so the row's position among its likes tells it apart.
  entry.name = std::string(AtticEntry::duplicate) + std::to_string(number);
  const auto add = [&](std::string_view name, const Value& value) {
    std::string tagged;
    append_tagged(tagged, value);
    entry.values.emplace_back(std::string(name), std::move(tagged));
  };
  for (const Column& column : entity.columns) {
    if (column.table == entity.table) add(column.name, cell(reader.row(), column.offset));
  }
  const auto names = reader.unknown_columns();
  for (std::size_t i = 0; i < names.size(); ++i) add(names[i].name, reader.unknown_values()[i]);
  return entry;
}

using UnknownColumns = std::vector<std::pair<std::string_view, Value>>;

void read_unknown(const RowReader& reader, UnknownColumns& unknown) {
  unknown.clear();
  for (std::size_t i = 0; i < reader.unknown_values().size(); ++i) {
    unknown.emplace_back(reader.unknown_columns()[i].name, reader.unknown_values()[i]);
  }
}

/// Fills in the record of the row that was read.
void convert(const RunContext& context, const Entity& entity, const RowReader& reader, void* record, ToPocketBase& run,
             UnknownColumns& unknown) {
  entity.to_pocketbase(reader.row(), record, run);
  withhold_password(context.options, entity, reader.row(), record, run);
  read_unknown(reader, unknown);
  for (const auto& [name, value] : unknown) run.unknown(name, value);
}

ScanRows scan_rows(RunContext& context, const Entity& entity) {
  return [&](std::uint64_t first, const auto& take) {
    SqlStore& sql = *context.stores.sql;
    const auto reader = sql.read(entity);
    Arena arena;
    ToPocketBase run(entity, sql.resolver(), arena);
    RowBuffer record(entity.record_bytes);
    UnknownColumns unknown;
    for (std::uint64_t number = 0; reader->next(); ++number) {
      if (number < first) continue;
      arena.reset();
      run.begin(reader->side());
      entity.to_pocketbase(reader->row(), record.get(), run);
      read_unknown(*reader, unknown);
      const bool more = take(cell(record.get(), entity.fields[0].offset).bytes(),
                             [&] { return shown_row(context.mapping, entity, reader->row(), unknown); });
      if (!more) return;
    }
  };
}

}  // namespace

void carry_to_pocketbase(RunContext& context, const Entity& entity, std::size_t index, ConstraintRehearsal* rehearsal) {
  EntityReport& report = context.report.entities[index];
  SqlStore& sql = *context.stores.sql;
  const auto started = std::chrono::steady_clock::now();
  const auto reader = sql.read(entity);
  const auto writer = context.writes() ? context.stores.pocketbase->write(entity) : nullptr;
  Arena arena;
  ToPocketBase run(entity, sql.resolver(), arena);
  RowBuffer record(entity.record_bytes);
  SeenKeys seen(entity);
  UnknownColumns unknown;
  Batches batches(
      context, Progress::Phase::migrate, report, index, sql.count(entity), Batches::settle_of(writer.get()),
      [&] { return context.stores.pocketbase->count(entity); }, scan_rows(context, entity));
  const auto reject = [&](std::string_view id, const Outcome& outcome) {
    if (outcome.what != Written::rejected) return;
    context.reject(report, std::string(id), outcome, shown_row(context.mapping, entity, reader->row(), unknown));
  };
  while (reader->next()) {
    ++report.read;
    report.bytes += reader->bytes();
    arena.reset();
    if (!run.begin(reader->side())) {
      context.differ({std::string(entity.name), {}, "twoway_residue", "what twoway wrote",
                      "something else: somebody edited it", {}});
    }
    convert(context, entity, *reader, record.get(), run, unknown);
    const Value id = cell(record.get(), entity.fields[0].offset);
    const bool taken = context.takes(entity.name, id.bytes());
    if (!seen.add(id.bytes())) {
      ++report.to_attic;
      const AtticEntry entry = attic_row_of(entity, *reader, report.to_attic);
      const Digest digest = values_digest(entry.values);
      context.duplicates[entry.table].add(digest.low, digest);
      context.findings.add(Note::What::duplicate, entity.name, {}, id.bytes());
      const Outcome outcome =
          context.writes() && taken && !batches.skips() ? context.stores.pocketbase->write_attic(entry) : Outcome{};
      reject(id.bytes(), outcome);
      RunContext::count(report, outcome);
      batches.row(reader->bytes());
      continue;
    }
    if (context.people != nullptr) context.people->add(entity, id.bytes(), reader->row(), record.get());
    add_row(report, key_hash(entity, reader->row()), row_digest(entity, reader->row(), unknown));
    sql.resolver().saw(entity, id.bytes());
    const Value residue = run.residue();
    if (!residue.is_null()) {
      ++report.with_residue;
      context.findings.converted(entity, reader->row(), run, id.bytes());
    }
    if (run.used_side()) ++report.with_side;
    if (rehearsal != nullptr) {
      if (const auto refusal = rehearsal->add(entity, record.get(), id.bytes())) {
        const Outcome outcome = refused_in_rehearsal(*refusal);
        RunContext::count(report, outcome);
        reject(id.bytes(), outcome);
      }
    }
    if (writer && taken && !batches.skips()) {
      const Outcome outcome = writer->write(record.get(), residue, run.created());
      RunContext::count(report, outcome);
      reject(id.bytes(), outcome);
    }
    batches.row(reader->bytes());
  }
  batches.finish();
  report.migrate_time += std::chrono::steady_clock::now() - started;
}

}  // namespace twoway
