#include "server/rpc/single_answer.h"

#include <optional>
#include <utility>

#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

// One call; deletes itself when it is over.
class SingleAnswerHandler final : public CallHandler {
 public:
  SingleAnswerHandler(Call* call, SingleAnswer answer, CallEnded ended)
      : call_(call), answer_(std::move(answer)), ended_(std::move(ended)) {
    call->set_handler(this);
    call->Read(&request_, Patience::kMessage);
  }

  void OnReadDone(ReadEnd end) override {
    grpc::ByteBuffer reply;
    const grpc::Status status =
        end == ReadEnd::kMessage ? answer_(request_, &reply) : ToGrpcStatus(ReadError(end));
    if (end == ReadEnd::kNone) {
      broken_off_ = status.error_code();
    } else {
      ended_(status.error_code());
    }
    call_->Finish(reply, status);
  }

  // What is under way ends without success.
  void OnCancel() override { is_cancelled_ = true; }

  void OnDone() override {
    if (broken_off_) ended_(is_cancelled_ ? grpc::StatusCode::CANCELLED : *broken_off_);
    delete this;
  }

 private:
  Call* const call_;
  const SingleAnswer answer_;
  const CallEnded ended_;
  grpc::ByteBuffer request_;
  bool is_cancelled_ = false;
  std::optional<grpc::StatusCode> broken_off_;  // where the caller sends no message
};

}  // namespace

void AnswerOnce(Call* call, SingleAnswer answer, CallEnded ended) {
  new SingleAnswerHandler(call, std::move(answer), std::move(ended));
}

}  // namespace rectifier
