#include "generator/source/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <system_error>

#include "generator/source/utf8.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

std::string display(const fs::path& path) { return path.lexically_normal().generic_string(); }

/// Reports at the place that names the file, or else at the file's path.
Diagnostic& report(DiagnosticSink& sink, DiagnosticId id, Position named_at, const fs::path& path,
                   std::string message) {
  if (!named_at.known()) return sink.error_at_path(id, display(path), std::move(message));
  return sink.error(id, named_at, fmt::format("{}: {}", display(path), message));
}

bool check_encoding(std::uint32_t file, const SourceSet& sources, DiagnosticSink& sink) {
  const std::string& bytes = sources.file(file).bytes;
  const std::size_t invalid = first_invalid_utf8(bytes);
  const std::size_t nul = bytes.find('\0');
  if (nul != std::string::npos && nul < invalid) {
    sink.error(DiagnosticId::file_encoding, sources.position(file, nul), "NUL byte in a text file")
        .with_hint("save the file as UTF-8 text");
    return false;
  }
  if (invalid < bytes.size()) {
    const auto byte = static_cast<unsigned char>(bytes[invalid]);
    sink.error(DiagnosticId::file_encoding, sources.position(file, invalid),
               fmt::format("byte 0x{:02X} is not part of valid UTF-8", byte))
        .with_hint("save the file as UTF-8 text");
    return false;
  }
  return true;
}

/// The file's bytes; nothing with a diagnostic.
std::optional<std::string> read(const fs::path& path, Position named_at, DiagnosticSink& sink) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) {
    const bool absent = !error || status.type() == fs::file_type::not_found;
    const std::string why = absent ? "no such file" : error.message();
    report(sink, DiagnosticId::file_missing, named_at, path, why);
    return std::nullopt;
  }
  if (!fs::is_regular_file(status)) {
    const std::string what = fs::is_directory(status) ? "is a directory, not a file" : "is not a regular file";
    report(sink, DiagnosticId::file_unreadable, named_at, path, what);
    return std::nullopt;
  }
  std::ifstream stream(path, std::ios::binary);
  std::string bytes;
  for (char chunk[1 << 14]; stream && bytes.size() <= largest_mapping_file;) {
    stream.read(chunk, sizeof chunk);
    bytes.append(chunk, static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.is_open() || stream.bad() || (stream.fail() && !stream.eof())) {
    report(sink, DiagnosticId::file_unreadable, named_at, path, "cannot be read");
    return std::nullopt;
  }
  if (bytes.size() > largest_mapping_file) {
    report(sink, DiagnosticId::file_too_large, named_at, path,
           fmt::format("larger than {} MiB, which is more than a mapping file may have", largest_mapping_file >> 20));
    return std::nullopt;
  }
  return bytes;
}

/// The absolute path without "." and without a slash at its end.
fs::path absolute_folder(const fs::path& directory) {
  std::error_code error;
  fs::path path = fs::absolute(directory, error).lexically_normal();
  if (error) path = directory.lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

}  // namespace

std::optional<std::uint32_t> load_file(const fs::path& directory, const std::string& relative, Position named_at,
                                       SourceSet& sources, DiagnosticSink& sink) {
  const fs::path path = directory / relative;
  std::optional<std::string> bytes = read(path, named_at, sink);
  if (!bytes) return std::nullopt;
  const std::uint32_t file = sources.add(display(path), relative, std::move(*bytes));
  if (!check_encoding(file, sources, sink)) return std::nullopt;
  return file;
}

std::vector<std::string> list_entity_files(const fs::path& directory, DiagnosticSink& sink) {
  std::vector<std::string> result;
  const fs::path folder = directory / "entities";
  std::error_code error;
  fs::directory_iterator iterator(folder, error);
  for (; !error && iterator != fs::directory_iterator(); iterator.increment(error)) {
    const fs::path& path = iterator->path();
    const std::string name = path.filename().string();
    if (name.starts_with(".")) continue;
    if (path.extension() == ".yaml") {
      result.push_back("entities/" + name);
      continue;
    }
    Diagnostic& unexpected = sink.error_at_path(DiagnosticId::file_unexpected, display(path),
                                                "only NAME.yaml files belong into entities/");
    if (path.extension() == ".yml") unexpected.with_hint(fmt::format("rename it to {}.yaml", path.stem().string()));
  }
  if (error) sink.error_at_path(DiagnosticId::directory_unreadable, display(folder), error.message());
  std::sort(result.begin(), result.end());
  return result;
}

std::string printed_directory(const fs::path& directory) {
  const fs::path path = absolute_folder(directory);
  const fs::path parent = path.parent_path().filename();
  return (parent / path.filename()).generic_string();
}

std::string folder_name(const fs::path& directory) { return absolute_folder(directory).filename().string(); }

}  // namespace twowayc
