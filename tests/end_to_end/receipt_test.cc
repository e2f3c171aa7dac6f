// What a receipt proves: the SQL side before, PocketBase after, the SQL side that comes back, without the other side.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>

#include "tests/end_to_end/postgresql_journey.h"
#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/sqlite_file.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

class ReceiptProof : public testing::Test {
 protected:
  ProcessResult twoway(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    options.environment = {{"POCKETBASE", pocketbase_program().string()}};
    return run(arguments, options);
  }
  json::value migrate(const std::string& from, const std::string& to, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"migrate", "--json", "--from", from, "--to", to};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ProcessResult result = twoway(arguments);
    EXPECT_EQ(result.status, 0) << result.describe();
    return json::parse(result.output);
  }
  /// The last line of `verify --receipt`.
  std::string prove(const std::string& receipt, const std::string& store, int status) const {
    const ProcessResult result = twoway({"verify", "--receipt", receipt, store});
    EXPECT_EQ(result.status, status) << result.describe();
    const std::string text = result.output.substr(0, result.output.empty() ? 0 : result.output.size() - 1);
    return text.substr(text.rfind('\n') + 1);
  }
  fs::path path(const std::string& name) const { return directory_ / name; }

  TemporaryDirectory directory_{"receipt"};
};

/// The receipt without what differs from run to run.
std::string sentence(const json::value& receipt, std::uint64_t rows) {
  std::string count = std::to_string(rows);
  for (std::size_t at = count.size(); at > 3; at -= 3) count.insert(at - 3, ",");
  return "All rows are those of the receipt of " + std::string(receipt.at("started").as_string()) + ": root " +
         std::string(receipt.at("root").as_string()) + ". " + count + " rows read.";
}

std::uint64_t rows_of(const json::value& receipt) { return receipt.at("totals").at("read").to_number<std::uint64_t>(); }

TEST_F(ReceiptProof, SqlBeforePocketbaseAfterAndSqlAgainHaveOneRoot) {
  const fs::path source = hard(directory_.path());
  SqliteFile(source).execute(
      "ALTER TABLE chat ADD COLUMN another_fork TEXT; UPDATE chat SET another_fork = 'x' WHERE id = 'h2';"
      "INSERT INTO tag (id, name, user_id) VALUES ('twin', 'first', NULL), ('twin', 'second', NULL)");
  const json::value there = migrate(source, "pb_data");
  const std::string receipt = "pb_data.twoway/receipt.json";
  EXPECT_EQ(there.at("terms").as_string(), "rows");
  EXPECT_EQ(there.at("earlier"), json::value(nullptr));
  EXPECT_EQ(prove(receipt, source, 0), sentence(there, rows_of(there)));
  EXPECT_EQ(prove(receipt, "pb_data", 0), sentence(there, rows_of(there)));
  const json::value back = migrate("pb_data", "returned.db");
  EXPECT_EQ(back.at("root"), there.at("root"));
  EXPECT_EQ(back.at("earlier").at("same"), json::value(true)) << "the way back finds the receipt of the way there";
  EXPECT_EQ(back.at("earlier").at("receipt").as_string(), receipt);
  EXPECT_EQ(prove(receipt, "returned.db", 0), sentence(there, rows_of(there)));
  EXPECT_EQ(prove("returned.db.twoway/receipt.json", source, 0), sentence(back, rows_of(back)));
}

TEST_F(ReceiptProof, WhatDiffersIsNamedByEntityAndChunk) {
  const fs::path source = real(directory_.path());
  const json::value there = migrate(source, "pb_data");
  SqliteFile(path("pb_data/data.db"))
      .execute("UPDATE chats SET title = 'edited' WHERE id = (SELECT min(id) FROM chats)");
  const std::string started(there.at("started").as_string());
  const std::string changed = "Differs from the receipt of " + started + ": chat (1 of 1 chunk; 14 rows).";
  EXPECT_EQ(prove("pb_data.twoway/receipt.json", "pb_data", 1),
            "DIFFERENCES: " + changed + " " + std::to_string(rows_of(there)) + " rows read.");
  const json::value back = migrate("pb_data", "returned.db", {"--receipt-there", "pb_data.twoway/receipt.json"});
  EXPECT_EQ(back.at("earlier").at("same"), json::value(false)) << "an edit is no failure, but it is said";
  EXPECT_EQ(json::serialize(back.at("earlier").at("differing")),
            R"([{"entity":"chat","chunks":[1],"of":1,"rows_then":14,"rows_now":14}])");
  SqliteFile(source).execute("DELETE FROM chat WHERE id = (SELECT min(id) FROM chat)");
  const ProcessResult less = twoway({"verify", "--json", "--receipt", "pb_data.twoway/receipt.json", source});
  EXPECT_EQ(less.status, 1);
  const json::value found = json::parse(less.output);
  EXPECT_EQ(found.at("differences").as_array().size(), 1U);
  EXPECT_EQ(found.at("differences").at(0).at("entity").as_string(), "chat");
  EXPECT_EQ(found.at("differences").at(0).at("key").as_string(), "chunk 1 of 1");
  EXPECT_TRUE(found.at("differences").at(0).at("expected").as_string().starts_with("14 rows, digest "));
  EXPECT_TRUE(found.at("differences").at(0).at("found").as_string().starts_with("13 rows, digest "));
  // Both ends and the receipt at once: the two agree with each other, not with the receipt.
  const ProcessResult both =
      twoway({"verify", "--from", "pb_data", "--to", "returned.db", "--receipt", "pb_data.twoway/receipt.json"});
  EXPECT_EQ(both.status, 1) << both.describe();
  EXPECT_NE(both.output.find(changed), std::string::npos) << both.output;
}

TEST_F(ReceiptProof, ManyRowsAreManyChunksAndOneRowIsOneOfThem) {
  const fs::path source = real(directory_.path());
  SqliteFile(source).execute(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
      "INSERT INTO memory (id, user_id, content, created_at, updated_at) "
      "SELECT 'memory-' || i, (SELECT min(id) FROM user), 'number ' || i, i, i FROM n");
  const json::value there = migrate(source, "pb_data");
  SqliteFile(path("pb_data/data.db")).execute("UPDATE memories SET content = 'edited' WHERE id = 'memory-1234'");
  const ProcessResult proof = twoway({"verify", "--json", "--receipt", "pb_data.twoway/receipt.json", "pb_data"});
  EXPECT_EQ(proof.status, 1) << proof.describe();
  const json::value differing = json::parse(proof.output).at("earlier").at("differing");
  ASSERT_EQ(differing.as_array().size(), 1U);
  EXPECT_EQ(differing.at(0).at("chunks").as_array().size(), 1U);
  EXPECT_EQ(differing.at(0).at("of"), json::value(16));
}

TEST_F(ReceiptProof, TablesAndRecordsAreProvenToo) {
  const fs::path source = real(directory_.path());
  const std::string database = shared_cluster().create_database();
  const json::value tables = migrate(source, shared_cluster().url(database), {"--state", "state"});
  EXPECT_EQ(tables.at("terms").as_string(), "tables");
  for (const std::string& store : {source.string(), shared_cluster().url(database)}) {
    EXPECT_EQ(prove("state/receipt.json", store, 0), sentence(tables, rows_of(tables)));
  }
  const json::value rows = migrate(source, "pb_data");
  // A database that refuses some of the rows and values keeps them beside its tables, and they count.
  const std::string refusing = shared_cluster().create_database();
  const json::value back = migrate("pb_data", shared_cluster().url(refusing), {"--state", "state-back"});
  EXPECT_EQ(back.at("earlier").at("same"), json::value(true));
  EXPECT_EQ(prove("pb_data.twoway/receipt.json", shared_cluster().url(refusing), 0), sentence(rows, rows_of(rows)));
  const json::value records = migrate("pb_data", "pb_copy");
  EXPECT_EQ(records.at("terms").as_string(), "records");
  EXPECT_EQ(records.at("earlier"), json::value(nullptr)) << "the receipt beside pb_data is about rows";
  for (const char* store : {"pb_data", "pb_copy"}) {
    EXPECT_EQ(prove("pb_copy.twoway/receipt.json", store, 0), sentence(records, rows_of(records)));
  }
  SqliteFile(path("pb_copy/data.db")).execute("DELETE FROM tags");
  EXPECT_NE(prove("pb_copy.twoway/receipt.json", "pb_copy", 1).find(": tag (1 of 1 chunk; "), std::string::npos);
  const ProcessResult wrong = twoway({"verify", "--receipt", "pb_copy.twoway/receipt.json", source});
  EXPECT_EQ(wrong.status, 2);
  EXPECT_EQ(wrong.errors,
            "error: pb_copy.twoway/receipt.json is about records; only a PocketBase can be held against it\n"
            "hint: name such a store, or compare two stores: twoway verify --from STORE --to STORE\n");
}

TEST_F(ReceiptProof, AReceiptThatWasChangedIsRefused) {
  const fs::path source = real(directory_.path());
  migrate(source, "pb_data");
  std::string text = read_file(path("pb_data.twoway/receipt.json"));
  const std::size_t chunk = text.find("\"14 ");
  ASSERT_NE(chunk, std::string::npos);
  text[chunk + 2] = '5';
  std::ofstream(path("changed.json")) << text;
  std::ofstream(path("other.json")) << "{}";
  const auto errors = [&](const std::string& receipt) {
    const ProcessResult result = twoway({"verify", "--receipt", receipt, source});
    EXPECT_EQ(result.status, 2);
    return result.errors;
  };
  EXPECT_EQ(errors("changed.json"),
            "error: changed.json was changed: its chunks do not make its root\n"
            "hint: Take another copy of the receipt.\n");
  EXPECT_EQ(errors("other.json"), "error: other.json is no receipt of twoway\nhint: Name a receipt's JSON file.\n");
  EXPECT_EQ(errors("missing.json"),
            "error: missing.json is no file\n"
            "hint: Name a receipt's JSON file, as TARGET.twoway holds it; verify writes its own with "
            "--write-receipt.\n");
}

/// The script in docs/receipt.md, to the letter.
TEST_F(ReceiptProof, TheDocumentedScriptComputesTheRoot) {
  const json::value there = migrate(hard(directory_.path()), "pb_data");
  const std::string page = read_file(source_directory() / "docs" / "receipt.md");
  const std::size_t begin = page.find("```python\n") + 10;
  ASSERT_NE(page.find("```python\n"), std::string::npos);
  std::ofstream(path("root.py")) << page.substr(begin, page.find("```", begin) - begin);
  EXPECT_EQ(run_checked({"python3", path("root.py"), path("pb_data.twoway/receipt.json")}),
            std::string(there.at("root").as_string()) + "\n");
}

/// A strict reading of docs/schema/receipt.schema.json: every member is described, and what is described is there.
class Schema {
 public:
  explicit Schema(json::value root) : root_(std::move(root)) {}
  /// The first thing that does not hold; empty if all does.
  std::string violation(const json::value& document) const { return check(root_.as_object(), document, ""); }

 private:
  static bool is_of(std::string_view type, const json::value& value) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "boolean") return value.is_bool();
    if (type == "null") return value.is_null();
    return type == "integer" && (value.is_int64() || value.is_uint64());
  }

  static bool has_type(const json::value& types, const json::value& value) {
    if (types.is_string()) return is_of(types.as_string(), value);
    const json::array& all = types.as_array();
    return std::any_of(all.begin(), all.end(), [&](const json::value& one) { return is_of(one.as_string(), value); });
  }

  static std::string check(const json::object& schema, const json::value& value, const std::string& path) {
    if (!has_type(schema.at("type"), value)) return path + " has another type";
    if (const json::value* words = schema.if_contains("enum")) {
      const json::array& all = words->as_array();
      if (std::find(all.begin(), all.end(), value) == all.end()) return path + " is none of the words";
    }
    if (const json::value* least = schema.if_contains("minimum"); least != nullptr && !value.is_null()) {
      if (value.to_number<double>() < least->to_number<double>()) return path + " is too small";
    }
    if (const json::value* pattern = schema.if_contains("pattern"); pattern != nullptr && value.is_string()) {
      const std::string text(value.as_string());
      if (!std::regex_match(text, std::regex(std::string(pattern->as_string())))) return path + " has another form";
    }
    if (value.is_object()) return check_object(schema, value.as_object(), path);
    if (!value.is_array()) return {};
    for (const json::value& item : value.as_array()) {
      const std::string found = check(schema.at("items").as_object(), item, path + "[]");
      if (!found.empty()) return found;
    }
    return {};
  }

  static std::string check_object(const json::object& schema, const json::object& object, const std::string& path) {
    for (const json::value& name : schema.at("required").as_array()) {
      if (!object.contains(name.as_string())) return path + " lacks " + std::string(name.as_string());
    }
    for (const auto& [name, member] : object) {
      const std::string below = path + "/" + std::string(name);
      const json::value* own = schema.at("properties").as_object().if_contains(name);
      if (own == nullptr) return below + " is not described";
      const std::string found = check(own->as_object(), member, below);
      if (!found.empty()) return found;
    }
    return {};
  }

  json::value root_;
};

TEST_F(ReceiptProof, TheSchemaDescribesEveryMember) {
  const Schema schema(json::parse(read_file(source_directory() / "docs" / "schema" / "receipt.schema.json")));
  const fs::path source = hard(directory_.path());
  EXPECT_EQ(schema.violation(migrate(source, "pb_data", {"--sample", "3"})), "");
  SqliteFile(path("pb_data/data.db")).execute("UPDATE chats SET title = 'edited' WHERE id = 'h2'; DELETE FROM tags");
  for (const std::vector<std::string>& arguments : std::vector<std::vector<std::string>>{
           {"verify", "--json", "--from", source, "--to", "pb_data"},
           {"verify", "--json", "--receipt", "pb_data.twoway/receipt.json", "pb_data"},
           {"plan", "--json", "--from", "pb_data", "--to", "new.db"}}) {
    const ProcessResult result = twoway(arguments);
    EXPECT_EQ(schema.violation(json::parse(result.output)), "") << arguments[0];
  }
  json::value more = json::parse(read_file(path("pb_data.twoway/receipt.json")));
  EXPECT_EQ(schema.violation(more), "");
  more.as_object()["new_member"] = 1;
  EXPECT_EQ(schema.violation(more), "/new_member is not described");
}

}  // namespace
}  // namespace twoway::test
