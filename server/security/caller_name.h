// Names of callers, as they stand in token files, labels of metrics and log lines.
#ifndef RECTIFIER_SERVER_SECURITY_CALLER_NAME_H_
#define RECTIFIER_SERVER_SECURITY_CALLER_NAME_H_

#include "absl/algorithm/container.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// Whoever is let in without being asked who they are.
inline constexpr char kAnonymous[] = "anonymous";

inline constexpr char kCallerNameRule[] =
    "the name must be 1 to 64 letters, digits and ._- beginning with a letter or digit, and not "
    "anonymous";

inline bool IsCallerName(absl::string_view name) {
  return !name.empty() && name.size() <= 64 && name != kAnonymous &&
         absl::ascii_isalnum(static_cast<unsigned char>(name.front())) &&
         absl::c_all_of(name, [](unsigned char c) {
           return absl::ascii_isalnum(c) || c == '.' || c == '_' || c == '-';
         });
}

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_CALLER_NAME_H_
