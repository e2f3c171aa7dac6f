// Made-up values that are the same in every run.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace twoway::bench {

/// SplitMix64: small, fast, the same on every machine.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  /// 0 ... count - 1
  std::uint64_t below(std::uint64_t count) { return next() % count; }
  /// Both ends included.
  std::uint64_t between(std::uint64_t least, std::uint64_t most) { return least + below(most - least + 1); }
  /// True once in `count` times.
  bool one_in(std::uint64_t count) { return below(count) == 0; }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }
  /// A random (version 4) UUID.
  std::string uuid();
  /// `count` characters of `alphabet`.
  std::string characters(std::string_view alphabet, std::size_t count);

 private:
  std::uint64_t state_;
};

/// Sentences as people and language models write them: several scripts, emoji, quotes, code, line feeds.
class Prose {
 public:
  explicit Prose(Random& random);

  /// About `length` bytes of plain text.
  std::string text(Random& random, std::size_t length) const { return joined(random, length, plain_); }
  /// The same kind of text as the inside of a JSON string.
  std::string json(Random& random, std::size_t length) const { return joined(random, length, escaped_); }

 private:
  static std::string joined(Random& random, std::size_t length, const std::vector<std::string>& sentences);

  std::vector<std::string> plain_;
  std::vector<std::string> escaped_;
};

/// Text as the inside of a JSON string: quotes, backslashes and control characters escaped, all else as it is.
std::string json_escaped(std::string_view text);

}  // namespace twoway::bench
