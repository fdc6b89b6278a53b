// Unary calls of any method, bytes in and bytes out.
#ifndef RECTIFIER_TESTS_SUPPORT_RAW_CALL_H_
#define RECTIFIER_TESTS_SUPPORT_RAW_CALL_H_

#include <memory>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/status.h"

namespace rectifier::testing {

grpc::ByteBuffer ToByteBuffer(const std::string& bytes);
std::string ToString(const grpc::ByteBuffer& buffer);

struct RawReply {
  grpc::Status status;
  std::string bytes;
};

// Waits for the reply, at most a minute.
RawReply CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                 const std::string& request);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_RAW_CALL_H_
