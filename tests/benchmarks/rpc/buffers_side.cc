// Evaluate with inputs and results in shared buffers: requests and replies only name them.
#include <utility>
#include <vector>

#include "client/cpp/client/messages.h"
#include "tests/benchmarks/rpc/shared_tensors.h"
#include "tests/benchmarks/rpc/side.h"
#include "tests/benchmarks/rpc/unary_caller.h"

namespace rectifier {
namespace {

client::Evaluation EvaluationOf(const SharedTensors& tensors, const Workload& workload) {
  using client::Quantity;
  const client::Shape shape = {static_cast<int64_t>(workload.elements())};
  return {.activation = workload.activation(),
          .inputs = {*client::Tensor::InRegion(client::ElementType::kFloat32, shape, tensors.x)},
          .quantities = {Quantity::kValue, Quantity::kGradient},
          .destinations = {{.quantity = Quantity::kValue, .region = tensors.value},
                           {.quantity = Quantity::kGradient, .region = tensors.gradient}}};
}

grpc::ByteBuffer RequestOf(const SharedCall& call, const Workload& workload) {
  std::vector<client::Evaluation> evaluations;
  for (const SharedTensors& tensors : call) evaluations.push_back(EvaluationOf(tensors, workload));
  const grpc::Slice slice(client::ToRequest(evaluations).SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

class BuffersSide final : public Side {
 public:
  std::string name() const override { return "rectifier buffers"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    if (!Servers::Has(Program::kRectifier)) return {name(), nullptr, {}};
    const ServerProcess& server = servers.Get(Program::kRectifier, kBuffersServer);
    const std::vector<SharedCall> calls = ShareTensors(server, workload);
    std::vector<grpc::ByteBuffer> requests;
    for (const SharedCall& call : calls) requests.push_back(RequestOf(call, workload));
    auto caller = std::make_unique<UnaryCaller>(
        Endpoint{.target = server.unix_target()}, workload.of(), std::move(requests),
        [calls, &workload](const grpc::ByteBuffer&) {  // which keeps the buffers, too
          return CheckResults(calls.front(), workload);
        });
    return {name(), std::move(caller), {&server}};
  }
};

}  // namespace

std::unique_ptr<Side> MakeBuffersSide() { return std::make_unique<BuffersSide>(); }

}  // namespace rectifier
