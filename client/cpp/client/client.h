// The C++ client of Rectifier: batches of activation functions, evaluated by a server.
//
//   #include "client/cpp/client/client.h"
//
//   using namespace rectifier::client;
//   Client client = Client::Connect("unix:/run/rectifier/rectifierd.sock");
//   absl::StatusOr<Result> result = client.Evaluate({
//       .activation = "leaky_relu",
//       .arguments = {{"negative_slope", 0.1}},
//       .inputs = {Tensor::FromVector<float>({-1, 0, 1})},
//       .quantities = {Quantity::kValue, Quantity::kGradient}});
//   if (!result.ok()) return result.status();  // error.h names the field at fault
//   double y0 = (*result->value)[0];           // -0.1
//   double dy0 = result->gradients[0][0];      // 0.1
//
// A complete program stands in client/cpp/example.
#ifndef RECTIFIER_CLIENT_CPP_CLIENT_CLIENT_H_
#define RECTIFIER_CLIENT_CPP_CLIENT_CLIENT_H_

#include <concepts>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "client/cpp/client/security.h"
#include "client/cpp/client/tensor.h"
#include "client/cpp/shared_memory/buffer_region.h"
#include "client/cpp/shared_memory/shared_buffer.h"
#include "rectifier/v1/activation.grpc.pb.h"

namespace rectifier::client {

// With L = sum(upstream * y), every derivative is one of L.
enum class Quantity {
  kValue = v1::QUANTITY_VALUE,
  kGradient = v1::QUANTITY_GRADIENT,
  kParameterGradient = v1::QUANTITY_PARAMETER_GRADIENT,
  kSecondDerivative = v1::QUANTITY_SECOND_DERIVATIVE,
};

// What is supplied for one parameter. It is made implicitly, so that calls read plainly: {{"beta",
// 1.5}}.
struct Argument {
  // NOLINTBEGIN(google-explicit-constructor)
  Argument(double number) : value(number) {}
  template <std::integral Integer>  // so that 0 is a number, not a null pointer
  Argument(Integer number) : value(static_cast<double>(number)) {}
  Argument(const char* word) : value(std::string(word)) {}
  Argument(std::string word) : value(std::move(word)) {}
  // It is broadcast against the input by NumPy's rules. A tensor of rank 1 may run along one axis
  // of the input instead, which counts from the end where it is negative.
  Argument(Tensor tensor, std::optional<int32_t> along = std::nullopt)
      : value(std::move(tensor)), axis(along) {}
  // NOLINTEND(google-explicit-constructor)

  std::variant<double, Tensor, std::string> value;
  std::optional<int32_t> axis;
};

// A result that goes to a shared buffer (client/cpp/shared_memory/shared_buffer.h) instead of the
// reply. It must be as large as the region, which may be exactly that of the input or upstream
// where the shapes are the same, and overlaps no other.
struct Destination {
  Quantity quantity = Quantity::kValue;
  uint32_t input = 0;          // of several gradients: the input that it belongs to
  std::string parameter = {};  // of several parameter gradients: a name or alias
  BufferRegion region = {};
};

// One activation over one input.
struct Evaluation {
  std::string activation;   // a name or alias
  std::string preset = {};  // a framework whose choices to take: pytorch, jax, keras, ...
  std::map<std::string, Argument> arguments = {};  // by parameter; those left out take defaults
  std::vector<Tensor> inputs = {};                 // one, or two for a pair in separate tensors
  std::optional<Tensor> upstream = {};             // dL/dy, of the output's shape; default: ones
  std::vector<Quantity> quantities = {Quantity::kValue};
  std::vector<Destination> destinations = {};  // those results are tensors over their regions
};

// The quantities that were asked for, in the input's element type. A parameter gradient has that of
// its argument, which for a number is float64.
struct Result {
  std::optional<Tensor> value = {};              // the output's shape
  std::vector<Tensor> gradients = {};            // one per input, in its shape
  std::optional<Tensor> second_derivative = {};  // the input's shape
  // Each stands under its parameter's canonical name, in the argument's shape, which has rank 0 for
  // a number or default.
  std::map<std::string, Tensor> parameter_gradients = {};
};

struct StreamedEvaluation;
class EvaluationStream;

struct CallOptions {
  // The time counts from the start of the call; the server stops computing when it has passed.
  absl::Duration timeout = absl::Minutes(1);
};

// A connection to one server. It is movable, and all methods may be called from many threads at
// once.
//
// Errors of every call: what the server answered, with its details (client/cpp/client/error.h);
// UNAVAILABLE where it cannot be reached; DEADLINE_EXCEEDED after `timeout`.
class Client {
 public:
  // `target` is a gRPC name: "unix:/path", "host:port", "dns:///host:port". This does not wait: the
  // first call connects. The connection is not encrypted.
  static Client Connect(const std::string& target);
  // The same with TLS, a certificate or a token. Errors: those of OpenChannel (security.h).
  static absl::StatusOr<Client> Connect(const std::string& target, const Security& security);

  absl::StatusOr<Result> Evaluate(const Evaluation& evaluation, const CallOptions& options = {});

  // Makes many evaluations in one request, all or none of them. The results stand in the order of
  // the evaluations. A tensor that several of them share (copies of one Tensor) is sent once.
  absl::StatusOr<std::vector<Result>> EvaluateBatch(absl::Span<const Evaluation> evaluations,
                                                    const CallOptions& options = {});

  // One evaluation over tensors that outgrow a message: client/cpp/client/evaluation_stream.h. This
  // does not wait; the timeout is that of the whole stream. This client must outlive it.
  std::unique_ptr<EvaluationStream> EvaluateStream(const StreamedEvaluation& evaluation,
                                                   const CallOptions& options = {});

  // The catalogue.
  absl::StatusOr<v1::ListActivationsResponse> ListActivations(const CallOptions& options = {});

  // Version, CPU target, threads and limits of the server.
  absl::StatusOr<v1::GetServerInfoResponse> GetServerInfo(const CallOptions& options = {});

  // Memory shared with the server, which must be on this machine, and whose socket must have the
  // same path here; otherwise (containers that mount it elsewhere) use SharedBuffers::Connect.
  // Errors: FAILED_PRECONDITION where the server offers none, and those of SharedBuffers::Connect.
  absl::StatusOr<SharedBuffers> ConnectBuffers(const CallOptions& options = {});

 private:
  explicit Client(const SecureChannel& way);

  std::unique_ptr<v1::ActivationService::Stub> stub_;
  std::string authorization_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CLIENT_H_
