#include "runtime/migrate/rejected_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "runtime/lens/utf8.h"
#include "runtime/model/error.h"
#include "runtime/model/hexadecimal.h"
#include "runtime/transform/json_text.h"

namespace twoway {

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

constexpr mode_t owner_only = 0600;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw Error(ExitStatus::interrupted, fmt::format("cannot write {}: {}", file.string(), std::strerror(error)),
              "Make room or give yourself permission, and run the same command again: it goes on where it stopped.");
}

/// `2026-11-21T12:00:00Z` as receipts have it in their names: `20261121T120000Z`.
std::string stamp(std::string_view run) {
  std::string out;
  for (const char c : run) {
    if (c != '-' && c != ':') out += c;
  }
  return out;
}

fs::path numbered(const fs::path& directory, std::string_view run, int number) {
  const std::string ending = number == 1 ? std::string() : fmt::format("-{}", number);
  return directory / fmt::format("rejected-{}{}.jsonl", stamp(run), ending);
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  out.append(",\"").append(name).append("\":\"");
  json_text::append_escaped(out, value);
  out += '"';
}

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// The whole lines; what a killed run left behind the last line feed is none.
std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::vector<std::string> lines;
  for (std::size_t begin = 0, end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

json::object parse_line(const fs::path& file, const std::string& line, std::size_t number) {
  boost::system::error_code failed;
  const json::value value = json::parse(line, failed);
  if (failed || !value.is_object() || text_of(value.get_object(), "run").empty()) {
    throw cannot_start(fmt::format("{}:{} is no line that twoway wrote", file.string(), number),
                       "Put the file back as it was, or carry everything again with `twoway migrate`.");
  }
  return value.get_object();
}

RejectedLine line_of(const json::object& object) {
  RejectedLine line;
  line.entity = text_of(object, "entity");
  line.table = text_of(object, "table");
  line.collection = text_of(object, "collection");
  const json::value* attic = object.if_contains("attic");
  line.attic = attic != nullptr && attic->is_bool() && attic->get_bool();
  line.key = text_of(object, "key");
  line.column = text_of(object, "column");
  line.reason = text_of(object, "reason");
  const json::value* row = object.if_contains("row");
  if (row != nullptr && row->is_object()) line.row = json::serialize(*row);
  return line;
}

/// Names another file without a moment in which the link is not there.
void make_link(const fs::path& link, const fs::path& target) {
  const fs::path beside = link.string() + ".new";
  std::error_code error;
  fs::remove(beside, error);
  fs::create_symlink(target, beside, error);
  if (!error) fs::rename(beside, link, error);
  if (error) fail(link, error.value());
}

}  // namespace

RejectedFile::RejectedFile(const fs::path& directory, std::string_view run, bool goes_on) : run_(run) {
  std::error_code error;
  int number = 1;
  while (fs::exists(numbered(directory, run, number), error)) ++number;
  // Where two runs began in one second, the later one is the one that goes on.
  file_ = numbered(directory, run, goes_on && number > 1 ? number - 1 : number);
  written_ = file_;
  if (!goes_on) {
    fs::remove(directory / link_name, error);
    return;
  }
  std::vector<RejectedLine> lines = read(file_);
  std::erase_if(lines, [](const RejectedLine& line) { return line.attic; });
  if (fs::exists(file_, error)) rewrite(lines);
}

RejectedFile::RejectedFile(const fs::path& file, std::string_view run)
    : file_(file), written_(file.string() + ".retry"), run_(run), replaces_(true) {
  std::error_code error;
  fs::remove(written_, error);
}

RejectedFile::~RejectedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::string RejectedFile::key_text(std::string_view key) {
  if (utf8::valid(key)) return std::string(key);
  return "~~" + hexadecimal(key);
}

std::string RejectedFile::text_of(const RejectedLine& line) const {
  const auto valid = [](const std::string& text) { return utf8::valid(text) ? text : key_text(text); };
  std::string out = "{\"run\":\"" + run_ + "\"";
  append_member(out, "entity", valid(line.entity));
  append_member(out, "table", valid(line.table));
  if (!line.collection.empty()) append_member(out, "collection", valid(line.collection));
  if (line.attic) out += ",\"attic\":true";
  append_member(out, "key", key_text(line.key));
  append_member(out, "column", valid(line.column));
  append_member(out, "reason", valid(line.reason));
  return out + ",\"row\":" + (line.row.empty() ? "null" : line.row) + "}\n";
}

void RejectedFile::open() {
  if (descriptor_ >= 0) return;
  std::error_code error;
  const bool made = !fs::exists(written_, error);
  descriptor_ = ::open(written_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, owner_only);
  if (descriptor_ < 0) fail(written_, errno);
  if (made && !replaces_) make_link(file_.parent_path() / link_name, file_.filename());
}

void RejectedFile::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(written_, errno);
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void RejectedFile::add(const RejectedLine& line) {
  open();
  write(text_of(line));
  ++lines_;
  dirty_ = true;
}

void RejectedFile::sync() {
  if (!dirty_) return;
  if (::fsync(descriptor_) != 0) fail(written_, errno);
  dirty_ = false;
}

void RejectedFile::rewrite(const std::vector<RejectedLine>& lines) {
  if (descriptor_ >= 0) ::close(descriptor_);
  const fs::path beside = file_.string() + ".new";
  descriptor_ = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, owner_only);
  if (descriptor_ < 0) fail(beside, errno);
  for (const RejectedLine& line : lines) write(text_of(line));
  if (::fsync(descriptor_) != 0) fail(beside, errno);
  if (::rename(beside.c_str(), file_.c_str()) != 0) fail(file_, errno);
  lines_ = lines.size();
}

std::vector<RejectedLine> RejectedFile::begin_entity(std::string_view entity, std::uint64_t kept) {
  std::vector<RejectedLine> all, own;
  if (lines_ == 0 || replaces_) return own;
  bool dropped = false;
  for (RejectedLine& line : read(file_)) {
    const bool ours = !line.attic && line.entity == entity;
    if (ours && own.size() == kept) {
      dropped = true;
      continue;
    }
    if (ours) own.push_back(line);
    all.push_back(std::move(line));
  }
  if (dropped) rewrite(all);
  return own;
}

void RejectedFile::commit() {
  sync();
  const int failed = lines_ == 0 ? ::unlink(file_.c_str()) : ::rename(written_.c_str(), file_.c_str());
  if (failed != 0 && errno != ENOENT) fail(file_, errno);
  if (lines_ > 0) return;
  const fs::path link = file_.parent_path() / link_name;
  std::error_code error;
  if (fs::is_symlink(link, error) && !fs::exists(link, error)) fs::remove(link, error);
}

std::vector<RejectedLine> RejectedFile::read(const fs::path& file) {
  std::vector<RejectedLine> lines;
  for (const std::string& line : lines_of(file)) lines.push_back(line_of(parse_line(file, line, lines.size() + 1)));
  return lines;
}

std::string RejectedFile::run_of(const fs::path& file) {
  const std::vector<std::string> lines = lines_of(file);
  return lines.empty() ? std::string() : twoway::text_of(parse_line(file, lines[0], 1), "run");
}

fs::path RejectedFile::newest(const fs::path& directory) {
  std::error_code error;
  const fs::path name = fs::read_symlink(directory / link_name, error);
  return error ? fs::path() : directory / name;
}

}  // namespace twoway
