// Calls of one message whose answer is known at once.
#ifndef RECTIFIER_SERVER_RPC_SINGLE_ANSWER_H_
#define RECTIFIER_SERVER_RPC_SINGLE_ANSWER_H_

#include <functional>

#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"
#include "server/rpc/call.h"

namespace rectifier {

// What `request` is answered with: a status and, where that is OK, a reply.
using SingleAnswer =
    std::function<grpc::Status(const grpc::ByteBuffer& request, grpc::ByteBuffer* reply)>;

// Is told the code that a call ended with, once.
using CallEnded = std::function<void(grpc::StatusCode)>;

// Reads the message of `call` and finishes it with what `answer` says, or with what keeps the
// message from being there. `ended` is told which before the caller is; but where the caller sends
// no message, when the call is over, because only then it is known whether that is for having gone.
void AnswerOnce(
    Call* call, SingleAnswer answer, CallEnded ended = [](grpc::StatusCode) {});

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_SINGLE_ANSWER_H_
