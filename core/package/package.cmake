# What `cmake --install BUILD --component core` installs.
include(${CMAKE_CURRENT_LIST_DIR}/install.cmake)

rectifier_public_headers(rectifier_core rectifier "s,^#include \"core/,#include \"rectifier/,"
  accuracy.h catalogue.h element_type.h engine.h evaluation.h field_error.h kernel.h payload.h
  row_layout.h spec.h tensor_view.h windowed_run.h)
set_target_properties(rectifier_core PROPERTIES EXPORT_NAME core)
list(TRANSFORM abseil PREPEND "absl_" OUTPUT_VARIABLE required)
list(JOIN required " " required)
rectifier_install_package(rectifier core rectifier_core)
