# Writes OUTPUT: the main program of the mapping whose generated header is HEADER.
file(STRINGS ${HEADER} namespace REGEX "^namespace twoway::[A-Za-z0-9_]+ {$")
if(NOT namespace MATCHES "^namespace (twoway::[A-Za-z0-9_]+) {$")
  message(FATAL_ERROR "${HEADER} is no header that twowayc generated")
endif()
file(WRITE ${OUTPUT} "// Made by twoway_add_mapping(): the runtime's command line over a mapping.
#include \"${HEADER}\"
#include \"runtime/cli/cli.h\"

int main(int argc, char** argv) { return twoway::cli::run(${CMAKE_MATCH_1}::mapping(), argc, argv); }
")
