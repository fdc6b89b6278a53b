#include "server/rpc/single_answer.h"

#include <utility>

#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

// One call; deletes itself when it is over.
class SingleAnswerHandler final : public CallHandler {
 public:
  SingleAnswerHandler(Call* call, SingleAnswer answer) : call_(call), answer_(std::move(answer)) {
    call->set_handler(this);
    call->Read(&request_, Patience::kMessage);
  }

  void OnReadDone(ReadEnd end) override {
    if (end != ReadEnd::kMessage) return call_->Finish(ToGrpcStatus(ReadError(end)));
    grpc::ByteBuffer reply;
    const grpc::Status status = answer_(request_, &reply);
    call_->Finish(reply, status);
  }

  void OnCancel() override {}  // what is under way ends without success

  void OnDone() override { delete this; }

 private:
  Call* const call_;
  const SingleAnswer answer_;
  grpc::ByteBuffer request_;
};

}  // namespace

void AnswerOnce(Call* call, SingleAnswer answer) {
  new SingleAnswerHandler(call, std::move(answer));
}

}  // namespace rectifier
