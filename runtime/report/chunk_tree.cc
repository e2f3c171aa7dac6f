#include "runtime/report/chunk_tree.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/migrate/digest.h"
#include "runtime/model/sha256.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

using Hash = Sha256::Hash;

std::string_view bytes_of(const Hash& hash) { return {hash.data(), hash.size()}; }

Hash leaf(std::string_view text) {
  Sha256 sha256;
  sha256.add(std::string_view("\0", 1));
  sha256.add(text);
  return sha256.finish();
}

Hash node(const Hash& left, const Hash& right) {
  Sha256 sha256;
  sha256.add("\1");
  for (const Hash& child : {left, right}) sha256.add(bytes_of(child));
  return sha256.finish();
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
  return hexadecimal(row.front());
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
