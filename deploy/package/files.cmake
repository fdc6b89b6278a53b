# What packages hold beside what the libraries and the command install by themselves.
set(package_folder ${CMAKE_SOURCE_DIR}/deploy/package)
set(systemd_folder ${CMAKE_SOURCE_DIR}/deploy/systemd)
set(made ${CMAKE_BINARY_DIR}/package_files)
file(MAKE_DIRECTORY ${made})

# The server and its manual, wherever they are installed.
add_custom_command(
  OUTPUT ${made}/rectifierd.8
  COMMAND ${package_folder}/rectifierd_man $<TARGET_FILE:rectifierd> > ${made}/rectifierd.8
  DEPENDS rectifierd ${package_folder}/rectifierd_man
  VERBATIM)
install(TARGETS rectifierd RUNTIME COMPONENT server)
install(FILES ${made}/rectifierd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT server)

# The service: where systemd looks, whatever the prefix is.
install(FILES ${systemd_folder}/rectifierd.service
  DESTINATION /usr/lib/systemd/system COMPONENT service EXCLUDE_FROM_ALL)
install(FILES ${systemd_folder}/rectifierd.sysusers RENAME rectifierd.conf
  DESTINATION /usr/lib/sysusers.d COMPONENT service EXCLUDE_FROM_ALL)
install(FILES ${systemd_folder}/rectifierd.tmpfiles RENAME rectifierd.conf
  DESTINATION /usr/lib/tmpfiles.d COMPONENT service EXCLUDE_FROM_ALL)
install(FILES ${systemd_folder}/rectifierd.flags
  DESTINATION /etc/rectifier COMPONENT service EXCLUDE_FROM_ALL)

# The Python client, for Debian's own interpreter, and what tells its version to Python's tools.
set(python_packages /usr/lib/python3/dist-packages)
install(DIRECTORY ${CMAKE_SOURCE_DIR}/client/python/rectifier
  DESTINATION ${python_packages} COMPONENT python EXCLUDE_FROM_ALL
  PATTERN __pycache__ EXCLUDE)
configure_file(${package_folder}/METADATA.in ${made}/METADATA @ONLY)
install(FILES ${made}/METADATA
  DESTINATION ${python_packages}/rectifier-${PROJECT_VERSION}.dist-info
  COMPONENT python EXCLUDE_FROM_ALL)

# Licence and changes of each package. SOURCE_DATE_EPOCH makes the date that of a release.
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${package_folder}/changelog.in ${made}/changelog @ONLY)
add_custom_command(
  OUTPUT ${made}/changelog.gz ${made}/changelog.Debian.gz
  COMMAND gzip -9nc ${CMAKE_SOURCE_DIR}/CHANGELOG.md > ${made}/changelog.gz
  COMMAND gzip -9nc ${made}/changelog > ${made}/changelog.Debian.gz
  DEPENDS ${CMAKE_SOURCE_DIR}/CHANGELOG.md ${made}/changelog
  VERBATIM)
add_custom_target(rectifier_package_files ALL
  DEPENDS ${made}/rectifierd.8 ${made}/changelog.gz ${made}/changelog.Debian.gz)

function(rectifier_package_documents package component)
  install(FILES ${package_folder}/copyright ${made}/changelog.gz ${made}/changelog.Debian.gz
    DESTINATION /usr/share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
  if(EXISTS ${package_folder}/lintian/${package})
    install(FILES ${package_folder}/lintian/${package}
      DESTINATION /usr/share/lintian/overrides COMPONENT ${component} EXCLUDE_FROM_ALL)
  endif()
endfunction()

# rectifier_notice(PACKAGE COMPONENT NAME DEVELOPMENT_PACKAGE): of what its programs include as headers.
function(rectifier_notice package component name development_package)
  install(FILES /usr/share/doc/${development_package}/copyright RENAME copyright.${name}
    DESTINATION /usr/share/doc/${package} COMPONENT ${component} EXCLUDE_FROM_ALL)
endfunction()

rectifier_package_documents(rectifierd service)
rectifier_notice(rectifierd service boost libboost-dev)
rectifier_notice(rectifierd service json nlohmann-json3-dev)
rectifier_package_documents(rectifier command_documents)
rectifier_notice(rectifier command_documents cli11 libcli11-dev)
rectifier_notice(rectifier command_documents json nlohmann-json3-dev)
rectifier_package_documents(librectifier-dev core_documents)
rectifier_package_documents(librectifier-client-dev client_documents)
rectifier_package_documents(python3-rectifier python)
