#include "runtime/migrate/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/lens/utf8.h"
#include "runtime/model/error.h"
#include "runtime/store/durable.h"

namespace twoway {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t buffered_bytes = 64 * 1024;
constexpr mode_t owner_only = 0600;

[[noreturn]] void fail(const fs::path& file, int error) {
  throw Error(ExitStatus::interrupted, fmt::format("cannot write {}: {}", file.string(), std::strerror(error)),
              "Make room or give yourself permission, and run the same command again.");
}

}  // namespace

PrivateFile::PrivateFile(fs::path file) : file_(std::move(file)), beside_(file_.string() + ".new") {
  std::error_code error;
  if (file_.has_parent_path()) fs::create_directories(file_.parent_path(), error);
  fs::remove(beside_, error);  // a killed run's
  descriptor_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, owner_only);
  if (descriptor_ < 0) fail(beside_, errno);
}

PrivateFile::~PrivateFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(beside_.c_str());
}

void PrivateFile::write(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= buffered_bytes) flush();
}

void PrivateFile::flush() {
  sha256_.add(buffer_);
  for (std::string_view rest = buffer_; !rest.empty();) {
    const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(beside_, errno);
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  buffer_.clear();
}

std::string PrivateFile::finish() {
  flush();
  if (::fsync(descriptor_) != 0) fail(beside_, errno);
  if (::rename(beside_.c_str(), file_.c_str()) != 0) fail(file_, errno);
  ::close(descriptor_);
  descriptor_ = -1;
  make_names_durable(file_.has_parent_path() ? file_.parent_path() : fs::path("."));
  return hexadecimal(sha256_.finish());
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_text(std::string_view text) {
  std::string shown;
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) shown += '\'';
  for (std::size_t at = 0; at < text.size();) {
    const utf8::Step here = utf8::step(text, at);
    const auto first = static_cast<unsigned char>(text[at]);
    const bool control = first < 0x20 || first == 0x7F;
    shown += here.valid && !control ? text.substr(at, here.length) : utf8::replacement;
    at += here.length;
  }
  return csv_cell(shown);
}

}  // namespace twoway
