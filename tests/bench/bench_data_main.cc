// twoway_bench_data --size-mb N --out FILE: writes the database that twoway_bench measures with.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <exception>
#include <string>

#include "tests/bench/bench_database.h"

int main(int count, char** arguments) {
  CLI::App app("Writes a large made-up Open WebUI 0.12.4 database, always the same one for the same size.");
  std::size_t megabytes = 540;
  std::string out;
  app.add_option("--size-mb", megabytes, "about how large, in 10^6 bytes")->capture_default_str();
  app.add_option("--out", out, "the SQLite file to write (replaced if it exists)")->required();
  CLI11_PARSE(app, count, arguments);
  try {
    const auto start = std::chrono::steady_clock::now();
    const twoway::bench::BenchDatabase made = twoway::bench::make_bench_database(out, megabytes);
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    fmt::print("{}: {} chats, {} messages, {:.1f} MB in {:.1f} s\n", out, made.chats, made.messages,
               static_cast<double>(made.bytes) / 1e6, time.count());
  } catch (const std::exception& error) {
    fmt::print(stderr, "twoway_bench_data: {}\n", error.what());
    return 2;
  }
}
