#include "server/evaluate/batch.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "core/evaluation.h"
#include "server/evaluate/destinations.h"
#include "server/evaluate/repeated_requests.h"
#include "server/evaluate/request_cost.h"
#include "server/status.h"

namespace rectifier {
namespace {

// What the thread that serves everyone binds: 0.2 ms at most.
constexpr int64_t kMostBindWork = int64_t{1} << 17;

// What is decoded in some microseconds, and may be about any number of bytes in shared memory.
constexpr size_t kShortMessageBytes = size_t{4} << 10;

}  // namespace

Batch::Batch(CallLedger& ledger, const EvaluationProtocol& protocol, Answer answer)
    : environment_(ledger.environment()),
      protocol_(protocol),
      ledger_(ledger),
      answer_(std::move(answer)) {}

void Batch::Run() {
  const absl::Status status = Guard([this] {
    if (absl::Status received = Receive(); !received.ok()) return received;
    is_decoded_ = TakeRepeated();
    if (absl::Status queued = Queue(); !queued.ok()) return queued;
    while (!is_prepared_ && !PreparesLong()) {
      if (absl::Status prepared = PrepareNext(); !prepared.ok()) return prepared;
    }
    if (absl::Status queued = Queue(); !queued.ok()) return queued;
    // From here on the call may be gone.
    if (is_prepared_) {
      Compute(/*has_waited=*/false);
    } else {
      TakeInTurn(&Batch::PrepareNext, &Batch::IsPrepared, [this] { Compute(/*has_waited=*/true); });
    }
    return absl::OkStatus();
  });
  if (!status.ok()) End(status);
}

// This comes before the call waits for anything else.
absl::Status Batch::Receive() {
  ledger_.CountReceived(message_.Length());
  // As a rule the reply is no larger than the request, and neither is what decoding copies.
  return HoldWith(static_cast<int64_t>(message_.Length()));
}

// The largest request that is allowed, and its reply, always fit into the budget, whatever else the
// call takes: or it would be turned away for ever.
absl::Status Batch::HoldWith(int64_t reply_bytes) {
  const int64_t prepared_bytes = prepared_ == nullptr ? 0 : prepared_->bytes;
  const int64_t bytes = static_cast<int64_t>(message_.Length()) + reply_bytes + prepared_bytes;
  return ledger_.Hold(std::min(bytes, 2 * environment_.limits.max_message_bytes));
}

// Where it is not, a short one is decoded from memory of its own, so that it can be kept.
bool Batch::TakeRepeated() {
  const absl::Time start = absl::Now();
  const bool is_short = message_.Length() <= RepeatedRequests::kMostMessageBytes;
  const grpc::Slice bytes = is_short ? InOnePiece(message_) : grpc::Slice();
  if (is_short) {
    prepared_ = environment_.repeated.Take(ledger_.caller(), protocol_, BytesOf(bytes));
  }
  if (prepared_ == nullptr) {
    prepared_ = std::make_unique<PreparedRequest>();
    if (is_short) prepared_->message.emplace(BytesOf(bytes));
    return false;
  }
  times_.decode = absl::Now() - start;
  environment_.metrics.Observe(Phase::kDecode, times_.decode);
  return true;
}

bool Batch::PreparesLong() const {
  if (!is_decoded_) return message_.Length() > kLongMessageBytes;
  return prepared_->request.reads.left() > kLongMessageBytes ||
         BindWork(prepared_->request) > kMostBindWork;
}

// Once it is bound, it is known whether it takes turns. Before that the connection's other calls
// tell: what is turned away then costs no more than its reading. A short message tells too little
// of its call for that.
absl::Status Batch::Queue() {
  const size_t bytes = message_.Length();
  const bool takes_turns =
      is_prepared_ ? !environment_.engine.RunsAtOnce(prepared_->jobs)
                   : PreparesLong() || (bytes > kShortMessageBytes && ledger_.IsLong(bytes));
  return takes_turns ? ledger_.EnterEngine(bytes + prepared_->request.region_bytes)
                     : absl::OkStatus();
}

void Batch::TakeInTurn(absl::Status (Batch::*take_next)(), bool (Batch::*is_done)() const,
                       const std::function<void()>& then) {
  const auto next = [this, take_next, is_done] {
    in_turn_ = Guard([&] { return (this->*take_next)(); });
    return in_turn_.ok() && !(this->*is_done)();
  };
  const auto done = [this, then](const absl::Status& stopped, const Engine::Times& times) {
    ledger_.AddServed(times.served);
    const absl::Status status = Guard([&] {
      if (!stopped.ok()) return stopped;
      if (!in_turn_.ok()) return in_turn_;
      then();  // after which the call may be gone
      return absl::OkStatus();
    });
    if (!status.ok()) End(status);
  };
  environment_.engine.SubmitPieces(ledger_.caller(), next, ledger_.Stop(), done);
}

// Cheap checks come first: a bad request costs no budget, and no memory for results.
absl::Status Batch::PrepareNext() {
  absl::Status status;
  if (!is_decoded_) {
    status = Decode();
    is_decoded_ = true;
  } else if (prepared_->request.reads.left() > 0) {
    status = ReadNext();
  } else if (prepared_->jobs.size() < prepared_->request.evaluations.size()) {
    status = BindNext();
  } else {
    if (!prepared_->is_laid_out) status = LayOut();
    if (status.ok()) status = Admit();
    if (status.ok()) status = Allocate();
    is_prepared_ = true;
  }
  return status.ok() ? ledger_.Stop().Check() : status;
}

absl::Status Batch::Decode() {
  const absl::Time start = absl::Now();
  const auto& own = prepared_->message;
  absl::StatusOr<DecodedRequest> request =
      protocol_.Decode(own ? own->bytes() : message_, environment_, ledger_.identity());
  times_.decode = absl::Now() - start;
  environment_.metrics.Observe(Phase::kDecode, times_.decode);
  if (!request.ok()) return request.status();
  prepared_->request = *std::move(request);
  prepared_->bytes =
      PreparedBytes(prepared_->request) + static_cast<int64_t>(prepared_->request.reads.bytes());
  if (own) prepared_->message->LetPayloadsDiffer(prepared_->request);
  ledger_.AddWork(prepared_->request.region_bytes);
  if (absl::Status held = HoldWith(static_cast<int64_t>(message_.Length())); !held.ok()) {
    return held;
  }
  prepared_->jobs.reserve(prepared_->request.evaluations.size());
  environment_.metrics.CountPayload(Direction::kReceived, Transport::kBuffer,
                                    prepared_->request.region_bytes);
  return absl::OkStatus();
}

absl::Status Batch::ReadNext() {
  const absl::Time start = absl::Now();
  const absl::Status status = prepared_->request.reads.CopyNext();
  times_.decode += absl::Now() - start;
  return status;
}

absl::Status Batch::BindNext() {
  const DecodedRequest& request = prepared_->request;
  const size_t index = prepared_->jobs.size();
  absl::StatusOr<Evaluation> evaluation = Bind(environment_.catalogue, request.evaluations[index]);
  if (!evaluation.ok()) return protocol_.NameField(request, index, evaluation.status());
  if (absl::Status selected = protocol_.Select(request, index, &*evaluation); !selected.ok()) {
    return selected;
  }
  prepared_->jobs.push_back({.evaluation = *std::move(evaluation), .outputs = {}});
  return absl::OkStatus();
}

absl::Status Batch::LayOut() {
  const DecodedRequest& request = prepared_->request;
  absl::StatusOr<OutputDestinations> destinations = MatchDestinations(prepared_->jobs, request);
  if (!destinations.ok()) return destinations.status();
  prepared_->destinations = *std::move(destinations);
  prepared_->reply = Reply(protocol_.LayOut(request, prepared_->jobs, prepared_->destinations));
  prepared_->is_laid_out = true;
  return absl::OkStatus();
}

absl::Status Batch::Admit() {
  const int64_t reply_bytes = static_cast<int64_t>(prepared_->reply.memory_bytes());
  if (reply_bytes > environment_.limits.max_message_bytes) {
    return ErrorWithReason(
        absl::StatusCode::kInvalidArgument, "REPLY_TOO_LARGE",
        absl::StrFormat("the reply would have %d bytes; this server's limit for a message is %d",
                        reply_bytes, environment_.limits.max_message_bytes));
  }
  return HoldWith(reply_bytes);
}

absl::Status Batch::Allocate() {
  std::vector<Job>& jobs = prepared_->jobs;
  if (absl::Status status = prepared_->reply.Allocate(absl::MakeSpan(jobs), environment_.replies);
      !status.ok()) {
    return status;
  }
  for (size_t i = 0; i < jobs.size(); ++i) {
    // What goes into a socket next had better stay in the cache.
    const std::vector<const Destination*>& places = prepared_->destinations[i];
    const bool is_sent = std::find(places.begin(), places.end(), nullptr) != places.end();
    jobs[i].bypass_cache = !is_sent && PaysToBypassCache(jobs[i]);
  }
  return absl::OkStatus();
}

// What has had turns already goes on, so that few calls are prepared at a time: that takes memory.
void Batch::Compute(bool has_waited) {
  const absl::Time start = absl::Now();
  const auto done = [this, start](const absl::Status& status, const Engine::Times& times) {
    ledger_.AddServed(times.served);
    times_.queue = times.queued;
    times_.compute = absl::Now() - start - times.queued;
    environment_.metrics.Observe(Phase::kQueue, times_.queue);
    environment_.metrics.Observe(Phase::kCompute, times_.compute);
    if (!status.ok()) return End(status);
    environment_.metrics.CountJobs(prepared_->jobs, times_.compute);
    computed_ = start + times_.queue + times_.compute;
    Write();
  };
  environment_.engine.Submit(ledger_.caller(), prepared_->jobs, ledger_.Stop(), done, has_waited);
}

void Batch::Write() {
  const auto end = [this] { End(Guard([this] { return Encode(); })); };
  absl::Status status = Guard([this] {
    writes_ = prepared_->reply.Writes();
    return absl::OkStatus();
  });
  if (writes_.left() > kLongMessageBytes) {
    return TakeInTurn(&Batch::WriteNext, &Batch::IsWritten, end);
  }
  while (status.ok() && !IsWritten()) status = WriteNext();
  status.ok() ? end() : End(status);
}

absl::Status Batch::WriteNext() {
  const absl::Status status = writes_.CopyNext();
  return status.ok() ? ledger_.Stop().Check() : status;
}

absl::Status Batch::Encode() {
  reply_bytes_ = prepared_->reply.Take();
  times_.encode = absl::Now() - computed_;
  environment_.metrics.Observe(Phase::kEncode, times_.encode);
  protocol_.Count(prepared_->request, times_, /*has_succeeded=*/true);
  ledger_.CountSent(reply_bytes_.Length());
  size_t region_bytes = writes_.bytes();
  for (const auto& destinations : prepared_->request.destinations) {
    for (const Destination& destination : destinations) region_bytes += destination.bytes.size();
  }
  environment_.metrics.CountPayload(Direction::kSent, Transport::kBuffer, region_bytes);
  // While the reply is on its way, the next request may have this one's memory.
  writes_ = RegionCopies();
  environment_.repeated.Keep(ledger_.caller(), protocol_, std::move(prepared_));
  message_.Clear();
  return ledger_.Hold(static_cast<int64_t>(reply_bytes_.Length()));
}

void Batch::End(const absl::Status& status) {
  if (!status.ok() && prepared_ != nullptr && prepared_->request.storage != nullptr) {
    protocol_.Count(prepared_->request, times_, /*has_succeeded=*/false);
  }
  answer_(status);  // after which this object may be gone
}

}  // namespace rectifier
