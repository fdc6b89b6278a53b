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

// Reads the message of `call` and finishes it with what `answer` says.
void AnswerOnce(Call* call, SingleAnswer answer);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_SINGLE_ANSWER_H_
