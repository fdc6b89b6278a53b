#include "server/posix/allocator.h"

#include <malloc.h>

#include <limits>

namespace rectifier {

bool KeepFreedMemory() {
#ifdef __GLIBC__
  // M_MMAP_THRESHOLD cannot exceed 32 MiB; no mappings at all has the same effect for any size.
  constexpr int kNoMappings = 0;
  constexpr int kArenas = 1;  // each keeps as much as one call needs, whichever thread read it
  return mallopt(M_MMAP_MAX, kNoMappings) == 1 &&
         mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max()) == 1 &&
         mallopt(M_ARENA_MAX, kArenas) == 1;
#else
  return false;
#endif
}

size_t FreeHeapBytes() {
#ifdef __GLIBC__
  return mallinfo2().fordblks;
#else
  return 0;
#endif
}

void ReleaseFreeHeap() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace rectifier
