#include "server/evaluate/request_cost.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "core/catalogue.h"
#include "core/engine.h"
#include "tests/support/evaluate.h"
#include "tests/support/raw_call.h"

namespace rectifier {
namespace {

using testing::RequestFromText;
using testing::ToByteBuffer;

constexpr int kEvaluations = 1024;

int64_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<int64_t>(info.uordblks + info.hblkhd);
}

struct Cost {
  int64_t allocated = 0;
  int64_t charged = 0;
};

// So many evaluations of a kind, decoded and bound.
Cost CostOf(const std::string& evaluation, const std::string& tensors) {
  v1::EvaluateRequest request = RequestFromText(evaluation + tensors);
  for (int i = 1; i < kEvaluations; ++i) *request.add_evaluations() = request.evaluations(0);
  const grpc::ByteBuffer message = ToByteBuffer(request.SerializeAsString());
  const SharedBuffers no_buffers({}, BufferGauges());
  const Catalogue& catalogue = Catalogue::Best();

  const int64_t before = AllocatedBytes();
  const absl::StatusOr<DecodedRequest> decoded = DecodeRequest(message, {}, no_buffers);
  EXPECT_TRUE(decoded.ok()) << decoded.status();
  if (!decoded.ok()) return {};
  std::vector<Job> jobs;
  jobs.reserve(decoded->evaluations.size());
  for (const EvaluationRequest& one : decoded->evaluations) {
    absl::StatusOr<Evaluation> bound = Bind(catalogue, one);
    EXPECT_TRUE(bound.ok()) << bound.status();
    if (!bound.ok()) return {};
    jobs.push_back({.evaluation = *std::move(bound), .outputs = {}});
    jobs.back().outputs.resize(jobs.back().evaluation.outputs.size());
  }
  return {.allocated = AllocatedBytes() - before, .charged = PreparedBytes(*decoded)};
}

// The sanitizers' allocator tells nothing of what it has: there is no more to see there than that
// the requests are good ones.
TEST(RequestCostTest, ChargesNoLessThanIsAllocated) {
  const std::vector<std::pair<std::string, std::string>> requests = {
      {"evaluations { inputs: 0 activation { name: 'relu' } }", "tensors { values: 1 }"},
      {R"(evaluations {
            inputs: 0
            activation { name: 'softmax' arguments { key: 'axis' value { number: -1 } } }
            quantities: [QUANTITY_VALUE, QUANTITY_GRADIENT]
            upstream: 0
          })",
       "tensors { shape: [1, 1, 1, 1, 1, 1, 1, 1] values: 1 }"},
      {R"(evaluations {
            inputs: [0, 0]
            activation { name: 'swiglu' }
            quantities: [QUANTITY_VALUE, QUANTITY_GRADIENT]
            upstream: 0
          })",
       "tensors { shape: [1, 1, 1, 1, 1, 1, 1, 1] values: 1 }"},
      {R"(evaluations {
            inputs: 0
            activation {
              name: 's_shaped_relu'
              arguments { key: 't_left' value { tensor: 1 axis: 0 } }
              arguments { key: 'a_left' value { tensor: 1 axis: 0 } }
              arguments { key: 't_right' value { tensor: 1 axis: 0 } }
              arguments { key: 'a_right' value { tensor: 1 axis: 0 } }
            }
            quantities: [QUANTITY_VALUE, QUANTITY_GRADIENT, QUANTITY_PARAMETER_GRADIENT]
            upstream: 0
          })",
       "tensors { shape: [1, 1, 1, 1, 1, 1, 1, 1] values: 1 } tensors { shape: 1 values: 1 }"},
  };
  for (const auto& [evaluation, tensors] : requests) {
    SCOPED_TRACE(evaluation);
    const Cost cost = CostOf(evaluation, tensors);
    std::cout << cost.allocated / kEvaluations << " of " << cost.charged / kEvaluations
              << " bytes for an evaluation\n";
    EXPECT_GT(cost.charged, 0);
    EXPECT_LE(cost.allocated, cost.charged);
  }
}

}  // namespace
}  // namespace rectifier
