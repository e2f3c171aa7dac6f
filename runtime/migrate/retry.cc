#include "runtime/migrate/retry.h"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "runtime/journal/journal.h"
#include "runtime/migrate/rejected_file.h"
#include "runtime/migrate/stores.h"
#include "runtime/model/error.h"

namespace twoway {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

/// What a run left behind.
struct Left {
  std::string from;  ///< as for people, without secrets
  std::string to;
  std::string mapping_digest;
  fs::path state_directory;
  fs::path file;  ///< of its rejected rows; may be empty
};

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::string store_of(const json::object& receipt, std::string_view end) {
  const json::value* store = receipt.if_contains(end);
  return store != nullptr && store->is_object() ? text_of(store->get_object(), "store") : std::string();
}

Left from_receipt(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::system::error_code failed;
  const json::value document = json::parse(text, failed);
  const json::object* receipt = failed ? nullptr : document.if_object();
  if (receipt == nullptr || text_of(*receipt, "receipt") != "twoway" || store_of(*receipt, "to").empty()) {
    throw cannot_start(fmt::format("{} is no receipt of twoway", file.string()),
                       "Name the receipt's JSON file, or the state directory that it lies in.");
  }
  Left left{store_of(*receipt, "from"),
            store_of(*receipt, "to"),
            text_of(*receipt, "mapping_digest"),
            file.has_parent_path() ? file.parent_path() : fs::path("."),
            {}};
  const std::string rejected = text_of(*receipt, "rejected_file");
  // State directories may be moved.
  if (!rejected.empty()) left.file = left.state_directory / fs::path(rejected).filename();
  return left;
}

Left from_directory(const fs::path& directory) {
  const auto runs = Journal::read(directory)->runs();
  if (runs.empty()) {
    throw cannot_start(fmt::format("{} knows of no run", directory.string()), "Name another receipt or directory.");
  }
  return {runs[0].from, runs[0].to, runs[0].mapping_digest, directory, RejectedFile::newest(directory)};
}

/// The store of the run: as it was named then, or now with what may not be written down.
std::string store(const std::string& then, const std::string& now, std::string_view option) {
  if (now.empty()) {
    const bool hidden = then.find("***") != std::string::npos || then.find(" (schema ") != std::string::npos;
    if (!hidden) return then;
    throw cannot_start(fmt::format("the run's store was {}", then), fmt::format("Name it once more with {}.", option));
  }
  const StoreAddress address = parse_store(now);
  const bool moved = !is_remote(address.kind) && fs::path(then).filename() == address.path.filename();
  if (address.display == then || moved) return now;
  throw cannot_start(fmt::format("the run's store was {}, not {}", then, address.display),
                     fmt::format("Name that one with {}, or carry everything with `twoway migrate`.", option));
}

}  // namespace

RunReport retry(const Mapping& mapping, const std::string& from, const RunOptions& options) {
  std::error_code error;
  const fs::file_status status = fs::status(from, error);
  if (!fs::exists(status)) {
    throw cannot_start(fmt::format("{} does not exist", from),
                       "Name a receipt (JSON) or a state directory, for example pb_data.twoway.");
  }
  const Left left = fs::is_directory(status) ? from_directory(from) : from_receipt(from);
  if (left.mapping_digest != mapping.digest) {
    throw cannot_start(fmt::format("the run of {} was made with another mapping", from),
                       "Carry everything with `twoway migrate`: other rows may go over otherwise, too.");
  }
  RunOptions full = options;
  full.from = store(left.from, options.from, "--from");
  full.to = store(left.to, options.to, "--to");
  full.state_directory = left.state_directory.string();
  return retry_rows(mapping, full, left.file);
}

}  // namespace twoway
