#include "server/byte_count.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace rectifier {
namespace {

struct Unit {
  absl::string_view name;
  int64_t bytes;
};

constexpr Unit kUnits[] = {{"TiB", int64_t{1} << 40},
                           {"GiB", int64_t{1} << 30},
                           {"MiB", int64_t{1} << 20},
                           {"KiB", int64_t{1} << 10}};

}  // namespace

bool AbslParseFlag(absl::string_view text, ByteCount* count, std::string* error) {
  *error = "must be a number of bytes, or of KiB, MiB, GiB or TiB, such as 64MiB";
  int64_t unit = 1;
  for (const Unit& known : kUnits) {
    if (!absl::ConsumeSuffix(&text, known.name)) continue;
    unit = known.bytes;
    break;
  }
  int64_t number;
  if (!absl::SimpleAtoi(text, &number)) return false;
  const int64_t most = std::numeric_limits<int64_t>::max() / unit;
  if (number > most || number < -most) {
    *error = "is more than there can be";
    return false;
  }
  count->bytes = number * unit;
  return true;
}

std::string AbslUnparseFlag(ByteCount count) { return FormatBytes(count.bytes); }

std::string FormatBytes(int64_t bytes) {
  for (const Unit& unit : kUnits) {
    if (bytes != 0 && bytes % unit.bytes == 0) return absl::StrCat(bytes / unit.bytes, unit.name);
  }
  return absl::StrCat(bytes);
}

}  // namespace rectifier
