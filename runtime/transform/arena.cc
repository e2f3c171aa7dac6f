#include "runtime/transform/arena.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace twoway {

// Uninitialised: a block is written before it is read, and it may be large.
Arena::Block::Block(std::size_t size) : memory(new char[size]), bytes(size) {}
Arena::Block::Block(Block&& other) noexcept : memory(std::exchange(other.memory, nullptr)), bytes(other.bytes) {}
Arena::Block& Arena::Block::operator=(Block&& other) noexcept {
  std::swap(memory, other.memory);
  std::swap(bytes, other.bytes);
  return *this;
}
Arena::Block::~Block() { delete[] memory; }

std::string_view Arena::copy(std::string_view bytes) {
  if (bytes.empty()) return {};
  char* start = allocate(bytes.size());
  std::memcpy(start, bytes.data(), bytes.size());
  return {start, bytes.size()};
}

void Arena::reset() {
  std::size_t best = blocks_.size();
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    if (blocks_[i].bytes > kept_bytes) continue;
    if (best == blocks_.size() || blocks_[i].bytes > blocks_[best].bytes) best = i;
  }
  if (best == blocks_.size()) {
    blocks_.clear();
    next_ = nullptr;
    left_ = 0;
    return;
  }
  if (best != 0) std::swap(blocks_.front(), blocks_[best]);
  blocks_.erase(blocks_.begin() + 1, blocks_.end());
  next_ = blocks_.front().memory;
  left_ = blocks_.front().bytes;
}

void Arena::refill(std::size_t bytes) {
  // Blocks grow, so that a row of many middling texts needs few of them and the largest kept one suits the next row.
  const std::size_t grown = blocks_.empty() ? block_bytes : std::min(kept_bytes, 2 * blocks_.back().bytes);
  const std::size_t size = std::max(bytes, grown);
  blocks_.emplace_back(size);
  next_ = blocks_.back().memory;
  left_ = size;
}

}  // namespace twoway
