#include "client/cpp/client/evaluate_async.h"

#include <thread>
#include <utility>

#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/messages.h"

namespace rectifier::client {
namespace {

// A call in one message, from its start until it is answered, when it deletes itself.
class PendingCall {
 public:
  static void Start(std::shared_ptr<ServerConnection> connection,
                    std::vector<Evaluation> evaluations, const CallOptions& options, Done done) {
    auto* const call =
        new PendingCall(std::move(connection), std::move(evaluations), options, std::move(done));
    StubFor(*call->connection_, call->evaluations_)
        .async()
        ->Evaluate(&call->scope_->context(), &call->request_, &call->response_,
                   [call](const grpc::Status& status) {
                     const CallbackScope scope;  // the call may be the connection's last user
                     call->Finish(status);
                     delete call;
                   });
  }

 private:
  PendingCall(std::shared_ptr<ServerConnection> connection, std::vector<Evaluation> evaluations,
              const CallOptions& options, Done done)
      : connection_(std::move(connection)),
        evaluations_(std::move(evaluations)),
        done_(std::move(done)),
        scope_(connection_->NewCall(options)),
        request_(ToRequest(evaluations_)) {}

  void Finish(const grpc::Status& status) {
    const absl::Status outcome = scope_->ToStatus(status);
    if (!outcome.ok()) return done_(outcome);
    done_(TakeResults(std::move(response_), evaluations_));
  }

  const std::shared_ptr<ServerConnection> connection_;
  const std::vector<Evaluation> evaluations_;
  const Done done_;
  const std::unique_ptr<CallScope> scope_;
  const v1::EvaluateRequest request_;
  v1::EvaluateResponse response_;
};

}  // namespace

void EvaluateAsync(std::shared_ptr<ServerConnection> connection,
                   std::vector<Evaluation> evaluations, const CallOptions& options, Done done) {
  if (FitOneMessage(evaluations, options)) {
    return PendingCall::Start(std::move(connection), std::move(evaluations), options,
                              std::move(done));
  }
  std::thread([connection = std::move(connection), evaluations = std::move(evaluations), options,
               done = std::move(done)] {
    done(Evaluate(*connection, evaluations, options));
  }).detach();
}

}  // namespace rectifier::client
