// A way to ask for evaluations: which bytes a request and its reply are. What happens between them
// (batch.h) is the same for every protocol.
#ifndef RECTIFIER_SERVER_EVALUATE_EVALUATION_PROTOCOL_H_
#define RECTIFIER_SERVER_EVALUATE_EVALUATION_PROTOCOL_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "core/engine.h"
#include "grpcpp/support/byte_buffer.h"
#include "server/evaluate/call_ledger.h"
#include "server/evaluate/destinations.h"
#include "server/wire/reply.h"
#include "server/wire/request.h"

namespace rectifier {

// How long the parts of one request took.
struct BatchTimes {
  absl::Duration decode;
  absl::Duration queue;
  absl::Duration compute;
  absl::Duration encode;
};

// It has no state of a call: a request that it has decoded carries that. Thread-safe.
class EvaluationProtocol {
 public:
  // The message is `caller`'s. Errors: as DecodeRequest has them.
  virtual absl::StatusOr<DecodedRequest> Decode(const grpc::ByteBuffer& message,
                                                const CallEnvironment& environment,
                                                const Caller& caller) const = 0;

  // Leaves out of `evaluation`, which was made of evaluations[index] of `request`, what the caller
  // has not asked for. Errors: INVALID_ARGUMENT, in this protocol's words.
  virtual absl::Status Select(const DecodedRequest& /*request*/, size_t /*index*/,
                              Evaluation* /*evaluation*/) const {
    return absl::OkStatus();
  }

  // What core says about evaluations[index] of `request`, in this protocol's words.
  virtual absl::Status NameField(const DecodedRequest& request, size_t index,
                                 const absl::Status& error) const = 0;

  // A part of the reply for each of `jobs`.
  virtual std::vector<ReplyPart> LayOut(const DecodedRequest& request, absl::Span<const Job> jobs,
                                        const OutputDestinations& destinations) const = 0;

  // The request has been computed, or has failed after it was decoded.
  virtual void Count(const DecodedRequest& /*request*/, const BatchTimes& /*times*/,
                     bool /*has_succeeded*/) const {}

 protected:
  ~EvaluationProtocol() = default;
};

}  // namespace rectifier

#endif  // RECTIFIER_SERVER_EVALUATE_EVALUATION_PROTOCOL_H_
