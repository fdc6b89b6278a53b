// Evaluates through core with numbers in and out, for tests that are about results.
#ifndef RECTIFIER_TESTS_SUPPORT_CORE_EVALUATE_H_
#define RECTIFIER_TESTS_SUPPORT_CORE_EVALUATE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "core/catalogue.h"
#include "core/engine.h"
#include "core/evaluation.h"

namespace rectifier::testing {

// A tensor that owns its bytes, which may start at any address.
class TestTensor {
 public:
  // Rounds `values` to `type`; `misalignment` bytes stand before the first element.
  TestTensor(ElementType type, Shape shape, const std::vector<double>& values,
             size_t misalignment = 0);
  // A vector of rank 1.
  TestTensor(ElementType type, const std::vector<double>& values)
      : TestTensor(type, {static_cast<int64_t>(values.size())}, values) {}

  // Bytes as they are, of no particular shape.
  explicit TestTensor(std::vector<std::byte> bytes)
      : type_(ElementType::kFloat64), misalignment_(0), bytes_(std::move(bytes)) {}

  TensorView view() const;

  // The same in pieces of 1 to `longest` bytes, each in memory of its own; `seed` chooses them.
  TensorView ViewInPieces(size_t longest, unsigned seed);

 private:
  ElementType type_;
  Shape shape_;
  size_t misalignment_;
  std::vector<std::byte> bytes_;
  std::vector<std::vector<std::byte>> pieces_;
  std::vector<Payload::Piece> where_;
};

// The bits and the values of one result.
struct TestOutput {
  ElementType type = ElementType::kFloat64;
  Shape shape;
  std::vector<std::byte> bytes;
  std::vector<double> values;
};

// They have names: "value", "gradient" (of the second input "gradient 1"), "second_derivative",
// "d/parameter".
using TestOutputs = std::map<std::string, TestOutput>;

struct TestEnvironment {
  const Catalogue* catalogue = &Catalogue::Best();
  int threads = 1;
  size_t misalignment = 0;  // of the outputs, beside multiples of 64 bytes
  bool bypass_cache = false;
  std::optional<double> draw;  // what a seed that is not given stands for, instead of its default
};

absl::StatusOr<TestOutputs> EvaluateInCore(const EvaluationRequest& request,
                                           const TestEnvironment& environment = {});

// Evaluates the same window by window, each payload in pieces; `seed` chooses where everything is
// cut.
absl::StatusOr<TestOutputs> EvaluateInWindows(EvaluationRequest request, unsigned seed,
                                              const TestEnvironment& environment = {});

// Evaluates the same with output `over_input` in the memory of (a copy of) the first input, and
// output `over_upstream` in that of the upstream, where sizes allow it.
TestOutputs EvaluateInPlace(const EvaluationRequest& request, size_t over_input,
                            size_t over_upstream);

}  // namespace rectifier::testing

#endif  // RECTIFIER_TESTS_SUPPORT_CORE_EVALUATE_H_
