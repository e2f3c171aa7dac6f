// libc's calls that change files, wrapped.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdarg>
#include <cstring>

#include "tests/faults/preload/faults.h"

namespace {

using twoway::faults::counted;
using twoway::faults::fault;
using twoway::faults::Kind;
using twoway::faults::record;
using twoway::faults::Sort;

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

long plain(const char* name, Sort sort, auto pass) {
  return counted(name, sort, 0, [&](std::size_t) { return pass(); });
}

long open_file(int directory, const char* path, int flags, unsigned mode) {
  const auto pass = [&] { return syscall(SYS_openat, directory, path, flags, mode); };
  const bool nameless = (flags & O_TMPFILE) == O_TMPFILE;
  if (nameless && record != nullptr && fault.kind == Kind::nameless) {
    record->hits.fetch_add(1);
    errno = EOPNOTSUPP;
    return -1;
  }
  const bool writes = nameless || (flags & (O_CREAT | O_TRUNC)) != 0;
  return writes ? plain("openat", Sort::grows, pass) : pass();
}

long unlink_at(int directory, const char* path, int flags) {
  return plain("unlinkat", Sort::other, [&] { return syscall(SYS_unlinkat, directory, path, flags); });
}

long rename_at(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  return plain("renameat", Sort::other,
               [&] { return syscall(SYS_renameat2, from_directory, from, to_directory, to, flags); });
}

long link_at(int from_directory, const char* from, int to_directory, const char* to, int flags) {
  return plain("linkat", Sort::grows,
               [&] { return syscall(SYS_linkat, from_directory, from, to_directory, to, flags); });
}

long make_directory(int directory, const char* path, unsigned mode) {
  return plain("mkdirat", Sort::grows, [&] { return syscall(SYS_mkdirat, directory, path, mode); });
}

long write_at(int file, const void* data, std::size_t size, long at) {
  return counted("pwrite64", Sort::data, size,
                 [&](std::size_t part) { return syscall(SYS_pwrite64, file, data, part, at); });
}

long truncate_file(int file, long size) {
  return plain("ftruncate", Sort::other, [&] { return syscall(SYS_ftruncate, file, size); });
}

}  // namespace

extern "C" {

long faults_write(int file, const void* data, std::size_t size) TWOWAY_EXPORTED("write");
long faults_write(int file, const void* data, std::size_t size) {
  return counted("write", Sort::data, size, [&](std::size_t part) { return syscall(SYS_write, file, data, part); });
}

long faults_pwrite(int file, const void* data, std::size_t size, long at) TWOWAY_EXPORTED("pwrite");
long faults_pwrite(int file, const void* data, std::size_t size, long at) { return write_at(file, data, size, at); }
long faults_pwrite64(int file, const void* data, std::size_t size, long at) TWOWAY_EXPORTED("pwrite64");
long faults_pwrite64(int file, const void* data, std::size_t size, long at) { return write_at(file, data, size, at); }

long faults_writev(int file, const iovec* parts, int count) TWOWAY_EXPORTED("writev");
long faults_writev(int file, const iovec* parts, int count) {
  return plain("writev", Sort::grows, [&] { return syscall(SYS_writev, file, parts, count); });
}

long faults_fsync(int file) TWOWAY_EXPORTED("fsync");
long faults_fsync(int file) {
  return plain("fsync", Sort::other, [&] { return syscall(SYS_fsync, file); });
}
long faults_fdatasync(int file) TWOWAY_EXPORTED("fdatasync");
long faults_fdatasync(int file) {
  return plain("fdatasync", Sort::other, [&] { return syscall(SYS_fdatasync, file); });
}

long faults_ftruncate(int file, long size) TWOWAY_EXPORTED("ftruncate");
long faults_ftruncate(int file, long size) { return truncate_file(file, size); }
long faults_ftruncate64(int file, long size) TWOWAY_EXPORTED("ftruncate64");
long faults_ftruncate64(int file, long size) { return truncate_file(file, size); }
long faults_truncate(const char* path, long size) TWOWAY_EXPORTED("truncate");
long faults_truncate(const char* path, long size) {
  return plain("truncate", Sort::other, [&] { return syscall(SYS_truncate, path, size); });
}
long faults_fallocate(int file, int mode, long at, long size) TWOWAY_EXPORTED("fallocate");
long faults_fallocate(int file, int mode, long at, long size) {
  return plain("fallocate", Sort::grows, [&] { return syscall(SYS_fallocate, file, mode, at, size); });
}
long faults_fallocate64(int file, int mode, long at, long size) TWOWAY_EXPORTED("fallocate64");
long faults_fallocate64(int file, int mode, long at, long size) { return faults_fallocate(file, mode, at, size); }
int faults_posix_fallocate(int file, long at, long size) TWOWAY_EXPORTED("posix_fallocate");
int faults_posix_fallocate(int file, long at, long size) {
  return faults_fallocate(file, 0, at, size) == 0 ? 0 : errno;
}
int faults_posix_fallocate64(int file, long at, long size) TWOWAY_EXPORTED("posix_fallocate64");
int faults_posix_fallocate64(int file, long at, long size) { return faults_posix_fallocate(file, at, size); }

// A mode that nobody gave is whatever is there; the kernel looks at it only with O_CREAT.
int faults_open(const char* path, int flags, unsigned mode) TWOWAY_EXPORTED("open");
int faults_open(const char* path, int flags, unsigned mode) {
  return static_cast<int>(open_file(AT_FDCWD, path, flags, mode));
}
int faults_open64(const char* path, int flags, unsigned mode) TWOWAY_EXPORTED("open64");
int faults_open64(const char* path, int flags, unsigned mode) { return faults_open(path, flags, mode); }
int faults_openat(int directory, const char* path, int flags, unsigned mode) TWOWAY_EXPORTED("openat");
int faults_openat(int directory, const char* path, int flags, unsigned mode) {
  return static_cast<int>(open_file(directory, path, flags, mode));
}
int faults_openat64(int directory, const char* path, int flags, unsigned mode) TWOWAY_EXPORTED("openat64");
int faults_openat64(int directory, const char* path, int flags, unsigned mode) {
  return faults_openat(directory, path, flags, mode);
}
int faults_creat(const char* path, unsigned mode) TWOWAY_EXPORTED("creat");
int faults_creat(const char* path, unsigned mode) { return faults_open(path, O_CREAT | O_WRONLY | O_TRUNC, mode); }

// Inside libc these make their file without passing through open().
int faults_mkostemp(char* path, int flags) TWOWAY_EXPORTED("mkostemp");
int faults_mkostemp(char* path, int flags) {
  static const auto real = next<int (*)(char*, int)>("mkostemp");
  return static_cast<int>(plain("openat", Sort::grows, [&] { return static_cast<long>(real(path, flags)); }));
}
char* faults_mkdtemp(char* path) TWOWAY_EXPORTED("mkdtemp");
char* faults_mkdtemp(char* path) {
  static const auto real = next<char* (*)(char*)>("mkdtemp");
  return plain("mkdirat", Sort::grows, [&] { return real(path) == nullptr ? -1L : 0L; }) == 0 ? path : nullptr;
}
FILE* faults_fopen(const char* path, const char* mode) TWOWAY_EXPORTED("fopen");
FILE* faults_fopen(const char* path, const char* mode) {
  static const auto real = next<FILE* (*)(const char*, const char*)>("fopen");
  if (std::strpbrk(mode, "wa") == nullptr) return real(path, mode);
  FILE* file = nullptr;
  plain("openat", Sort::grows, [&] { return (file = real(path, mode)) == nullptr ? -1L : 0L; });
  return file;
}
FILE* faults_fopen64(const char* path, const char* mode) TWOWAY_EXPORTED("fopen64");
FILE* faults_fopen64(const char* path, const char* mode) { return faults_fopen(path, mode); }

int faults_unlink(const char* path) TWOWAY_EXPORTED("unlink");
int faults_unlink(const char* path) { return static_cast<int>(unlink_at(AT_FDCWD, path, 0)); }
int faults_unlinkat(int directory, const char* path, int flags) TWOWAY_EXPORTED("unlinkat");
int faults_unlinkat(int directory, const char* path, int flags) {
  return static_cast<int>(unlink_at(directory, path, flags));
}
int faults_rmdir(const char* path) TWOWAY_EXPORTED("rmdir");
int faults_rmdir(const char* path) { return static_cast<int>(unlink_at(AT_FDCWD, path, AT_REMOVEDIR)); }
int faults_remove(const char* path) TWOWAY_EXPORTED("remove");
int faults_remove(const char* path) {
  if (faults_unlink(path) == 0) return 0;
  return errno == EISDIR || errno == EPERM ? faults_rmdir(path) : -1;
}

int faults_rename(const char* from, const char* to) TWOWAY_EXPORTED("rename");
int faults_rename(const char* from, const char* to) {
  return static_cast<int>(rename_at(AT_FDCWD, from, AT_FDCWD, to, 0));
}
int faults_renameat(int a, const char* from, int b, const char* to) TWOWAY_EXPORTED("renameat");
int faults_renameat(int a, const char* from, int b, const char* to) {
  return static_cast<int>(rename_at(a, from, b, to, 0));
}
int faults_renameat2(int a, const char* from, int b, const char* to, unsigned flags) TWOWAY_EXPORTED("renameat2");
int faults_renameat2(int a, const char* from, int b, const char* to, unsigned flags) {
  return static_cast<int>(rename_at(a, from, b, to, flags));
}
int faults_link(const char* from, const char* to) TWOWAY_EXPORTED("link");
int faults_link(const char* from, const char* to) { return static_cast<int>(link_at(AT_FDCWD, from, AT_FDCWD, to, 0)); }
int faults_linkat(int a, const char* from, int b, const char* to, int flags) TWOWAY_EXPORTED("linkat");
int faults_linkat(int a, const char* from, int b, const char* to, int flags) {
  return static_cast<int>(link_at(a, from, b, to, flags));
}
int faults_symlink(const char* from, const char* to) TWOWAY_EXPORTED("symlink");
int faults_symlink(const char* from, const char* to) {
  const auto pass = [&] { return syscall(SYS_symlinkat, from, AT_FDCWD, to); };
  return static_cast<int>(plain("symlinkat", Sort::grows, pass));
}
int faults_mkdir(const char* path, unsigned mode) TWOWAY_EXPORTED("mkdir");
int faults_mkdir(const char* path, unsigned mode) { return static_cast<int>(make_directory(AT_FDCWD, path, mode)); }
int faults_mkdirat(int directory, const char* path, unsigned mode) TWOWAY_EXPORTED("mkdirat");
int faults_mkdirat(int directory, const char* path, unsigned mode) {
  return static_cast<int>(make_directory(directory, path, mode));
}
int faults_fchmod(int file, unsigned mode) TWOWAY_EXPORTED("fchmod");
int faults_fchmod(int file, unsigned mode) {
  return static_cast<int>(plain("fchmod", Sort::other, [&] { return syscall(SYS_fchmod, file, mode); }));
}
int faults_fchown(int file, unsigned owner, unsigned group) TWOWAY_EXPORTED("fchown");
int faults_fchown(int file, unsigned owner, unsigned group) {
  return static_cast<int>(plain("fchown", Sort::other, [&] { return syscall(SYS_fchown, file, owner, group); }));
}
int faults_msync(void* memory, std::size_t size, int flags) TWOWAY_EXPORTED("msync");
int faults_msync(void* memory, std::size_t size, int flags) {
  return static_cast<int>(plain("msync", Sort::other, [&] { return syscall(SYS_msync, memory, size, flags); }));
}
long faults_copy_file_range(int a, long* from, int b, long* to, std::size_t size, unsigned flags)
    TWOWAY_EXPORTED("copy_file_range");
long faults_copy_file_range(int a, long* from, int b, long* to, std::size_t size, unsigned flags) {
  return counted("copy_file_range", Sort::data, size,
                 [&](std::size_t part) { return syscall(SYS_copy_file_range, a, from, b, to, part, flags); });
}
long faults_sendfile(int to, int from, long* at, std::size_t size) TWOWAY_EXPORTED("sendfile");
long faults_sendfile(int to, int from, long* at, std::size_t size) {
  return counted("sendfile", Sort::data, size,
                 [&](std::size_t part) { return syscall(SYS_sendfile, to, from, at, part); });
}

}  // extern "C"
