// How the process takes memory from the system and gives it back.
#ifndef RECTIFIER_SERVER_POSIX_ALLOCATOR_H_
#define RECTIFIER_SERVER_POSIX_ALLOCATOR_H_

#include <cstddef>

namespace rectifier {

// Makes malloc keep what it has: by default it maps every large block anew and unmaps it, and each
// fresh page of a request costs about a microsecond. What idles is bounded by the most that was in
// use at a time, which admission bounds. Call it before there are threads.
// False where the C library does not take these settings; the server then works, more slowly.
bool KeepFreedMemory();

// Bytes that malloc has and nobody uses. Takes some microseconds.
size_t FreeHeapBytes();

// Gives pages that nobody uses back to the system. Whoever allocates meanwhile waits.
void ReleaseFreeHeap();

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_POSIX_ALLOCATOR_H_
