# twoway_add_mapping(NAME [MAPPING DIR] [GENERATED DIR] [LINK LIBRARY...])
#
# Makes the migrator NAME of the mapping in MAPPING (default: mapping/NAME), with the whole command line, and the
# library NAME_mapping that it is linked with. A mapping that does not compile, or a lens that does not come back, stops
# the build.
#
#   MAPPING    the folder with mapping.yaml
#   GENERATED  where the generated C++ is checked in, so that reviewers see what an edit of the mapping changes. A
#              build that finds it stale fails and says so; the target NAME_generate refreshes it. Without GENERATED it
#              lies in the build folder, always fresh, and NAME_mapping's users include "NAME_mapping/mapping.h".
#   LINK       what the headers of lenses of your own need. They are found from the folder of the CMakeLists.txt.

set(TWOWAY_MAPPING_SCRIPTS ${CMAKE_CURRENT_LIST_DIR})

# twoway_batches(TARGET): generated files stay small for reviewers and are compiled in batches for speed: most of the
# work is in the headers. An entity is in the batch of its own name's hash, so that a new one hardly moves another, and
# a changed one compiles its batch alone. What names the digest of the mapping's source, which any change changes,
# stands apart.
function(twoway_batches target)
  get_target_property(sources ${target} SOURCES)
  set(entities ${sources})
  list(FILTER entities INCLUDE REGEX "/entities/[^/]+\\.cc$")
  list(LENGTH entities count)
  math(EXPR batches "${count} / 15")
  foreach(source ${sources})
    get_filename_component(name ${source} NAME_WE)
    if(batches EQUAL 0)
      set(batch all)
    elseif(source IN_LIST entities)
      string(MD5 hash ${name})
      string(SUBSTRING ${hash} 0 4 hash)
      math(EXPR batch "0x${hash} % ${batches}")
      set(batch entities_${batch})
    elseif(name MATCHES "^(mapping|pocketbase_hooks)$")
      set(batch digest)
    else()
      set(batch data)
    endif()
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${batch})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()

function(twoway_add_mapping name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "MAPPING;GENERATED" "LINK")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "twoway_add_mapping(${name}): unknown argument ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_MAPPING)
    set(arg_MAPPING mapping/${name})
  endif()
  cmake_path(ABSOLUTE_PATH arg_MAPPING NORMALIZE OUTPUT_VARIABLE mapping)
  if(NOT EXISTS ${mapping}/mapping.yaml)
    message(FATAL_ERROR "twoway_add_mapping(${name}): there is no ${mapping}/mapping.yaml")
  endif()
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${mapping}/mapping.yaml ${mapping}/sql/*.yaml ${mapping}/entities/*.yaml)
  set(stamp ${CMAKE_CURRENT_BINARY_DIR}/${name}_generated.stamp)
  set(base ${CMAKE_CURRENT_BINARY_DIR})
  set(generated ${base}/${name}_mapping)
  if(arg_GENERATED)
    cmake_path(ABSOLUTE_PATH arg_GENERATED NORMALIZE OUTPUT_VARIABLE generated)
  endif()

  set(proofs ${generated}/proofs.cc)
  if(arg_GENERATED)
    if(NOT EXISTS ${proofs})
      message(FATAL_ERROR "twoway_add_mapping(${name}): ${arg_GENERATED} is not there yet. Make it, and add it to "
                          "version control: twowayc build ${arg_MAPPING} --out ${arg_GENERATED}")
    endif()
    file(GLOB sources CONFIGURE_DEPENDS ${generated}/*.cc ${generated}/entities/*.cc)
    list(REMOVE_ITEM sources ${proofs})
  else()
    # One file an entity, and these.
    file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${mapping}/entities ${mapping}/entities/*.yaml)
    list(TRANSFORM sources REPLACE "(.*)\\.yaml$" "${generated}/entities/\\1.cc")
    foreach(file mapping schema_sqlite schema_postgresql pocketbase_migrations pocketbase_hooks)
      list(APPEND sources ${generated}/${file}.cc)
    endforeach()
    set_source_files_properties(${sources} ${proofs} PROPERTIES GENERATED TRUE)
  endif()

  # The digest of a mapping has no paths in it, but generated files name the folder as it was given.
  cmake_path(RELATIVE_PATH mapping BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} OUTPUT_VARIABLE shown_mapping)
  if(shown_mapping MATCHES "^\\.\\./" OR shown_mapping STREQUAL ".")
    set(shown_mapping ${mapping})
  endif()
  set(build twoway::twowayc build ${shown_mapping} --out ${generated})
  # twowayc leaves files alone that do not change, so a stamp tells that it ran.
  if(arg_GENERATED)
    add_custom_target(${name}_generate COMMAND ${build} WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR} VERBATIM)
    file(GLOB_RECURSE checked_in CONFIGURE_DEPENDS ${generated}/*)
    add_custom_command(
      OUTPUT ${stamp}
      COMMAND ${build} --check
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS twoway::twowayc ${inputs} ${checked_in}
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
      COMMENT "Is ${arg_GENERATED} what twowayc makes of ${arg_MAPPING}? (else: --target ${name}_generate)"
      VERBATIM)
  else()
    add_custom_command(
      OUTPUT ${stamp}
      BYPRODUCTS ${sources} ${proofs} ${generated}/mapping.h
      COMMAND ${build}
      COMMAND ${CMAKE_COMMAND} -E touch ${stamp}
      DEPENDS twoway::twowayc ${inputs}
      WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
      COMMENT "Generating ${name}_mapping"
      VERBATIM)
  endif()
  # The program: the runtime's command line over the mapping.
  set(main ${base}/${name}_main.cc)
  add_custom_command(
    OUTPUT ${main}
    COMMAND ${CMAKE_COMMAND} -D HEADER=${generated}/mapping.h -D OUTPUT=${main}
            -P ${TWOWAY_MAPPING_SCRIPTS}/twowayMain.cmake
    DEPENDS ${stamp} ${TWOWAY_MAPPING_SCRIPTS}/twowayMain.cmake
    VERBATIM)
  add_custom_target(${name}_is_generated DEPENDS ${stamp})

  # The compiler proves the lens laws here: no object of it is linked, but nothing links without it.
  add_library(${name}_proofs OBJECT ${proofs})
  set_source_files_properties(${proofs} PROPERTIES COMPILE_OPTIONS "-O0")
  add_library(${name}_mapping STATIC ${sources})
  twoway_batches(${name}_mapping)
  add_executable(${name} ${main})
  target_link_libraries(${name}_proofs PRIVATE twoway::runtime ${arg_LINK})
  target_link_libraries(${name}_mapping PUBLIC twoway::runtime ${arg_LINK})
  target_link_libraries(${name} PRIVATE ${name}_mapping)
  if(TARGET twoway_instrumented)  # in twoway's own tree
    target_link_libraries(${name}_mapping PRIVATE twoway_instrumented)
  endif()
  target_include_directories(${name}_proofs PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
  target_include_directories(${name}_mapping PUBLIC ${CMAKE_CURRENT_SOURCE_DIR} INTERFACE ${base})
  add_dependencies(${name}_proofs ${name}_is_generated)
  add_dependencies(${name}_mapping ${name}_is_generated ${name}_proofs)
endfunction()
