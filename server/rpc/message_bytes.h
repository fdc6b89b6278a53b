// Small messages to gRPC's bytes and back.
#ifndef RECTIFIER_SERVER_RPC_MESSAGE_BYTES_H_
#define RECTIFIER_SERVER_RPC_MESSAGE_BYTES_H_

#include "google/protobuf/message_lite.h"
#include "grpcpp/support/byte_buffer.h"

namespace rectifier {

grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message);

// Whether `bytes` are a message of that type, and not far longer than one can be.
bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message);

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_MESSAGE_BYTES_H_
