// Sizes as people write them: 64MiB, 1GiB, 1000.
#ifndef RECTIFIER_SERVER_BYTE_COUNT_H_
#define RECTIFIER_SERVER_BYTE_COUNT_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace rectifier {

// The type of flags that hold sizes.
struct ByteCount {
  int64_t bytes = 0;
};

// A whole number of bytes, or of KiB, MiB, GiB or TiB. Decimal units are refused: to some they mean
// powers of two.
bool AbslParseFlag(absl::string_view text, ByteCount* count, std::string* error);
std::string AbslUnparseFlag(ByteCount count);

// Writes the number in the largest of these units that makes it whole: "64MiB", "1000".
std::string FormatBytes(int64_t bytes);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_BYTE_COUNT_H_
