#include "client/cpp/client/evaluation_stream.h"

#include <utility>

#include "client/cpp/client/messages.h"
#include "client/cpp/client/server_connection.h"

namespace rectifier::client {

EvaluationStream::EvaluationStream(v1::ActivationService::Stub& stub,
                                   const StreamedEvaluation& evaluation,
                                   std::unique_ptr<CallScope> call)
    : call_(std::move(call)) {
  stream_ = stub.EvaluateStream(&call_->context());
  stream_->Write(ToRequest(evaluation));  // where it fails, so do the next ones
}

EvaluationStream::~EvaluationStream() {
  if (is_finished_) return;
  Cancel();
  while (Read().has_value()) {
  }
  static_cast<void>(Finish());
}

bool EvaluationStream::Write(const StreamedChunk& chunk) {
  v1::EvaluateStreamRequest request;
  v1::StreamChunk& message = *request.mutable_chunk();
  message.set_input(chunk.input.data(), chunk.input.size());
  message.set_second_input(chunk.second_input.data(), chunk.second_input.size());
  message.set_upstream(chunk.upstream.data(), chunk.upstream.size());
  return stream_->Write(request);
}

void EvaluationStream::WritesDone() { stream_->WritesDone(); }

std::optional<StreamedResult> EvaluationStream::Read() {
  v1::EvaluateStreamResponse response;
  if (!stream_->Read(&response)) return std::nullopt;
  absl::StatusOr<StreamedResult> result = FromResponse(std::move(response));
  if (result.ok()) return *std::move(result);
  defect_ = result.status();
  Cancel();
  return std::nullopt;
}

absl::Status EvaluationStream::Finish() {
  is_finished_ = true;
  const grpc::Status status = stream_->Finish();
  if (!defect_.ok()) return defect_;
  return call_->ToStatus(status);
}

void EvaluationStream::Cancel() { call_->context().TryCancel(); }

}  // namespace rectifier::client
