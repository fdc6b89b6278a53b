// What an operator is told of a flag that is wrong.
#ifndef RECTIFIER_SERVER_FLAG_ERROR_H_
#define RECTIFIER_SERVER_FLAG_ERROR_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace rectifier {

// INVALID_ARGUMENT, with what was `given` for the flag, and what is wrong with it or allowed.
absl::Status FlagError(absl::string_view flag, absl::string_view given, absl::string_view problem);

// A number in digits alone; FormatBytes (byte_count.h) writes one that is a size.
std::string FormatNumber(int64_t number);

// Errors: that of a flag whose number is less than `low` or more than `high`.
absl::Status CheckInterval(absl::string_view flag, int64_t given, int64_t low, int64_t high,
                           std::string (*format)(int64_t) = FormatNumber);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_FLAG_ERROR_H_
