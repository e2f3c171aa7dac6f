// The generator and the runtime serve any mapping: nothing in them may know the one that the project ships.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

#include "tests/layers/source_tree.h"

namespace twoway::layers {
namespace {

/// The application's names, and its tables' as far as no other schema would have them by chance.
const std::vector<std::string_view> names_of_the_mapping{
    "openwebui", "open webui", "open-webui", "open_webui", "access_grant", "automation_run", "calendar_event",
    "channel_file", "channel_member", "channel_webhook", "chat_file", "chat_message", "chatidtag", "config_old",
    "function_history", "group_member", "knowledge_", "message_reaction", "model_history", "oauth_session",
    "pinned_note", "prompt_history", "shared_chat", "skill_history", "tool_history", "session_stamp", "folder_id",
    "meta.tags", "bytags"};

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

void expect_no_name(const SourceFile& file) {
  std::size_t number = 0;
  for (const std::string_view line : file.lines()) {
    ++number;
    const std::string text = lower(line);
    for (const std::string_view name : names_of_the_mapping) {
      if (text.find(name) != std::string::npos) ADD_FAILURE() << file.at(number) << " names " << name << ": " << line;
    }
  }
}

TEST(Names, GeneratorAndRuntimeKnowNoEntity) {
  for (const std::string_view folder : {"generator", "runtime"}) {
    for (const SourceFile& file : files_below(folder, {".cc", ".h"})) expect_no_name(file);
  }
}

}  // namespace
}  // namespace twoway::layers
