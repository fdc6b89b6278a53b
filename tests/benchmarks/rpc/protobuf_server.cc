// The same service as one would write it in an afternoon: gRPC's synchronous service, protobuf's
// messages, a loop in float32.
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/flags/parse.h"
#include "grpcpp/server_context.h"
#include "rectifier/v1/activation.grpc.pb.h"
#include "tests/benchmarks/rpc/serve.h"

namespace rectifier {
namespace {

void Relu(const float* x, size_t count, float* value, float* gradient) {
  for (size_t i = 0; i < count; ++i) {
    value[i] = x[i] > 0 ? x[i] : 0;
    gradient[i] = x[i] > 0 ? 1.0f : 0.0f;
  }
}

void Silu(const float* x, size_t count, float* value, float* gradient) {
  for (size_t i = 0; i < count; ++i) {
    const float gate = 1 / (1 + std::exp(-x[i]));
    value[i] = x[i] * gate;
    gradient[i] = gate * (1 + x[i] * (1 - gate));
  }
}

float* AddOutput(const v1::Tensor& input, v1::Tensor* output) {
  output->set_element_type(input.element_type());
  *output->mutable_shape() = input.shape();
  output->mutable_data()->resize(input.data().size());
  return reinterpret_cast<float*>(output->mutable_data()->data());
}

class Service final : public v1::ActivationService::Service {
 public:
  grpc::Status Evaluate(grpc::ServerContext*, const v1::EvaluateRequest* request,
                        v1::EvaluateResponse* response) override {
    for (const v1::Evaluation& evaluation : request->evaluations()) {
      const v1::Tensor& input = request->tensors(static_cast<int>(evaluation.inputs(0)));
      v1::Result* result = response->add_results();
      float* value = AddOutput(input, result->mutable_value());
      float* gradient = AddOutput(input, result->add_gradients());
      const auto* x = reinterpret_cast<const float*>(input.data().data());
      const size_t count = input.data().size() / sizeof(float);
      const auto compute = evaluation.activation().name() == "relu" ? Relu : Silu;
      compute(x, count, value, gradient);
    }
    return grpc::Status::OK;
  }
};

}  // namespace
}  // namespace rectifier

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  rectifier::Service service;
  grpc::ServerBuilder builder;
  builder.RegisterService(&service);
  rectifier::StartServing(builder)->Wait();
  return 0;
}
