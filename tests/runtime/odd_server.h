// A server with whatever answers a test gives it.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/model/error.h"
#include "runtime/store/pocketbase_server/api.h"
#include "tests/support/hostile_proxy.h"

namespace twoway::test {

/// A server with these answers alone, and a session with it.
class OddServer : public testing::Test {
 protected:
  void SetUp() override {
    using namespace std::chrono_literals;
    session_.address = http::parse_address(proxy_.url());
    session_.patience.total = 300ms;
    session_.patience.limits.idle = 300ms;
    session_.patience.first_pause = 1ms;
    session_.patience.longest_pause = 2ms;
    session_.credentials.email = "ada@example.com";
    session_.credentials.password = "a secret";
    session_.log = [this](std::string_view, std::string_view text) { log_.emplace_back(text); };
  }
  void answer(const std::string& path, std::string text, int times = 1000, int skip = 0) {
    Fault fault;
    fault.what = Fault::What::answer;
    fault.path = path;
    fault.times = times;
    fault.skip = skip;
    fault.text = std::move(text);
    proxy_.add(fault);
  }
  void says(const std::string& path, const std::string& body, int times = 1000) {
    answer(path, http_answer(200, body), times);
  }
  void signs_in(const std::string& token = "abc") { says("auth-with-password", R"({"token":")" + token + "\"}"); }
  /// What `work` gives, or what it throws; the address is written as URL.
  template <class Work>
  std::string what(Work work) {
    std::string text;
    try {
      ServerApi api(session_);
      text = work(api);
    } catch (const Error& error) {
      text = error.what();
    }
    const std::string url = session_.describe();
    for (std::size_t at; (at = text.find(url)) != std::string::npos;) text.replace(at, url.size(), "URL");
    return text;
  }

  HostileProxy proxy_{{}};
  ServerSession session_;
  std::vector<std::string> log_;
};

}  // namespace twoway::test
