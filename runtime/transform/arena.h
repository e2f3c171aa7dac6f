// Memory for the text that one row's transform makes.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace twoway {

/// A bump allocator: allocate during one row, reset before the next. Nothing is freed singly. A block larger than
/// `kept_bytes` is given back at reset, so that one huge row does not hold memory for the rest of the run.
class Arena {
 public:
  static constexpr std::size_t block_bytes = 64 * 1024;
  static constexpr std::size_t kept_bytes = 1024 * 1024;

  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  /// Uninitialised bytes, valid until reset().
  char* allocate(std::size_t bytes) {
    if (bytes > left_) refill(bytes);
    char* start = next_;
    next_ += bytes;
    left_ -= bytes;
    return start;
  }
  /// A copy of `bytes` that lives until reset().
  std::string_view copy(std::string_view bytes);
  /// Forgets all that was allocated.
  void reset();

 private:
  /// Owns its memory. Not a unique_ptr: all generated code includes this, and <memory> is half of what that costs.
  struct Block {
    explicit Block(std::size_t size);
    Block(Block&& other) noexcept;
    Block& operator=(Block&& other) noexcept;
    ~Block();
    char* memory;
    std::size_t bytes;
  };

  void refill(std::size_t bytes);

  std::vector<Block> blocks_;  // reset keeps the largest one of at most kept_bytes
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace twoway
