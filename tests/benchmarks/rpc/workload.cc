#include "tests/benchmarks/rpc/workload.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"

namespace rectifier {
namespace {

constexpr int64_t kGrid = 2048;
constexpr int64_t kStride = 1103;  // odd: visits the whole grid, neighbours far apart

// Far above what float32 code without any care is off by on this grid, far below any mix-up.
constexpr double kTolerance = 1e-5;

std::vector<float> Inputs(size_t count) {
  std::vector<float> x(count);
  for (size_t i = 0; i < count; ++i) {
    const auto place = static_cast<double>(static_cast<int64_t>(i) * kStride % kGrid);
    x[i] = static_cast<float>(place * 16 / kGrid - 8);
  }
  return x;
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

void FillTensor(const std::vector<float>& x, v1::Tensor* tensor) {
  tensor->set_element_type(v1::ELEMENT_TYPE_FLOAT32);
  tensor->add_shape(static_cast<int64_t>(x.size()));
  tensor->set_data(x.data(), x.size() * sizeof(float));
}

grpc::ByteBuffer MakeRequest(const std::string& activation, const Case& c,
                             const std::vector<float>& x) {
  v1::EvaluateRequest request;
  for (int i = 0; i < c.evaluations; ++i) {
    v1::Evaluation* evaluation = request.add_evaluations();
    evaluation->add_inputs(static_cast<uint32_t>(i));
    evaluation->mutable_activation()->set_name(activation);
    evaluation->add_quantities(v1::QUANTITY_VALUE);
    evaluation->add_quantities(v1::QUANTITY_GRADIENT);
    FillTensor(x, request.add_tensors());
  }
  return ToBuffer(request.SerializeAsString());
}

size_t ReplyBytes(const Case& c, const std::vector<float>& x) {
  v1::EvaluateResponse reply;
  for (int i = 0; i < c.evaluations; ++i) {
    FillTensor(x, reply.add_results()->mutable_value());
    FillTensor(x, reply.mutable_results(i)->add_gradients());
  }
  return reply.ByteSizeLong();
}

}  // namespace

Workload::Workload(std::string activation, const Case& c)
    : activation_(std::move(activation)),
      case_(c),
      x_(Inputs(c.tensor_bytes / sizeof(float))),
      request_(MakeRequest(activation_, c, x_)),
      reply_bytes_(ReplyBytes(c, x_)) {}

grpc::ByteBuffer Workload::FloorRequest() const {
  std::string bytes(request_.Length(), '\1');
  const auto reply_bytes = static_cast<uint64_t>(reply_bytes_);
  std::memcpy(bytes.data(), &reply_bytes, sizeof(reply_bytes));
  return ToBuffer(bytes);
}

absl::Status Workload::CheckSize(const grpc::ByteBuffer& reply) const {
  if (reply.Length() == reply_bytes_) return absl::OkStatus();
  return absl::InternalError(
      absl::StrFormat("a reply of %d bytes instead of %d", reply.Length(), reply_bytes_));
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
    absl::Status status = CheckTensor(result.value(), /*gradient=*/false);
    if (status.ok()) status = CheckTensor(result.gradients(0), /*gradient=*/true);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status Workload::CheckTensor(const v1::Tensor& tensor, bool gradient) const {
  if (tensor.data().size() != x_.size() * sizeof(float)) {
    return absl::InternalError(absl::StrFormat("a result of %d bytes", tensor.data().size()));
  }
  for (size_t i = 0; i < x_.size(); ++i) {
    float result;
    std::memcpy(&result, tensor.data().data() + i * sizeof(float), sizeof(float));
    const double exact = Exact(activation_, x_[i], gradient);
    if (std::abs(result - exact) <= kTolerance * (1 + std::abs(exact))) continue;
    return absl::InternalError(absl::StrFormat("%s of %g is %g instead of %g",
                                               gradient ? "the gradient" : "the value", x_[i],
                                               result, exact));
  }
  return absl::OkStatus();
}

}  // namespace rectifier
