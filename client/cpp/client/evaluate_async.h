// Evaluations without waiting.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_ASYNC_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_ASYNC_H_

#include <functional>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "client/cpp/client/client.h"
#include "client/cpp/client/server_connection.h"

namespace rectifier::client {

using Done = std::function<void(absl::StatusOr<std::vector<Result>>)>;

// Calls `done` once, from another thread. What does not fit one message is evaluated by a thread of
// its own.
void EvaluateAsync(std::shared_ptr<ServerConnection> connection,
                   std::vector<Evaluation> evaluations, const CallOptions& options, Done done);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_EVALUATE_ASYNC_H_
