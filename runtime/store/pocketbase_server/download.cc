#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>

#include "runtime/store/pocketbase_server/server_way.h"

namespace twoway {

using http::Failure;
using http::Method;
using http::Repeat;

namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds pause_after_cut{200};

/// Where the piece of a file begins, by `Content-Range: bytes 5-9/10`; `whole` is filled in.
std::uint64_t begin_of_range(const std::string& header, std::uint64_t& whole) {
  unsigned long long begin = 0, end = 0, size = 0;
  if (std::sscanf(header.c_str(), "bytes %llu-%llu/%llu", &begin, &end, &size) != 3) return ~0ULL;
  whole = size;
  return begin;
}

}  // namespace

void download(ServerApi& api, const std::string& target, std::uint64_t size, const std::filesystem::path& file) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  std::uint64_t done = 0;
  Clock::time_point progress = Clock::now();
  const auto sink = [&](std::string_view piece) {
    out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    if (!out) {
      throw cannot_start(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)),
                         fmt::format("The copy of the server's database needs {} bytes there; name another directory "
                                     "with --state.", size));
    }
    done += piece.size();
    progress = Clock::now();
  };
  while (done < size) {
    try {
      const std::string range = done == 0 ? std::string() : fmt::format("bytes={}-", done);
      const std::uint64_t before = done;
      const http::Answer answer = api.send(Method::get, target, {}, Repeat::safe, sink, range);
      std::uint64_t whole = size;
      const bool right = before == 0 ? answer.status == 200
                                     : answer.status == 206 && begin_of_range(answer.content_range, whole) == before;
      if (answer.status / 100 != 2) throw api.refusal(answer, "the copy of its database");
      if (!right || whole != size || done > size) {
        throw cannot_start(fmt::format("{} does not give the rest of a file that was cut off", api.describe()),
                           "Something between twoway and PocketBase does not understand ranges; reach PocketBase "
                           "directly.");
      }
    } catch (const Failure& failure) {
      if (Clock::now() - progress > api.client().patience().total || failure.kind() == Failure::What::interrupted) {
        throw api.client().error(failure);
      }
      api.client().pause(pause_after_cut);
    }
  }
  out.close();
  if (!out) throw cannot_start(fmt::format("cannot write {}", file.string()), "Make room there.");
}

}  // namespace twoway
