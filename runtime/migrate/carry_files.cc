#include "runtime/migrate/carry_files.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <filesystem>

#include "runtime/files/hashed_source.h"
#include "runtime/files/replaced_files.h"
#include "runtime/files/storage_side.h"
#include "runtime/files/uploads_side.h"
#include "runtime/migrate/file_copying.h"

namespace twoway {

namespace fs = std::filesystem;
using files::FileError;
using files::FileSide;
using files::FileSource;
using Mode = FileOptions::Mode;

namespace {

/// Hashes of so many bytes are compared before the first write, though nobody asked for it.
constexpr std::uint64_t unasked_bytes = 64 * 1024 * 1024;

std::uint64_t name_hash(std::string_view name) { return XXH3_64bits(name.data(), name.size()); }

void require(bool holds, const std::string& what, const std::string& hint) {
  if (!holds) throw cannot_start(what, hint);
}

}  // namespace

std::string_view file_mode_name(Mode mode) {
  switch (mode) {
    case Mode::none:
      return "none";
    case Mode::reuse:
      return "reuse";
    case Mode::copy:
      return "copy";
  }
  return {};
}

CarryFiles::CarryFiles(RunContext& context, const Ends& ends, const fs::path& state)
    : context_(context),
      findings_(context),
      options_(context.options.files),
      state_(state),
      pocketbase_(ends.direction == Direction::to_pocketbase ? ends.to : ends.from),
      to_pocketbase_(ends.direction == Direction::to_pocketbase) {
  context_.report.files_mode = options_.mode;
  std::error_code error;
  const fs::path uploads = options_.uploads;
  const bool is_source = to_pocketbase_ || options_.mode == Mode::reuse;
  if (!options_.uploads.empty()) {
    const bool there = fs::exists(uploads, error);
    require(there ? fs::is_directory(uploads, error) : !is_source,
            fmt::format("--uploads: {} {}", options_.uploads, there ? "is no directory" : "does not exist"),
            "Name the directory in which the application keeps what was uploaded to it.");
  }
  if (options_.mode != Mode::copy) return;
  require(!options_.uploads.empty(), "--files copy needs --uploads DIR",
          to_pocketbase_ ? "Name the directory that the files are in: paths in the rows may be another machine's."
                         : "Name the directory that the files go to.");
  require(!options_.link || pocketbase_.kind == StoreKind::pocketbase_directory,
          fmt::format("--link cannot reach the files of {}", pocketbase_.display),
          "Links join two directories of one file system. Leave it out: files go through the server.");
}

std::unique_ptr<FileSide> CarryFiles::sql_side(const files::PutOptions& put) const {
  if (options_.uploads.empty()) return nullptr;
  return std::make_unique<files::UploadsSide>(options_.uploads, put);
}

std::unique_ptr<FileSide> CarryFiles::source_side(const Entity& entity, const FileField& field) const {
  if (to_pocketbase_ || options_.mode == Mode::reuse) return sql_side({});
  return context_.stores.pocketbase->files(entity, field, {});
}

std::unique_ptr<FileSide> CarryFiles::target_side(const Entity& entity, const FileField& field) const {
  files::PutOptions put;
  put.link = options_.link;
  if (!replaced_.empty()) put.replaced = replaced_ / fmt::format("{}.{}", entity.name, field.field);
  return to_pocketbase_ ? context_.stores.pocketbase->files(entity, field, put) : sql_side(put);
}

bool CarryFiles::reads_hash(std::uint64_t bytes) {
  const bool copies = context_.writes() && options_.mode == Mode::copy;  // then it is read anyway
  if (options_.asked_for && !copies) return true;
  if (looked_bytes_ + bytes > unasked_bytes) return false;
  looked_bytes_ += bytes;
  return true;
}

void CarryFiles::look() {
  context_.report.files.clear();
  for (const Entity* entity : context_.mapping.entities) {
    for (const FileField& field : entity->files) {
      FileReport& report = context_.report.files.emplace_back();
      report.entity = entity->name;
      report.field = field.field;
      report.position = field.position;
      look_at(*entity, field, report);
    }
  }
  findings_.note();
  for (const FileReport& report : context_.report.files) require_any(report);
}

/// One that is missing is a loss of long ago. Where all are, the directory is the wrong one, and a run that copies
/// nothing must not end as if all were done.
void CarryFiles::require_any(const FileReport& report) const {
  if (options_.mode != Mode::copy) return;
  require(report.missing == 0 || report.present > 0,
          fmt::format("none of the {} files that rows of {} name is in {}", report.missing, report.entity, report.from),
          fmt::format("{} Where they are gone for good, --files reuse carries the rows.",
                      to_pocketbase_ ? "Name the directory in which the application keeps what was uploaded to it."
                                     : "PocketBase's directory `storage` has to come along with its data."));
}

std::vector<RoomNeeded> CarryFiles::room() const {
  std::vector<RoomNeeded> needed;
  const bool local = !to_pocketbase_ || pocketbase_.kind == StoreKind::pocketbase_directory;
  if (options_.mode == Mode::copy && local && room_ > 0) {
    const fs::path place = to_pocketbase_ ? pocketbase_.path : fs::path(options_.uploads);
    needed.push_back({place.string(), room_, "for files"});
  }
  return needed;
}

void CarryFiles::look_at(const Entity& entity, const FileField& field, FileReport& report) {
  const auto side = source_side(entity, field);
  if (side) report.from = side->describe();
  std::set<std::uint64_t> named;
  std::unique_ptr<FileSide> there;  // for what an earlier run has put
  if (options_.mode == Mode::copy && !to_pocketbase_) there = sql_side({});
  if (options_.mode == Mode::copy && to_pocketbase_ && pocketbase_.kind == StoreKind::pocketbase_directory) {
    there = std::make_unique<files::StorageSide>(pocketbase_.path / "storage" / entity.collection_id,
                                                 files::StoredNames{}, files::PutOptions{});
  }
  read_named_files(context_, entity, field, [&](const NamedFile& file) {
    stop_if_asked(context_);
    const bool in_storage = !to_pocketbase_ && options_.mode == Mode::copy;
    named.insert(name_hash(in_storage ? file.item.record + "/" + file.item.stored : file.item.uploads_name));
    const std::uint64_t before = report.bytes;
    look_at_file(file, side.get(), report);
    if (!there || options_.link || report.bytes == before) return true;
    std::unique_ptr<FileSource> old;
    try {
      old = there->open(file.item);
    } catch (const FileError&) {
      // It is in the way, and will be said when it is the file's turn.
    }
    if (!old || old->size() != report.bytes - before) room_ += report.bytes - before;
    return true;
  });
  if (side) look_for_unnamed(*side, named, report);
}

void CarryFiles::look_at_file(const NamedFile& file, FileSide* side, FileReport& report) {
  constexpr auto look = Note::Weight::look;
  ++report.named;
  if (file.elsewhere) {
    ++report.elsewhere;
    return findings_.add(report, file.item.record,
                         "files lie in an object store: their addresses go over, their bytes stay",
                         Note::Weight::information, {});
  }
  if (!file.refusal.empty()) {
    ++report.refused;
    return findings_.add(report, file.item.record, "files are not touched: " + file.refusal, look, "mend the row");
  }
  try {
    std::unique_ptr<FileSource> source;
    if (side != nullptr) {
      source = side->open(file.item);
    } else {
      const fs::path path = file.path;
      std::error_code error;
      if (path.is_relative() || !fs::is_directory(path.parent_path(), error)) {
        ++report.unseen;
        return;
      }
      source = files::open_local(path);
    }
    if (!source) {
      ++report.missing;
      return findings_.add(report, file.item.record, "files that rows name are missing", look,
                           "put them there before the move; without them their rows are carried all the same");
    }
    ++report.present;
    report.bytes += source->size();
    if (file.size && *file.size != source->size()) {
      ++report.other_size;
      findings_.add(report, file.item.record, "files have another size than their rows say", look,
                    "look at them; they are carried as they are");
    } else if (!file.sha256.empty() && reads_hash(source->size())) {
      findings_.check_hash(file, files::sha256_of(*source), report);
    }
  } catch (const FileError& error) {
    ++report.failed;
    findings_.add(report, file.item.record, fmt::format("files cannot be used: each {}", error.what()), look,
                  "mend what keeps them from being read");
  }
}

void CarryFiles::look_for_unnamed(FileSide& side, const std::set<std::uint64_t>& named, FileReport& report) {
  side.list([&](std::string_view name) {
    if (named.contains(name_hash(name))) return;
    ++report.unnamed;
    findings_.add(report, name, "files that no row names stay where they are", Note::Weight::information, {});
  });
}

void CarryFiles::carry() {
  if (options_.mode != Mode::copy) return;
  context_.phase("files");
  if (context_.options.backup) {
    const bool goes_on = !context_.report.resumed.empty();
    replaced_ = files::replaced_files(state_, goes_on ? context_.report.resumed : context_.report.started, goes_on);
  }
  // Hashes are taken of all files now, also of those that were looked at beforehand.
  findings_.forget_hashes();
  std::size_t index = 0;
  for (const Entity* entity : context_.mapping.entities) {
    for (const FileField& field : entity->files) {
      FileReport& report = context_.report.files.at(index++);
      report.hashed = report.other_hash = report.failed = 0;
      copy_field(*entity, field, report);
    }
  }
  findings_.note();
}

void CarryFiles::copy_field(const Entity& entity, const FileField& field, FileReport& report) {
  const Stopwatch watch(report.copy_time);
  const auto from = source_side(entity, field), to = target_side(entity, field);
  report.to = to->describe();
  FileCopying copying(context_, findings_, report, *from, *to);
  try {
    read_named_files(context_, entity, field, [&](const NamedFile& file) {
      copying.file(file);
      return true;
    });
  } catch (const Interrupted&) {
    copying.finish_batch();
    findings_.note();
    throw;
  }
  copying.finish();
  report.copy_time -= report.verify_time;
}

void CarryFiles::compare() {
  if (options_.mode != Mode::copy || context_.options.verification == Verification::none) return;
  std::size_t index = 0;
  for (const Entity* entity : context_.mapping.entities) {
    for (const FileField& field : entity->files) {
      FileReport& report = context_.report.files.at(index++);
      const Stopwatch watch(report.verify_time);
      const auto from = source_side(*entity, field), to = target_side(*entity, field);
      report.to = to->describe();
      read_named_files(context_, *entity, field, [&](const NamedFile& file) {
        stop_if_asked(context_);
        if (!file.elsewhere && file.refusal.empty()) compare_file(file, *from, *to, report);
        return true;
      });
    }
  }
}

void CarryFiles::compare_file(const NamedFile& named, FileSide& from, FileSide& to, FileReport& report) {
  NamedFile file = named;
  std::string expected, found = "none";
  try {
    const auto source = from.open(file.item);
    if (!source) return;
    const auto stored = to_pocketbase_ ? to.stored(file.item.record) : std::string();
    if (to_pocketbase_) file.item.stored = stored.value_or(std::string());
    const bool whole = context_.options.verification == Verification::all;
    expected = whole ? files::sha256_of(*source) : fmt::format("{} bytes", source->size());
    const bool unnamed = to_pocketbase_ && file.item.stored.empty();
    const auto target = unnamed ? nullptr : to.open(file.item);
    if (target && share_bytes(*source, *target)) {
      found = expected;
    } else if (target) {
      found = whole ? files::sha256_of(*target) : fmt::format("{} bytes", target->size());
    }
    if (whole) add_file(report, file, expected);
  } catch (const FileError& error) {
    found = error.what();
  }
  ++report.verified;
  if (found == expected) return;
  ++report.different;
  context_.differ(
      {report.entity, file.item.record, report.field, expected.empty() ? "a file" : expected, found, report.position});
}

std::unique_ptr<CarryFiles> look_at_files(RunContext& context, const Ends& ends, const fs::path& state) {
  const Mode mode = context.options.files.mode;
  if (mode == Mode::none || context.only) return nullptr;
  const auto& entities = context.mapping.entities;
  const bool any = std::any_of(entities.begin(), entities.end(), [](const Entity* one) { return !one->files.empty(); });
  const bool converts = ends.direction == Direction::to_pocketbase || ends.direction == Direction::to_sql;
  require(converts || mode != Mode::copy, "--files copy goes between SQL and PocketBase",
          "Between two stores of one kind paths and names stay as they are: copy the directory itself, with cp -a or "
          "rsync.");
  require(any || mode != Mode::copy, "this mapping knows of no files", "Leave --files copy out.");
  if (!any || !converts) return nullptr;
  auto files = std::make_unique<CarryFiles>(context, ends, state);
  files->look();
  return files;
}

}  // namespace twoway
