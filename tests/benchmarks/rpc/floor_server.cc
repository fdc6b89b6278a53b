// The floor takes Evaluate's bytes and sends as many as they ask for. No message is parsed, no
// memory is fresh, and no thread is woken that need not be, so that what is left is what gRPC
// itself takes.
#include <malloc.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <thread>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/synchronization/mutex.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/server_context.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "tests/benchmarks/rpc/reply_pool.h"
#include "tests/benchmarks/rpc/serve.h"

ABSL_FLAG(int, threads, 1, "each with a completion queue of its own");

namespace rectifier {
namespace {

using Service = v1::ActivationService::WithRawMethod_Evaluate<v1::ActivationService::Service>;

constexpr int kWaitingPerQueue = 64;

// The first bytes of a request (Workload::FloorRequest).
size_t ReplyBytes(const grpc::ByteBuffer& request) {
  std::vector<grpc::Slice> slices;
  uint64_t bytes = 0;
  if (!request.Dump(&slices).ok() || slices.empty() || slices[0].size() < sizeof(bytes)) return 0;
  std::memcpy(&bytes, slices[0].begin(), sizeof(bytes));
  return bytes;
}

// One call, which deletes itself.
class Call {
 public:
  Call(Service* service, grpc::ServerCompletionQueue* queue, ReplyPool* pool)
      : service_(service), queue_(queue), pool_(pool), responder_(&context_) {
    service_->RequestEvaluate(&context_, &request_, &responder_, queue_, queue_, this);
  }

  void Proceed(bool ok) {
    if (answered_ || !ok) {
      delete this;
      return;
    }
    answered_ = true;
    new Call(service_, queue_, pool_);
    const grpc::Slice slice = pool_->Take(ReplyBytes(request_));
    request_.Clear();
    responder_.Finish(grpc::ByteBuffer(&slice, 1), grpc::Status::OK, this);
  }

 private:
  Service* const service_;
  grpc::ServerCompletionQueue* const queue_;
  ReplyPool* const pool_;
  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
  grpc::ServerAsyncResponseWriter<grpc::ByteBuffer> responder_;
  bool answered_ = false;
};

void Serve(Service* service, grpc::ServerCompletionQueue* queue, ReplyPool* pool) {
  for (int i = 0; i < kWaitingPerQueue; ++i) new Call(service, queue, pool);
  void* tag;
  bool ok;
  while (queue->Next(&tag, &ok)) static_cast<Call*>(tag)->Proceed(ok);
}

void RunServer() {
  Service service;
  ReplyPool pool;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  std::vector<std::unique_ptr<grpc::ServerCompletionQueue>> queues;
  for (int i = 0; i < absl::GetFlag(FLAGS_threads); ++i) {
    queues.push_back(builder.AddCompletionQueue());
  }
  const std::unique_ptr<grpc::Server> server = StartServing(builder);
  std::vector<std::thread> threads;
  for (const auto& queue : queues) threads.emplace_back(Serve, &service, queue.get(), &pool);
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) {
  // Debian's Abseil checks the order of locks, gRPC's included, with every one that is taken.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  // What requests were read into is kept and used again.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_ARENA_MAX, 2);
  absl::ParseCommandLine(argc, argv);
  rectifier::RunServer();
  return 0;
}
