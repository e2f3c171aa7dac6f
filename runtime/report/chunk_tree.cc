#include "runtime/report/chunk_tree.h"

#define OPENSSL_SUPPRESS_DEPRECATED  // the calls that allocate nothing
#include <fmt/format.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>

#include "runtime/migrate/digest.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

using Hash = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Hash hash_of(std::string_view bytes) {
  // The library's newer calls load an implementation first, and crash where memory fails meanwhile.
  Hash hash;
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, bytes.data(), bytes.size());
  SHA256_Final(hash.data(), &context);
  return hash;
}

Hash leaf(std::string_view text) { return hash_of(std::string(1, '\0').append(text)); }

Hash node(const Hash& left, const Hash& right) {
  std::string bytes(1, '\1');
  for (const Hash& child : {left, right}) bytes.append(reinterpret_cast<const char*>(child.data()), child.size());
  return hash_of(bytes);
}

}  // namespace

std::string tree_root(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  std::vector<Hash> row;
  for (const std::string& text : texts) row.push_back(leaf(text));
  while (row.size() > 1) {
    std::vector<Hash> above;
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) above.push_back(node(row[i], row[i + 1]));
    if (row.size() % 2 == 1) above.push_back(row.back());
    row = std::move(above);
  }
  std::string digits;
  for (const unsigned char byte : row.front()) digits += fmt::format("{:02x}", byte);
  return digits;
}

std::string chunk_text(const Chunk& chunk) { return fmt::format("{} {}", chunk.rows, chunk.digest.text()); }

std::vector<std::string> chunk_texts(const EntityReport& entity) {
  std::vector<std::string> texts;
  for (const Chunk& chunk : folded(entity.chunks)) texts.push_back(chunk_text(chunk));
  return texts;
}

std::string tree_name(const EntityReport& entity) {
  return (entity.attic ? "attic/" : "") + redacted(printable(entity.name));
}

std::string entity_root(const EntityReport& entity) { return tree_root(chunk_texts(entity)); }

std::string rows_root(const RunReport& report) {
  std::vector<std::string> texts;
  for (const EntityReport& entity : report.entities) {
    const std::string root = entity_root(entity);
    if (!root.empty()) texts.push_back(fmt::format("{} {}", tree_name(entity), root));
  }
  std::sort(texts.begin(), texts.end());
  return tree_root(texts);
}

}  // namespace twoway::report
