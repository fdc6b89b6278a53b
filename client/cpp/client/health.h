// The standard health service, of which a client needs one question.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_HEALTH_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_HEALTH_H_

#include "absl/status/statusor.h"
#include "client/cpp/client/server_connection.h"

namespace rectifier::client {

// What grpc.health.v1.Health/Check says about the service of activations. Errors: those of a call.
absl::StatusOr<bool> IsServing(ServerConnection& connection, const CallOptions& options);

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_HEALTH_H_
