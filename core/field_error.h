// Errors that name the field of the caller's message at fault.
#ifndef RECTIFIER_CORE_FIELD_ERROR_H_
#define RECTIFIER_CORE_FIELD_ERROR_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rectifier {

struct FieldViolation {
  std::string path;         // evaluations[2].activation.arguments["beta"]
  std::string description;  // what was given, and what is allowed
  std::string reason;       // UPPER_SNAKE, for programs: ARGUMENT_OUT_OF_RANGE
};

// An INVALID_ARGUMENT status that carries the violation; its message is "path: description".
absl::Status FieldError(FieldViolation violation);

// The violation that `status` carries, if any.
std::optional<FieldViolation> GetFieldViolation(const absl::Status& status);

// `status` with `prefix` put before its violation's path; other statuses pass unchanged.
absl::Status PrefixField(absl::string_view prefix, const absl::Status& status);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_FIELD_ERROR_H_
