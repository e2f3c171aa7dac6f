// The binary `twoway`: the runtime's command line over the flagship mapping.
#include "generated/openwebui-pocketbase/mapping.h"
#include "runtime/cli/cli.h"

int main(int argc, char** argv) { return twoway::cli::run(twoway::openwebui_pocketbase::mapping(), argc, argv); }
