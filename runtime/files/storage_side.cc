#include "runtime/files/storage_side.h"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "runtime/files/file_name.h"
#include "runtime/lens/utf8.h"
#include "runtime/store/names_in.h"

namespace twoway::files {

namespace json = boost::json;

namespace {

/// As PocketBase writes it (tools/filesystem/internal/fileblob/attrs.go, 0.40). Without it a file is served as
/// application/octet-stream.
std::string attributes(const FileItem& item) {
  json::object metadata;
  metadata["original-filename"] = item.storage_name;
  json::object all;
  for (const char* name : {"cache_control", "content_disposition", "content_encoding", "content_language"}) {
    all[std::string("user.") + name] = "";
  }
  all["user.content_type"] = item.content_type;
  all["user.metadata"] = std::move(metadata);
  all["md5"] = nullptr;
  return json::serialize(all);
}

/// A folder that holds a record's files. Ids of records hold no slash and no dot; what came from elsewhere may.
const std::string& folder_of(const FileItem& item) {
  if (!single_name(item.record).refusal.empty()) throw FileError("belongs to a record whose id is no file name");
  return item.record;
}

}  // namespace

std::unique_ptr<FileSource> StorageSide::open(const FileItem& item) {
  const std::string& name = item.stored.empty() ? item.storage_name : item.stored;
  if (name.empty()) return nullptr;
  if (!single_name(name).refusal.empty()) throw FileError("has a name that is none");
  return open_local(writer_.root() / folder_of(item) / name);
}

Placed StorageSide::put(const FileItem& item, FileSource& source) {
  const std::string& folder = folder_of(item);
  const std::string beside = item.storage_name + std::string(attributes_suffix);
  if (!item.content_type.empty() && utf8::valid(item.content_type)) {
    writer_.put_text(folder, beside, attributes(item));
  }
  return {writer_.put(folder, item.storage_name, source), item.storage_name};
}

void StorageSide::name(const FileItem& item, const std::string& stored) {
  if (item.stored == stored) return;
  named_.emplace_back(item.record, stored);
  if (!item.stored.empty()) left_.emplace_back(item.record, item.stored);
}

void StorageSide::finish_batch() {
  writer_.make_durable();
  if (!named_.empty()) names_.set(named_);
  named_.clear();
  for (const auto& [record, name] : left_) {
    writer_.set_aside(record, name);
    writer_.set_aside(record, name + std::string(attributes_suffix));
  }
  left_.clear();
}

void StorageSide::list(const std::function<void(std::string_view name)>& take) {
  constexpr std::string_view thumbs = "thumbs_";  // folders of pictures that PocketBase made smaller
  const std::vector<std::string> none;
  for (const std::string& folder : names_in(writer_.root()).value_or(none)) {
    for (const std::string& name : names_in(writer_.root() / folder).value_or(none)) {
      if (name.ends_with(attributes_suffix) || name.starts_with(thumbs)) continue;
      take(folder + "/" + name);
    }
  }
}

}  // namespace twoway::files
