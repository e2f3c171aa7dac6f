#include "runtime/files/file_name.h"

#include <algorithm>

#include "runtime/lens/utf8.h"

namespace twoway::files {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_windows_path(std::string_view path) {
  return path.size() > 2 && is_letter(path[0]) && path[1] == ':' && path[2] == '\\';
}

/// `.pdf` of `a.pdf`; empty where the name has none, or none that is worth keeping.
std::string_view extension(std::string_view name) {
  constexpr std::size_t longest = 20;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > longest) return {};
  return name.substr(dot);
}

}  // namespace

bool is_uri(std::string_view path) {
  const std::size_t end = path.find("://");
  if (end == std::string_view::npos || end == 0 || !is_letter(path[0])) return false;
  return std::all_of(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(end),
                     [](char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; });
}

Name single_name(std::string_view name) {
  if (name.empty()) return {{}, "is empty"};
  if (name == "." || name == "..") return {{}, "names a directory"};
  if (name.find('/') != std::string_view::npos) return {{}, "is a path, not a name"};
  if (name.find('\0') != std::string_view::npos) return {{}, "holds a NUL"};
  if (name.size() > longest_name) return {{}, "is longer than 255 bytes"};
  return {std::string(name), {}};
}

Name last_part(std::string_view path) {
  const char separator = is_windows_path(path) ? '\\' : '/';
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(separator, begin), path.size());
    if (path.substr(begin, end - begin) == "..") return {{}, "leads upwards (..)"};
    begin = end + 1;
  }
  const std::size_t slash = path.rfind(separator);
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  if (name.empty()) return {{}, "ends in no name"};
  return single_name(name);
}

std::string storage_name(std::string_view name) {
  std::string clean;
  for (std::size_t at = 0; at < name.size();) {
    const utf8::Step step = utf8::step(name, at);
    const auto byte = static_cast<unsigned char>(name[at]);
    const bool plain = step.valid && byte >= 0x20 && byte != 0x7f && name[at] != '\\' && name[at] != '/';
    clean += plain ? name.substr(at, step.length) : std::string_view("_");
    at += step.length;
  }
  if (clean.starts_with('.')) clean[0] = '_';
  if (clean.ends_with(attributes_suffix)) clean += '_';
  return shortened(clean, longest_name - attributes_suffix.size());
}

std::string shortened(std::string_view name, std::size_t longest) {
  if (name.size() <= longest) return std::string(name);
  const std::string_view end = extension(name);
  std::size_t keep = longest - end.size();
  while (keep > 0 && (static_cast<unsigned char>(name[keep]) & 0xC0U) == 0x80U) --keep;
  return std::string(name.substr(0, keep)).append(end);
}

}  // namespace twoway::files
