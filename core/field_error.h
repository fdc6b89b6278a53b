// Errors that name the field of the caller's message at fault.
#ifndef RECTIFIER_CORE_FIELD_ERROR_H_
#define RECTIFIER_CORE_FIELD_ERROR_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rectifier {

struct FieldViolation {
  std::string path;         // evaluations[2].activation.arguments["beta"]
  std::string description;  // what was given, and what is allowed
  std::string reason;       // UPPER_SNAKE, for programs: ARGUMENT_OUT_OF_RANGE
  // The index of the element at fault, in row-major order, where the field is a tensor.
  std::optional<int64_t> element = {};
};

// A status that carries the violation; its message is "path: description".
absl::Status FieldError(FieldViolation violation,
                        absl::StatusCode code = absl::StatusCode::kInvalidArgument);

// The violation that `status` carries, if any.
std::optional<FieldViolation> GetFieldViolation(const absl::Status& status);

// `status` with `prefix` put before its violation's path; one without a violation passes unchanged.
absl::Status PrefixField(absl::string_view prefix, const absl::Status& status);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_FIELD_ERROR_H_
