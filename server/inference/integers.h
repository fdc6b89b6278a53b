// Tensors of whole numbers, which arguments such as axes are. They are few, and become float64.
#ifndef RECTIFIER_SERVER_INFERENCE_INTEGERS_H_
#define RECTIFIER_SERVER_INFERENCE_INTEGERS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/payload.h"
#include "server/inference/datatype.h"

namespace rectifier {

// That a tensor of `count` elements, at `path` of the request, has more than kMaxIntegers.
absl::Status TooManyIntegers(const Datatype& type, int64_t count, const std::string& path);

// The `count` little-endian elements of `payload`. Errors: as above, and one that float64 does not
// hold exactly.
absl::StatusOr<std::vector<double>> ReadIntegers(const Datatype& type, const Payload& payload,
                                                 int64_t count, const std::string& path);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_INFERENCE_INTEGERS_H_
