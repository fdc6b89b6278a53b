# How a library of ours is installed: the library, its public headers, and what CMake and pkg-config
# find them by.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# rectifier_public_headers(TARGET NAME SED HEADERS...): users write "NAME/engine.h", because a
# "core/engine.h" may well be a file of their own. The headers are copied, with their #include lines
# changed by the script SED.
function(rectifier_public_headers target name sed)
  set(copies)
  foreach(source ${ARGN})
    get_filename_component(header ${source} NAME)
    set(copy ${PROJECT_BINARY_DIR}/include/${name}/${header})
    add_custom_command(
      OUTPUT ${copy}
      COMMAND sed -E ${sed} ${CMAKE_CURRENT_SOURCE_DIR}/${source} > ${copy}
      DEPENDS ${source}
      VERBATIM)
    list(APPEND copies ${copy})
  endforeach()
  target_sources(${target}
    PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_BINARY_DIR}/include FILES ${copies})
endfunction()

# rectifier_install_package(NAME COMPONENT TARGETS...): `cmake --install BUILD --component COMPONENT`.
# The folder package/ beside the caller has NAME-config.cmake.in and NAME.pc.in.
function(rectifier_install_package name component)
  set(folder ${CMAKE_INSTALL_LIBDIR}/cmake/${name})
  install(TARGETS ${ARGN} EXPORT ${name}
    ARCHIVE COMPONENT ${component}
    FILE_SET HEADERS COMPONENT ${component})
  install(EXPORT ${name}
    NAMESPACE rectifier:: FILE ${name}-targets.cmake
    DESTINATION ${folder} COMPONENT ${component})
  configure_package_config_file(
    package/${name}-config.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/${name}-config.cmake
    INSTALL_DESTINATION ${folder})
  write_basic_package_version_file(
    ${CMAKE_CURRENT_BINARY_DIR}/${name}-config-version.cmake COMPATIBILITY SameMinorVersion)
  install(
    FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}-config.cmake
          ${CMAKE_CURRENT_BINARY_DIR}/${name}-config-version.cmake
    DESTINATION ${folder} COMPONENT ${component})
  file(RELATIVE_PATH prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)  # so that the folder can be moved
  configure_file(package/${name}.pc.in ${name}.pc @ONLY)
  install(
    FILES ${CMAKE_CURRENT_BINARY_DIR}/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT ${component})
endfunction()
