# rectifier_arb: Arb's ball arithmetic and what it is made of. Arb is a library of its own beside FLINT 2,
# and a part of FLINT 3, which keeps its headers in a folder.
find_library(RECTIFIER_ARB NAMES arb flint-arb flint REQUIRED)
find_library(RECTIFIER_FLINT flint REQUIRED)
find_path(RECTIFIER_ARB_HEADERS arb.h PATH_SUFFIXES flint REQUIRED)
add_library(rectifier_arb INTERFACE)
target_include_directories(rectifier_arb SYSTEM INTERFACE ${RECTIFIER_ARB_HEADERS})
target_link_libraries(rectifier_arb INTERFACE ${RECTIFIER_ARB} ${RECTIFIER_FLINT})
