// twowayc-init: what `twowayc init` starts, with the store and the folder.
#include <exception>

#include <fmt/format.h>

#include "generator/cli/commands.h"

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "twowayc-init: it is started by twowayc\nhint: twowayc init STORE --out DIR\n");
    return twowayc::wrong;
  }
  try {
    return twowayc::run_init(argv[1], argv[2]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "twowayc: {}\n", error.what());
    return twowayc::wrong;
  }
}
