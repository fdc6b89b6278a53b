#include "tests/benchmarks/rpc/call_slot.h"

#include "absl/time/clock.h"

namespace rectifier {
namespace {

// The next slot whose call has ended; null where the queue has no more.
CallSlot* NextEnded(grpc::CompletionQueue& queue) {
  void* tag;
  bool ok;
  while (queue.Next(&tag, &ok)) {
    const auto* const operation = static_cast<CallSlot::Operation*>(tag);
    operation->slot->OnDone(operation->number, ok);
    if (operation->slot->HasEnded()) return operation->slot;
  }
  return nullptr;
}

}  // namespace

void CallSlot::Begin() {
  start_ = absl::Now();
  Start();
}

absl::Duration CallSlot::Latency() const { return absl::Now() - start_; }

absl::Status RunOne(CallSlot& slot, grpc::CompletionQueue& queue) {
  slot.Begin();
  NextEnded(queue);
  return slot.status();
}

absl::StatusOr<Calls> RunCalls(const CallSlots& slots, grpc::CompletionQueue& queue,
                               const Until& until) {
  Calls calls;
  absl::Status failure;
  const absl::Time start = absl::Now();
  int64_t started = 0;
  int64_t running = 0;
  const auto start_next = [&](CallSlot* slot) {
    const bool enough = started >= until.calls && absl::Now() - start >= until.time;
    if (enough || !failure.ok()) return;
    slot->Begin();
    ++started;
    ++running;
  };
  for (const std::unique_ptr<CallSlot>& slot : slots) start_next(slot.get());
  while (running > 0) {
    CallSlot* const slot = NextEnded(queue);
    if (slot == nullptr) break;
    --running;
    calls.latencies.push_back(slot->Latency());
    failure.Update(slot->status());
    slot->Release();
    start_next(slot);
  }
  calls.time = absl::Now() - start;
  if (!failure.ok()) return failure;
  return calls;
}

void Drain(grpc::CompletionQueue& queue) {
  queue.Shutdown();
  void* tag;
  bool ok;
  while (queue.Next(&tag, &ok)) {
  }
}

absl::Status ToAbsl(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
}

}  // namespace rectifier
