// Requests of tests that are about what Bind makes of them, with tensors of zeros.
#ifndef RECTIFIER_TESTS_CORE_BIND_REQUEST_H_
#define RECTIFIER_TESTS_CORE_BIND_REQUEST_H_

#include <cstddef>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "core/catalogue.h"
#include "core/evaluation.h"
#include "core/field_error.h"
#include "gtest/gtest.h"

namespace rectifier::testing {

// A tensor of zeros, of at most 64 KiB.
inline TensorView Zeros(const Shape& shape, ElementType type = ElementType::kFloat32) {
  static const std::vector<std::byte> zeros(1 << 16);
  const size_t bytes = static_cast<size_t>(*ElementCount(shape)) * SizeOf(type);
  return {type, shape, absl::MakeConstSpan(zeros).subspan(0, bytes)};
}

inline absl::StatusOr<Evaluation> BindIt(const EvaluationRequest& request) {
  return Bind(Catalogue::Best(), request);
}

// The violation that Bind finds in `request`.
inline FieldViolation ViolationOf(const EvaluationRequest& request) {
  const absl::StatusOr<Evaluation> bound = BindIt(request);
  EXPECT_EQ(bound.status().code(), absl::StatusCode::kInvalidArgument);
  return GetFieldViolation(bound.status()).value_or(FieldViolation());
}

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_CORE_BIND_REQUEST_H_
