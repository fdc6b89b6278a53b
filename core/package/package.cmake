# What `cmake --install BUILD --component core` installs: the library, its public headers, and what
# CMake and pkg-config find them by.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Users write "rectifier/engine.h": a "core/engine.h" may well be a file of their own. The headers
# are copied with that one word changed in their #include lines.
set(public_headers accuracy catalogue element_type engine evaluation field_error kernel spec
                   payload row_layout tensor_view windowed_run)
set(copies)
foreach(header ${public_headers})
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${header}.h)
  set(copy ${PROJECT_BINARY_DIR}/include/rectifier/${header}.h)
  add_custom_command(
    OUTPUT ${copy}
    COMMAND sed "s,^#include \"core/,#include \"rectifier/," ${source} > ${copy}
    DEPENDS ${source}
    VERBATIM)
  list(APPEND copies ${copy})
endforeach()
target_sources(rectifier_core
  PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_BINARY_DIR}/include FILES ${copies})
set_target_properties(rectifier_core PROPERTIES EXPORT_NAME core)

set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/rectifier)
install(TARGETS rectifier_core EXPORT rectifier
  ARCHIVE COMPONENT core
  FILE_SET HEADERS COMPONENT core)
install(EXPORT rectifier
  NAMESPACE rectifier:: FILE rectifier-targets.cmake
  DESTINATION ${package_folder} COMPONENT core)
configure_package_config_file(
  package/rectifier-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/rectifier-config.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/rectifier-config-version.cmake COMPATIBILITY SameMinorVersion)
install(
  FILES ${CMAKE_CURRENT_BINARY_DIR}/rectifier-config.cmake
        ${CMAKE_CURRENT_BINARY_DIR}/rectifier-config-version.cmake
  DESTINATION ${package_folder} COMPONENT core)

list(TRANSFORM abseil PREPEND "absl_" OUTPUT_VARIABLE required)
list(JOIN required " " required)
file(RELATIVE_PATH prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)  # so that the folder can be moved
configure_file(package/rectifier.pc.in rectifier.pc @ONLY)
install(
  FILES ${CMAKE_CURRENT_BINARY_DIR}/rectifier.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT core)
