// Records go into a running PocketBase and come out of it to the byte, with the hook and without.
#include <gtest/gtest.h>

#include "runtime/store/pocketbase_directory/directory_store.h"
#include "tests/pocketbase_server/world.h"
#include "tests/support/sqlite_file.h"

namespace twoway::test {
namespace {

class Exact : public testing::TestWithParam<bool> {};

TEST_P(Exact, EveryRecordArrivesAndASecondTimeNothingIsWritten) {
  Target target(GetParam());
  std::vector<std::string> log;
  std::uint64_t all = 0;
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests(&log));
    const Copied first = copy_records(records(true), store);
    EXPECT_TRUE(first.rejected.empty()) << first.rejected[0].key << " " << first.rejected[0].reason;
    all = first.all();
    EXPECT_EQ(first.inserted, all);
    EXPECT_GT(all, 600U);
    const Copied second = copy_records(records(true), store);
    EXPECT_EQ(second.unchanged, all);
    EXPECT_EQ(second.inserted + second.updated, 0U);
  }
  EXPECT_EQ(log.size(), GetParam() ? 0U : 1U);
  EXPECT_EQ(record_differences(records(true) / "data.db", target.stopped_database()), "");
}

TEST_P(Exact, WhatIsReadIsWhatADirectoryHolds) {
  Target target(GetParam());
  {
    ServerStore store(openwebui(), target.url(), Use::target, options_for_tests());
    copy_records(records(true), store);
  }
  ServerStore source(openwebui(), target.url(), Use::source, options_for_tests());
  EXPECT_FALSE(source.changed_since_open());
  EXPECT_TRUE(source.version().ends_with(".go")) << source.version();
  DirectoryStore expected(openwebui(), records(true), Use::source);
  for (const Entity* entity : openwebui().entities) {
    SCOPED_TRACE(entity->name);
    EXPECT_EQ(source.count(*entity), expected.count(*entity));
    const auto a = source.read(*entity), b = expected.read(*entity);
    while (a->next()) {
      ASSERT_TRUE(b->next());
      for (const RecordField& field : entity->fields) {
        EXPECT_TRUE(same(cell(a->record(), field.offset), cell(b->record(), field.offset))) << field.name;
      }
      EXPECT_TRUE(same(a->residue(), b->residue()));
      EXPECT_TRUE(same(a->created(), b->created()));
      EXPECT_TRUE(source.exists(*entity, cell(a->record(), entity->fields[0].offset).bytes()));
    }
    EXPECT_FALSE(b->next());
  }
  RestClient client = target.server().superuser();
  const auto chats = client.all("chats", "id,title");
  ASSERT_FALSE(chats.empty());
  EXPECT_EQ(client.patch(RestClient::record("chats", chats[0].at("id").as_string()), {{"title", "renamed"}}).status,
            200);
  EXPECT_TRUE(source.changed_since_open());
}

INSTANTIATE_TEST_SUITE_P(HookAndConsole, Exact, testing::Values(true, false),
                         [](const auto& test) { return test.param ? "Hook" : "Console"; });

}  // namespace
}  // namespace twoway::test
