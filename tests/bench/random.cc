#include "tests/bench/random.h"

#include <fmt/format.h>

namespace twoway::bench {

std::uint64_t Random::next() {
  state_ += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

std::string Random::uuid() {
  const std::uint64_t a = next(), b = next();
  return fmt::format("{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}", a >> 32U, (a >> 16U) & 0xffffU, a & 0xfffU,
                     0x8000U | ((b >> 48U) & 0x3fffU), b & 0xffffffffffffU);
}

std::string Random::characters(std::string_view alphabet, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += alphabet[below(alphabet.size())];
  return text;
}

Prose::Prose(Random& random) {
  const std::vector<std::string> words{
      "the",    "a",        "of",     "to",        "in",      "is",      "and",    "model",  "query",   "result",
      "index",  "you",      "can",    "with",      "value",   "table",   "each",   "then",   "because", "small",
      "vector", "function", "return", "migration", "“quoted”", "don't",  "naïve",  "façade", "Größe",   "été",
      "数据库", "模型",     "данные", "привет",    "שלום",    "مرحبا",   "例えば", "🙂",     "🚀",      "3.14159",
      "HTTP",   "JSON",     "SQLite", "token",     "stream",  "context", "prompt", "answer", "list",    "memory"};
  const std::vector<std::string> special{
      "\n\n```python\ndef f(x):\n\treturn {\"x\": x, 'y': \"\\\\n\"}\n```\n", "\n- **first**: `a < b && c > d`\n",
      "\n| a | b |\n|---|---|\n| 1 | 2 |\n", " See https://example.com/a?b=c&d=%20#e. ", "\n### Step\n\n",
      " \"Yes,\" she said. "};
  for (std::size_t i = 0; i < 4000; ++i) {
    std::string sentence = random.one_in(12) ? random.one_of(special) : "";
    for (std::uint64_t left = random.between(5, 18); left > 0; --left) sentence += random.one_of(words) + " ";
    sentence.back() = '.';
    sentence += random.one_in(8) ? "\n" : " ";
    escaped_.push_back(json_escaped(sentence));
    plain_.push_back(std::move(sentence));
  }
}

std::string Prose::joined(Random& random, std::size_t length, const std::vector<std::string>& sentences) {
  std::string text;
  text.reserve(length + 400);
  while (text.size() < length) text += random.one_of(sentences);
  return text;
}

std::string json_escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\n') {
      escaped += "\\n";
    } else if (c == '\t') {
      escaped += "\\t";
    } else if (c == '"' || c == '\\') {
      escaped += '\\';
      escaped += c;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

}  // namespace twoway::bench
