#include "server/health.h"

#include "server/rpc/message_bytes.h"
#include "server/rpc/read_error.h"
#include "server/status.h"

namespace rectifier {
namespace {

const grpc::Status kNoRequest(grpc::StatusCode::INVALID_ARGUMENT,
                              "the message is no HealthCheckRequest");

}  // namespace

// One Watch; deletes itself when it is over. Everything here is guarded by the mutex of `health`.
class Health::Watcher final : public CallHandler {
 public:
  Watcher(Health* health, Call* call) : health_(health), call_(call) {
    call->set_handler(this);
    call->Read(&request_, Patience::kMessage);
  }

  void OnReadDone(ReadEnd end) override {
    const absl::MutexLock lock(&health_->mutex_);
    if (is_over_) return;
    grpc::health::v1::HealthCheckRequest request;
    if (end != ReadEnd::kMessage) return End(ToGrpcStatus(ReadError(end)));
    if (!Parse(request_, &request)) return End(kNoRequest);
    service_ = request.service();
    health_->watchers_.insert(this);
    Tell();
  }

  void OnWriteDone(bool ok) override {
    const absl::MutexLock lock(&health_->mutex_);
    is_writing_ = false;
    if (is_over_) return call_->Finish(end_);
    if (ok) Tell();
  }

  void OnCancel() override {
    const absl::MutexLock lock(&health_->mutex_);
    End(grpc::Status::CANCELLED);
  }

  void OnDone() override { delete this; }

  // Writes the state where it is not what was written last.
  void Tell() {
    const Status::ServingStatus now = health_->StatusOf(service_);
    if (is_over_ || is_writing_ || now == told_) return;
    told_ = now;
    is_writing_ = true;
    Status status;
    status.set_status(now);
    call_->Write(ToBytes(status));
  }

 private:
  void End(const grpc::Status& status) {
    if (is_over_) return;
    is_over_ = true;
    end_ = status;
    health_->watchers_.erase(this);
    if (!is_writing_) call_->Finish(status);  // else when it is written
  }

  Health* const health_;
  Call* const call_;
  grpc::ByteBuffer request_;
  std::string service_;
  Status::ServingStatus told_ = Status::UNKNOWN;
  bool is_writing_ = false;
  bool is_over_ = false;
  grpc::Status end_;
};

void Health::SetReady(bool ready) {
  const absl::MutexLock lock(&mutex_);
  ready_ = ready;
  for (Watcher* const watcher : watchers_) watcher->Tell();
}

void Health::SetReachable(bool reachable) {
  const absl::MutexLock lock(&mutex_);
  reachable_ = reachable;
  for (Watcher* const watcher : watchers_) watcher->Tell();
}

bool Health::IsReachable() const {
  const absl::MutexLock lock(&mutex_);
  return reachable_;
}

grpc::Status Health::Check(const grpc::ByteBuffer& bytes, grpc::ByteBuffer* reply) const {
  grpc::health::v1::HealthCheckRequest request;
  if (!Parse(bytes, &request)) return kNoRequest;
  Status status;
  {
    const absl::MutexLock lock(&mutex_);
    status.set_status(StatusOf(request.service()));
  }
  if (status.status() == Status::SERVICE_UNKNOWN) {
    return grpc::Status(grpc::StatusCode::NOT_FOUND, "there is no such service");
  }
  *reply = ToBytes(status);
  return grpc::Status::OK;
}

void Health::Watch(Call* call) { new Watcher(this, call); }

bool Health::IsReady() const {
  const absl::MutexLock lock(&mutex_);
  return StatusOf(service_) == Status::SERVING;
}

Health::Status::ServingStatus Health::StatusOf(const std::string& service) const {
  if (service.empty()) return Status::SERVING;
  if (service != service_) return Status::SERVICE_UNKNOWN;
  return ready_ && reachable_ ? Status::SERVING : Status::NOT_SERVING;
}

}  // namespace rectifier
