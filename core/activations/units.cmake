# Cuts the catalogue (catalogue.cmake) into units: sources of a few activations each, for every CPU
# target. A family in one piece would take a compiler minutes and gigabytes, and whoever changes one
# activation would wait for all of it.
#
#   rectifier_activation_sources(VARIABLE)    sets VARIABLE to the sources to compile, which find
#                                             each other below PROJECT_BINARY_DIR

# Of each kind: so many activations to a unit, which then compiles within 30 s and 1 GB on one core
# (CONTRIBUTING.md); the maker of their entries, and the loop that has it; and, where one activation
# is several units, the element types of each.
set(rectifier_unit_size_elementwise 3)
set(rectifier_unit_maker_elementwise ElementwiseActivation)
set(rectifier_unit_loop_elementwise elementwise_activation)

set(rectifier_unit_size_pair 4)
set(rectifier_unit_maker_pair PairActivation)
set(rectifier_unit_loop_pair pairs)

set(rectifier_unit_size_row 1)
set(rectifier_unit_maker_row RowActivation)
set(rectifier_unit_loop_row rows)
set(rectifier_unit_types_row Float64 Float32 Half)

# Row activations of so little code that a unit has two of them, for every element type.
set(rectifier_unit_size_small_row 2)
set(rectifier_unit_maker_small_row RowActivation)
set(rectifier_unit_loop_small_row rows)

set(rectifier_activations_folder ${CMAKE_CURRENT_LIST_DIR})

# rectifier_family(NAME HEADING): the activations that follow belong to it.
function(rectifier_family name heading)
  set_property(GLOBAL APPEND PROPERTY rectifier_families ${name})
  set_property(GLOBAL PROPERTY rectifier_heading_${name} "${heading}")
endfunction()

# rectifier_activations(KIND HEADER STRUCT...): structs of core/activations/HEADER-inl.h, of one of the
# kinds above.
function(rectifier_activations kind header)
  get_property(families GLOBAL PROPERTY rectifier_families)
  list(GET families -1 family)
  set(structs ${ARGN})
  while(structs)
    list(SUBLIST structs 0 ${rectifier_unit_size_${kind}} members)
    list(REMOVE_ITEM structs ${members})
    if(NOT rectifier_unit_types_${kind})
      rectifier_unit(${family} ${kind} ${header} "" ${members})
    endif()
    foreach(types ${rectifier_unit_types_${kind}})
      rectifier_unit(${family} ${kind} ${header} ${types} ${members})
    endforeach()
  endwhile()
endfunction()

# One unit of a family: its source, written from unit.cc.in.
function(rectifier_unit family kind header types)
  string(JOIN "" unit ${ARGN} "${types}")
  if(types)
    string(PREPEND types ", RowTypes::k")
  endif()
  set(activations ${ARGN})
  list(TRANSFORM activations REPLACE "(.+)" "${rectifier_unit_maker_${kind}}<\\1${types}>()")
  list(JOIN activations ", " activations)
  set(loop ${rectifier_unit_loop_${kind}})
  set(source ${PROJECT_BINARY_DIR}/activations/${unit}.cc)
  configure_file(${rectifier_activations_folder}/unit.cc.in ${source} @ONLY)
  set_property(GLOBAL APPEND PROPERTY rectifier_units_of_${family} ${unit})
  set_property(GLOBAL APPEND PROPERTY rectifier_unit_sources ${source})
endfunction()

function(rectifier_activation_sources variable)
  get_property(families GLOBAL PROPERTY rectifier_families)
  foreach(family ${families})
    get_property(units GLOBAL PROPERTY rectifier_units_of_${family})
    get_property(heading GLOBAL PROPERTY rectifier_heading_${family})
    foreach(unit ${units})
      string(APPEND declarations "std::vector<Activation> ${unit}();\n")
    endforeach()
    list(TRANSFORM units PREPEND "&")
    list(JOIN units ", " units)
    string(APPEND list "      {\"${family}\", \"${heading}\", {${units}}},\n")
  endforeach()
  set(source ${PROJECT_BINARY_DIR}/activations/families.cc)
  configure_file(${rectifier_activations_folder}/families.cc.in ${source} @ONLY)
  get_property(sources GLOBAL PROPERTY rectifier_unit_sources)
  set(${variable} ${source} ${sources} PARENT_SCOPE)
endfunction()

include(${CMAKE_CURRENT_LIST_DIR}/catalogue.cmake)
