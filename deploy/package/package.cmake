# Debian packages: `cmake --preset release -DCMAKE_INSTALL_PREFIX=/usr`, build, and `cpack -G DEB` there.
#
# Components, which `cmake --install BUILD --component NAME` knows, too: server, command, core, client,
# python. `service` is what a package alone installs, because it goes to /etc and systemd's folders.
include(GNUInstallDirs)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rectifier)
set(CPACK_PACKAGE_VENDOR "The Rectifier authors")
set(CPACK_PACKAGE_CONTACT "The Rectifier authors <rectifier@localhost>" CACHE STRING
  "Maintainer of the packages, \"NAME <MAIL>\": who builds them for others")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/finish_files.cmake)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1 CACHE STRING "Of the packages of one version: the number after -")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)

# rectifier_package(NAME GROUP SECTION SUMMARY DESCRIPTION COMPONENTS...): one package of some components.
# Its maintainer scripts stand in the folder of its name, where it has any.
macro(rectifier_package name group section summary description)
  string(TOUPPER ${group} upper)
  foreach(component ${ARGN})
    set(CPACK_COMPONENT_${component}_GROUP ${group})
    string(TOUPPER ${component} upper_component)
    set(CPACK_COMPONENT_${upper_component}_GROUP ${group})
    list(APPEND CPACK_COMPONENTS_ALL ${component})
  endforeach()
  set(CPACK_COMPONENT_GROUP_${upper}_DESCRIPTION "${summary}\n${description}")
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section})
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${summary}\n${description}")
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/deploy/package/${name}/*)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA ${scripts})
endmacro()

set(about "Rectifier evaluates activation functions and their derivatives in\nbatches, with an error bound for every result.")
set(CPACK_COMPONENTS_ALL)
rectifier_package(rectifierd server_group net
  "server of activation functions over gRPC"
  "${about}\nThis is its server, as a service of systemd that listens on a unix\nsocket and on loopback." server service)
rectifier_package(rectifier command_group utils
  "command line of a server of activation functions"
  "${about}\nThis is the command that calls a server, with its manual and completions." command command_documents)
rectifier_package(librectifier-dev core_group libdevel
  "library of activation functions, for development"
  "${about}\nThis is the library by itself, which needs no server and no gRPC." core core_documents)
rectifier_package(librectifier-client-dev client_group libdevel
  "C++ client of a server of activation functions, for development"
  "${about}\nThis is the library by which programs in C++ call its server." client client_documents)
rectifier_package(python3-rectifier python_group python
  "Python client of a server of activation functions"
  "${about}\nThis is the package by which programs in Python call its server, with\nNumPy's arrays." python)

set(CPACK_DEBIAN_SERVER_GROUP_PACKAGE_DEPENDS
  "systemd | systemd-standalone-sysusers | systemd-sysusers, systemd | systemd-standalone-tmpfiles | systemd-tmpfiles")
set(CPACK_DEBIAN_COMMAND_GROUP_PACKAGE_SUGGESTS "rectifierd, bash-completion")
set(CPACK_DEBIAN_CORE_GROUP_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_CORE_GROUP_PACKAGE_DEPENDS "libabsl-dev, libhwy-dev, libtbb-dev")
set(CPACK_DEBIAN_CLIENT_GROUP_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_CLIENT_GROUP_PACKAGE_DEPENDS
  "libabsl-dev, libgrpc++-dev, libprotobuf-dev, protobuf-compiler, protobuf-compiler-grpc")
set(CPACK_DEBIAN_PYTHON_GROUP_PACKAGE_SHLIBDEPS OFF)
set(CPACK_DEBIAN_PYTHON_GROUP_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_GROUP_PACKAGE_DEPENDS
  "python3 (>= 3.10), python3-grpcio (>= 1.51.1), python3-numpy (>= 1:1.24.0), python3-protobuf (>= 3.21.1)")
set(CPACK_DEBIAN_PYTHON_GROUP_PACKAGE_SUGGESTS "python3-matplotlib, python3-torch, rectifierd")

include(${CMAKE_CURRENT_LIST_DIR}/files.cmake)
include(CPack)
