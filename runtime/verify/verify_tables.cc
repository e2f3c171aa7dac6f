#include "runtime/verify/verify_tables.h"

#include <fmt/format.h>

#include "runtime/migrate/digest.h"
#include "runtime/store/kept.h"
#include "runtime/verify/compare.h"
#include "runtime/verify/references.h"
#include "runtime/verify/sample.h"

namespace twoway {

std::string row_name(const TableShape& shape, std::span<const Value> values) {
  Arena arena;
  return std::string(kept::key_text(shape, values, arena));
}

RowSums table_sums(SqlStore& store, const TableShape& shape, const TableDigester& digester) {
  RowSums sums;
  for (const auto reader = store.tables().read(shape); reader->next();) {
    const Digest row = digester.row(reader->values());
    sums.add(digester.key_hash(reader->values(), row), row);
  }
  return sums;
}

TableComparison::TableComparison(RunContext& context, SqlStore& source, SqlStore& target,
                                 const std::vector<Copy>& copies, bool source_is_file, bool target_is_file)
    : context_(context),
      source_(&source),
      target_(&target),
      copies_(copies),
      followed_source_(source_is_file || !target_is_file ? &source : nullptr),
      followed_target_(target_is_file ? &target : nullptr) {}

void TableComparison::verify() {
  if (context_.options.verification == Verification::sample) return sample_tables();
  const std::vector<std::size_t> dealt = deal_sample();
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    if (context_.takes(copies_[i].source.name)) verify_table(i, dealt[i]);
  }
  complete_references();
}

void TableComparison::count() {
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const std::string& name = copies_[i].source.name;
    context_.count_both(context_.report.entities[i], source_->tables().count(name),
                        copies_[i].in_target ? target_->tables().count(name) : 0);
  }
}

/// Both sums of all rows' digests; where they differ, the rows that make the difference are named.
void TableComparison::verify_table(std::size_t index, std::size_t sampled) {
  const Copy& copy = copies_[index];
  EntityReport& report = context_.report.entities[index];
  const auto started = std::chrono::steady_clock::now();
  if (!copy.in_target) {
    report.missing = source_->tables().count(copy.source.name);
    if (report.missing > 0) context_.differ({copy.source.name, {}, {}, "a table", "none", {}});
    return;
  }
  const TableDigester digester(copy.source, report.chunk_key);
  RowSums found;
  std::uint64_t rows = 0;
  TableReferences references(context_, copy.target, followed_source_, followed_target_);
  Sample sample(sampled, context_.report.seed);
  Batches batches(context_, Progress::Phase::verify, report, index, target_->tables().count(copy.source.name));
  for (const auto reader = target_->tables().read(copy.target); reader->next();) {
    const Digest row = digester.row(reader->values());
    const std::uint64_t key = digester.key_hash(reader->values(), row);
    found.add(key, row);
    references.follow(reader->values());
    if (sample.wants(key)) sample.take(key, compare_one(copy, report, digester, reader->values(), false));
    ++rows;
    batches.row(reader->bytes());
  }
  batches.finish();
  // A run that has just read every row of the source's snapshot knows its sum.
  const bool known = report.read > 0 && report.read == source_->tables().count(copy.source.name);
  if (!known) set_rows(report, table_sums(*source_, copy.source, digester));
  report.verified = rows;
  sample.give(context_.report.samples);
  if (!(report.digest == found.digest)) name_differences(copy, digester, report);
  report.verify_time += std::chrono::steady_clock::now() - started;
}

void TableComparison::complete_references() {
  bool equal = true;
  for (const EntityReport& report : context_.report.entities) {
    equal = equal && report.different + report.missing + report.extra == 0;
  }
  if (followed_source_ != nullptr && followed_target_ != nullptr) return;
  const bool lacks_source = followed_source_ == nullptr;
  if (equal) {
    for (ReferenceReport& report : context_.report.references) {
      (lacks_source ? report.source : report.target_side) = lacks_source ? report.target_side : report.source;
    }
    return;
  }
  context_.report.references.clear();
  context_.report.notes.push_back(
      {Note::What::warning, "references", 0, "they were not counted on both sides, because the rows differ", {}});
}

std::vector<std::size_t> TableComparison::deal_sample() {
  std::vector<std::uint64_t> have;
  for (const Copy& copy : copies_) {
    const bool counts = copy.in_target && context_.takes(copy.source.name);
    have.push_back(counts ? target_->tables().count(copy.source.name) : 0);
  }
  return deal(context_.options.sample, context_.report.seed, have);
}

void TableComparison::sample_tables() {
  const std::vector<std::size_t> dealt = deal_sample();
  for (std::size_t i = 0; i < copies_.size(); ++i) {
    const Copy& copy = copies_[i];
    EntityReport& report = context_.report.entities[i];
    if (dealt[i] == 0 || !copy.in_target) continue;
    const TableDigester digester(copy.source, report.chunk_key);
    Sample sample(dealt[i], context_.report.seed);
    Batches batches(context_, Progress::Phase::verify, report, i, target_->tables().count(copy.source.name));
    for (const auto reader = target_->tables().read(copy.target); reader->next();) {
      const std::uint64_t key = digester.key_hash(reader->values(), digester.row(reader->values()));
      if (sample.wants(key)) sample.take(key, compare_one(copy, report, digester, reader->values(), true));
      batches.row(reader->bytes());
    }
    batches.finish();
    sample.give(context_.report.samples);
  }
}

/// One row of the target with the source's row of the same key. `counts`: a difference is noted; else it is named by
/// whoever compares all.
SampleRow TableComparison::compare_one(const Copy& copy, EntityReport& report, const TableDigester& digester,
                                       std::span<const Value> values, bool counts) {
  TableShape shape = copy.source;
  shape.key = copy.target.key;
  std::vector<Value> key, there;
  for (const std::size_t part : shape.key) key.push_back(values[part]);
  // A row that nothing tells apart can only be shown.
  const bool found = !key.empty() && source_->tables().find(shape, key, there);
  const std::string name = key.empty() ? "a row" : row_name(copy.target, values);
  SampleRow row = found ? side_by_side(context_.mapping, copy.source, name, there, values)
                        : side_by_side(context_.mapping, copy.source, name, values, values);
  if (!found) {
    for (SampleRow::Line& line : row.lines) line.source = key.empty() ? "" : "none";
  }
  row.equal = key.empty() || (found && digester.row(there) == digester.row(values));
  if (!counts) return row;
  ++report.verified;
  if (row.equal) return row;
  ++(found ? report.different : report.extra);
  for (std::size_t i = 0; found && i < there.size(); ++i) {
    if (same(there[i], values[i])) continue;
    context_.differ({report.name, name, copy.source.columns[i].name, described(there[i]), described(values[i]), {}});
  }
  if (!found && context_.options.extra != RunOptions::Extra::keep) {
    context_.differ({report.name, name, {}, "no row", "a row", {}});
  }
  return row;
}

void TableComparison::name_differences(const Copy& copy, const TableDigester& digester, EntityReport& report) {
  const std::string& name = copy.source.name;
  const std::uint64_t rows = source_->tables().count(name);
  if (copy.target.key.empty()) {
    report.different = 1;
    return context_.differ({name,
                            {},
                            {},
                            fmt::format("{} rows", rows),
                            fmt::format("{} rows that are not the same", target_->tables().count(name)),
                            {}});
  }
  std::vector<Value> key, found;
  std::uint64_t matched = 0;
  for (const auto reader = source_->tables().read(copy.source); reader->next();) {
    key.clear();
    for (const std::size_t part : copy.target.key) key.push_back(reader->values()[part]);
    if (!target_->tables().find(copy.target, key, found)) {
      ++report.missing;
      context_.differ({name, row_name(copy.target, reader->values()), {}, "a row", "none", {}});
      continue;
    }
    ++matched;
    if (digester.row(found) == digester.row(reader->values())) continue;
    ++report.different;
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (same(found[i], reader->values()[i])) continue;
      context_.differ({name,
                       row_name(copy.target, reader->values()),
                       copy.source.columns[i].name,
                       described(reader->values()[i]),
                       described(found[i]),
                       {}});
    }
  }
  const std::uint64_t live = target_->tables().count(name);
  if (live > matched) report.extra = live - matched;
  if (report.extra == 0 || context_.options.extra == RunOptions::Extra::keep) return;
  context_.differ({name, {}, {}, "no row", fmt::format("{} rows that the source does not have", report.extra), {}});
}

}  // namespace twoway
