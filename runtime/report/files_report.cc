#include "runtime/report/files_report.h"

#include <fmt/format.h>

#include <array>
#include <boost/json/array.hpp>
#include <vector>

#include "runtime/report/html.h"
#include "runtime/report/text.h"

namespace twoway::report {

namespace json = boost::json;

namespace {

json::string shown(std::string_view foreign) { return json::string(redacted(printable(foreign))); }

/// A count by its member in the receipt and by its words in a sentence, where it has some.
struct Count {
  std::string_view name;
  std::string_view words;
  std::uint64_t FileReport::* number;
};

constexpr std::array<Count, 16> counts{{
    {"copied", "copied", &FileReport::copied},
    {"linked", "linked", &FileReport::linked},
    {"skipped", "there already", &FileReport::skipped},
    {"missing", "missing", &FileReport::missing},
    {"elsewhere", "in an object store", &FileReport::elsewhere},
    {"unseen", "in directories that this machine does not have", &FileReport::unseen},
    {"refused", "refused by their names", &FileReport::refused},
    {"failed", "failed", &FileReport::failed},
    {"other_size", "of another size than their rows say", &FileReport::other_size},
    {"other_hash", "of another hash than their rows say", &FileReport::other_hash},
    {"different", "DIFFERENT after the copy", &FileReport::different},
    {"unnamed", "named by no row", &FileReport::unnamed},
    {"verified", "compared", &FileReport::verified},
    {"hashed", {}, &FileReport::hashed},
    {"bytes", {}, &FileReport::bytes},
    {"copied_bytes", {}, &FileReport::copied_bytes},
}};

std::string sentence(const FileReport& files) {
  std::string text = fmt::format("{} present ({})", grouped(files.present), size(files.bytes));
  for (const Count& count : counts) {
    if (count.words.empty() || files.*count.number == 0) continue;
    text += fmt::format(", {} {}", grouped(files.*count.number), count.words);
  }
  return text;
}

}  // namespace

json::object files_object(const RunReport& report) {
  json::array fields;
  for (const FileReport& files : report.files) {
    json::object object;
    object["entity"] = shown(files.entity);
    object["field"] = shown(files.field);
    object["from"] = shown(files.from);
    object["to"] = shown(files.to);
    object["named"] = files.named;
    object["present"] = files.present;
    for (const Count& count : counts) object[count.name] = files.*count.number;
    object["digest"] = json::string(files.digest.text());
    object["copy_nanoseconds"] = files.copy_time.count();
    object["verify_nanoseconds"] = files.verify_time.count();
    object["position"] = shown(files.position);
    fields.push_back(std::move(object));
  }
  json::object object;
  object["mode"] = json::string(file_mode_name(report.files_mode));
  object["fields"] = std::move(fields);
  return object;
}

std::string files_text(const RunReport& report) {
  std::string text;
  for (const FileReport& files : report.files) {
    if (files.named + files.unnamed == 0) continue;
    const std::string line = fmt::format("files of {} ({}): {} named, {}", files.entity,
                                         file_mode_name(report.files_mode), grouped(files.named), sentence(files));
    text += "\n" + redacted(printable(line)) + "\n";
  }
  return text;
}

std::string files_table(const RunReport& report) {
  std::vector<std::vector<std::string>> rows;
  for (const FileReport& files : report.files) {
    rows.push_back({html::code(files.entity + "." + files.field), html::code(files.from), html::code(files.to),
                    grouped(files.named), html::escaped(sentence(files)), html::code(files.digest.text()),
                    html::code(files.position)});
  }
  if (rows.empty()) return {};
  return html::table({"Field", "From", "To", "Named by rows", "What became of them", "Digest", "Mapping"},
                     {false, false, false, true, false, false, false}, rows);
}

}  // namespace twoway::report
