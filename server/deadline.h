// What every call is told whose deadline has passed, whoever notices it.
#ifndef RECTIFIER_SERVER_DEADLINE_H_
#define RECTIFIER_SERVER_DEADLINE_H_

#include "absl/status/status.h"

namespace rectifier {

inline absl::Status DeadlinePassed() {
  return absl::DeadlineExceededError("the deadline has passed");
}

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_DEADLINE_H_
