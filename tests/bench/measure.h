// The measurements of ./dev bench. Every program runs in a process of its own.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace twoway::bench {

/// Seconds for one direction in one round.
struct Direction {
  double floor = 0;
  double plain = 0;     ///< twoway migrate --no-verify
  double verified = 0;  ///< twoway migrate
};

struct Round {
  Direction to_pocketbase;
  Direction to_sql;
  long peak_kib = 0;  ///< the most that any of the four runs of twoway took
};

/// One round in `directory`, which is emptied first: floor, ours, ours with verification, there and back.
Round measure_round(const std::filesystem::path& database, const std::filesystem::path& directory);

/// Bytes of the largest row of any table.
std::size_t largest_row(const std::filesystem::path& database);

/// Seconds that `twowayc build ... --check` takes over the shipped mapping; the best of five.
double generator_seconds();

/// CPU seconds of the compiler, without ccache.
struct CompileSeconds {
  double all = 0;     ///< all generated code and its proofs
  double entity = 0;  ///< what a changed entity compiles: the costliest unit of entities, and the digest's
};
CompileSeconds compile_cpu_seconds();

/// Runs the floor in this process and prints its seconds: what `measure_round` starts this program for.
int run_floor(const std::vector<std::filesystem::path>& words);

}  // namespace twoway::bench
