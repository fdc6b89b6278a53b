// What REST clients of the Open Inference Protocol get for a ModelInferResponse.
#ifndef RECTIFIER_SERVER_HTTP_INFER_RESPONSE_JSON_H_
#define RECTIFIER_SERVER_HTTP_INFER_RESPONSE_JSON_H_

#include <cstddef>

#include "grpcpp/support/byte_buffer.h"
#include "server/http/infer_request_json.h"
#include "server/http/message.h"

namespace rectifier::http {

// JSON, after which stand the outputs that the caller wants as they are. An error where the others
// have more than `max_values` numbers together.
Response InferResponse(const grpc::ByteBuffer& reply, const OutputForms& forms, size_t max_values);

}  // namespace rectifier::http

#endif  // RECTIFIER_SERVER_HTTP_INFER_RESPONSE_JSON_H_
