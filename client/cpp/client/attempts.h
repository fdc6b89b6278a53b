// How often the client itself tries a stream, and when.
//
// gRPC tries calls again by itself, from the messages that it has kept. Of a stream whose
// connection had died before it began, gRPC 1.51 may leave one of them out, which the server then
// refuses as too short. So streams go by a channel without retries, and begin anew here.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_ATTEMPTS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_ATTEMPTS_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "client/cpp/client/call_options.h"

namespace rectifier::client {

// The attempts of one call, which share the time that the options allow it. `options` must outlive
// it.
class Attempts {
 public:
  // `most` counts the first one.
  Attempts(int most, const CallOptions& options) : most_(most), options_(options) {}

  // Since when the options' timeout counts.
  absl::Time begin() const { return begin_; }

  // Whether there is another attempt after one that ended with `status`: waits for the moment that
  // the server names, else for a time that doubles, or until the options' `stop` asks for an end,
  // which the next attempt then meets.
  bool AwaitNext(const absl::Status& status);

 private:
  std::optional<absl::Duration> DelayAfter(const absl::Status& status);

  const int most_;
  const CallOptions& options_;
  const absl::Time begin_ = absl::Now();
  int made_ = 1;
  absl::Duration backoff_ = absl::Milliseconds(100);
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_ATTEMPTS_H_
