#include "server/inference/integers.h"

#include <cmath>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_format.h"
#include "core/field_error.h"
#include "server/inference/message_parser.h"

namespace rectifier {
namespace {

// A little-endian whole number of `type`.
double LoadInteger(const Datatype& type, const std::byte* from) {
  uint64_t bits = 0;
  std::memcpy(&bits, from, type.size);
  if (!type.is_signed) return static_cast<double>(bits);
  const int unused = 64 - 8 * static_cast<int>(type.size);
  return static_cast<double>(static_cast<int64_t>(bits << unused) >> unused);
}

}  // namespace

absl::Status TooManyIntegers(const Datatype& type, int64_t count, const std::string& path) {
  return FieldError({.path = path,
                     .description = absl::StrFormat(
                         "there are %d elements of %s; of whole numbers this server takes %d, "
                         "send others as FP64 (and masks as BOOL)",
                         count, type.name, kMaxIntegers),
                     .reason = "TOO_MANY_INTEGERS"});
}

absl::StatusOr<std::vector<double>> ReadIntegers(const Datatype& type, const Payload& payload,
                                                 int64_t count, const std::string& path) {
  if (count > kMaxIntegers) return TooManyIntegers(type, count, path);
  std::vector<double> numbers;
  for (int64_t i = 0; i < count; ++i) {
    std::byte room[sizeof(uint64_t)];
    numbers.push_back(
        LoadInteger(type, payload.Read(static_cast<size_t>(i) * type.size, type.size, room)));
    if (std::abs(numbers.back()) <= kMaxExactInteger) continue;
    return FieldError({.path = path,
                       .description = absl::StrFormat(
                           "element %d, %.17g, is not below 2^53, where whole numbers are exact", i,
                           numbers.back()),
                       .reason = "VALUE_OUT_OF_RANGE"});
  }
  return numbers;
}

}  // namespace rectifier
