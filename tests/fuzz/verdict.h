// What a decoder says of a message, beside what protobuf says.
#ifndef RECTIFIER_TESTS_FUZZ_VERDICT_H_
#define RECTIFIER_TESTS_FUZZ_VERDICT_H_

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "tests/fuzz/require.h"

namespace rectifier {

// A message is refused as malformed exactly where protobuf refuses it, and never without a reason.
// An error about a field begins with its path, and may quote the message.
inline void RequireVerdict(const absl::Status& status, bool is_valid) {
  if (status.ok()) return Require(is_valid, "protobuf refuses what was taken");
  Require(status.code() != absl::StatusCode::kInternal, "an internal error");
  Require(!is_valid || !absl::StartsWith(status.message(), "the request is not a serialized"),
          "protobuf reads what is said to be malformed");
}

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_FUZZ_VERDICT_H_
