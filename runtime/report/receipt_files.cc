#include "runtime/report/receipt_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "runtime/report/receipt_html.h"
#include "runtime/store/durable.h"

namespace twoway::report {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view what, const std::string& path, int error) {
  throw Error(ExitStatus::differences, fmt::format("cannot {} {}: {}", what, path, std::strerror(error)),
              "the receipt was not written; the run itself has ended, `twoway verify` compares both sides again");
}

/// A file descriptor that is closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

/// Writes all bytes and waits until the disk has them. Returns an errno, 0 where all went well.
int write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return errno;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(file) == 0 ? 0 : errno;
}

/// Gives the file its name. Returns an errno, EEXIST where the name is taken and must stay.
int give_name(const std::string& temporary, const std::string& path, bool replace) {
  if (replace) return ::rename(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
  // A second link fails where the name is taken, on every file system that has links; the others get renameat2.
  if (::link(temporary.c_str(), path.c_str()) == 0) {
    ::unlink(temporary.c_str());
    return 0;
  }
  if (errno == EEXIST) return EEXIST;
  if (::renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (fs::exists(path)) return EEXIST;
  return ::rename(temporary.c_str(), path.c_str()) == 0 ? 0 : errno;
}

/// `2026-11-21T12:00:00.123Z` as a part of a file name: `20261121T120000Z`.
std::string stamp(std::string_view started) {
  std::string result;
  for (const char c : started.substr(0, started.find('.'))) {
    if ((c >= '0' && c <= '9') || c == 'T') result += c;
  }
  return result.empty() ? "unknown" : result + "Z";
}

}  // namespace

bool write_atomically(const std::string& path, std::string_view content, bool replace) {
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) fail("create", path, errno);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  int error = write_all(file.number(), content);
  if (error == 0 && ::fchmod(file.number(), 0644 & ~mask) != 0 && errno != EPERM) error = errno;
  if (error == 0) error = give_name(temporary, path, replace);
  if (error != 0) ::unlink(temporary.c_str());
  if (error == EEXIST && !replace) return false;
  if (error != 0) fail("write", path, error);
  make_names_durable(fs::path(path).parent_path());
  return true;
}

ReceiptPaths write_receipts(const RunReport& report, const ReceiptContext& context, const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (error) fail("create", directory, error.value());
  const std::string json = receipt_json(report, context);
  const std::string html = receipt_html(report, context);
  const std::string base = (fs::path(directory) / "receipt").string();
  ReceiptPaths paths{base + ".json", base + ".html", {}, {}};
  for (int attempt = 1;; ++attempt) {
    const std::string lasting =
        fmt::format("{}-{}{}", base, stamp(report.started), attempt == 1 ? "" : fmt::format("-{}", attempt));
    paths.kept_json = lasting + ".json";
    paths.kept_html = lasting + ".html";
    if (write_atomically(paths.kept_json, json, false)) break;
  }
  write_atomically(paths.kept_html, html, true);
  write_atomically(paths.json, json, true);
  write_atomically(paths.html, html, true);
  return paths;
}

void write_receipt_to(const RunReport& report, const ReceiptContext& context, const std::string& path) {
  const bool page = path.ends_with(".html") || path.ends_with(".htm");
  write_atomically(path, page ? receipt_html(report, context) : receipt_json(report, context), true);
}

}  // namespace twoway::report
