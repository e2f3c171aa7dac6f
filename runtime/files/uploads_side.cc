#include "runtime/files/uploads_side.h"

#include "runtime/store/names_in.h"

namespace twoway::files {

std::unique_ptr<FileSource> UploadsSide::open(const FileItem& item) {
  return open_local(writer_.root() / item.uploads_name);
}

Placed UploadsSide::put(const FileItem& item, FileSource& source) {
  return {writer_.put({}, item.uploads_name, source), {}};
}

void UploadsSide::list(const std::function<void(std::string_view name)>& take) {
  for (const std::string& name : names_in(writer_.root()).value_or(std::vector<std::string>())) take(name);
}

}  // namespace twoway::files
