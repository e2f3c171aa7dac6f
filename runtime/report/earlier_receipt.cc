#include "runtime/report/earlier_receipt.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "runtime/migrate/digest.h"
#include "runtime/report/chunk_tree.h"
#include "runtime/report/text.h"

namespace twoway::report {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::size_t kept_differences = 1000;  ///< as many as a report holds of others

std::string text_of(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

const json::array& array_of(const json::object& object, std::string_view member) {
  static const json::array none;
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_array() ? value->get_array() : none;
}

std::vector<std::string> texts_of(const json::object& object, std::string_view member) {
  std::vector<std::string> texts;
  for (const json::value& value : array_of(object, member)) {
    texts.emplace_back(value.is_string() ? std::string_view(value.get_string()) : std::string_view());
  }
  return texts;
}

std::optional<Direction> direction_of(std::string_view name) {
  for (const Direction direction :
       {Direction::to_pocketbase, Direction::to_sql, Direction::sql_to_sql, Direction::pocketbase_to_pocketbase}) {
    if (direction_name(direction) == name) return direction;
  }
  return std::nullopt;
}

EarlierReceipt::Entity entity_of(const json::object& object) {
  EarlierReceipt::Entity entity;
  const json::value* attic = object.if_contains("attic");
  const json::value* adapted = object.if_contains("adapted");
  entity.name = (attic != nullptr && attic->is_bool() && attic->get_bool() ? "attic/" : "") + text_of(object, "name");
  entity.table = text_of(object, "table");
  if (adapted != nullptr && adapted->is_int64()) entity.adapted = static_cast<std::uint64_t>(adapted->get_int64());
  entity.chunk_key = texts_of(object, "chunk_key");
  entity.chunks = texts_of(object, "chunks");
  return entity;
}

/// The root that the chunks make.
std::string root_of(const EarlierReceipt& receipt) {
  std::vector<std::string> texts;
  for (const EarlierReceipt::Entity& entity : receipt.entities) {
    if (!entity.chunks.empty()) texts.push_back(fmt::format("{} {}", entity.name, tree_root(entity.chunks)));
  }
  std::sort(texts.begin(), texts.end());
  return tree_root(texts);
}

/// The chunks of a number of chunks that a receipt may have: a power of two.
bool is_possible(std::size_t count) { return count <= chunks_kept && (count & (count - 1)) == 0; }

std::uint64_t rows_of(std::string_view chunk) {
  std::uint64_t rows = 0;
  for (const char digit : chunk.substr(0, chunk.find(' '))) {
    if (digit < '0' || digit > '9') return 0;
    rows = rows * 10 + static_cast<std::uint64_t>(digit - '0');
  }
  return rows;
}

std::string words_of(std::string_view chunk) {
  const std::size_t blank = chunk.find(' ');
  return fmt::format("{}, digest {}", counted(rows_of(chunk), "row", "rows"),
                     blank == std::string_view::npos ? "" : chunk.substr(blank + 1));
}

/// Compares one entity; `now` is null where the store has no such rows.
void compare_entity(RunReport& report, const std::string& name, const std::vector<std::string>& then,
                    const EntityReport* now, bool must_equal) {
  const std::size_t of = then.empty() ? std::max<std::size_t>(1, now == nullptr ? 1 : folded(now->chunks).size())
                                      : then.size();
  std::vector<Chunk> chunks(of);
  if (now != nullptr && !now->chunks.empty()) chunks = folded(now->chunks, of);
  EarlierComparison::Differing differing{name, {}, of, 0, 0};
  for (std::size_t i = 0; i < of; ++i) {
    const std::string expected = then.empty() ? chunk_text({}) : then[i];
    const std::string found = chunk_text(chunks[i]);
    differing.rows_then += rows_of(expected);
    differing.rows_now += chunks[i].rows;
    if (expected == found) continue;
    differing.chunks.push_back(i + 1);
    if (!must_equal || report.differences.size() >= kept_differences) continue;
    report.differences.push_back(
        {name, fmt::format("chunk {} of {}", i + 1, of), {}, words_of(expected), words_of(found), {}});
  }
  if (!differing.chunks.empty()) report.earlier->differing.push_back(std::move(differing));
}

}  // namespace

bool same_terms(Direction a, Direction b) { return terms_name(a) == terms_name(b); }

std::string_view terms_name(Direction direction) {
  constexpr std::array<std::string_view, 4> names{"rows", "rows", "tables", "records"};
  return names[static_cast<std::size_t>(direction)];
}

EarlierReceipt read_earlier(const std::string& file) {
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    throw cannot_start(
        fmt::format("{} is no file", file),
        "Name a receipt's JSON file, as TARGET.twoway holds it; verify writes its own with --write-receipt.");
  }
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  boost::system::error_code failed;
  const json::value document = json::parse(text, failed);
  const json::object* object = failed ? nullptr : document.if_object();
  const auto direction = object != nullptr ? direction_of(text_of(*object, "direction")) : std::nullopt;
  if (object == nullptr || text_of(*object, "receipt") != "twoway" || !direction) {
    throw cannot_start(fmt::format("{} is no receipt of twoway", file), "Name a receipt's JSON file.");
  }
  EarlierReceipt receipt;
  receipt.file = file;
  receipt.verb = text_of(*object, "verb");
  if (const json::value* verdict = object->if_contains("verdict"); verdict != nullptr && verdict->is_object()) {
    receipt.verdict = text_of(verdict->get_object(), "word");
  }
  receipt.mapping = text_of(*object, "mapping");
  receipt.mapping_digest = text_of(*object, "mapping_digest");
  receipt.started = text_of(*object, "started");
  receipt.root = text_of(*object, "root");
  receipt.direction = *direction;
  bool possible = object->if_contains("root") != nullptr;
  for (const json::value& value : array_of(*object, "entities")) {
    if (value.is_object()) receipt.entities.push_back(entity_of(value.get_object()));
    possible = possible && value.is_object() && is_possible(receipt.entities.back().chunks.size());
  }
  if (!possible) {
    throw cannot_start(fmt::format("{} says nothing of chunks", file),
                       "A version of twoway wrote it that did not know them. Compare both stores: twoway verify --from "
                       "STORE --to STORE.");
  }
  if (root_of(receipt) != receipt.root) {
    throw cannot_start(fmt::format("{} was changed: its chunks do not make its root", file),
                       "Take another copy of the receipt.");
  }
  return receipt;
}

std::optional<EarlierReceipt> find_earlier(const std::string& state_directory, const RunReport& report) {
  const fs::path file = fs::path(state_directory) / "receipt.json";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return std::nullopt;
  try {
    EarlierReceipt receipt = read_earlier(file.string());
    const bool fits = receipt.verb == "migrate" && receipt.verdict != "interrupted" && !receipt.root.empty() &&
                      receipt.mapping == report.mapping && same_terms(receipt.direction, report.direction);
    if (fits) return receipt;
  } catch (const Error&) {
    // Nobody asked for it: what cannot be read is passed over.
  }
  return std::nullopt;
}

void compare_with_earlier(RunReport& report, const EarlierReceipt& earlier, bool must_equal) {
  report.earlier = EarlierComparison{earlier.file, earlier.started, earlier.root, {}};
  const auto now_of = [&](const std::string& name) {
    const auto found = std::find_if(report.entities.begin(), report.entities.end(),
                                    [&](const EntityReport& entity) { return tree_name(entity) == name; });
    return found == report.entities.end() ? nullptr : &*found;
  };
  const std::size_t before = report.differences.size();
  for (const EarlierReceipt::Entity& entity : earlier.entities) {
    compare_entity(report, entity.name, entity.chunks, now_of(entity.name), must_equal);
  }
  for (const EntityReport& entity : report.entities) {
    const std::string name = tree_name(entity);
    const bool known = std::any_of(earlier.entities.begin(), earlier.entities.end(),
                                   [&](const EarlierReceipt::Entity& one) { return one.name == name; });
    if (!known && !entity.chunks.empty()) compare_entity(report, name, {}, &entity, must_equal);
  }
  if (!report.earlier->differing.empty() && earlier.mapping_digest != report.mapping_digest) {
    report.notes.push_back({Note::What::warning, earlier.file, 0,
                            "the mapping has changed since; rows may look different for that reason alone", {}});
  }
  for (const EarlierReceipt::Entity& entity : earlier.entities) {
    if (report.earlier->differing.empty() || entity.adapted == 0) continue;
    report.notes.push_back({Note::What::warning,
                            entity.name,
                            entity.adapted,
                            "the earlier run wrote so many NULLs as the empty value, because its SQL target declares "
                            "NOT NULL; its receipt is about the rows with these",
                            {}});
  }
  if (must_equal && report.differences.size() > before && report.status == ExitStatus::done) {
    report.status = ExitStatus::differences;
  }
}

std::string earlier_sentence(const EarlierComparison& earlier) {
  if (earlier.differing.empty()) {
    return fmt::format("All rows are those of the receipt of {}: root {}.", earlier.started, earlier.root);
  }
  constexpr std::size_t shown = 5;
  std::vector<std::string> parts;
  for (const EarlierComparison::Differing& one : earlier.differing) {
    if (parts.size() == shown) break;
    const std::string rows =
        one.rows_then == one.rows_now
            ? counted(one.rows_now, "row", "rows")
            : fmt::format("{} then, {} now", counted(one.rows_then, "row", "rows"), grouped(one.rows_now));
    parts.push_back(fmt::format("{} ({} of {}; {})", one.entity, grouped(one.chunks.size()),
                                counted(one.of, "chunk", "chunks"), rows));
  }
  if (earlier.differing.size() > shown) parts.push_back(fmt::format("{} more", earlier.differing.size() - shown));
  return fmt::format("Differs from the receipt of {}: {}.", earlier.started, fmt::join(parts, ", "));
}

}  // namespace twoway::report
