// One Evaluate, made and answered, with the details of its error taken apart.
#ifndef RECTIFIER_TESTS_SUPPORT_EVALUATE_H_
#define RECTIFIER_TESTS_SUPPORT_EVALUATE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "rectifier/v1/activation.grpc.pb.h"

namespace rectifier::testing {

// A message written in protobuf's text format; aborts where the text is wrong.
v1::EvaluateRequest RequestFromText(const std::string& text);

// `count` float32 elements of 1 through one activation.
v1::EvaluateRequest Ones(const std::string& activation, size_t count);

// What grpc.Status.details says.
struct ErrorDetails {
  std::string field;        // of the first violation
  std::string description;  // of the first violation
  std::string reason;
  std::string domain;
  std::optional<absl::Duration> retry_delay;
};
ErrorDetails DetailsOf(const grpc::Status& status);

struct Outcome {
  grpc::Status status;
  v1::EvaluateResponse response;
  ErrorDetails details;
  std::string retry_pushback;  // the trailer grpc-retry-pushback-ms
};

// A channel that shares no connection with others.
std::shared_ptr<grpc::Channel> Connect(const std::string& target);

Outcome Evaluate(const std::shared_ptr<grpc::Channel>& channel, const v1::EvaluateRequest& request,
                 absl::Duration timeout = absl::Seconds(60));

// Does the same with bytes that need not be a request.
grpc::Status EvaluateBytes(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& request);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_EVALUATE_H_
