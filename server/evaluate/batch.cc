#include "server/evaluate/batch.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "core/evaluation.h"
#include "server/evaluate/destinations.h"
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
    if (absl::Status queued = Queue(); !queued.ok()) return queued;
    while (!is_prepared_ && !PreparesLong()) {
      if (absl::Status prepared = PrepareNext(); !prepared.ok()) return prepared;
    }
    if (absl::Status queued = Queue(); !queued.ok()) return queued;
    // From here on the call may be gone.
    is_prepared_ ? Compute(/*has_waited=*/false) : PrepareInTurn();
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
  const int64_t bytes = static_cast<int64_t>(message_.Length()) + reply_bytes + prepared_bytes_;
  return ledger_.Hold(std::min(bytes, 2 * environment_.limits.max_message_bytes));
}

bool Batch::PreparesLong() const {
  return is_decoded_ ? BindWork(request_) > kMostBindWork : message_.Length() > kLongMessageBytes;
}

// Once it is bound, it is known whether it takes turns. Before that the connection's other calls
// tell: what is turned away then costs no more than its reading. A short message tells too little
// of its call for that.
absl::Status Batch::Queue() {
  const size_t bytes = message_.Length();
  const bool takes_turns =
      is_prepared_ ? !environment_.engine.RunsAtOnce(jobs_)
                   : PreparesLong() || (bytes > kShortMessageBytes && ledger_.IsLong(bytes));
  return takes_turns ? ledger_.EnterEngine(bytes + request_.region_bytes) : absl::OkStatus();
}

void Batch::PrepareInTurn() {
  const auto next = [this] {
    preparing_ = Guard([this] { return PrepareNext(); });
    return preparing_.ok() && !is_prepared_;
  };
  const auto done = [this](const absl::Status& stopped, const Engine::Times& times) {
    ledger_.AddServed(times.served);
    const absl::Status status = Guard([&] {
      if (!stopped.ok()) return stopped;
      if (!preparing_.ok()) return preparing_;
      Compute(/*has_waited=*/true);  // after which the call may be gone
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
  } else if (jobs_.size() < request_.evaluations.size()) {
    status = BindNext();
  } else {
    status = Match();
    if (status.ok()) status = Admit();
    if (status.ok()) status = Allocate();
    is_prepared_ = true;
  }
  return status.ok() ? ledger_.Stop().Check() : status;
}

absl::Status Batch::Decode() {
  const absl::Time start = absl::Now();
  absl::StatusOr<DecodedRequest> request = protocol_.Decode(message_, environment_);
  times_.decode = absl::Now() - start;
  environment_.metrics.Observe(Phase::kDecode, times_.decode);
  if (!request.ok()) return request.status();
  request_ = *std::move(request);
  prepared_bytes_ = PreparedBytes(request_);
  ledger_.AddWork(request_.region_bytes);
  if (absl::Status held = HoldWith(static_cast<int64_t>(message_.Length())); !held.ok()) {
    return held;
  }
  jobs_.reserve(request_.evaluations.size());
  environment_.metrics.CountPayload(Direction::kReceived, Transport::kBuffer,
                                    request_.region_bytes);
  return absl::OkStatus();
}

absl::Status Batch::BindNext() {
  absl::StatusOr<Evaluation> evaluation =
      Bind(environment_.catalogue, request_.evaluations[jobs_.size()]);
  if (!evaluation.ok()) return protocol_.NameField(request_, jobs_.size(), evaluation.status());
  if (absl::Status selected = protocol_.Select(request_, jobs_.size(), &*evaluation);
      !selected.ok()) {
    return selected;
  }
  jobs_.push_back({.evaluation = *std::move(evaluation), .outputs = {}});
  return absl::OkStatus();
}

absl::Status Batch::Match() {
  absl::StatusOr<OutputDestinations> destinations = MatchDestinations(jobs_, request_);
  if (!destinations.ok()) return destinations.status();
  destinations_ = *std::move(destinations);
  return absl::OkStatus();
}

absl::Status Batch::Admit() {
  reply_ = Reply(protocol_.LayOut(request_, jobs_, destinations_));
  const int64_t reply_bytes = static_cast<int64_t>(reply_.bytes());
  if (reply_bytes > environment_.limits.max_message_bytes) {
    return ErrorWithReason(
        absl::StatusCode::kInvalidArgument, "REPLY_TOO_LARGE",
        absl::StrFormat("the reply would have %d bytes; this server's limit for a message is %d",
                        reply_bytes, environment_.limits.max_message_bytes));
  }
  return HoldWith(reply_bytes);
}

absl::Status Batch::Allocate() {
  if (absl::Status status = reply_.Allocate(absl::MakeSpan(jobs_), environment_.replies);
      !status.ok()) {
    return status;
  }
  for (size_t i = 0; i < jobs_.size(); ++i) {
    // What goes into a socket next had better stay in the cache.
    const std::vector<const Destination*>& places = destinations_[i];
    const bool is_sent = std::find(places.begin(), places.end(), nullptr) != places.end();
    jobs_[i].bypass_cache = !is_sent && PaysToBypassCache(jobs_[i]);
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
    environment_.metrics.CountJobs(jobs_, times_.compute);
    End(Guard([this] { return Encode(); }));
  };
  environment_.engine.Submit(ledger_.caller(), jobs_, ledger_.Stop(), done, has_waited);
}

absl::Status Batch::Encode() {
  const absl::Time start = absl::Now();
  reply_bytes_ = reply_.Take();
  times_.encode = absl::Now() - start;
  environment_.metrics.Observe(Phase::kEncode, times_.encode);
  protocol_.Count(request_, times_, /*has_succeeded=*/true);
  ledger_.CountSent(reply_bytes_.Length());
  size_t region_bytes = 0;
  for (const auto& destinations : request_.destinations) {
    for (const Destination& destination : destinations) region_bytes += destination.bytes.size();
  }
  environment_.metrics.CountPayload(Direction::kSent, Transport::kBuffer, region_bytes);
  // While the reply is on its way, the next request may have this one's memory.
  jobs_.clear();
  request_ = {};
  message_.Clear();
  return ledger_.Hold(static_cast<int64_t>(reply_bytes_.Length()));
}

void Batch::End(const absl::Status& status) {
  if (!status.ok() && request_.storage != nullptr) {
    protocol_.Count(request_, times_, /*has_succeeded=*/false);
  }
  answer_(status);  // after which this object may be gone
}

}  // namespace rectifier
