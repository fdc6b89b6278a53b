#include "server/evaluate/request_cost.h"

#include <variant>

namespace rectifier {
namespace {

// What Bind does with one evaluation beside looking at each element of its arguments, in elements.
constexpr int64_t kEvaluationElements = 1024;

// An upper bound of what request_cost_test has seen.
constexpr int64_t kEvaluationBytes = 4096;
constexpr int64_t kArgumentBytes = 1024;

}  // namespace

int64_t BindWork(const DecodedRequest& request) {
  int64_t work = 0;
  for (const EvaluationRequest& evaluation : request.evaluations) {
    work += kEvaluationElements;
    for (const Argument& argument : evaluation.arguments) {
      const auto* tensor = std::get_if<TensorView>(&argument.value);
      if (tensor != nullptr)
        work += static_cast<int64_t>(tensor->data.size() / SizeOf(tensor->type));
    }
  }
  return work;
}

int64_t PreparedBytes(const DecodedRequest& request) {
  int64_t bytes = 0;
  for (const EvaluationRequest& evaluation : request.evaluations) {
    bytes += kEvaluationBytes + kArgumentBytes * static_cast<int64_t>(evaluation.arguments.size());
  }
  return bytes;
}

}  // namespace rectifier
