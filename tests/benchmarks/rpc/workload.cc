#include "tests/benchmarks/rpc/workload.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

constexpr size_t kGrid = Workload::kPeriod / sizeof(float);
constexpr size_t kStride = 1103;  // odd: visits the whole grid, neighbours far apart

// The tolerance is far above what float32 code without any care is off by on this grid, far below
// any mix-up.
constexpr double kTolerance = 1e-5;

float Input(size_t i) {
  const auto place = static_cast<double>(i * kStride % kGrid);
  return static_cast<float>(place * 16 / kGrid - 8);
}

double Exact(const std::string& activation, double x, bool gradient) {
  if (activation == "relu") return x > 0 ? (gradient ? 1 : x) : 0;
  const double gate = 1 / (1 + std::exp(-x));
  return gradient ? gate * (1 + x * (1 - gate)) : x * gate;
}

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

void SetData(const std::string& data, v1::Tensor* tensor) {
  tensor->set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  tensor->add_shape(static_cast<int64_t>(data.size() / sizeof(float)));
  tensor->set_data(data);
}

grpc::ByteBuffer MakeRequest(const Workload& workload, const std::string& x) {
  v1::EvaluateRequest request;
  for (int i = 0; i < workload.of().evaluations; ++i) {
    v1::Evaluation* evaluation = request.add_evaluations();
    evaluation->add_inputs(static_cast<uint32_t>(i));
    evaluation->mutable_activation()->set_name(workload.activation());
    evaluation->add_quantities(v1::QUANTITY_VALUE);
    evaluation->add_quantities(v1::QUANTITY_GRADIENT);
    SetData(x, request.add_tensors());
  }
  return ToBuffer(request.SerializeAsString());
}

size_t ReplyBytes(const Workload& workload, const std::string& x) {
  v1::EvaluateResponse reply;
  for (int i = 0; i < workload.of().evaluations; ++i) {
    SetData(x, reply.add_results()->mutable_value());
    SetData(x, reply.mutable_results(i)->add_gradients());
  }
  return reply.ByteSizeLong();
}

}  // namespace

Workload::Workload(std::string activation, const Case& c)
    : activation_(std::move(activation)), case_(c) {}

void Workload::FillInput(absl::Span<std::byte> bytes) const {
  for (size_t i = 0; i < bytes.size() / sizeof(float); ++i) {
    const float x = Input(i);
    std::memcpy(bytes.data() + i * sizeof(float), &x, sizeof(float));
  }
}

const Workload::Messages& Workload::messages() const {
  if (!messages_.has_value()) {
    std::string x(case_.tensor_bytes, '\0');
    FillInput(absl::MakeSpan(reinterpret_cast<std::byte*>(x.data()), x.size()));
    messages_ = {MakeRequest(*this, x), ReplyBytes(*this, x)};
  }
  return *messages_;
}

grpc::ByteBuffer Workload::FloorRequest() const {
  std::string bytes(request().Length(), '\1');
  const auto reply_size = static_cast<uint64_t>(reply_bytes());
  std::memcpy(bytes.data(), &reply_size, sizeof(reply_size));
  return ToBuffer(bytes);
}

absl::Status Workload::CheckSize(const grpc::ByteBuffer& reply) const {
  if (reply.Length() == reply_bytes()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrFormat("a reply of %d bytes instead of %d", reply.Length(), reply_bytes()));
}

absl::Status Workload::CheckReply(const grpc::ByteBuffer& reply) const {
  if (const absl::Status status = CheckSize(reply); !status.ok()) return status;
  grpc::Slice slice;
  v1::EvaluateResponse response;
  if (!reply.DumpToSingleSlice(&slice).ok() ||
      !response.ParseFromArray(slice.begin(), static_cast<int>(slice.size())) ||
      response.results_size() != case_.evaluations) {
    return absl::InternalError("a reply that is not the EvaluateResponse asked for");
  }
  for (const v1::Result& result : response.results()) {
    absl::Status status = CheckTensor(Result::kValue, result.value());
    if (status.ok()) status = CheckTensor(Result::kGradient, result.gradients(0));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Workload::CheckTensor(Result result, const v1::Tensor& tensor) const {
  if (tensor.data().size() != case_.tensor_bytes) {
    return absl::InternalError(absl::StrFormat("a result of %d bytes", tensor.data().size()));
  }
  return CheckResult(result, tensor.data());
}

absl::Status Workload::CheckResult(Result result, absl::string_view bytes, size_t first) const {
  const bool gradient = result == Result::kGradient;
  std::vector<double> exact;  // once for each point of the grid: a stream has many elements
  for (size_t i = 0; i < kGrid; ++i) exact.push_back(Exact(activation_, Input(i), gradient));
  for (size_t offset = 0; offset < bytes.size(); offset += sizeof(float)) {
    float found;
    std::memcpy(&found, bytes.data() + offset, sizeof(float));
    const size_t point = (first + offset) / sizeof(float) % kGrid;
    if (std::abs(found - exact[point]) <= kTolerance * (1 + std::abs(exact[point]))) continue;
    return absl::InternalError(absl::StrFormat("%s of %g is %g instead of %g",
                                               gradient ? "the gradient" : "the value",
                                               Input(point), found, exact[point]));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
