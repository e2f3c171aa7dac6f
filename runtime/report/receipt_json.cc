#include "runtime/report/receipt_json.h"

#include <boost/json.hpp>

#include "runtime/report/findings.h"
#include "runtime/report/json_text.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

namespace json = boost::json;

constexpr int format = 1;

/// Foreign text as JSON: valid UTF-8 without control characters, and without passwords.
json::string text(std::string_view foreign) { return json::string(redacted(printable(foreign))); }

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
  receipt["started"] = text(report.started);
  receipt["finished"] = text(report.finished);
  receipt["dry_run"] = report.dry_run;
  receipt["verified"] = report.verified;
  receipt["target_created"] = report.target_created;
  receipt["resumed"] = report.resumed.empty() ? json::value(nullptr) : json::value(json::string(report.resumed));
  receipt["backup"] = report.backup.empty() ? json::value() : json::value(text(report.backup));
  receipt["rejected_file"] = report.rejected_file.empty() ? json::value() : json::value(text(report.rejected_file));
  receipt["stopped"] = report.stopped.empty() ? json::value() : json::value(text(report.stopped));
  receipt["total_digest"] = json::string(total_digest(report));
  json::object sums;
  add_counts(sums, totals(report));
  receipt["totals"] = std::move(sums);
  json::array entities;
  for (const EntityReport& entity : report.entities) entities.push_back(entity_object(entity));
  receipt["entities"] = std::move(entities);
  receipt["notes"] = notes_array(report.notes);
  receipt["rejected"] = rejected_array(report);
  receipt["differences"] = differences_array(report);
  return pretty(receipt);
}

}  // namespace twoway::report
