#include "tests/benchmarks/rpc/unary_caller.h"

#include <optional>
#include <utility>

#include "grpcpp/client_context.h"

namespace rectifier {
class UnaryCaller::Slot final : public CallSlot {
 public:
  Slot(grpc::GenericStub* stub, const std::string& method, const grpc::ByteBuffer& request,
       grpc::CompletionQueue* queue)
      : stub_(stub), method_(method), request_(request), queue_(queue) {}

  void OnDone(int, bool) override {}
  bool HasEnded() const override { return true; }  // there is but one operation
  absl::Status status() const override { return ToAbsl(status_); }
  const grpc::ByteBuffer& reply() const { return reply_; }

  void Release() override {
    reply_.Clear();
    call_.reset();
    context_.reset();
  }

 private:
  void Start() override {
    context_.emplace();
    context_->set_wait_for_ready(true);
    call_ = stub_->PrepareUnaryCall(&*context_, method_, request_, queue_);
    call_->StartCall();
    call_->Finish(&reply_, &status_, &finish_);
  }

  grpc::GenericStub* const stub_;
  const std::string& method_;
  const grpc::ByteBuffer& request_;
  grpc::CompletionQueue* const queue_;
  Operation finish_ = {this, 0};
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

UnaryCaller::UnaryCaller(const Endpoint& endpoint, const Case& c,
                         std::vector<grpc::ByteBuffer> requests, ReplyCheck check)
    : method_(endpoint.method), requests_(std::move(requests)), check_(std::move(check)) {
  for (int i = 0; i < c.connections; ++i) {
    stubs_.push_back(std::make_unique<grpc::GenericStub>(Connect(endpoint)));
  }
  for (size_t i = 0; i < static_cast<size_t>(c.inflight); ++i) {
    slots_.push_back(std::make_unique<Slot>(stubs_[i % stubs_.size()].get(), method_,
                                            requests_[i % requests_.size()], &queue_));
  }
}

UnaryCaller::~UnaryCaller() { Drain(queue_); }

absl::Status UnaryCaller::Check() {
  auto& slot = static_cast<Slot&>(*slots_.front());
  absl::Status status = RunOne(slot, queue_);
  if (status.ok()) status = check_(slot.reply());
  slot.Release();
  return status;
}

absl::StatusOr<Calls> UnaryCaller::Run(const Until& until) {
  return RunCalls(slots_, queue_, until);
}

std::unique_ptr<Caller> MakeUnaryCaller(const Endpoint& endpoint, const Workload& workload) {
  if (endpoint.is_floor) {
    return std::make_unique<UnaryCaller>(
        endpoint, workload.of(), std::vector{workload.FloorRequest()},
        [&workload](const grpc::ByteBuffer& reply) { return workload.CheckSize(reply); });
  }
  return std::make_unique<UnaryCaller>(
      endpoint, workload.of(), std::vector{workload.request()},
      [&workload](const grpc::ByteBuffer& reply) { return workload.CheckReply(reply); });
}

}  // namespace rectifier
