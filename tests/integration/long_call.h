// Work that takes far longer than a test waits, in a request and reply that are small.
#ifndef RECTIFIER_TESTS_INTEGRATION_LONG_CALL_H_
#define RECTIFIER_TESTS_INTEGRATION_LONG_CALL_H_

#include <future>
#include <memory>

#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "tests/support/rectifierd_process.h"

namespace rectifier::testing {

// Minutes of work: a thousand sums over the same 16 MiB.
v1::EvaluateRequest LongRequest();

// A call under way on the server.
class LongCall {
 public:
  // Returns once `server` has admitted the call, or the call has ended.
  explicit LongCall(RectifierdProcess& server, absl::Duration timeout = absl::Minutes(1));

  void Cancel() { context_.TryCancel(); }
  // Waits for its end.
  grpc::StatusCode Wait() { return status_.get().error_code(); }

 private:
  grpc::ClientContext context_;
  v1::EvaluateResponse response_;
  std::future<grpc::Status> status_;
};

// Waits until no admitted call is left; false where a minute passes.
bool WaitUntilIdle(RectifierdProcess& server);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_INTEGRATION_LONG_CALL_H_
