#include "tests/benchmarks/rpc/unary_caller.h"

#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace rectifier {
namespace {

constexpr char kMethod[] = "/rectifier.v1.ActivationService/Evaluate";
constexpr char kRoundRobin[] = R"({"loadBalancingConfig": [{"round_robin": {}}]})";

// A channel that shares no connection with others.
std::shared_ptr<grpc::Channel> Connect(const Endpoint& endpoint) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  arguments.SetMaxSendMessageSize(-1);
  if (endpoint.round_robin) arguments.SetServiceConfigJSON(kRoundRobin);
  return grpc::CreateCustomChannel(endpoint.target, grpc::InsecureChannelCredentials(), arguments);
}

absl::Status ToAbsl(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace

// One call after the other.
class UnaryCaller::Slot {
 public:
  Slot(grpc::GenericStub* stub, const grpc::ByteBuffer& request, grpc::CompletionQueue* queue)
      : stub_(stub), request_(request), queue_(queue) {}

  // The queue gives this slot once the reply is there.
  void Start() {
    start_ = absl::Now();
    context_.emplace();
    context_->set_wait_for_ready(true);
    call_ = stub_->PrepareUnaryCall(&*context_, kMethod, request_, queue_);
    call_->StartCall();
    call_->Finish(&reply_, &status_, this);
  }

  absl::Duration Latency() const { return absl::Now() - start_; }
  const grpc::Status& status() const { return status_; }
  const grpc::ByteBuffer& reply() const { return reply_; }

  void Release() {
    reply_.Clear();
    call_.reset();
    context_.reset();
  }

 private:
  grpc::GenericStub* const stub_;
  const grpc::ByteBuffer& request_;
  grpc::CompletionQueue* const queue_;
  absl::Time start_;
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncResponseReader> call_;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

UnaryCaller::UnaryCaller(const Endpoint& endpoint, const Case& c, grpc::ByteBuffer request,
                         ReplyCheck check)
    : request_(std::move(request)), check_(std::move(check)) {
  for (int i = 0; i < c.connections; ++i) {
    stubs_.push_back(std::make_unique<grpc::GenericStub>(Connect(endpoint)));
  }
  for (int i = 0; i < c.inflight; ++i) {
    grpc::GenericStub* stub = stubs_[static_cast<size_t>(i) % stubs_.size()].get();
    slots_.push_back(std::make_unique<Slot>(stub, request_, &queue_));
  }
}

UnaryCaller::~UnaryCaller() {
  queue_.Shutdown();
  void* tag;
  bool ok;
  while (queue_.Next(&tag, &ok)) {
  }
}

absl::Status UnaryCaller::Check() {
  Slot& slot = *slots_.front();
  slot.Start();
  void* tag;
  bool ok;
  queue_.Next(&tag, &ok);
  absl::Status status = ToAbsl(slot.status());
  if (status.ok()) status = check_(slot.reply());
  slot.Release();
  return status;
}

absl::StatusOr<Calls> UnaryCaller::Run(const Until& until) {
  Calls calls;
  absl::Status failure;
  const absl::Time start = absl::Now();
  int64_t started = 0;
  int64_t running = 0;
  const auto start_next = [&](Slot* slot) {
    const bool enough = started >= until.calls && absl::Now() - start >= until.time;
    if (enough || !failure.ok()) return;
    slot->Start();
    ++started;
    ++running;
  };
  for (const std::unique_ptr<Slot>& slot : slots_) start_next(slot.get());
  void* tag;
  bool ok;
  while (running > 0 && queue_.Next(&tag, &ok)) {
    auto* const slot = static_cast<Slot*>(tag);
    --running;
    calls.latencies.push_back(slot->Latency());
    failure.Update(ToAbsl(slot->status()));
    slot->Release();
    start_next(slot);
  }
  calls.time = absl::Now() - start;
  if (!failure.ok()) return failure;
  return calls;
}

std::unique_ptr<Caller> MakeUnaryCaller(const Endpoint& endpoint, const Workload& workload) {
  if (endpoint.is_floor) {
    return std::make_unique<UnaryCaller>(
        endpoint, workload.of(), workload.FloorRequest(),
        [&workload](const grpc::ByteBuffer& reply) { return workload.CheckSize(reply); });
  }
  return std::make_unique<UnaryCaller>(
      endpoint, workload.of(), workload.request(),
      [&workload](const grpc::ByteBuffer& reply) { return workload.CheckReply(reply); });
}

}  // namespace rectifier
