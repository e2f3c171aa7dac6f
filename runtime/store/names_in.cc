#include "runtime/store/names_in.h"

#include <dirent.h>

#include <cerrno>
#include <memory>
#include <new>

namespace twoway {

std::optional<std::vector<std::string>> names_in(const std::filesystem::path& directory) {
  struct Close {
    void operator()(DIR* open) const { closedir(open); }
  };
  std::vector<std::string> names;
  const std::unique_ptr<DIR, Close> open(opendir(directory.c_str()));
  if (!open && errno == ENOMEM) throw std::bad_alloc();
  if (!open) return std::nullopt;
  while (const dirent* entry = readdir(open.get())) {
    std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(std::move(name));
  }
  return names;
}

}  // namespace twoway
