// Whatever stands in the files: the compiler says so and does not crash.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "generator/parse/yaml_reader.h"
#include "generator/plan/compile.h"
#include "tests/generator/files.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

/// A small mapping that uses every construct.
const std::pair<const char*, std::string> base_files[] = {
    {"mapping.yaml",
     "mapping: shop\ndescription: a shop\nsql: sql/shop.yaml\npocketbase: { version: 0.40.6, collection_prefix: p_ }\n"
     "order: [customer, purchase]\npurge:\n  session: \"gone\"\nlenses:\n"
     "  cents: { header: lenses/cents.h, struct: shop::Cents, sql: integer, pocketbase: number, fidelity: iso }\n"},
    {"sql/shop.yaml",
     "schema: shop\nversion: { table: version, column: number, value: '1', name: Shop 1 }\ntables:\n"
     "  version:\n    columns: { number: { type: varchar(32) } }\n"
     "  session:\n    columns: { id: { type: text } }\n"
     "  login:\n    columns: { id: { type: text, null: false }, hash: { type: text }, mail: { type: text } }\n"
     "    primary_key: [id]\n"
     "  customer:\n    columns:\n      id: { type: text, null: false }\n      mail: { type: text }\n"
     "      data: { type: json, default: \"'{}'\" }\n    primary_key: { name: pk, on: [id] }\n"
     "  purchase:\n    columns:\n      id: { type: text, null: false }\n      owner: { type: text }\n"
     "      part: { type: text }\n      price: { type: bigint, null: false }\n      made_at: { type: bigint }\n"
     "    primary_key: [id, owner]\n    unique: [[price], { name: u, on: [id] }]\n"
     "    foreign_keys:\n      - { on: [owner], to: customer, columns: [id], on_delete: set null }\n"
     "    checks:\n      - { name: c, sql: \"price > 0\" }\n"
     "    indexes:\n      - { name: i, on: [price, \"made_at DESC\"], unique: true, where: \"price > 1\" }\n"},
    {"entities/customer.yaml",
     "entity: customer\nsql: customer\npocketbase: users\njoin:\n  login: { on: { id: id } }\n"
     "collection: { type: auth, identity: [email, login], auth_rule: 'x != \"\"' }\nkey: { id: record_id }\nfields:\n"
     "  mail: { to: email, lens: email, login: login }\n"
     "  data: { lens: json, hidden: true, max_size: 1MiB, json_null: json }\n"
     "  login.mail: { lens: same_as, of: mail }\n  login.hash: { lens: password, to: password }\n"
     "only_in_pocketbase:\n  verified: { type: bool, value: true }\n  tokenKey: { type: token, purge: \"own\" }\n"
     "mirrors:\n  bought: { column: data, path: bought, of: purchase, key: [\"[]\", id], prefer: relation }\n"
     "rules: { list: '', view: 'a' }\n"},
    {"entities/purchase.yaml",
     "entity: purchase\nsql: purchase\npocketbase: purchases\nkey: { id: record_id, owner: field }\nfields:\n"
     "  owner: { lens: reference, of: customer, on_delete: cascade }\n"
     "  part: { lens: reference, of: purchase, with: owner, template: \"{owner}-{part}\", on_delete: clear,\n"
     "    deferred: true }\n"
     "  price: { lens: cents, empty: value, default: 5, lossy: \"cents\" }\n"
     "  made_at: { lens: epoch_seconds, default: created }\n"
     "derived:\n  label: { template: \"{owner}:{part}\", unique: true }\n"
     "indexes:\n  - { on: [price], unique: true }\n"},
};

void write_base(const fs::path& directory) {
  for (const auto& [name, text] : base_files) write_file(directory / name, text);
}

/// Compiles; the result must agree with the errors, and printing must work.
bool compiles(const fs::path& directory, std::string* printed = nullptr) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto model = compile(directory, sink, sources);
  const std::string text = sink.print(sources);
  EXPECT_EQ(model.has_value(), !sink.has_errors());
  EXPECT_EQ(text.find('\0'), std::string::npos);
  if (printed != nullptr) *printed = text;
  return model.has_value();
}

TEST(Hostile, TheBaseIsAccepted) {
  TemporaryDirectory directory;
  write_base(directory.path() / "shop");
  std::string printed;
  EXPECT_TRUE(compiles(directory.path() / "shop", &printed));
  EXPECT_EQ(printed, "");
}

/// One change to a text: bytes lost, doubled, exchanged, or a piece of YAML put in.
std::string mutated(std::string text, std::mt19937& random) {
  static const std::string pieces[] = {
      "{",  "}",    "[",  "]",    ":",      ": ",      "\n", "- ", "&a ",            "*a", "!t ",  "'",
      "\"", "|\n",  ">-", "#",    "~",      "null",    "? ", "<<: ", "---\n",        "...\n", "\t",  "\\",
      ",",  "\xFF", "{}", "[]",   "  ",     "\r\n",    "{id}", "%YAML 1.2\n", std::string(1, '\0'), "\xE6\x97\xA5"};
  const auto pick = [&](std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size - 1)(random); };
  const std::size_t at = pick(text.size());
  const std::size_t length = std::min(pick(12) + 1, text.size() - at);
  switch (pick(5)) {
    case 0: return text.erase(at, length);
    case 1: return text.insert(at, text.substr(pick(text.size()), length));
    case 2: return text.substr(0, at);
    case 3: return text.replace(at, 1, pieces[pick(std::size(pieces))]);
    default: return text.insert(at, pieces[pick(std::size(pieces))]);
  }
}

TEST(Hostile, MutatedMappings) {
  TemporaryDirectory directory;
  const fs::path shop = directory.path() / "shop";
  std::mt19937 random(20261121);
  // More rounds when somebody asks: HOSTILE_ROUNDS=100000 TMPDIR=/dev/shm.
  const char* asked = std::getenv("HOSTILE_ROUNDS");
  const std::size_t rounds = asked == nullptr ? 500 : std::stoul(asked);
  std::size_t accepted = 0;
  write_base(shop);
  for (std::size_t round = 0; round < rounds; ++round) {
    const auto& [name, text] = base_files[round % std::size(base_files)];
    std::string changed = text;
    for (std::size_t change = 0; change <= round % 3 && !changed.empty(); ++change) changed = mutated(changed, random);
    write_file(shop / name, changed);
    if (compiles(shop)) ++accepted;
    write_file(shop / name, text);
  }
  EXPECT_GT(accepted, 0U);
  EXPECT_LT(accepted, rounds / 2);
}

void expect_refused(const std::string& text) {
  SourceSet sources;
  DiagnosticSink sink;
  const auto file = sources.add("x.yaml", "x.yaml", text);
  const auto root = read_yaml(file, sources, sink);
  EXPECT_FALSE(root) << text.substr(0, 40);
  EXPECT_TRUE(sink.has_errors());
  EXPECT_LT(sink.print(sources).size(), 2000U);
}

TEST(Hostile, DeepNestingOfAnyKind) {
  const auto repeated = [](std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
  };
  for (const std::string_view part : {"[", "{", "- ", "? ", "{a: ", "[{", "a:\n"}) {
    SCOPED_TRACE(part);
    if (part != "a:\n") expect_refused(repeated(part, 100000));
  }
  std::string indented;
  for (std::size_t i = 0; i < 500; ++i) indented += std::string(i, ' ') + "a:\n";
  expect_refused(indented);
}

TEST(Hostile, CompilesTheSameTwice) {
  TemporaryDirectory directory;
  const fs::path shop = directory.path() / "shop";
  write_base(shop);
  write_file(shop / "entities/purchase.yaml",
             "entity: purchase\nsql: nothing\npocketbase: x\nkey: {}\nfields: {a: {}}\n");
  std::string first, second;
  EXPECT_FALSE(compiles(shop, &first));
  EXPECT_FALSE(compiles(shop, &second));
  EXPECT_EQ(first, second);
}

}  // namespace
}  // namespace twowayc
