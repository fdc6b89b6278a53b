// Calls on a completion queue: as many at a time as there are slots, one after the other in each.
#ifndef RECTIFIER_TESTS_BENCHMARKS_RPC_CALL_SLOT_H_
#define RECTIFIER_TESTS_BENCHMARKS_RPC_CALL_SLOT_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/status.h"
#include "tests/benchmarks/rpc/caller.h"

namespace rectifier {

class CallSlot {
 public:
  CallSlot() = default;
  virtual ~CallSlot() = default;
  CallSlot(const CallSlot&) = delete;
  CallSlot& operator=(const CallSlot&) = delete;

  // The queue's tag for one of a slot's operations, which the slot numbers.
  struct Operation {
    CallSlot* slot;
    int number;
  };

  // Begins the next call.
  void Begin();
  // The time since the call was begun.
  absl::Duration Latency() const;

  // Goes on after an operation, as the queue tells it.
  virtual void OnDone(int operation, bool ok) = 0;
  // Whether nothing of the call is under way any more.
  virtual bool HasEnded() const = 0;
  // How it ended.
  virtual absl::Status status() const = 0;
  // Lets go of the call and what it received.
  virtual void Release() = 0;

 protected:
  virtual void Start() = 0;

 private:
  absl::Time start_;
};

using CallSlots = std::vector<std::unique_ptr<CallSlot>>;

// Makes one call in the slot, which the caller releases.
absl::Status RunOne(CallSlot& slot, grpc::CompletionQueue& queue);

// Makes calls in all slots. Errors: a call's.
absl::StatusOr<Calls> RunCalls(const CallSlots& slots, grpc::CompletionQueue& queue,
                               const Until& until);

// Takes what is left.
void Drain(grpc::CompletionQueue& queue);

absl::Status ToAbsl(const grpc::Status& status);

}  // namespace rectifier

#endif  // RECTIFIER_TESTS_BENCHMARKS_RPC_CALL_SLOT_H_
