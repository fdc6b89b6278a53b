// What is wrong with a field of a request, in the API's words.
#ifndef RECTIFIER_SERVER_WIRE_VIOLATION_H_
#define RECTIFIER_SERVER_WIRE_VIOLATION_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "core/api_names.h"
#include "core/field_error.h"
#include "server/wire/proto_enums.h"

namespace rectifier {

inline absl::Status Violation(const std::string& path, const std::string& description,
                              const char* reason) {
  return FieldError({.path = path, .description = description, .reason = reason});
}

// "ELEMENT_TYPE_UNSPECIFIED is given", or "7 is given", which has no name.
inline std::string GivenText(const std::string& name, int number) {
  return name.empty() ? absl::StrFormat("%d is given", number)
                      : absl::StrFormat("%s is given", name);
}

// "ELEMENT_TYPE_FLOAT64 (4), ELEMENT_TYPE_FLOAT32 (3)".
template <class Enum>
std::string ChoicesText(const Enum& choices) {
  return absl::StrJoin(choices, ", ", [](std::string* out, auto choice) {
    absl::StrAppendFormat(out, "%s (%d)", ApiName(choice), static_cast<int>(ToProto(choice)));
  });
}

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_WIRE_VIOLATION_H_
