// System shared memory: a caller's own regions.
#ifndef RECTIFIER_SERVER_INFERENCE_REGION_METHODS_H_
#define RECTIFIER_SERVER_INFERENCE_REGION_METHODS_H_

#include <string>

#include "absl/status/status.h"
#include "inference/inference_service.pb.h"
#include "server/shared_memory/registered_regions.h"

namespace rectifier {

// Each Answer sets the response to `caller`. Errors: NOT_FOUND for a region that they do not have;
// those of RegisteredRegions::Register. Thread-safe.
class RegionMethods {
 public:
  // `regions` outlives it.
  explicit RegionMethods(RegisteredRegions& regions) : regions_(regions) {}

  absl::Status Answer(const inference::SystemSharedMemoryStatusRequest& request,
                      const std::string& caller,
                      inference::SystemSharedMemoryStatusResponse* response) const;
  absl::Status Answer(const inference::SystemSharedMemoryRegisterRequest& request,
                      const std::string& caller,
                      inference::SystemSharedMemoryRegisterResponse* response) const;
  // Without a name, all of them. It is no error where there is none: load generators begin with it.
  absl::Status Answer(const inference::SystemSharedMemoryUnregisterRequest& request,
                      const std::string& caller,
                      inference::SystemSharedMemoryUnregisterResponse* response) const;

 private:
  RegisteredRegions& regions_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_REGION_METHODS_H_
