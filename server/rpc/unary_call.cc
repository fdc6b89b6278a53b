#include "server/rpc/unary_call.h"

namespace rectifier {

UnaryCall::UnaryCall(const Method& method, CallQueue* queue) : Call(queue), method_(method) {
  method.request(context(), &request_, &responder_, queue->grpc(), queue->grpc(), arrived_tag());
}

}  // namespace rectifier
