// The command line over the small mapping.
#include "library_mapping/mapping.h"
#include "runtime/cli/cli.h"

int main(int argc, char** argv) { return twoway::cli::run(twoway::library::mapping(), argc, argv); }
