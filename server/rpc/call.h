// A call, as gRPC's completion queues deliver it: it arrives with its headers alone, and its
// messages are read and written as bytes. A unary call is one that reads once, and finishes with
// its reply; so that whoever handles it decides whether its message is let in.
#ifndef RECTIFIER_SERVER_RPC_CALL_H_
#define RECTIFIER_SERVER_RPC_CALL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>

#include "absl/functional/function_ref.h"
#include "grpcpp/generic/async_generic_service.h"
#include "grpcpp/support/async_stream.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/rpc/call_queue.h"
#include "server/rpc/call_watch.h"
#include "server/rpc/tag.h"

namespace rectifier {

// How a read has ended. Where there is none because the caller has gone, OnCancel says so, but
// maybe later.
enum class ReadEnd { kMessage, kNone, kTooLate };

// Whoever handles a call is told here how it goes on: on the thread of the call's queue, and of
// what has come too late on the watch's.
class CallHandler {
 public:
  virtual void OnReadDone(ReadEnd end) = 0;
  // A write has ended. If it is not ok, the call is broken.
  virtual void OnWriteDone(bool /*ok*/) {}
  // The caller has gone, the deadline has passed, or the caller has not taken in time what was
  // written. This is called once at most, and not after OnDone.
  virtual void OnCancel() = 0;
  // The call is finished and nothing of it is under way. This is the last that is heard of it.
  virtual void OnDone() = 0;

 protected:
  ~CallHandler() = default;
};

// Waits for a call of its method; deletes itself when that call is over, or when the server shuts
// down before there is one. The one that waits for the next call is made as soon as this one
// arrives, or, where memory is short, when it is over: so there is always one. At most one read and
// one write are under way at a time. Thread-safe otherwise.
class Call final : private WatchedCall {
 public:
  using Stream = grpc::ServerAsyncReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>;

  struct Method {
    // Asks gRPC for a call: a generated Request... of a raw method, or a generic service's.
    std::function<void(grpc::GenericServerContext*, Stream*, grpc::CompletionQueue*,
                       grpc::ServerCompletionQueue*, void* tag)>
        request;
    // Takes a call that has arrived to its Finish. What throws has not finished the call.
    std::function<void(Call*)> handle;
  };

  // Waits for a call, and for the next one as soon as one arrives, until the server shuts down.
  // `method` and `queue` outlive the calls.
  static void Await(const Method& method, CallQueue* queue) { new Call(method, queue); }

  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::GenericServerContext* context() { return &context_; }
  void set_handler(CallHandler* handler) { handler_ = handler; }

  // Reads a message, which may take as long as `patience` says. `message` lives until OnReadDone,
  // or, where that says kTooLate, as long as the handler.
  void Read(grpc::ByteBuffer* message, Patience patience);
  // Waits for something that is not gRPC's, and for no longer than for a message: where it takes
  // more, OnReadDone says kTooLate. EndWait is called exactly once, and goes on where it did not.
  void BeginWait();
  void EndWait(absl::FunctionRef<void()> go_on);
  void Write(const grpc::ByteBuffer& message);
  // Ends the call, and is called exactly once. A read may be under way, whose end is not told any
  // more. The call may be gone when it returns.
  void Finish(const grpc::Status& status);
  // The same, after a last message where `status` is OK.
  void Finish(const grpc::ByteBuffer& message, const grpc::Status& status);

 private:
  Call(const Method& method, CallQueue* queue);
  ~Call();

  void EndReadLate() override;
  void EndWriteLate() override;

  // What every Finish begins with.
  void BeginFinish(bool is_ok);

  void OnArrived(bool ok);
  void Arrive();
  void OnRead(bool ok);
  void OnWritten(bool ok);
  void OnFinished(bool ok);
  void OnNotified(bool ok);

  // Every operation that is begun must end. Finishing and being told that the call is over count
  // from the beginning.
  void BeginOperation() { pending_.fetch_add(1, std::memory_order_relaxed); }
  void EndOperation();

  const Method& method_;
  CallQueue* const queue_;
  grpc::GenericServerContext context_;
  Stream stream_{&context_};
  CallHandler* handler_ = nullptr;
  bool has_arrived_ = false;
  bool has_next_ = false;
  std::optional<uint64_t> connection_;  // among whose open calls it is, until gRPC says it is over
  std::atomic<int> pending_ = 2;  // the end of finishing, and gRPC's word that the call is over
  MemberTag<Call, &Call::OnArrived> arrived_{this};
  MemberTag<Call, &Call::OnRead> read_{this};
  MemberTag<Call, &Call::OnWritten> written_{this};
  MemberTag<Call, &Call::OnFinished> finished_{this};
  MemberTag<Call, &Call::OnNotified> notified_{this};
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_RPC_CALL_H_
