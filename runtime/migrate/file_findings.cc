#include "runtime/migrate/file_findings.h"

#include <fmt/format.h>

namespace twoway {

namespace {

constexpr std::string_view other_bytes = "files have other bytes than their rows say (SHA-256)";

}  // namespace

void FileFindings::add(const FileReport& report, std::string_view key, const std::string& text, Note::Weight weight,
                       const std::string& choice) {
  Found& found = found_[{fmt::format("{}.{}", report.entity, report.field), text}];
  found.weight = weight;
  found.choice = choice;
  ++found.count;
  if (found.keys.size() < Note::most_keys) found.keys.emplace_back(key);
}

void FileFindings::check_hash(const NamedFile& file, const std::string& sha256, FileReport& report) {
  if (file.sha256.empty()) return;
  ++report.hashed;
  if (file.sha256 == sha256) return;
  ++report.other_hash;
  add(report, file.item.record, std::string(other_bytes), Note::Weight::look,
      "look at them; they are carried as they are");
}

void FileFindings::forget_hashes() {
  std::erase_if(found_, [](const auto& found) { return found.first.second == other_bytes; });
}

void FileFindings::say_lost(const FileReport& report, const NamedFile& file, const std::string& why) {
  context_.differ({report.entity, file.item.record, report.field, "a file", why, report.position});
}

void FileFindings::note() {
  std::vector<Note>& notes = context_.report.notes;
  std::erase_if(notes, [](const Note& note) { return note.what == Note::What::file; });
  for (auto& [name, found] : found_) {
    Note& note = notes.emplace_back();
    note.what = Note::What::file;
    note.subject = name.first;
    note.entity = name.first.substr(0, name.first.find('.'));
    note.text = name.second;
    note.count = found.count;
    note.weight = found.weight;
    note.choice = found.choice;
    note.keys = found.keys;
  }
}

}  // namespace twoway
