# What `cmake --install BUILD --component client` installs: the library, and the messages and stubs
# of the API that its headers name.
include(${CMAKE_SOURCE_DIR}/core/package/install.cmake)

rectifier_public_headers(rectifier_client rectifier_client
  "s,^((// *)?#include \")client/cpp/(client|files|shared_memory)/,\\1rectifier_client/,"
  client/call_options.h client/catalogue.h client/client.h client/element_type.h client/error.h
  client/evaluation_stream.h client/security.h client/target.h client/tensor.h
  files/evaluate_file.h files/file_bytes.h files/mapping.h files/npy_file.h files/partial_file.h
  shared_memory/buffer_region.h shared_memory/shared_buffer.h)
set_target_properties(rectifier_client PROPERTIES EXPORT_NAME client)
set_target_properties(rectifier_proto PROPERTIES EXPORT_NAME proto)
list(TRANSFORM abseil PREPEND "absl_" OUTPUT_VARIABLE required)
list(JOIN required " " required)
set_target_properties(rectifier_default_target PROPERTIES EXPORT_NAME default_target)
rectifier_install_package(rectifier_client client
  rectifier_client rectifier_proto rectifier_default_target)
install(
  DIRECTORY ${PROJECT_BINARY_DIR}/proto/rectifier
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT client
  FILES_MATCHING PATTERN *.pb.h)
