#include "runtime/migrate/preflight.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <thread>

#include "runtime/migrate/carry_files.h"
#include "runtime/migrate/occupants.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view look_again = "Stop it and try again";

/// 1.2 GB, in powers of 1000; what is asked for is never shown as less than it is.
std::string size(std::uint64_t bytes) {
  constexpr double kilo = 1000;
  double number = static_cast<double>(bytes);
  const char* const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  std::size_t unit = 0;
  for (; number >= kilo && unit + 1 < std::size(units); ++unit) number /= kilo;
  return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", number, units[unit]);
}

/// The file or directory, or the nearest one above it that exists.
fs::path nearest(const fs::path& path) {
  std::error_code error;
  fs::path found = fs::absolute(path);
  while (!fs::exists(found, error) && found.has_relative_path()) found = found.parent_path();
  return found;
}

std::string names(const std::vector<Occupant>& all, bool writers) {
  std::vector<std::string> names;
  for (const Occupant& occupant : all) {
    if (occupant.may_write == writers) names.push_back(occupant.name);
  }
  return fmt::format("{}", fmt::join(names, " and "));
}

bool any_writes(const std::vector<Occupant>& all) {
  return std::any_of(all.begin(), all.end(), [](const Occupant& occupant) { return occupant.may_write; });
}

/// Those that go away by themselves in a moment are not waited for by people: what a killed run leaves, for example.
std::vector<Occupant> lasting_occupants(const StoreAddress& store) {
  constexpr int most_looks = 8;
  constexpr std::chrono::milliseconds between_looks{200};
  std::vector<Occupant> found = occupants(store);
  for (int look = 1; any_writes(found) && look < most_looks; ++look) {
    std::this_thread::sleep_for(between_looks);
    found = occupants(store);
  }
  return found;
}

}  // namespace

void Preflight::stop(Note::What what, const std::string& subject, const Error& error) {
  Note& note = context_.report.notes.emplace_back();
  note.what = what;
  note.subject = subject;
  note.text = error.what();
  note.choice = error.hint();
  note.weight = Note::Weight::stops;
}

void Preflight::look_for_others_at(const StoreAddress& store, bool target) {
  const std::vector<Occupant> found = lasting_occupants(store);
  if (found.empty()) return;
  // A PostgreSQL source is read in a snapshot, whoever writes; a SQLite file is safe from writers only where there are
  // none, because it is read without a trace.
  const bool harmful = any_writes(found) && (target || store.kind == StoreKind::sqlite_file);
  const std::string_view meanwhile =
      target ? ", or say --while-open: the target is locked against it as far as its database can"
             : ", or say --while-open: what it writes meanwhile does not go over, and the run says so";
  if (harmful && !context_.options.while_open) {
    return stop(Note::What::in_use, store.display,
                cannot_start(fmt::format("{} is in use by {}", store.display, names(found, true)),
                             fmt::format("{}{}.", look_again, meanwhile)));
  }
  for (const bool writers : {true, false}) {
    const std::string who = names(found, writers);
    if (who.empty()) continue;
    Note& note = context_.report.notes.emplace_back();
    note.what = Note::What::in_use;
    note.subject = store.display;
    note.weight = Note::Weight::look;
    note.text = fmt::format("{} has it open{}", who, writers ? "" : " for reading");
    note.choice = target ? "stop it, so that nobody reads a half-filled target"
                         : "stop it before the move: what it writes during the run does not go over";
  }
}

void Preflight::look_for_others(bool from, bool to) {
  if (from) guard(ends_.from.display, [&] { look_for_others_at(ends_.from, false); });
  if (to) guard(ends_.to.display, [&] { look_for_others_at(ends_.to, true); });
}

std::vector<std::string> missing_room(const std::vector<RoomNeeded>& needed, std::vector<std::string>& enough) {
  struct Disk {
    std::uint64_t free = 0;
    std::uint64_t bytes = 0;
    std::string place;
    std::vector<std::string> why;
  };
  std::map<dev_t, Disk> disks;
  for (const RoomNeeded& need : needed) {
    const fs::path place = nearest(need.place);
    struct stat status{};
    struct statvfs room{};
    if (stat(place.c_str(), &status) != 0 || statvfs(place.c_str(), &room) != 0) continue;
    Disk& disk = disks[status.st_dev];
    disk.free = static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
    disk.bytes += need.bytes;
    if (disk.place.empty()) disk.place = place.string();
    disk.why.push_back(fmt::format("{} {}", size(need.bytes), need.why));
  }
  std::vector<std::string> missing;
  for (const auto& [device, disk] : disks) {
    const std::string text = fmt::format("the disk of {} has {} free, and the run needs about {}: {}", disk.place,
                                         size(disk.free), size(disk.bytes), fmt::join(disk.why, ", "));
    (disk.free < disk.bytes ? missing : enough).push_back(text);
  }
  return missing;
}

void Preflight::look_for_room(bool empty, bool backs_up, const CarryFiles* files) {
  std::vector<RoomNeeded> needed;
  if (files != nullptr) needed = files->room();
  const auto source = bytes_of(ends_.from), target = empty ? std::optional<std::uint64_t>(0) : bytes_of(ends_.to);
  std::vector<std::string> unseen;
  if (is_remote(ends_.to.kind)) {
    unseen.push_back(fmt::format("the disk of {} cannot be seen", ends_.to.display));
  } else if (source && target) {
    // The two sides of the same data differ little in size; a compressed PostgreSQL needs less than a file.
    needed.push_back({ends_.to.path.string(), *source > *target ? *source - *target : 0,
                      "for the target (as much as the source has, less what the target has)"});
  }
  if (!source) unseen.push_back(fmt::format("the size of {} cannot be seen", ends_.from.display));
  if (backs_up && !empty && ends_.to.kind != StoreKind::pocketbase_server && target) {
    needed.push_back({options_.state_directory.string(), *target, "for the backup (as much as the target has)"});
  }
  std::vector<std::string> enough;
  const std::vector<std::string> missing = missing_room(needed, enough);
  for (const std::string& text : missing) {
    stop(Note::What::space, "disk",
         cannot_start(text, "Make room. --state DIR puts the backup on another disk, --no-backup does without one."));
  }
  enough.insert(enough.end(), unseen.begin(), unseen.end());
  for (std::string& text : enough) {
    Note& note = context_.report.notes.emplace_back();
    note.what = Note::What::space;
    note.subject = "disk";
    note.text = std::move(text);
  }
}

void Preflight::note_versions(bool empty) {
  const auto add = [&](const std::string& subject, const std::string& text) {
    Note& note = context_.report.notes.emplace_back();
    note.what = Note::What::version;
    note.subject = subject;
    note.text = text;
  };
  const Mapping& mapping = context_.mapping;
  const auto of_store = [&](const StoreAddress& store, const std::string& version) {
    if (is_sql(store.kind)) {
      if (mapping.version_table.empty()) return;
      add(store.display,
          fmt::format("revision {} ({})", version.empty() ? mapping.version_value : version, mapping.version_name));
    } else if (!version.empty()) {
      add(store.display, fmt::format("PocketBase's own migrations up to {}", version));
    }
  };
  of_store(ends_.from, context_.report.from_version);
  if (!empty || is_sql(ends_.to.kind)) of_store(ends_.to, context_.report.to_version);
  if (!empty || ends_.to.kind != StoreKind::pocketbase_directory) return;
  guard(ends_.to.display, [&] {
    const std::string program = pocketbase_version(ends_.to, options_);
    add(ends_.to.display,
        fmt::format("is made by {}, with {} of the mapping's migrations",
                    program.empty() ? "the pocketbase program" : program, mapping.pocketbase_migrations.size()));
  });
}

void Preflight::note_content(std::uint64_t rows) {
  Note& note = context_.report.notes.emplace_back();
  note.what = Note::What::not_empty;
  note.subject = ends_.to.display;
  note.count = rows;
  note.text = context_.options.backup ? "rows are there already: they are made equal to the source's, after a backup"
                                      : "rows are there already: they are made equal to the source's, WITHOUT a backup";
  note.weight = context_.options.backup ? Note::Weight::information : Note::Weight::look;
  note.choice = "name another target to leave this one as it is";
}

void Preflight::decide(bool opened) const {
  std::vector<const Note*> stops;
  for (const Note& note : context_.report.notes) {
    if (note.weight == Note::Weight::stops) stops.push_back(&note);
  }
  if (stops.empty() || (opened && !context_.writes())) return;
  std::string what = stops[0]->text, hint = stops[0]->choice;
  if (stops.size() > 1) {
    what = fmt::format("{} things keep the run from starting", stops.size());
    hint.clear();
    for (std::size_t i = 0; i < stops.size(); ++i) {
      what += fmt::format("{} ({}) {}", i == 0 ? ":" : ";", i + 1, stops[i]->text);
      if (!stops[i]->choice.empty()) hint += fmt::format("{}({}) {}", hint.empty() ? "" : " ", i + 1, stops[i]->choice);
    }
  }
  throw Stopped(cannot_start(what, hint), context_.report.notes);
}

bool Preflight::is_small_source() const {
  constexpr std::uint64_t small = 64 * 1024 * 1024;
  const auto bytes = bytes_of(ends_.from);
  return bytes && *bytes <= small;
}

}  // namespace twoway
