#include "runtime/report/receipt_json.h"

#include <boost/json.hpp>

#include "runtime/report/chunk_tree.h"
#include "runtime/report/earlier_receipt.h"
#include "runtime/report/files_report.h"
#include "runtime/report/findings.h"
#include "runtime/report/json_text.h"
#include "runtime/report/people.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

namespace json = boost::json;

constexpr int format = 1;

/// Foreign text as JSON: valid UTF-8 without control characters, and without passwords.
json::string text(std::string_view foreign) { return json::string(redacted(printable(foreign))); }

/// Empty is null.
json::value text_or_null(std::string_view foreign) {
  return foreign.empty() ? json::value(nullptr) : json::value(text(foreign));
}

json::array texts(const std::vector<std::string>& foreign) {
  json::array array;
  for (const std::string& one : foreign) array.emplace_back(text(one));
  return array;
}

/// The counts that an entity and the totals share.
template <class Counts>
void add_counts(json::object& object, const Counts& counts) {
  object["read"] = counts.read;
  object["inserted"] = counts.inserted;
  object["updated"] = counts.updated;
  object["unchanged"] = counts.unchanged;
  object["rejected"] = counts.rejected;
  object["deleted"] = counts.deleted;
  object["with_residue"] = counts.with_residue;
  object["with_side"] = counts.with_side;
  object["superseded"] = counts.superseded;
  object["adapted"] = counts.adapted;
  object["to_attic"] = counts.to_attic;
  object["skipped"] = counts.skipped;
  object["bytes"] = counts.bytes;
  object["verified"] = counts.verified;
  object["different"] = counts.different;
  object["missing"] = counts.missing;
  object["extra"] = counts.extra;
  object["migrate_nanoseconds"] = counts.migrate_time.count();
  object["verify_nanoseconds"] = counts.verify_time.count();
}

json::object entity_object(const EntityReport& entity) {
  json::object object;
  object["name"] = text(entity.name);
  object["table"] = text(entity.table);
  object["collection"] = text(entity.collection);
  object["attic"] = entity.attic;
  add_counts(object, entity);
  object["digest"] = json::string(entity.digest.text());
  object["root"] = text_or_null(entity_root(entity));
  object["chunk_key"] = texts(entity.chunk_key);
  object["chunks"] = texts(chunk_texts(entity));
  json::array examples;
  for (const std::string& example : entity.superseded_examples) examples.emplace_back(text(example));
  object["superseded_examples"] = std::move(examples);
  return object;
}

json::array rejected_array(const RunReport& report) {
  json::array array;
  for (const RejectedRow& row : report.rejected) {
    json::object object;
    object["entity"] = text(row.entity);
    object["key"] = text(row.key);
    object["column"] = text(row.column);
    object["reason"] = text(row.reason);
    array.push_back(std::move(object));
  }
  return array;
}

json::array differences_array(const RunReport& report) {
  json::array array;
  for (const Difference& difference : report.differences) {
    json::object object;
    object["entity"] = text(difference.entity);
    object["key"] = text(difference.key);
    object["column"] = text(difference.column);
    object["expected"] = text(difference.expected);
    object["found"] = text(difference.found);
    object["position"] = text(difference.position);
    array.push_back(std::move(object));
  }
  return array;
}

json::array references_array(const RunReport& report) {
  const auto side = [](const References& references) {
    json::object object;
    object["all"] = references.all;
    object["nowhere"] = references.nowhere;
    return object;
  };
  json::array array;
  for (const ReferenceReport& references : report.references) {
    json::object object;
    object["entity"] = text(references.entity);
    object["column"] = text(references.column);
    object["target"] = text(references.target);
    object["from"] = side(references.source);
    object["to"] = side(references.target_side);
    object["position"] = text(references.position);
    array.push_back(std::move(object));
  }
  return array;
}

json::value earlier_value(const RunReport& report) {
  if (!report.earlier) return nullptr;
  json::object object;
  object["receipt"] = text(report.earlier->receipt);
  object["started"] = text(report.earlier->started);
  object["root"] = text_or_null(report.earlier->root);
  object["same"] = report.earlier->differing.empty();
  json::array array;
  for (const EarlierComparison::Differing& one : report.earlier->differing) {
    json::object differing;
    differing["entity"] = text(one.entity);
    differing["chunks"] = json::array(one.chunks.begin(), one.chunks.end());
    differing["of"] = one.of;
    differing["rows_then"] = one.rows_then;
    differing["rows_now"] = one.rows_now;
    array.push_back(std::move(differing));
  }
  object["differing"] = std::move(array);
  return object;
}

json::array samples_array(const RunReport& report) {
  json::array array;
  for (const SampleRow& row : report.samples) {
    json::object object;
    object["entity"] = text(row.entity);
    object["key"] = text(row.key);
    object["equal"] = row.equal;
    json::array lines;
    for (const SampleRow::Line& line : row.lines) {
      json::object one;
      one["name"] = text(line.name);
      one["from"] = text(line.source);
      one["to"] = text(line.target);
      lines.push_back(std::move(one));
    }
    object["lines"] = std::move(lines);
    array.push_back(std::move(object));
  }
  return array;
}

json::object store_object(std::string_view store, std::string_view version) {
  json::object object;
  object["store"] = text(store);
  object["version"] = text(version);
  return object;
}

json::object verdict_object(const RunReport& report, Verb verb) {
  const Verdict found = verdict(report, verb);
  json::object object;
  object["word"] = json::string(found.word);
  object["text"] = json::string(found.text);
  object["status"] = static_cast<int>(exit_status(report, verb));
  return object;
}

}  // namespace

std::string receipt_json(const RunReport& report, const ReceiptContext& context) {
  json::object receipt;
  receipt["receipt"] = "twoway";
  receipt["format"] = format;
  receipt["program_version"] = json::string(context.program_version);
  receipt["verb"] = json::string(name(context.verb));
  receipt["verdict"] = verdict_object(report, context.verb);
  receipt["mapping"] = text(report.mapping);
  receipt["mapping_digest"] = text(report.mapping_digest);
  receipt["direction"] = json::string(name(report.direction));
  receipt["from"] = store_object(report.from, report.from_version);
  receipt["to"] = store_object(report.to, report.to_version);
  json::object operator_object;
  operator_object["user"] = text(report.user);
  operator_object["host"] = text(report.host);
  receipt["run_by"] = std::move(operator_object);
  receipt["started"] = text(report.started);
  receipt["finished"] = text(report.finished);
  receipt["dry_run"] = report.dry_run;
  receipt["verified"] = report.verified;
  receipt["verification"] = json::string(verification_name(report.verification));
  receipt["seed"] = report.seed == 0 ? json::value(nullptr) : json::value(report.seed);
  receipt["target_created"] = report.target_created;
  receipt["resumed"] = report.resumed.empty() ? json::value(nullptr) : json::value(json::string(report.resumed));
  receipt["backup"] = report.backup.empty() ? json::value() : json::value(text(report.backup));
  receipt["rejected_file"] = report.rejected_file.empty() ? json::value() : json::value(text(report.rejected_file));
  receipt["stopped"] = report.stopped.empty() ? json::value() : json::value(text(report.stopped));
  receipt["people"] = people_value(report);
  receipt["total_digest"] = json::string(total_digest(report));
  receipt["terms"] = json::string(terms_name(report.direction));
  receipt["root"] = text_or_null(rows_root(report));
  receipt["earlier"] = earlier_value(report);
  json::object sums;
  add_counts(sums, totals(report));
  receipt["totals"] = std::move(sums);
  json::array entities;
  for (const EntityReport& entity : report.entities) entities.push_back(entity_object(entity));
  receipt["entities"] = std::move(entities);
  receipt["notes"] = notes_array(report.notes);
  receipt["rejected"] = rejected_array(report);
  receipt["differences"] = differences_array(report);
  receipt["references"] = references_array(report);
  receipt["files"] = files_object(report);
  if (context.with_samples) receipt["samples"] = samples_array(report);
  return pretty(receipt);
}

}  // namespace twoway::report
