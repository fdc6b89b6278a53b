#include "server/evaluate/admission.h"

#include <algorithm>

namespace rectifier {
namespace {

// One in so many is kept for small calls, which are again as small a part of that.
constexpr int64_t kReserve = 8;

struct Refusals {
  Refusal of_all;
  Refusal of_connection;
};

Refusals RefusalsFor(int64_t Admission::Budget::*what) {
  if (what == &Admission::Budget::bytes) {
    return {Refusal::kTooManyBytes, Refusal::kTooManyBytesOfConnection};
  }
  if (what == &Admission::Budget::calls) {
    return {Refusal::kTooManyCalls, Refusal::kTooManyCallsOfConnection};
  }
  return {Refusal::kTooManyStreams, Refusal::kTooManyStreamsOfConnection};
}

}  // namespace

std::optional<Refusal> Admission::Check(const Share& share, int64_t Budget::*what, int64_t has,
                                        int64_t more) const {
  const Refusals refusals = RefusalsFor(what);
  const int64_t left = total_.*what - held_.*what - more;
  if (left < 0) return refusals.of_all;
  const int64_t own = share.held.*what + more;
  if (own > per_connection_.*what) return refusals.of_connection;
  const int64_t reserve = total_.*what / kReserve;
  if (own <= left - reserve) return std::nullopt;
  const bool is_first = share.held.*what == has;
  const bool is_small = own <= std::max<int64_t>(reserve / kReserve, 1);
  const bool are_others_small = held_.*what - has <= reserve;
  if (is_first && (is_small || are_others_small)) return std::nullopt;
  return refusals.of_connection;
}

void Admission::Hold(Share& share, int64_t Budget::*what, int64_t more) {
  held_.*what += more;
  share.held.*what += more;
}

std::variant<Admission::Ticket, Refusal> Admission::Acquire(uint64_t connection, Kind kind) {
  const absl::MutexLock lock(&mutex_);
  if (closed_) return Refusal::kDraining;
  const auto known = shares_.find(connection);
  const Share none;
  const Share& before = known == shares_.end() ? none : known->second;
  std::optional<Refusal> refusal = Check(before, &Budget::calls, 0, 1);
  if (!refusal && kind == Kind::kStream) refusal = Check(before, &Budget::streams, 0, 1);
  if (refusal) return *refusal;
  Share& share = shares_[connection];
  share.connection = connection;
  Hold(share, &Budget::calls, 1);
  if (kind == Kind::kStream) Hold(share, &Budget::streams, 1);
  return Ticket(this, &share, kind);
}

std::optional<Refusal> Admission::TryResize(Ticket& ticket, int64_t bytes) {
  const int64_t more = bytes - ticket.bytes_;
  if (more > 0) {
    if (const auto refusal = Check(*ticket.share_, &Budget::bytes, ticket.bytes_, more))
      return refusal;
  }
  Hold(*ticket.share_, &Budget::bytes, more);
  ticket.bytes_ = bytes;
  peak_bytes_ = std::max(peak_bytes_, held_.bytes);
  return std::nullopt;
}

std::optional<Refusal> Admission::Ticket::Resize(int64_t bytes) {
  std::list<Waiter> served;
  {
    const absl::MutexLock lock(&admission_->mutex_);
    const bool gives_back = bytes < bytes_;
    if (const auto refusal = admission_->TryResize(*this, bytes)) return refusal;
    if (gives_back) served = admission_->TakeServed();
  }
  for (const Waiter& waiter : served) waiter.then();
  return std::nullopt;
}

std::optional<Refusal> Admission::Ticket::ResizeLater(int64_t bytes, std::function<void()> then) {
  {
    const absl::MutexLock lock(&admission_->mutex_);
    if (bytes > admission_->total_.bytes) return Refusal::kTooManyBytes;
    if (bytes > admission_->per_connection_.bytes) return Refusal::kTooManyBytesOfConnection;
    if (admission_->TryResize(*this, bytes)) {
      admission_->waiters_.push_back({this, bytes, std::move(then)});
      return std::nullopt;
    }
  }
  then();
  return std::nullopt;
}

bool Admission::Ticket::StopWaiting() {
  if (admission_ == nullptr) return false;
  const absl::MutexLock lock(&admission_->mutex_);
  return admission_->waiters_.remove_if(
             [this](const Waiter& waiter) { return waiter.ticket == this; }) > 0;
}

// Those who wait for the budget of all keep their turn; whom only a connection's own calls hold up
// lets others pass.
std::list<Admission::Waiter> Admission::TakeServed() {
  std::list<Waiter> served;
  for (auto waiter = waiters_.begin(); waiter != waiters_.end();) {
    const auto next = std::next(waiter);
    const auto refusal = TryResize(*waiter->ticket, waiter->bytes);
    if (refusal == Refusal::kTooManyBytes) break;
    if (!refusal) served.splice(served.end(), waiters_, waiter);
    waiter = next;
  }
  return served;
}

void Admission::Release(Ticket& ticket) {
  std::list<Waiter> served;
  {
    const absl::MutexLock lock(&mutex_);
    Share& share = *ticket.share_;
    Hold(share, &Budget::bytes, -ticket.bytes_);
    Hold(share, &Budget::calls, -1);
    if (ticket.kind_ == Kind::kStream) Hold(share, &Budget::streams, -1);
    if (share.held.calls == 0) shares_.erase(uint64_t{share.connection});
    served = TakeServed();
  }
  for (const Waiter& waiter : served) waiter.then();
}

void Admission::Close() {
  const absl::MutexLock lock(&mutex_);
  closed_ = true;
}

bool Admission::is_closed() const {
  const absl::MutexLock lock(&mutex_);
  return closed_;
}

int64_t Admission::WaitUntilIdle(absl::Duration timeout) {
  const absl::MutexLock lock(&mutex_);
  const auto is_idle = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return held_.calls == 0; };
  mutex_.AwaitWithTimeout(absl::Condition(&is_idle), timeout);
  return held_.calls;
}

Admission::Budget Admission::held() const {
  const absl::MutexLock lock(&mutex_);
  return held_;
}

int64_t Admission::TakePeakBytes() {
  const absl::MutexLock lock(&mutex_);
  return std::exchange(peak_bytes_, held_.bytes);
}

}  // namespace rectifier
