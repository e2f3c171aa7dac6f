// libc's calls that send, wrapped. A disk that is full does not concern them.
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/faults/preload/faults.h"

namespace {

using twoway::faults::counted;
using twoway::faults::Sort;

/// Half of what was to be sent may arrive before a kill, but a full disk does not stop it.
long send_part(const char* name, std::size_t size, auto pass) { return counted(name, Sort::other, size, pass); }

}  // namespace

extern "C" {

long faults_send(int socket, const void* data, std::size_t size, int flags) TWOWAY_EXPORTED("send");
long faults_send(int socket, const void* data, std::size_t size, int flags) {
  return send_part("sendto", size,
                   [&](std::size_t part) { return syscall(SYS_sendto, socket, data, part, flags, nullptr, 0); });
}
long faults_sendto(int socket, const void* data, std::size_t size, int flags, const void* to, unsigned length)
    TWOWAY_EXPORTED("sendto");
long faults_sendto(int socket, const void* data, std::size_t size, int flags, const void* to, unsigned length) {
  return send_part("sendto", size,
                   [&](std::size_t part) { return syscall(SYS_sendto, socket, data, part, flags, to, length); });
}
long faults_sendmsg(int socket, const void* message, int flags) TWOWAY_EXPORTED("sendmsg");
long faults_sendmsg(int socket, const void* message, int flags) {
  return send_part("sendmsg", 0, [&](std::size_t) { return syscall(SYS_sendmsg, socket, message, flags); });
}

}  // extern "C"
