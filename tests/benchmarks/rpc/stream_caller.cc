#include "tests/benchmarks/rpc/stream_caller.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "grpcpp/client_context.h"
#include "rectifier/v1/activation.pb.h"
#include "tests/benchmarks/rpc/connect.h"

namespace rectifier {
namespace {

constexpr char kMethod[] = "/rectifier.v1.ActivationService/EvaluateStream";

// A multiple of Workload::kPeriod, so that every chunk has the same bytes.
constexpr size_t kChunkBytes = size_t{1} << 20;  // as the C++ client cuts them

grpc::ByteBuffer ToBuffer(const v1::EvaluateStreamRequest& message) {
  const grpc::Slice slice(message.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

grpc::ByteBuffer Header(const Workload& workload) {
  v1::EvaluateStreamRequest message;
  v1::StreamHeader& header = *message.mutable_header();
  header.mutable_activation()->set_name(workload.activation());
  header.add_quantities(v1::QUANTITY_VALUE);
  header.add_quantities(v1::QUANTITY_GRADIENT);
  header.set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  header.add_shape(static_cast<int64_t>(workload.elements()));
  return ToBuffer(message);
}

grpc::ByteBuffer Chunk(const Workload& workload, size_t bytes) {
  std::string x(bytes, '\0');
  workload.FillInput(absl::MakeSpan(reinterpret_cast<std::byte*>(x.data()), x.size()));
  v1::EvaluateStreamRequest message;
  message.mutable_chunk()->set_input(std::move(x));
  return ToBuffer(message);
}

StreamMessages MessagesOf(const Workload& workload) {
  const size_t bytes = workload.of().tensor_bytes;
  const size_t chunks = (bytes - 1) / kChunkBytes;  // before the last one
  return {.header = Header(workload),
          .chunk = Chunk(workload, std::min(bytes, kChunkBytes)),
          .chunks = chunks,
          .last = Chunk(workload, bytes - chunks * kChunkBytes)};
}

// Whether replies are right, one after the other.
class ReplyCheck {
 public:
  explicit ReplyCheck(const Workload& workload) : workload_(workload) {}

  void Look(const grpc::ByteBuffer& reply) {
    grpc::Slice slice;
    v1::EvaluateStreamResponse response;
    if (!reply.DumpToSingleSlice(&slice).ok() ||
        !response.ParseFromArray(slice.begin(), static_cast<int>(slice.size())) ||
        response.gradients_size() != 1 || response.gradients(0).size() != response.value().size()) {
      return status_.Update(absl::InternalError("a reply that makes no sense"));
    }
    status_.Update(workload_.CheckResult(Workload::Result::kValue, response.value(), bytes_));
    status_.Update(
        workload_.CheckResult(Workload::Result::kGradient, response.gradients(0), bytes_));
    bytes_ += response.value().size();
  }

  absl::Status Finish() {
    if (bytes_ != workload_.of().tensor_bytes) {
      status_.Update(absl::InternalError(absl::StrFormat("values of %d bytes", bytes_)));
    }
    return status_;
  }

 private:
  const Workload& workload_;
  size_t bytes_ = 0;  // of the value so far
  absl::Status status_;
};

}  // namespace

// Sends as fast as the server takes it, and reads at the same time.
class StreamCaller::Slot final : public CallSlot {
 public:
  Slot(grpc::GenericStub* stub, const StreamMessages& messages, grpc::CompletionQueue* queue)
      : stub_(stub), messages_(messages), queue_(queue) {}

  // Has `look` see every reply; where it is null, nobody does.
  void LookWith(std::function<void(const grpc::ByteBuffer&)> look) { look_ = std::move(look); }

  void OnDone(int operation, bool ok) override {
    --under_way_;
    if (operation == kWrite && ok) WriteNext();
    if (operation == kRead && ok) {
      if (look_) look_(reply_);
      Read();
    }
    if (operation == kRead && !ok) {  // there are no more replies
      ++under_way_;
      call_->Finish(&status_, &finish_);
    }
  }

  bool HasEnded() const override { return under_way_ == 0; }
  absl::Status status() const override { return ToAbsl(status_); }

  void Release() override {
    reply_.Clear();
    call_.reset();
    context_.reset();
  }

 private:
  enum { kWrite, kRead, kFinish };

  // The header travels with the metadata, and the end of the stream with the last chunk.
  void Start() override {
    context_.emplace();
    context_->set_wait_for_ready(true);
    context_->set_initial_metadata_corked(true);
    call_ = stub_->PrepareCall(&*context_, kMethod, queue_);
    call_->StartCall(nullptr);
    chunks_left_ = messages_.chunks;
    has_written_last_ = false;
    ++under_way_;
    call_->Write(messages_.header, &write_);
    Read();
  }

  void WriteNext() {
    if (has_written_last_) return;
    ++under_way_;
    if (chunks_left_ > 0) {
      --chunks_left_;
      return call_->Write(messages_.chunk, &write_);
    }
    has_written_last_ = true;
    call_->WriteLast(messages_.last, grpc::WriteOptions(), &write_);
  }

  void Read() {
    ++under_way_;
    call_->Read(&reply_, &read_);
  }

  grpc::GenericStub* const stub_;
  const StreamMessages& messages_;
  grpc::CompletionQueue* const queue_;
  std::function<void(const grpc::ByteBuffer&)> look_;
  Operation write_ = {this, kWrite};
  Operation read_ = {this, kRead};
  Operation finish_ = {this, kFinish};
  std::optional<grpc::ClientContext> context_;
  std::unique_ptr<grpc::GenericClientAsyncReaderWriter> call_;
  int under_way_ = 0;  // operations
  size_t chunks_left_ = 0;
  bool has_written_last_ = false;
  grpc::ByteBuffer reply_;
  grpc::Status status_;
};

StreamCaller::StreamCaller(const std::string& target, const Workload& workload)
    : workload_(workload),
      messages_(MessagesOf(workload)),
      channel_(rectifier::Connect({.target = target})),
      stub_(channel_) {
  for (int i = 0; i < workload.of().inflight; ++i) {
    slots_.push_back(std::make_unique<Slot>(&stub_, messages_, &queue_));
  }
}

StreamCaller::~StreamCaller() { Drain(queue_); }

void StreamCaller::Connect() {
  channel_->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(10));
}

absl::Status StreamCaller::Check() {
  auto& slot = static_cast<Slot&>(*slots_.front());
  ReplyCheck check(workload_);
  slot.LookWith([&check](const grpc::ByteBuffer& reply) { check.Look(reply); });
  absl::Status status = RunOne(slot, queue_);
  slot.LookWith(nullptr);
  slot.Release();
  return status.ok() ? check.Finish() : status;
}

absl::StatusOr<Calls> StreamCaller::Run(const Until& until) {
  return RunCalls(slots_, queue_, until);
}

}  // namespace rectifier
