// The program itself, as an operator calls it.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <csignal>

#include "tests/support/openwebui_data.h"
#include "tests/support/places.h"
#include "tests/support/process.h"
#include "tests/support/temporary_directory.h"

namespace twoway::test {
namespace {

namespace fs = std::filesystem;

/// Runs `twoway` in a directory of its own.
class Program : public testing::Test {
 protected:
  ProcessResult twoway(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), program("twoway").string());
    ProcessOptions options;
    options.working_directory = directory_.path();
    return run(arguments, options);
  }
  ProcessResult with_stores(std::vector<std::string> arguments, const fs::path& from, const std::string& to) const {
    for (const std::string& more : {std::string("--from"), from.string(), std::string("--to"), to,
                                    std::string("--pocketbase"), pocketbase_program().string()}) {
      arguments.push_back(more);
    }
    return twoway(arguments);
  }
  TemporaryDirectory directory_{"cli"};
};

TEST_F(Program, SaysWhatItIs) {
  const ProcessResult version = twoway({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_TRUE(version.output.starts_with("twoway 0.1.0\nmapping openwebui-pocketbase (Open WebUI ")) << version.output;
  const ProcessResult help = twoway({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_NE(help.output.find("Usage: twoway COMMAND [OPTIONS]"), std::string::npos);
  EXPECT_EQ(help.errors, "");
}

TEST_F(Program, ExplainsEveryEntity) {
  const ProcessResult all = twoway({"explain", "--json"});
  ASSERT_EQ(all.status, 0) << all.describe();
  const boost::json::value document = boost::json::parse(all.output);
  const boost::json::array& entities = document.at("entities").as_array();
  EXPECT_GT(entities.size(), 30U);
  for (const boost::json::value& entity : entities) {
    const std::string name(entity.at("entity").as_string());
    const ProcessResult one = twoway({"explain", name});
    EXPECT_EQ(one.status, 0) << one.describe();
    EXPECT_TRUE(one.output.starts_with(name + ": table")) << one.output;
  }
}

TEST_F(Program, WhatCannotStartWritesNothing) {
  const ProcessResult missing = with_stores({"migrate"}, "missing.db", "pb_data");
  EXPECT_EQ(missing.status, 2) << missing.describe();
  EXPECT_TRUE(missing.errors.find("error: ") != std::string::npos) << missing.errors;
  const ProcessResult url = twoway({"migrate", "--from", "postgresql://me:s3cret@host/db", "--to", "pb_data"});
  EXPECT_EQ(url.status, 2);
  EXPECT_EQ(url.errors.find("s3cret"), std::string::npos);
  EXPECT_TRUE(fs::is_empty(directory_.path()));
}

TEST_F(Program, ThereAndBackWithReceipts) {
  const fs::path original = real(directory_.path());
  const ProcessResult planned = with_stores({"plan"}, original, "pb_data");
  EXPECT_EQ(planned.status, 0) << planned.describe();
  EXPECT_FALSE(fs::exists(directory_ / "pb_data")) << "plan writes nothing";
  const ProcessResult there = with_stores({"migrate", "--json"}, original, "pb_data");
  ASSERT_EQ(there.status, 0) << there.describe();
  EXPECT_EQ(there.output, read_file(directory_ / "pb_data.twoway/receipt.json"));
  EXPECT_TRUE(read_file(directory_ / "pb_data.twoway/receipt.html").starts_with("<!DOCTYPE html>"));
  const ProcessResult back = with_stores({"migrate", "--json"}, "pb_data", "sqlite:///returned.db");
  ASSERT_EQ(back.status, 0) << back.describe();
  const boost::json::value first = boost::json::parse(there.output);
  const boost::json::value second = boost::json::parse(back.output);
  EXPECT_EQ(first.at("verdict").at("word").as_string(), "verified");
  EXPECT_EQ(first.at("total_digest"), second.at("total_digest")) << "the way back is about the same rows";
  const ProcessResult verified = with_stores({"verify"}, original, "pb_data");
  EXPECT_EQ(verified.status, 0) << verified.describe();
  EXPECT_NE(verified.output.find("Both sides are equal: "), std::string::npos) << verified.output;
}

}  // namespace
}  // namespace twoway::test
