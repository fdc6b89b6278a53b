// The error of a caller whom the admission turns away.
#ifndef RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_
#define RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_

#include "absl/status/status.h"
#include "grpcpp/server_context.h"
#include "server/evaluate/admission.h"
#include "server/limits.h"
#include "server/telemetry/metrics.h"

namespace rectifier {

// RESOURCE_EXHAUSTED or UNAVAILABLE, with the time after which to come back.
absl::Status RefusalError(Refusal refusal, const Limits& limits);

// Says in the trailers when to call again, where `status` says so: gRPC's clients look there.
void AddRetryPushback(const absl::Status& status, grpc::ServerContextBase* context);

// The transport by gRPC's names of peers: "unix:", "ipv4:127.0.0.1:41234", "ipv6:[::1]:41234".
Transport TransportOf(const grpc::ServerContextBase& context);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_
