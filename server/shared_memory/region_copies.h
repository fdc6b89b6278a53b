// Tensors on their way between registered regions and the server's own memory.
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_REGION_COPIES_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_REGION_COPIES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "server/shared_memory/registered_regions.h"

namespace rectifier {

// Where a result goes, and the field that says so.
struct RegionTarget {
  RegionPart part;
  std::string path;
};

// A region's owner may write to it at any time, and cut it short: so that all is computed from one
// reading, and written in one go, by copies in memory that is the server's alone. They are made
// piece by piece, because a large tensor takes long.
class RegionCopies {
 public:
  enum class Way { kFromRegions, kToRegions };

  RegionCopies() = default;
  explicit RegionCopies(Way way) : way_(way) {}

  // `size` bytes at `memory`, which is as large, are those of the part's beginning.
  void Add(const RegionTarget& region, std::byte* memory, size_t size);

  // The bytes that are still to be copied, and all of them.
  size_t left() const { return left_; }
  size_t bytes() const { return bytes_; }

  // Copies the next piece, of at most 1 MiB. Errors name the field: INVALID_ARGUMENT where a region
  // has been cut short; else those of SharedMemoryObject.
  absl::Status CopyNext();

 private:
  struct Copy {
    RegionTarget region;
    std::byte* memory;
    size_t size;
  };

  Way way_ = Way::kFromRegions;
  std::vector<Copy> copies_;
  size_t current_ = 0;  // in copies_
  size_t done_ = 0;     // bytes of that
  size_t left_ = 0;
  size_t bytes_ = 0;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_REGION_COPIES_H_
