#include "tests/support/evaluate.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "absl/time/clock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "rectifier/v1/status.pb.h"
#include "tests/support/raw_call.h"

namespace rectifier::testing {

v1::EvaluateRequest RequestFromText(const std::string& text) {
  v1::EvaluateRequest request;
  if (!google::protobuf::TextFormat::ParseFromString(text, &request)) std::abort();
  return request;
}

v1::EvaluateRequest Ones(const std::string& activation, size_t count) {
  v1::EvaluateRequest request;
  v1::Evaluation* evaluation = request.add_evaluations();
  evaluation->add_inputs(0);
  evaluation->mutable_activation()->set_name(activation);
  v1::Tensor* tensor = request.add_tensors();
  tensor->set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  tensor->add_shape(static_cast<int64_t>(count));
  const float one = 1;
  std::string* data = tensor->mutable_data();
  data->resize(count * sizeof(one));
  for (size_t i = 0; i < count; ++i) std::memcpy(&(*data)[i * sizeof(one)], &one, sizeof(one));
  return request;
}

ErrorDetails DetailsOf(const grpc::Status& status) {
  v1::Status rich;
  ErrorDetails details;
  if (!rich.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : rich.details()) {
    v1::BadRequest bad_request;
    v1::ErrorInfo info;
    v1::RetryInfo retry;
    if (any.type_url() == "type.googleapis.com/google.rpc.BadRequest" &&
        bad_request.ParseFromString(any.value())) {
      details.field = bad_request.field_violations(0).field();
      details.description = bad_request.field_violations(0).description();
    } else if (any.type_url() == "type.googleapis.com/google.rpc.ErrorInfo" &&
               info.ParseFromString(any.value())) {
      details.reason = info.reason();
      details.domain = info.domain();
    } else if (any.type_url() == "type.googleapis.com/google.rpc.RetryInfo" &&
               retry.ParseFromString(any.value())) {
      details.retry_delay = absl::Seconds(retry.retry_delay().seconds()) +
                            absl::Nanoseconds(retry.retry_delay().nanos());
    }
  }
  return details;
}

std::shared_ptr<grpc::Channel> Connect(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

Outcome Evaluate(const std::shared_ptr<grpc::Channel>& channel, const v1::EvaluateRequest& request,
                 absl::Duration timeout) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  Outcome outcome;
  outcome.status =
      v1::ActivationService::NewStub(channel)->Evaluate(&context, request, &outcome.response);
  outcome.details = DetailsOf(outcome.status);
  const auto& trailers = context.GetServerTrailingMetadata();
  if (const auto pushback = trailers.find("grpc-retry-pushback-ms"); pushback != trailers.end()) {
    outcome.retry_pushback.assign(pushback->second.data(), pushback->second.size());
  }
  return outcome;
}

grpc::Status EvaluateBytes(const std::shared_ptr<grpc::Channel>& channel,
                           const std::string& request) {
  return CallRaw(channel, "/rectifier.v1.ActivationService/Evaluate", request).status;
}

}  // namespace rectifier::testing
