// The side that asks for the same by the Open Inference Protocol: ModelInfer with raw contents.
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "inference/inference_service.pb.h"
#include "tests/benchmarks/rpc/side.h"
#include "tests/benchmarks/rpc/unary_caller.h"

namespace rectifier {
namespace {

constexpr char kMethod[] = "/inference.GRPCInferenceService/ModelInfer";

grpc::ByteBuffer RequestOf(const Workload& workload) {
  inference::ModelInferRequest request;
  request.set_model_name(workload.activation());
  auto* const x = request.add_inputs();
  x->set_name("x");
  x->set_datatype("FP32");
  x->add_shape(static_cast<int64_t>(workload.elements()));
  for (const char* name : {"value", "gradient"}) request.add_outputs()->set_name(name);
  std::string& bytes = *request.add_raw_input_contents();
  bytes.resize(workload.of().tensor_bytes);
  workload.FillInput(absl::MakeSpan(reinterpret_cast<std::byte*>(bytes.data()), bytes.size()));
  const grpc::Slice slice(request.SerializeAsString());
  return grpc::ByteBuffer(&slice, 1);
}

absl::Status CheckReply(const Workload& workload, const grpc::ByteBuffer& reply) {
  grpc::Slice slice;
  inference::ModelInferResponse response;
  if (!reply.DumpToSingleSlice(&slice).ok() ||
      !response.ParseFromArray(slice.begin(), static_cast<int>(slice.size())) ||
      response.raw_output_contents_size() != 2) {
    return absl::InternalError("a reply that is not the ModelInferResponse asked for");
  }
  for (const std::string& result : response.raw_output_contents()) {
    if (result.size() == workload.of().tensor_bytes) continue;
    return absl::InternalError(absl::StrFormat("a result of %d bytes", result.size()));
  }
  const absl::Status status =
      workload.CheckResult(Workload::Result::kValue, response.raw_output_contents(0));
  if (!status.ok()) return status;
  return workload.CheckResult(Workload::Result::kGradient, response.raw_output_contents(1));
}

// It calls the process that is called with Evaluate, so that the difference is the protocol's.
class InferenceSide final : public Side {
 public:
  explicit InferenceSide(bool is_tcp) : is_tcp_(is_tcp) {}

  std::string name() const override { return is_tcp_ ? "inference tcp" : "inference unix"; }

  Contender Prepare(Servers& servers, const Workload& workload) const override {
    if (!Servers::Has(Program::kRectifier) || workload.of().evaluations != 1) {
      return {name(), nullptr, {}};
    }
    const ServerProcess& server = servers.Get(Program::kRectifier);
    auto caller = std::make_unique<UnaryCaller>(
        Endpoint{.target = is_tcp_ ? server.tcp_target() : server.unix_target(), .method = kMethod},
        workload.of(), std::vector{RequestOf(workload)},
        [&workload](const grpc::ByteBuffer& reply) { return CheckReply(workload, reply); });
    return {name(), std::move(caller), {&server}};
  }

 private:
  const bool is_tcp_;
};

}  // namespace

std::unique_ptr<Side> MakeInferenceSide() { return std::make_unique<InferenceSide>(false); }
std::unique_ptr<Side> MakeInferenceTcpSide() { return std::make_unique<InferenceSide>(true); }

}  // namespace rectifier
