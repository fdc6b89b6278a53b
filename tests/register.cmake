# How tests are registered with CTest. Each says in which builds it runs:
#
#   (neither)       in the optimized build, and in that of the address and undefined-behaviour sanitizers
#   ONCE            in the optimized build alone, because the sanitizers would see nothing new in it
#   THREADS FILTER  under the thread sanitizer, too: the tests of the binary that GoogleTest's FILTER
#                   matches
#
# Each may say as well:
#
#   NEEDS TARGET...            the programs that it runs, besides its own
#   ENVIRONMENT NAME=VALUE...
#   TIMEOUT SECONDS            600 by default
#   JOINED                     compile its sources a few at a time (rectifier_join)
#   PRECOMPILED                read GoogleTest's and gRPC's headers once for all of its sources
#   UNOPTIMIZED                compile its sources without optimization, which halves the time that they
#                              take: for those that only call what they test, and compute nothing
#
# tests.txt in the build folder has a line for each test: its name, and the targets that it needs.
# `./dev check` and `./dev tsan` build what it tells.

# The sanitizers of this build, as the compiler's option names them; empty where there are none.
string(REGEX MATCH "-fsanitize=([a-z,]+)" RECTIFIER_SANITIZERS "${CMAKE_CXX_FLAGS}")
set(RECTIFIER_SANITIZERS "${CMAKE_MATCH_1}")

# rectifier_test(NAME SOURCES... [LIBRARIES...] [DEFINITIONS...] ...): one GoogleTest binary.
function(rectifier_test name)
  _rectifier_parse_test(${ARGN})
  if(NOT TEST_RUNS)
    return()
  endif()
  add_executable(${name} ${TEST_SOURCES})
  if(TEST_JOINED)
    rectifier_join(${name})
  endif()
  if(TEST_PRECOMPILED)
    rectifier_precompile(${name} <gmock/gmock.h> <grpcpp/grpcpp.h> <gtest/gtest.h>)
  endif()
  if(TEST_UNOPTIMIZED)
    target_compile_options(${name} PRIVATE -O0)
  endif()
  target_link_libraries(${name} PRIVATE ${TEST_LIBRARIES} GTest::gmock_main)
  target_compile_definitions(${name} PRIVATE
    RECTIFIER_SOURCE_DIR="${CMAKE_SOURCE_DIR}" ${TEST_DEFINITIONS})
  if(TEST_NEEDS)
    add_dependencies(${name} ${TEST_NEEDS})
  endif()
  list(PREPEND TEST_NEEDS ${name})
  _rectifier_add_test(${name} ${name})
endfunction()

# rectifier_python_test(NAME FOLDER [PYTHONPATH FOLDER...] ...): the tests in the Python files of
# FOLDER, which is below tests/. They can import what is in tests/support and in the other folders.
function(rectifier_python_test name folder)
  _rectifier_parse_test(${ARGN})
  if(NOT TEST_RUNS)
    return()
  endif()
  list(PREPEND TEST_PYTHONPATH ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/support)
  list(JOIN TEST_PYTHONPATH ":" path)
  list(APPEND TEST_ENVIRONMENT PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=${path})
  _rectifier_add_test(${name} ${RECTIFIER_PYTHON} -m pytest -q -p no:cacheprovider
    ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/${folder})
endfunction()

# rectifier_command_test(NAME COMMAND... ...): a command that fails where the test does.
function(rectifier_command_test name)
  _rectifier_parse_test(${ARGN})
  if(TEST_RUNS)
    _rectifier_add_test(${name} ${TEST_COMMAND})
  endif()
endfunction()

# Call once, after the last test.
function(rectifier_write_tests)
  get_property(lines GLOBAL PROPERTY RECTIFIER_TESTS)
  list(JOIN lines "\n" text)
  file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/tests.txt CONTENT "${text}\n" @ONLY)
endfunction()

# The functions above share this: what is given to a test becomes TEST_..., and TEST_RUNS tells whether
# this build has it.
macro(_rectifier_parse_test)
  cmake_parse_arguments(TEST "JOINED;ONCE;PRECOMPILED;UNOPTIMIZED" "THREADS;TIMEOUT"
    "SOURCES;LIBRARIES;DEFINITIONS;COMMAND;PYTHONPATH;NEEDS;ENVIRONMENT" ${ARGN})
  if(TEST_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "unknown arguments of a test: ${TEST_UNPARSED_ARGUMENTS}")
  endif()
  if(RECTIFIER_SANITIZERS STREQUAL "")
    set(TEST_RUNS ON)
  elseif(RECTIFIER_SANITIZERS STREQUAL "thread")
    string(COMPARE NOTEQUAL "${TEST_THREADS}" "" TEST_RUNS)
    list(APPEND TEST_NEEDS rectifier_happens_before)
    list(APPEND TEST_ENVIRONMENT
      "GTEST_FILTER=${TEST_THREADS}"
      "LD_PRELOAD=$<TARGET_FILE:rectifier_happens_before>"
      "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan/tsan.supp")
  else()
    string(COMPARE EQUAL "${TEST_ONCE}" "FALSE" TEST_RUNS)
  endif()
endmacro()

# _rectifier_add_test(NAME COMMAND...): registers a test with the TEST_... of the function that calls.
function(_rectifier_add_test name)
  add_test(NAME ${name} COMMAND ${ARGN})
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 600)
  endif()
  set_tests_properties(${name} PROPERTIES
    TIMEOUT ${TEST_TIMEOUT} ENVIRONMENT "${TEST_ENVIRONMENT}")
  list(JOIN TEST_NEEDS " " needs)
  set_property(GLOBAL APPEND PROPERTY RECTIFIER_TESTS "${name} ${needs}")
endfunction()
