// The parameters of an input or output that say where in registered shared memory its bytes are.
#ifndef RECTIFIER_SERVER_INFERENCE_REGION_PARAMETERS_H_
#define RECTIFIER_SERVER_INFERENCE_REGION_PARAMETERS_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/map.h"
#include "inference/inference_service.pb.h"
#include "server/shared_memory/region_copies.h"
#include "server/shared_memory/registered_regions.h"
#include "server/wire/reply_pool.h"

namespace rectifier {

using InferParameters = google::protobuf::Map<std::string, inference::InferParameter>;

// Whose regions a request may name, and the memory that their bytes are copied to and from.
struct RegionAccess {
  const RegisteredRegions& regions;
  const std::string& caller;
  ReplyPool& memory;
};

inline constexpr char kRegionParameter[] = "shared_memory_region";
inline constexpr char kRegionOffsetParameter[] = "shared_memory_offset";
inline constexpr char kRegionBytesParameter[] = "shared_memory_byte_size";

bool IsRegionParameter(absl::string_view name);
bool NamesRegion(const InferParameters& parameters);

// Where the bytes of the tensor at `path` are; none where its parameters name no region. A null
// `access` has none. Errors: INVALID_ARGUMENT, naming the parameter at fault; NOT_FOUND for a
// region that the caller has not registered.
absl::StatusOr<std::optional<RegionTarget>> FindRegion(const InferParameters& parameters,
                                                       const std::string& path,
                                                       const RegionAccess* access);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_REGION_PARAMETERS_H_
