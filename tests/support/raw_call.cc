#include "tests/support/raw_call.h"

#include <chrono>

#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"

namespace rectifier::testing {

grpc::ByteBuffer ToByteBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(slice.begin(), slice.end());
}

RawReply CallRaw(const std::shared_ptr<grpc::Channel>& channel, const std::string& method,
                 const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  grpc::CompletionQueue queue;
  RawReply reply;
  grpc::ByteBuffer buffer;
  const auto call = stub.PrepareUnaryCall(&context, method, ToByteBuffer(request), &queue);
  call->StartCall();
  call->Finish(&buffer, &reply.status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  if (reply.status.ok()) reply.bytes = ToString(buffer);
  return reply;
}

}  // namespace rectifier::testing
