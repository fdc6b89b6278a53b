// A streaming call of any method, bytes in and bytes out, step by step.
#ifndef RECTIFIER_TESTS_SUPPORT_RAW_STREAM_H_
#define RECTIFIER_TESTS_SUPPORT_RAW_STREAM_H_

#include <memory>
#include <optional>
#include <string>

#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/status.h"

namespace rectifier::testing {

class RawStream {
 public:
  // The call has a minute.
  RawStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method);
  // Cancels the call where Finish has not ended it.
  ~RawStream();

  void Write(const std::string& message);
  void WriteLast(const std::string& message);
  // Waits for the next message; nullopt where the stream has ended.
  std::optional<std::string> Read();
  // Waits for the end of the call.
  grpc::Status Finish();

 private:
  // Whether the step succeeded.
  bool Await();

  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> stream_;
  bool is_finished_ = false;
};

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_RAW_STREAM_H_
