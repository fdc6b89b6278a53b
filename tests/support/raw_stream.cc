#include "tests/support/raw_stream.h"

#include <chrono>

#include "tests/support/raw_call.h"

namespace rectifier::testing {

RawStream::RawStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& method)
    : stub_(channel) {
  context_.set_deadline(std::chrono::system_clock::now() + std::chrono::minutes(1));
  stream_ = stub_.PrepareCall(&context_, method, &queue_);
  stream_->StartCall(nullptr);
  Await();
}

RawStream::~RawStream() {
  if (is_finished_) return;
  context_.TryCancel();
  Finish();
}

void RawStream::Write(const std::string& message) {
  stream_->Write(ToByteBuffer(message), nullptr);
  Await();
}

void RawStream::WriteLast(const std::string& message) {
  stream_->WriteLast(ToByteBuffer(message), grpc::WriteOptions(), nullptr);
  Await();
}

std::optional<std::string> RawStream::Read() {
  grpc::ByteBuffer message;
  stream_->Read(&message, nullptr);
  if (!Await()) return std::nullopt;
  return ToString(message);
}

grpc::Status RawStream::Finish() {
  grpc::Status status;
  stream_->Finish(&status, nullptr);
  Await();
  is_finished_ = true;
  return status;
}

bool RawStream::Await() {
  void* tag;
  bool ok = false;
  queue_.Next(&tag, &ok);
  return ok;
}

}  // namespace rectifier::testing
