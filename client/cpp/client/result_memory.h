// Where results go that a caller wants in memory of its own.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_RESULT_MEMORY_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_RESULT_MEMORY_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "client/cpp/client/client.h"

namespace rectifier::client {

// The destination in memory for a quantity of `evaluation`, or null.
const Destination* FindMemory(const Evaluation& evaluation, Quantity quantity, uint32_t input);

// INVALID_ARGUMENT where `destination` of `evaluation` has no room for exactly `bytes`.
absl::Status CheckMemory(const Evaluation& evaluation, const Destination& destination,
                         size_t bytes);

// Copies the results that have a destination in memory to it; they become tensors over that memory.
// Errors: INVALID_ARGUMENT where one does not fit, or names no result.
absl::Status MoveToMemory(const Evaluation& evaluation, Result& result);

// The bytes of one result that comes piece by piece, in the caller's memory or in memory of their
// own: also where the caller's overlaps a tensor that is still being sent, so that MoveToMemory
// must follow.
class ResultBytes {
 public:
  // Errors: those of CheckMemory.
  static absl::StatusOr<ResultBytes> Make(const Evaluation& evaluation, Quantity quantity,
                                          uint32_t input, ElementType type, const Shape& shape);

  // Errors: INTERNAL where there are more bytes than the shape has.
  absl::Status Append(const std::string& bytes);
  // Errors: INTERNAL where there were fewer.
  absl::StatusOr<Tensor> Finish() &&;

 private:
  ElementType type_ = ElementType::kFloat32;
  Shape shape_;
  absl::Span<std::byte> bytes_;
  std::shared_ptr<const void> owner_;
  size_t filled_ = 0;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_RESULT_MEMORY_H_
