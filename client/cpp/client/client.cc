#include "client/cpp/client/client.h"

#include <utility>

#include "client/cpp/client/evaluate.h"
#include "client/cpp/client/evaluate_async.h"
#include "client/cpp/client/evaluation_stream.h"
#include "client/cpp/client/health.h"
#include "client/cpp/client/server_connection.h"

namespace rectifier::client {
namespace {

// The value from one span to another; neither is copied here.
template <class T>
absl::Status EvaluateSpans(Client& client, const std::string& activation, std::span<const T> x,
                           std::span<T> y, const CallOptions& options) {
  const absl::StatusOr<Tensor> input = Tensor::View(x, {static_cast<int64_t>(x.size())});
  if (!input.ok()) return input.status();
  Evaluation evaluation{.activation = activation, .inputs = {*input}};
  if (!y.empty()) {
    evaluation.destinations.push_back(
        {.memory = absl::MakeSpan(reinterpret_cast<std::byte*>(y.data()), y.size_bytes())});
  }
  return client.Evaluate(evaluation, options).status();
}

}  // namespace

Client::Client(std::shared_ptr<ServerConnection> connection) : connection_(std::move(connection)) {}

// Without files and tokens only a target can be wrong, of which the calls then tell.
Client Client::Connect(const std::string& target) {
  absl::StatusOr<Client> client = Connect(target, Security());
  return client.ok() ? *std::move(client) : Client(ServerConnection::ToAsGiven(target));
}

absl::StatusOr<Client> Client::Connect(const std::string& target, const Security& security,
                                       int attempts) {
  absl::StatusOr<std::shared_ptr<ServerConnection>> connection =
      ServerConnection::Open(target, security, attempts);
  if (!connection.ok()) return connection.status();
  return Client(*std::move(connection));
}

absl::StatusOr<Result> Client::Evaluate(const Evaluation& evaluation, const CallOptions& options) {
  absl::StatusOr<std::vector<Result>> results = EvaluateBatch({&evaluation, 1}, options);
  if (!results.ok()) return results.status();
  return std::move(results->front());
}

absl::Status Client::Evaluate(const std::string& activation, std::span<const float> x,
                              std::span<float> y, const CallOptions& options) {
  return EvaluateSpans(*this, activation, x, y, options);
}

absl::Status Client::Evaluate(const std::string& activation, std::span<const double> x,
                              std::span<double> y, const CallOptions& options) {
  return EvaluateSpans(*this, activation, x, y, options);
}

absl::StatusOr<std::vector<Result>> Client::EvaluateBatch(absl::Span<const Evaluation> evaluations,
                                                          const CallOptions& options) {
  return client::Evaluate(*connection_, evaluations, options);
}

std::future<absl::StatusOr<Result>> Client::EvaluateAsync(Evaluation evaluation,
                                                          const CallOptions& options) {
  auto promise = std::make_shared<std::promise<absl::StatusOr<Result>>>();
  std::future<absl::StatusOr<Result>> future = promise->get_future();
  EvaluateAsync(std::move(evaluation), options, [promise](absl::StatusOr<Result> result) {
    promise->set_value(std::move(result));
  });
  return future;
}

void Client::EvaluateAsync(Evaluation evaluation, const CallOptions& options,
                           std::function<void(absl::StatusOr<Result>)> done) {
  std::vector<Evaluation> one;
  one.push_back(std::move(evaluation));
  EvaluateBatchAsync(std::move(one), options,
                     [done = std::move(done)](absl::StatusOr<std::vector<Result>> results) {
                       if (!results.ok()) return done(results.status());
                       done(std::move(results->front()));
                     });
}

void Client::EvaluateBatchAsync(std::vector<Evaluation> evaluations, const CallOptions& options,
                                std::function<void(absl::StatusOr<std::vector<Result>>)> done) {
  client::EvaluateAsync(connection_, std::move(evaluations), options, std::move(done));
}

std::unique_ptr<EvaluationStream> Client::EvaluateStream(const StreamedEvaluation& evaluation,
                                                         const CallOptions& options) {
  return std::make_unique<EvaluationStream>(connection_->stub_without_retries(), evaluation,
                                            connection_->NewCall(options));
}

absl::StatusOr<v1::ListActivationsResponse> Client::ListActivations(const CallOptions& options) {
  const std::unique_ptr<CallScope> call = connection_->NewCall(options);
  v1::ListActivationsResponse response;
  const absl::Status status = call->Run(
      [&] { return connection_->stub().ListActivations(&call->context(), {}, &response); });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::GetServerInfoResponse> Client::GetServerInfo(const CallOptions& options) {
  return connection_->AskServerInfo(options);
}

absl::StatusOr<bool> Client::IsServing(const CallOptions& options) {
  return client::IsServing(*connection_, options);
}

absl::StatusOr<SharedBuffers> Client::ConnectBuffers(const CallOptions& options) {
  const absl::StatusOr<v1::GetServerInfoResponse> info = GetServerInfo(options);
  if (!info.ok()) return info.status();
  if (info->buffers_socket().empty()) {
    return absl::FailedPreconditionError("the server offers no shared buffers");
  }
  return SharedBuffers::Connect(info->buffers_socket());
}

}  // namespace rectifier::client
