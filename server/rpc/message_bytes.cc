#include "server/rpc/message_bytes.h"

namespace rectifier {
namespace {

// None of these messages has as many bytes. Fields that nobody knows take up to 14 times as much
// memory as on the wire once protobuf has parsed them.
constexpr size_t kMostBytes = size_t{64} << 10;

}  // namespace

grpc::ByteBuffer ToBytes(const google::protobuf::MessageLite& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

bool Parse(const grpc::ByteBuffer& bytes, google::protobuf::MessageLite* message) {
  if (bytes.Length() > kMostBytes) return false;
  grpc::Slice slice;
  return bytes.DumpToSingleSlice(&slice).ok() &&
         message->ParseFromArray(slice.begin(), static_cast<int>(slice.size()));
}

}  // namespace rectifier
