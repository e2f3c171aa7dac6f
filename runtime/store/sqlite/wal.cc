#include "runtime/store/sqlite/wal.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cstdint>
#include <fstream>
#include <vector>

namespace twoway::sqlite {

namespace {

constexpr std::size_t log_header = 32;
constexpr std::size_t frame_header = 24;

std::uint32_t big_endian(const std::vector<char>& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = (value << 8) | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

/// The running checksum of a log: each frame's goes on from the one before.
struct Checksum {
  bool words_are_big_endian = false;
  std::uint32_t first = 0;
  std::uint32_t second = 0;

  void add(const std::vector<char>& bytes, std::size_t from, std::size_t to) {
    const auto word = [&](std::size_t at) {
      const std::uint32_t value = big_endian(bytes, at);
      return words_are_big_endian ? value : __builtin_bswap32(value);
    };
    for (std::size_t at = from; at < to; at += 8) {
      first += word(at) + second;
      second += word(at + 4) + first;
    }
  }
  bool is(const std::vector<char>& bytes, std::size_t at) const {
    return big_endian(bytes, at) == first && big_endian(bytes, at + 4) == second;
  }
};

/// Counts what belongs to this log (frames of an earlier one stay in the file until they are overwritten).
struct Frames {
  std::uint64_t whole = 0;          ///< up to the first that does not fit its checksum
  std::uint64_t committed = 0;      ///< of these, up to the end of the last transaction
  std::uint64_t after = 0;          ///< the one that does not fit, and those behind it
  std::uint64_t after_commits = 0;  ///< of these, ends of transactions
  bool ends_inside = false;         ///< the file ends in the middle of one
};

Frames count_frames(std::ifstream& in, const std::vector<char>& header, Checksum checksum) {
  Frames frames;
  const std::size_t page = big_endian(header, 8);
  std::vector<char> frame(frame_header + page);
  bool chain = true;
  while (in.read(frame.data(), static_cast<std::streamsize>(frame.size()))) {
    if (big_endian(frame, 8) != big_endian(header, 16) || big_endian(frame, 12) != big_endian(header, 20)) {
      chain = false;
      continue;
    }
    const bool commit = big_endian(frame, 4) != 0;
    checksum.add(frame, 0, 8);
    checksum.add(frame, frame_header, frame.size());
    chain = chain && checksum.is(frame, 16);
    if (chain) {
      ++frames.whole;
      if (commit) frames.committed = frames.whole;
    } else {
      ++frames.after;
      frames.after_commits += commit ? 1 : 0;
    }
  }
  frames.ends_inside = chain && in.gcount() > 0;
  return frames;
}

}  // namespace

std::optional<std::string> unread_part_of_wal(const std::filesystem::path& database) {
  const std::string name = database.filename().string() + "-wal";
  std::ifstream in(database.string() + "-wal", std::ios::binary);
  std::vector<char> header(log_header);
  if (!in.read(header.data(), log_header)) return std::nullopt;
  const std::uint32_t magic = big_endian(header, 0);
  Checksum checksum{(magic & 1U) != 0};
  checksum.add(header, 0, 24);
  const std::uint32_t page = big_endian(header, 8);
  const bool page_fits = page >= 512 && page <= 65536 && std::has_single_bit(page);
  if ((magic & ~1U) != 0x377f0682U || !checksum.is(header, 24) || !page_fits) {
    return fmt::format("the header of {} is damaged: nothing of it is read", name);
  }
  const Frames frames = count_frames(in, header, checksum);
  const std::uint64_t unread = frames.whole - frames.committed + frames.after;
  if (frames.after_commits > 0) {
    return fmt::format(
        "page {} of {} is damaged: it and what follows, {} pages and {} finished transactions, is not "
        "read",
        frames.whole + 1, name, unread, frames.after_commits);
  }
  if (unread == 0 && !frames.ends_inside) return std::nullopt;
  return fmt::format("{} ends in the middle of a transaction: {} pages of it{} are not read, as if it had never begun",
                     name, unread, frames.ends_inside ? " and a part of one" : "");
}

}  // namespace twoway::sqlite
