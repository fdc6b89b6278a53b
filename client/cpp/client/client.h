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
#include <cstddef>
#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "client/cpp/client/call_options.h"
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

// A result that goes elsewhere than into memory of its own, either to a shared buffer
// (client/cpp/shared_memory/shared_buffer.h), by `region`, or to `memory` of the caller, which must
// outlive the result. It must be as large as that. A region may be exactly that of the input or
// upstream where the shapes are the same, and overlaps no other. A call that computes in place like
// that has one attempt: a second one would take the results of the first for inputs.
struct Destination {
  Quantity quantity = Quantity::kValue;
  uint32_t input = 0;          // of several gradients: the input that it belongs to
  std::string parameter = {};  // of several parameter gradients: its name
  BufferRegion region = {};
  absl::Span<std::byte> memory = {};
};

// One activation over one input.
struct Evaluation {
  std::string activation;   // a name or alias
  std::string preset = {};  // a framework whose choices to take: pytorch, jax, keras, ...
  std::map<std::string, Argument> arguments = {};  // by parameter; those left out take defaults
  std::vector<Tensor> inputs = {};                 // one, or two for a pair in separate tensors
  std::optional<Tensor> upstream = {};             // dL/dy, of the output's shape; default: ones
  std::vector<Quantity> quantities = {Quantity::kValue};
  std::vector<Destination> destinations = {};  // those results are tensors over their memory
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
class ServerConnection;

// A connection to a server, or to several of one service. It is movable, and all methods may be
// called from many threads at once.
//
// Errors of every call: what the server answered, with its details (client/cpp/client/error.h);
// UNAVAILABLE where no server can be reached; DEADLINE_EXCEEDED after `timeout`, both of which name
// the target; CANCELLED where the options' `stop` asks for it.
class Client {
 public:
  // `target` is "unix:/path", "host:port", or several addresses with commas between, of which each
  // call takes the next ("10.0.0.1:50051,10.0.0.2:50051"); of a name all addresses that it stands
  // for. Empty: DefaultTarget() (target.h). This does not wait: the first call connects. The
  // connection is not encrypted.
  static Client Connect(const std::string& target = "");
  // The same with TLS, a certificate or a token. Errors: those of OpenChannel (security.h), and
  // INVALID_ARGUMENT for a target that is none. `attempts`: how often a call is tried that finds no
  // server or one that is full, the first time included.
  static absl::StatusOr<Client> Connect(const std::string& target, const Security& security,
                                        int attempts = kAttempts);

  // A large evaluation, over 1 MiB, may go otherwise than in one message (CallOptions::way). What
  // the server would refuse because of its limits is then refused before it is sent.
  absl::StatusOr<Result> Evaluate(const Evaluation& evaluation, const CallOptions& options = {});

  // The value of one activation with default parameters, from the vector `x` to `y`.
  // Errors: also INVALID_ARGUMENT where `y` is not as long as the value.
  absl::Status Evaluate(const std::string& activation, std::span<const float> x, std::span<float> y,
                        const CallOptions& options = {});
  absl::Status Evaluate(const std::string& activation, std::span<const double> x,
                        std::span<double> y, const CallOptions& options = {});

  // Makes many evaluations, all or none of them, in one request where that is not too large. The
  // results stand in the order of the evaluations. A tensor that several of them share (copies of
  // one Tensor) is sent once.
  absl::StatusOr<std::vector<Result>> EvaluateBatch(absl::Span<const Evaluation> evaluations,
                                                    const CallOptions& options = {});

  // The same without waiting. The tensors' memory must stay as it is until then; this client need
  // not. What does not go in one message is evaluated by a thread of its own.
  std::future<absl::StatusOr<Result>> EvaluateAsync(Evaluation evaluation,
                                                    const CallOptions& options = {});
  // `done` is called by a thread of gRPC, or of its own, and should not block.
  void EvaluateAsync(Evaluation evaluation, const CallOptions& options,
                     std::function<void(absl::StatusOr<Result>)> done);
  void EvaluateBatchAsync(std::vector<Evaluation> evaluations, const CallOptions& options,
                          std::function<void(absl::StatusOr<std::vector<Result>>)> done);

  // One evaluation over tensors that outgrow memory: client/cpp/client/evaluation_stream.h. This
  // does not wait; the timeout is that of the whole stream, which has one attempt, because only its
  // caller has its chunks.
  std::unique_ptr<EvaluationStream> EvaluateStream(const StreamedEvaluation& evaluation,
                                                   const CallOptions& options = {});

  // The catalogue.
  absl::StatusOr<v1::ListActivationsResponse> ListActivations(const CallOptions& options = {});

  // Version, CPU target, threads and limits of the server.
  absl::StatusOr<v1::GetServerInfoResponse> GetServerInfo(const CallOptions& options = {});

  // Whether the server takes evaluations: not while it shuts down. By grpc.health.v1.
  absl::StatusOr<bool> IsServing(const CallOptions& options = {});

  // Memory shared with the server, which must be on this machine, and whose socket must have the
  // same path here; otherwise (containers that mount it elsewhere) use SharedBuffers::Connect.
  // Errors: FAILED_PRECONDITION where the server offers none, and those of SharedBuffers::Connect.
  absl::StatusOr<SharedBuffers> ConnectBuffers(const CallOptions& options = {});

 private:
  explicit Client(std::shared_ptr<ServerConnection> connection);

  std::shared_ptr<ServerConnection> connection_;
};

}  // namespace rectifier::client

#endif  // RECTIFIER_CLIENT_CPP_CLIENT_CLIENT_H_
