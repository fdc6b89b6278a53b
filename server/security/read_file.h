// A small file whole.
#ifndef RECTIFIER_SERVER_SECURITY_READ_FILE_H_
#define RECTIFIER_SERVER_SECURITY_READ_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// No file of credentials is larger; a device or a log that is named by mistake is not read whole.
inline constexpr size_t kMaxCredentialsFile = size_t{1} << 20;

// The bytes of the regular file at `path`, which the operator has given with `flag`. Errors:
// INVALID_ARGUMENT, with flag, path and reason.
absl::StatusOr<std::string> ReadCredentialsFile(absl::string_view flag, const std::string& path);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_SECURITY_READ_FILE_H_
