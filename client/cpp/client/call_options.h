// What can be chosen for one call.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_CALL_OPTIONS_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_CALL_OPTIONS_H_

#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"

namespace rectifier::client {

// How often a call is tried that finds no server, or one that is full or shutting down, the first
// time included; gRPC takes no more.
inline constexpr int kAttempts = 5;

// How the tensors of an evaluation reach the server.
enum class Way {
  // Up to 1 MiB, sent or received, in one message. A larger evaluation goes through memory that is
  // shared with the server, where it is on this machine and offers that, else through a stream
  // where it has more than 4 MiB, else in one message. A batch goes in one message of up to 64 MiB
  // where the server takes that, else evaluation by evaluation.
  kAutomatic,
  kMessage,
  kStream,        // of evaluations one by one, whose tensors are in no shared buffer
  kSharedMemory,  // the same, with a server on this machine
};

struct CallOptions {
  // The time counts from the start of the call, its retries included; the server stops computing
  // when it has passed.
  absl::Duration timeout = absl::Minutes(1);
  // What is sent along, such as {"x-request-id", "42"}. Names are lowercase.
  std::vector<std::pair<std::string, std::string>> metadata = {};
  // The call ends with CANCELLED when its source is asked to stop.
  std::stop_token stop = {};
  Way way = Way::kAutomatic;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CALL_OPTIONS_H_
