// One message's way to its reply: what a unary call does once, and a stream of requests for each of
// its messages.
#ifndef RECTIFIER_SERVER_EVALUATE_BATCH_H_
#define RECTIFIER_SERVER_EVALUATE_BATCH_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/evaluation_protocol.h"
#include "server/evaluate/prepared_request.h"
#include "server/shared_memory/region_copies.h"

namespace rectifier {

// The steps run one after the other, on the thread that calls Run, and on threads of the engine
// from the first one on that takes long.
class Batch {
 public:
  // What comes of it.
  using Answer = std::function<void(const absl::Status& status)>;

  // `ledger`, which has been admitted, and `protocol` outlive it.
  Batch(CallLedger& ledger, const EvaluationProtocol& protocol, Answer answer);
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  // Where the message comes in.
  grpc::ByteBuffer* message() { return &message_; }
  // Goes from the message to the reply, and calls `answer` exactly once, which may delete this
  // object: maybe before Run returns.
  void Run();
  // The reply, where `answer` was told OK.
  const grpc::ByteBuffer& reply() const { return reply_bytes_; }

 private:
  absl::Status Receive();
  // Whether the message is one that was prepared before.
  bool TakeRepeated();
  // Charges the call for its message, its reply, and what it takes to compute one from the other.
  absl::Status HoldWith(int64_t reply_bytes);
  // Takes the next piece of what comes before Compute.
  absl::Status PrepareNext();
  // Whether the next pieces take long enough to hold up other calls.
  bool PreparesLong() const;
  // Waits for turns in the engine from now on, if the call will need them.
  absl::Status Queue();
  // Takes pieces on the engine's threads until there are no more, and goes on with `then`.
  void TakeInTurn(absl::Status (Batch::*take_next)(), bool (Batch::*is_done)() const,
                  const std::function<void()>& then);
  bool IsPrepared() const { return is_prepared_; }
  absl::Status Decode();
  absl::Status ReadNext();
  absl::Status BindNext();
  absl::Status LayOut();
  absl::Status Admit();
  absl::Status Allocate();
  void Compute(bool has_waited);
  // Copies results to regions, at once or in turn, and goes on.
  void Write();
  absl::Status WriteNext();
  bool IsWritten() const { return writes_.left() == 0; }
  absl::Status Encode();
  void End(const absl::Status& status);

  const CallEnvironment& environment_;
  const EvaluationProtocol& protocol_;
  CallLedger& ledger_;
  const Answer answer_;
  grpc::ByteBuffer message_;
  bool is_decoded_ = false;
  bool is_prepared_ = false;
  absl::Status in_turn_;                       // of the pieces taken on the engine's threads
  std::unique_ptr<PreparedRequest> prepared_;  // null before and after
  RegionCopies writes_;
  grpc::ByteBuffer reply_bytes_;
  BatchTimes times_;
  absl::Time computed_;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_BATCH_H_
