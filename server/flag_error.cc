#include "server/flag_error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace rectifier {

absl::Status FlagError(absl::string_view flag, absl::string_view given, absl::string_view problem) {
  return absl::InvalidArgumentError(
      absl::StrFormat("--%s: \"%s\" given; %s", flag, given, problem));
}

std::string FormatNumber(int64_t number) { return absl::StrCat(number); }

absl::Status CheckInterval(absl::string_view flag, int64_t given, int64_t low, int64_t high,
                           std::string (*format)(int64_t)) {
  if (given >= low && given <= high) return absl::OkStatus();
  return FlagError(flag, format(given),
                   absl::StrFormat("must be from %s to %s", format(low), format(high)));
}

}  // namespace rectifier
