// Errors of calls as HTTP has them.
#ifndef RECTIFIER_SERVER_HTTP_ERROR_RESPONSE_H_
#define RECTIFIER_SERVER_HTTP_ERROR_RESPONSE_H_

#include <string>
#include <vector>

#include "grpcpp/support/status.h"
#include "server/http/message.h"

namespace rectifier::http {

// The status of HTTP that the Connect protocol gives to a code.
int HttpStatusOf(grpc::StatusCode code);

// The names that the Connect protocol gives to codes of errors.
std::vector<std::string> ConnectCodes();

// `{"code", "message", "details"}`, as the Connect protocol has it, where details are base64, and
// readable as `debug`. Where the call may be made again later, Retry-After says when.
Response ConnectError(const grpc::Status& status);

// `{"error"}`, as the Open Inference Protocol has it.
Response InferenceError(const grpc::Status& status);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_ERROR_RESPONSE_H_
