// Part of a shared buffer, as requests name it.
#ifndef RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_REGION_H_
#define RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_REGION_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/types/span.h"

namespace rectifier::client {

// SharedBuffer::Region (shared_buffer.h) makes it. Copies share the bytes.
struct BufferRegion {
  std::string token;                  // of the buffer
  uint64_t offset = 0;                // of `bytes` in the buffer
  absl::Span<std::byte> bytes;        // as they lie in this process
  std::shared_ptr<const void> owner;  // keeps the buffer, here and in the server
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_SHARED_MEMORY_BUFFER_REGION_H_
