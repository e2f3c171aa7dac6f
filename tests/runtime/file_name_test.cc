#include "runtime/files/file_name.h"

#include <gtest/gtest.h>

namespace twoway::files {
namespace {

TEST(FileName, LastPartIsANameInADirectory) {
  EXPECT_EQ(last_part("/app/uploads/a b.txt").text, "a b.txt");
  EXPECT_EQ(last_part("a.txt").text, "a.txt");
  EXPECT_EQ(last_part("C:\\owui\\uploads\\a.txt").text, "a.txt");
  EXPECT_EQ(last_part("/uploads/a\\b").text, "a\\b");
  EXPECT_EQ(last_part("/uploads/..a").text, "..a");
  EXPECT_EQ(last_part("/uploads/../etc/passwd").refusal, "leads upwards (..)");
  EXPECT_EQ(last_part("..").refusal, "leads upwards (..)");
  EXPECT_EQ(last_part("C:\\a\\..\\b").refusal, "leads upwards (..)");
  EXPECT_EQ(last_part("/uploads/").refusal, "ends in no name");
  EXPECT_EQ(last_part("/uploads/.").refusal, "names a directory");
  EXPECT_EQ(last_part(std::string("/a\0b", 4)).refusal, "holds a NUL");
  EXPECT_EQ(last_part("/" + std::string(255, 'x')).text.size(), 255U);
  EXPECT_EQ(last_part("/" + std::string(256, 'x')).refusal, "is longer than 255 bytes");
}

TEST(FileName, UrisLieElsewhere) {
  for (const char* uri : {"s3://bucket/key", "gs://b/k", "https://account.blob.core.windows.net/c/k"}) {
    EXPECT_TRUE(is_uri(uri)) << uri;
  }
  for (const char* path : {"/a://b", "a.txt", "://x", "3s://x", "C:\\a"}) EXPECT_FALSE(is_uri(path)) << path;
}

TEST(FileName, StorageNamesAreThoseThatPocketBaseServes) {
  EXPECT_EQ(storage_name("a b (1).txt"), "a b (1).txt");
  EXPECT_EQ(storage_name("مستند.pdf"), "مستند.pdf");
  EXPECT_EQ(storage_name("a\nb\\c/d\x7f"), "a_b_c_d_");
  EXPECT_EQ(storage_name("\xff\xc3.txt"), "__.txt");
  EXPECT_EQ(storage_name(".hidden"), "_hidden");
  EXPECT_EQ(storage_name("x.attrs"), "x.attrs_");
  const std::string longest = storage_name(std::string(300, 'x') + ".txt");
  EXPECT_EQ(longest, std::string(245, 'x') + ".txt");
  EXPECT_EQ(storage_name(std::string(244, 'x') + "é.txt"), std::string(244, 'x') + ".txt") << "whole characters";
  EXPECT_EQ(shortened("a.averylongextensionthatisnone" + std::string(300, 'x'), 10), "a.averylon");
}

TEST(FileName, SingleNamesAreNoPaths) {
  EXPECT_EQ(single_name("a.txt").text, "a.txt");
  EXPECT_EQ(single_name("").refusal, "is empty");
  EXPECT_EQ(single_name(".").refusal, "names a directory");
  EXPECT_EQ(single_name("..").refusal, "names a directory");
  EXPECT_EQ(single_name("a/b").refusal, "is a path, not a name");
  for (const char* path : {"[:\\a\\b", "@:\\a\\b", "{:\\a\\b", "`:\\a\\b", "C:/a", "C:"}) {
    EXPECT_EQ(last_part(path).text, std::string(path).substr(std::string(path).rfind('/') + 1)) << path;
  }
  EXPECT_EQ(last_part("z:\\a").text, "a");
  for (const char* uri : {"a+b-c.9://x", "A://"}) EXPECT_TRUE(is_uri(uri)) << uri;
  for (const char* path : {"a_b://x", "a b://x", "a/b://x", "a;b://x", "a,b://x"}) EXPECT_FALSE(is_uri(path)) << path;
  EXPECT_EQ(shortened(".hidden-and-long", 7), ".hidden");
  EXPECT_EQ(shortened("long-without-end", 4), "long");
}

}  // namespace
}  // namespace twoway::files
