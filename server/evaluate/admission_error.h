// The error of a caller who is turned away.
#ifndef RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_
#define RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/server_context.h"
#include "server/limits.h"
#include "server/telemetry/refusal.h"

namespace rectifier {

// RESOURCE_EXHAUSTED or UNAVAILABLE, with the time after which to come back.
absl::Status RefusalError(Refusal refusal, const Limits& limits);

// The same of a call that would wait for so long for its turns in the engine.
absl::Status QueueError(absl::Duration wait);

// Says in the trailers when to call again, where `status` says so: gRPC's clients look there.
void AddRetryPushback(const absl::Status& status, grpc::ServerContextBase* context);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_ADMISSION_ERROR_H_
