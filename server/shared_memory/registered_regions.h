// Shared memory that callers have made, and registered by name: the system shared memory of the
// Open Inference Protocol. (What the server makes itself is in shared_buffers.h.)
#ifndef RECTIFIER_SERVER_SHARED_MEMORY_REGISTERED_REGIONS_H_
#define RECTIFIER_SERVER_SHARED_MEMORY_REGISTERED_REGIONS_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "prometheus/gauge.h"
#include "server/posix/shared_memory_object.h"

namespace rectifier {

// Each takes a descriptor of those that --max_connections leaves to all else.
inline constexpr size_t kMaxRegions = 128;
inline constexpr size_t kMaxRegionNameBytes = 256;

struct RegisteredRegion {
  std::string name;
  std::string key;
  uint64_t offset = 0;  // in the object
  uint64_t byte_size = 0;
  SharedMemoryObject object;
};

// Bytes of a region, which is there as long as this, unregistered or not.
struct RegionPart {
  std::shared_ptr<const RegisteredRegion> region;
  uint64_t offset = 0;  // in the region
  uint64_t size = 0;

  uint64_t offset_in_object() const { return region->offset + offset; }
  // Whether the first `bytes` of this, and the first `other_bytes` of `other`, are partly the same.
  bool Overlaps(uint64_t bytes, const RegionPart& other, uint64_t other_bytes) const;
};

// A name is one caller's: others neither see nor unregister it, and may have the same. Callers are
// told apart by the names that the server knows them by; those who are anonymous are one caller.
// Thread-safe.
class RegisteredRegions {
 public:
  // Takes shared memory of `owners` alone; without any, this is off. `gauge` outlives it.
  RegisteredRegions(std::vector<uid_t> owners, prometheus::Gauge* gauge)
      : owners_(std::move(owners)), gauge_(gauge) {}
  RegisteredRegions(const RegisteredRegions&) = delete;
  RegisteredRegions& operator=(const RegisteredRegions&) = delete;

  bool is_on() const { return !owners_.empty(); }

  // Errors name the field: those of SharedMemoryObject::Open; INVALID_ARGUMENT where the bytes do
  // not lie within the object, or `caller` has the name already; RESOURCE_EXHAUSTED where they have
  // as many as they leave to the others.
  absl::Status Register(const std::string& caller, const std::string& name, const std::string& key,
                        uint64_t offset, uint64_t byte_size);

  // Calls that use the region go on with it. A name that is not there is passed over.
  void Unregister(const std::string& caller, const std::string& name);
  void UnregisterAll(const std::string& caller);

  using List = std::vector<std::shared_ptr<const RegisteredRegion>>;
  List All(const std::string& caller) const;
  // Null where there is none.
  std::shared_ptr<const RegisteredRegion> Find(const std::string& caller,
                                               const std::string& name) const;

 private:
  using Key = std::pair<std::string, std::string>;  // caller and name

  absl::Status CheckRoom(const Key& key) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  size_t CountOf(const std::string& caller) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const std::vector<uid_t> owners_;
  prometheus::Gauge* const gauge_;
  mutable absl::Mutex mutex_;
  std::map<Key, std::shared_ptr<const RegisteredRegion>> regions_ ABSL_GUARDED_BY(mutex_);
};

// The first error of those that `offset` and `size` in `region` have, if any: INVALID_ARGUMENT.
absl::Status CheckWithin(const RegisteredRegion& region, uint64_t offset, uint64_t size);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SHARED_MEMORY_REGISTERED_REGIONS_H_
