// Whole mappings: the flagship one is accepted and complete, and the order of keys has no influence.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "generator/cli/vet.h"
#include "generator/plan/compile.h"
#include "tests/generator/files.h"
#include "tests/generator/model_text.h"
#include "tests/generator/shuffle.h"

namespace twowayc {
namespace {

namespace fs = std::filesystem;

const fs::path flagship = fs::path("mapping") / "openwebui-pocketbase";

class Mapping : public testing::Test {
 protected:
  void SetUp() override {
    fs::current_path(TWOWAY_SOURCE_DIR);
  }

  static MappingModel compiled(const fs::path& directory) {
    SourceSet sources;
    DiagnosticSink sink;
    auto model = compile(directory, sink, sources);
    if (!model) throw std::runtime_error(sink.print(sources));
    EXPECT_EQ(sink.print(sources), "");
    return std::move(*model);
  }
};

const Entity& find_entity(const MappingModel& model, std::string_view name) {
  const auto found = std::find_if(model.entities.begin(), model.entities.end(),
                                  [&](const Entity& entity) { return entity.name == name; });
  if (found == model.entities.end()) throw std::runtime_error("no entity " + std::string(name));
  return *found;
}

/// Columns that an entity accounts for: those that travel, that are purged, and the joined ones.
std::size_t covered_columns(const Entity& entity) {
  return entity.columns.size() + entity.purged.size() + entity.joins.size();
}

TEST_F(Mapping, FlagshipCoversEveryColumn) {
  const MappingModel model = compiled(flagship);
  std::size_t declared = 0;
  for (const SqlTable& table : model.schema.tables) declared += table.columns.size();
  std::size_t covered = model.schema.find(model.schema.version_table)->columns.size();
  for (const Entity& entity : model.entities) covered += covered_columns(entity);
  for (const PurgedTable& purged : model.purged) covered += model.schema.tables[purged.table].columns.size();
  EXPECT_EQ(model.schema.tables.size(), 48U);
  EXPECT_EQ(declared, 426U);
  EXPECT_EQ(covered, 426U);
}

TEST_F(Mapping, VetNamesAColumnThatRepeatsAnotherThanItsNamesake) {
  TemporaryDirectory directory;
  const fs::path copy = directory / flagship.filename();
  fs::copy(flagship, copy, fs::copy_options::recursive);
  const VetReport usual = vet(compiled(copy), {});
  std::string user = read_file(copy / "entities/user.yaml");
  const std::string_view good = "{ lens: same_as, of: email }";
  write_file(copy / "entities/user.yaml", user.replace(user.find(good), good.size(), "{ lens: same_as, of: name }"));
  const VetReport found = vet(compiled(copy), {});
  EXPECT_EQ(found.findings, usual.findings + 1);
  EXPECT_NE(found.text.find("swapped-columns: user: auth.email repeats name, and not email: exchanged by mistake?"),
            std::string::npos)
      << found.text;
}

TEST_F(Mapping, FlagshipModelIsConsistent) {
  const MappingModel model = compiled(flagship);
  EXPECT_EQ(model.directory, "mapping/openwebui-pocketbase");
  EXPECT_EQ(model.cpp_namespace, "openwebui_pocketbase");
  EXPECT_EQ(model.files.front(), "mapping/openwebui-pocketbase/mapping.yaml");
  EXPECT_EQ(model.digest.size(), 64U);
  EXPECT_TRUE(std::is_sorted(model.entities.begin(), model.entities.end(),
                             [](const Entity& a, const Entity& b) { return a.name < b.name; }));
  EXPECT_TRUE(std::is_sorted(model.lenses.begin(), model.lenses.end(),
                             [](const Lens& a, const Lens& b) { return a.name < b.name; }));
  for (const Entity& entity : model.entities) {
    std::set<std::size_t> columns;
    for (const MappedField& field : entity.fields) EXPECT_TRUE(columns.insert(field.column).second) << entity.name;
    EXPECT_EQ(std::set(entity.to_sql_order.begin(), entity.to_sql_order.end()).size(), entity.fields.size());
    for (std::size_t i = 0; i < entity.columns.size(); ++i) EXPECT_EQ(entity.columns[i].key, i < entity.key.size());
  }
}

TEST_F(Mapping, FlagshipOrderFollowsTheReferences) {
  const MappingModel model = compiled(flagship);
  ASSERT_EQ(model.order.size(), model.entities.size());
  std::vector<bool> done(model.entities.size(), false);
  for (const std::size_t index : model.order) {
    for (const MappedField& field : model.entities[index].fields) {
      if (!field.target || field.deferred) continue;
      EXPECT_TRUE(done[*field.target]) << model.entities[index].name << " before its target";
    }
    EXPECT_FALSE(done[index]);
    done[index] = true;
  }
}

TEST_F(Mapping, FlagshipOrderIsThatOfThePlan) {
  const std::vector<std::string> plan = {"user",    "group",            "folder", "channel", "chat",
                                         "message", "message_reaction", "model",  "tool",    "function",
                                         "knowledge", "note",           "prompt", "memory",  "file",
                                         "tag"};
  const MappingModel model = compiled(flagship);
  std::vector<std::string> found;
  for (const std::size_t index : model.order) {
    const std::string& name = model.entities[index].name;
    if (std::find(plan.begin(), plan.end(), name) != plan.end()) found.push_back(name);
  }
  EXPECT_EQ(found, plan);
}

TEST_F(Mapping, FlagshipDetails) {
  const MappingModel model = compiled(flagship);
  const Entity& user = find_entity(model, "user");
  EXPECT_TRUE(user.auth);
  EXPECT_EQ(user.collection_id, "_pb_users_auth_");
  ASSERT_EQ(user.joins.size(), 1U);
  EXPECT_EQ(user.joins[0].marker, "auth_exists");
  EXPECT_EQ(user.columns[0].qualified, "id");
  EXPECT_EQ(user.columns.back().qualified.substr(0, 5), "auth.");

  const Entity& tag = find_entity(model, "tag");
  ASSERT_EQ(tag.key.size(), 2U);
  EXPECT_EQ(tag.columns[tag.key[0].column].qualified, "id");
  EXPECT_EQ(tag.columns[tag.key[1].column].qualified, "user_id");

  const Entity& chat = find_entity(model, "chat");
  EXPECT_EQ(chat.collection_id, "twoway_chat");
  ASSERT_EQ(chat.mirrors.size(), 1U);
  EXPECT_EQ(model.entities[chat.mirrors[0].target].name, "tag");
  for (const MappedField& field : chat.fields) {
    const std::string& column = chat.columns[field.column].qualified;
    const bool has_time = column == "created_at" || column == "updated_at";
    EXPECT_EQ(field.fallback.kind == Default::Kind::created, has_time) << column;
    EXPECT_EQ(field.target_key.size() == 2, column == "folder_id") << column;
    EXPECT_EQ(field.target.has_value() && field.deferred, column == "share_id" || column == "current_message_id");
  }
}

TEST_F(Mapping, OrderOfKeysAndCommentsHaveNoInfluence) {
  const MappingModel original = compiled(flagship);
  for (std::uint32_t seed = 1; seed <= 3; ++seed) {
    TemporaryDirectory directory;
    const fs::path copy = directory.path() / flagship;
    write_shuffled(flagship, copy, seed * 1000);
    const MappingModel shuffled = compiled(copy);
    EXPECT_EQ(shuffled.digest, original.digest);
    EXPECT_EQ(model_text(shuffled), model_text(original));
  }
}

TEST_F(Mapping, PlaceOfTheBuildHasNoInfluence) {
  const MappingModel original = compiled(flagship);
  const MappingModel absolute = compiled(fs::absolute(flagship) / "");
  EXPECT_EQ(model_text(absolute), model_text(original));
  EXPECT_EQ(absolute.digest, original.digest);
}

/// Forgetting a field must be an error, whichever it is: the first of each entity stands for all.
TEST_F(Mapping, ForgottenFieldsAreErrors) {
  TemporaryDirectory directory;
  const fs::path copy = directory.path() / flagship;
  fs::create_directories(copy.parent_path());
  fs::copy(flagship, copy, fs::copy_options::recursive);
  for (const auto& entry : fs::directory_iterator(copy / "entities")) {
    const std::string text = read_file(entry.path());
    const std::size_t begin = text.find("\n  ", text.find("\nfields:\n")) + 1;
    write_file(entry.path(), text.substr(0, begin) + text.substr(text.find('\n', begin) + 1));
    SourceSet sources;
    DiagnosticSink sink;
    EXPECT_FALSE(compile(copy, sink, sources)) << entry.path();
    EXPECT_NE(sink.print(sources).find("[column-unmapped]"), std::string::npos) << sink.print(sources);
    write_file(entry.path(), text);
  }
}

TEST_F(Mapping, DigestFollowsTheContent) {
  const std::string original = compiled(flagship).digest;
  TemporaryDirectory directory;
  const fs::path copy = directory.path() / flagship;
  const auto compile_with = [&](const fs::path& file, std::string_view old_text, std::string_view new_text) {
    fs::remove_all(copy);
    fs::create_directories(copy.parent_path());
    fs::copy(flagship, copy, fs::copy_options::recursive);
    std::string text = read_file(copy / file);
    const std::size_t at = text.find(old_text);
    EXPECT_NE(at, std::string::npos) << old_text;
    write_file(copy / file, text.replace(at, old_text.size(), new_text));
    return compiled(copy).digest;
  };
  EXPECT_EQ(compile_with("mapping.yaml", "mapping:", "# a comment\nmapping:"), original);
  EXPECT_NE(compile_with("mapping.yaml", "0.40.6", "0.40.7"), original);
}

}  // namespace
}  // namespace twowayc
