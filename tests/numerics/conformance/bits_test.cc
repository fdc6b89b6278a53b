// The same input gives the same bits at any position, alignment and number of threads, and on every
// CPU target. NaN and the special values that the Specs state are tested, too. No activation is
// known here by name.
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/support/core_evaluate.h"

namespace rectifier::testing {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Numbers of all sizes, with zeros, infinities and subnormals among them; even in count.
std::vector<double> Inputs(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> near(-12, 12);
  std::uniform_int_distribution<int> exponent(-160, 160);
  const double special[] = {0.0, -0.0, kInfinity, -kInfinity, 0x1p-1074, -0x1p-149, 1e-8, -88.5};
  std::vector<double> inputs;
  for (size_t i = 0; i < count; ++i) {
    const double x = near(random);
    inputs.push_back(i % 11 == 7  ? special[random() % std::size(special)]
                     : i % 5 == 3 ? std::ldexp(x, exponent(random))
                                  : x);
  }
  return inputs;
}

// Numbers of moderate size.
std::vector<double> Finite(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> near(-12, 12);
  std::vector<double> numbers(count);
  for (double& number : numbers) number = near(random);
  return numbers;
}

std::vector<std::string> AllNames() {
  std::vector<std::string> names;
  for (const Activation& activation : Catalogue::Best().All()) {
    names.emplace_back(activation.spec->name);
  }
  return names;
}

class BitsTest : public ::testing::TestWithParam<std::string> {
 protected:
  const Activation& activation() const { return **Catalogue::Best().Find(GetParam()); }

  // Evaluates all that the activation offers, over `values` laid out as `shape`. Where it is
  // random, the first of them is draw `offset` of a seed; nothing is drawn without an offset.
  TestOutputs Evaluate(ElementType type, const Shape& shape, const std::vector<double>& values,
                       const TestEnvironment& environment = {},
                       std::optional<int64_t> offset = 0) const {
    const TestTensor input(type, shape, values, environment.misalignment);
    EvaluationRequest request = RequestOf(input);
    for (const Parameter& parameter : activation().spec->parameters) {
      if (parameter.type != ParameterType::kSeed || !offset) continue;
      request.arguments.push_back({parameter.name, 20261125.0, {}});
      request.arguments.push_back({kOffsetParameter, static_cast<double>(*offset), {}});
    }
    const absl::StatusOr<TestOutputs> outputs = EvaluateInCore(request, environment);
    EXPECT_TRUE(outputs.ok()) << outputs.status();
    return outputs.value_or(TestOutputs());
  }

  // The request for all that the activation offers of `input`.
  EvaluationRequest RequestOf(const TestTensor& input) const {
    return {.activation = activation().spec->name,
            .inputs = {input.view()},
            .quantities = activation().quantities};
  }

  // An upstream for it, of this type.
  static TestTensor UpstreamFor(const EvaluationRequest& request, ElementType type, uint64_t seed) {
    const Shape shape = EvaluateInCore(request)->at("value").shape;
    return {type, shape, Inputs(static_cast<size_t>(*ElementCount(shape)), seed)};
  }

  static void ExpectSameBits(const TestOutputs& expected, const TestOutputs& actual,
                             const std::string& context) {
    ASSERT_EQ(expected.size(), actual.size()) << context;
    for (const auto& [name, output] : expected) {
      EXPECT_EQ(output.bytes, actual.at(name).bytes) << name << " " << context;
    }
  }
};

TEST_P(BitsTest, AreThoseOfEveryCpuTarget) {
  const std::vector<double> values = Inputs(4 * 262, 1);
  for (ElementType type : kAllElementTypes) {
    const TestOutputs best = Evaluate(type, {4, 262}, values);
    for (const std::string& target : Catalogue::Targets()) {
      ExpectSameBits(best,
                     Evaluate(type, {4, 262}, values, {.catalogue = *Catalogue::ForTarget(target)}),
                     absl::StrCat(std::string(Name(type)), " on ", target));
    }
  }
}

// Results are 0, or -0, in rows of equal numbers, of every length that leaves lanes empty, with
// upstreams that cancel.
TEST_P(BitsTest, SignsOfZerosAreThoseOfEveryCpuTarget) {
  for (int64_t count = 1; count <= 18; ++count) {
    for (const Shape& shape :
         {Shape{count, 1}, Shape{1, count}, Shape{count, 2}, Shape{2, count}}) {
      const int64_t elements = *ElementCount(shape);
      for (const double step : {0.0, -0.0, 1.0}) {
        std::vector<double> values;
        for (int64_t i = 0; i < elements; ++i) values.push_back(i % 2 == 0 ? 0 : step);
        for (ElementType type : {ElementType::kFloat64, ElementType::kFloat32}) {
          const TestTensor input(type, shape, values);
          EvaluationRequest request = RequestOf(input);
          if (!EvaluateInCore(request).ok()) continue;  // a shape that cannot be cut in two
          const Shape given = EvaluateInCore(request)->at("value").shape;
          const TestTensor upstream(
              type, given, std::vector<double>(static_cast<size_t>(*ElementCount(given)), -3.0));
          request.upstream = upstream.view();
          const TestOutputs best = *EvaluateInCore(request);
          for (const std::string& target : Catalogue::Targets()) {
            ExpectSameBits(best,
                           *EvaluateInCore(request, {.catalogue = *Catalogue::ForTarget(target)}),
                           absl::StrCat(Name(type), " on ", target, ", ", shape[0], " by ",
                                        shape[1], ", ", step));
          }
        }
      }
    }
  }
}

// NaNs of either sign, with further bits, give the one NaN that there is of each type.
TEST_P(BitsTest, EveryNaNIsTheSame) {
  std::vector<double> values(2 * 38, 1.5);
  uint64_t bits = 0xfff8'0000'dead'beef;
  for (size_t i = 0; i < values.size(); i += 5) {
    std::memcpy(&values[i], &bits, sizeof(bits));
    bits ^= 0x8000'0000'2000'0001;
  }
  for (ElementType type : kAllElementTypes) {
    for (const std::string& target : Catalogue::Targets()) {
      const TestOutputs outputs =
          Evaluate(type, {2, 38}, values, {.catalogue = *Catalogue::ForTarget(target)});
      for (const auto& [name, output] : outputs) {
        // The gradient by a number is float64.
        const ElementType its = name.rfind("d/", 0) == 0 ? ElementType::kFloat64 : type;
        std::byte canonical[8];
        StoreElement(its, kNaN, canonical);
        for (size_t i = 0; i < output.values.size(); ++i) {
          if (!std::isnan(output.values[i])) continue;
          EXPECT_EQ(std::memcmp(canonical, output.bytes.data() + i * SizeOf(its), SizeOf(its)), 0)
              << name << " " << Name(type) << " on " << target;
        }
      }
    }
  }
}

TEST_P(BitsTest, DoNotDependOnThreads) {
  const std::vector<double> values = Inputs(6 * 32770, 2);  // several chunks and segments
  const TestOutputs one = Evaluate(ElementType::kFloat32, {6, 32770}, values);
  ExpectSameBits(one, Evaluate(ElementType::kFloat32, {6, 32770}, values, {.threads = 3}), "");
}

TEST_P(BitsTest, DoNotDependOnAlignment) {
  const std::vector<double> values = Inputs(2 * 38, 3);
  for (ElementType type : kAllElementTypes) {
    const TestOutputs aligned = Evaluate(type, {2, 38}, values);
    for (size_t misalignment : {1, 2, 3, 5}) {
      ExpectSameBits(aligned, Evaluate(type, {2, 38}, values, {.misalignment = misalignment}),
                     absl::StrCat(std::string(Name(type)), " off by ", misalignment));
    }
  }
}

// They run whole and in pieces that elements straddle, with upstreams, along either axis.
TEST_P(BitsTest, DoNotDependOnHowThePayloadIsCut) {
  const Shape shape = {38, 70};
  const std::vector<double> values = Inputs(38 * 70, 6);
  for (ElementType type : kAllElementTypes) {
    TestTensor input(type, shape, values);
    for (double axis : {0.0, 1.0}) {
      EvaluationRequest request = RequestOf(input);
      if (activation().kind() != Kind::kElementwise) {
        request.arguments.push_back({kAxisParameter, axis, {}});
      }
      TestTensor upstream = UpstreamFor(request, type, 7);
      request.upstream = upstream.view();
      const TestOutputs whole = *EvaluateInCore(request);
      for (const size_t longest : {3, 700, 9000}) {
        request.inputs[0] = input.ViewInPieces(longest, 8);
        request.upstream = upstream.ViewInPieces(longest, 9);
        ExpectSameBits(whole, *EvaluateInCore(request),
                       absl::StrCat(std::string(Name(type)), " in pieces up to ", longest));
      }
    }
  }
}

// Everything that depends on the position in the whole is there: draws, masks, arguments that vary,
// sums over segments and blocks.
TEST_P(BitsTest, DoNotDependOnWindows) {
  const Shape shape = {50, 38, 70};
  const std::vector<double> values = Inputs(50 * 38 * 70, 10);
  const bool elementwise = activation().kind() == Kind::kElementwise;
  std::vector<double> zeros_and_ones(50 * 70);
  for (size_t i = 0; i < zeros_and_ones.size(); ++i) zeros_and_ones[i] = i % 7 != 3;
  const TestTensor mask(ElementType::kFloat32, {50, 1, 70}, zeros_and_ones);
  const TestTensor bias(ElementType::kFloat32, {38, 70}, Finite(38 * 70, 18));
  for (ElementType type : {ElementType::kFloat32, ElementType::kFloat64}) {
    const TestTensor input(type, shape, values);
    for (double axis : {0.0, 1.0, 2.0}) {
      EvaluationRequest request = RequestOf(input);
      std::vector<TestTensor> arguments;
      arguments.reserve(kMaxRowParameters);
      for (const Parameter& parameter : activation().spec->parameters) {
        if (parameter.name == kAxisParameter) {
          request.arguments.push_back({kAxisParameter, axis, {}});
        } else if (parameter.type == ParameterType::kSeed) {
          request.arguments.push_back({parameter.name, 20261125.0, {}});
        } else if (parameter.type == ParameterType::kMask) {
          request.arguments.push_back({parameter.name, mask.view(), {}});
        } else if (parameter.name == kBiasParameter) {
          request.arguments.push_back({parameter.name, bias.view(), {}});
        } else if (activation().kind() == Kind::kRows && parameter.type == ParameterType::kNumber) {
          const Shape varying = axis == 0 ? Shape{38, 1} : axis == 1 ? Shape{50, 1, 70} : Shape{1};
          const std::vector<double> all = {1.25, 1.5, 1.75, 2};
          std::vector<double> numbers(static_cast<size_t>(*ElementCount(varying)));
          for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = all[i % 4];
          arguments.emplace_back(ElementType::kFloat64, varying, numbers);
          request.arguments.push_back({parameter.name, arguments.back().view(), {}});
        } else if (elementwise && parameter.type == ParameterType::kNumber && axis < 2 &&
                   std::isfinite(parameter.default_value)) {
          const Shape varying = axis == 0 ? Shape{38, 1} : Shape{50, 1, 1};
          arguments.emplace_back(
              ElementType::kFloat64, varying,
              std::vector<double>(*ElementCount(varying), parameter.default_value));
          request.arguments.push_back({parameter.name, arguments.back().view(), {}});
        }
      }
      const TestTensor upstream = UpstreamFor(request, type, 11);
      request.upstream = upstream.view();
      const TestOutputs whole = *EvaluateInCore(request);
      for (const unsigned seed : {12, 13}) {
        ExpectSameBits(whole, *EvaluateInWindows(request, seed, {.threads = 2}),
                       absl::StrCat(std::string(Name(type)), " along ", axis, ", seed ", seed));
      }
    }
  }
}

// Each output of the input's or the upstream's shape is written over that tensor's own memory.
TEST_P(BitsTest, AreTheSameInPlace) {
  const Shape shape = {38, 70};
  const std::vector<double> values = Inputs(38 * 70, 10);
  for (ElementType type : kAllElementTypes) {
    const TestTensor input(type, shape, values);
    EvaluationRequest request = RequestOf(input);
    const TestTensor upstream = UpstreamFor(request, type, 11);
    request.upstream = upstream.view();
    const TestOutputs apart = *EvaluateInCore(request);
    const size_t outputs = apart.size();
    for (size_t over_input = 0; over_input < outputs; ++over_input) {
      for (size_t over_upstream = 0; over_upstream < outputs; ++over_upstream) {
        if (over_input == over_upstream) continue;
        ExpectSameBits(apart, EvaluateInPlace(request, over_input, over_upstream),
                       absl::StrCat(std::string(Name(type)),
                                    " over input and upstream: ", over_input, ", ", over_upstream));
      }
    }
  }
}

TEST_P(BitsTest, DoNotDependOnBypassingTheCache) {
  const std::vector<double> values = Inputs(2 * 70, 5);
  for (ElementType type : kAllElementTypes) {
    const TestOutputs cached = Evaluate(type, {2, 70}, values);
    for (const std::string& target : Catalogue::Targets()) {
      for (size_t misalignment : {0, 8, 64}) {
        const TestOutputs bypassing = Evaluate(type, {2, 70}, values,
                                               {.catalogue = *Catalogue::ForTarget(target),
                                                .misalignment = misalignment,
                                                .bypass_cache = true});
        ExpectSameBits(cached, bypassing,
                       absl::StrCat(target, " ", Name(type), " off by ", misalignment));
      }
    }
  }
}

TEST_P(BitsTest, DoNotDependOnWhatElseIsAskedFor) {
  const Shape shape = {2, 350};
  const std::vector<double> values = Inputs(2 * 350, 14);
  for (ElementType type : kAllElementTypes) {
    const TestTensor input(type, shape, values);
    EvaluationRequest request = RequestOf(input);
    const TestTensor upstream = UpstreamFor(request, type, 15);
    for (const bool has_upstream : {false, true}) {
      if (has_upstream) request.upstream = upstream.view();
      request.quantities = activation().quantities;
      const TestOutputs all = *EvaluateInCore(request);
      for (const Quantity quantity : kAllQuantities) {
        if (!activation().quantities.Has(quantity)) continue;
        request.quantities = {quantity};
        const TestOutputs alone = *EvaluateInCore(request);
        for (const auto& [name, output] : alone) {
          EXPECT_EQ(output.bytes, all.at(name).bytes) << name << " " << Name(type);
        }
      }
    }
  }
}

// Terms and sums are those of float64, whatever type holds the numbers.
TEST_P(BitsTest, GradientsByNumbersDoNotDependOnTheElementType) {
  if (!activation().quantities.Has(Quantity::kParameterGradient)) return;
  const auto moderate = [](uint64_t seed) {
    std::vector<double> values = Inputs(30 * 70, seed);
    for (double& value : values) value = std::abs(value) < 1e4 ? value : 0.25;
    return values;
  };
  const auto widened = [](const TensorView& narrow) {
    std::vector<double> values(narrow.data.size() / SizeOf(narrow.type));
    for (size_t i = 0; i < values.size(); ++i) {
      values[i] = LoadElement(narrow.type, narrow.data.data() + i * SizeOf(narrow.type));
    }
    return TestTensor(ElementType::kFloat64, narrow.shape, values);
  };
  for (ElementType type : {ElementType::kFloat32, ElementType::kFloat16, ElementType::kBFloat16}) {
    const TestTensor x(type, {30, 70}, moderate(18));
    EvaluationRequest request = RequestOf(x);
    const auto [output_type, shape, bytes, values] = EvaluateInCore(request)->at("value");
    std::vector<double> g = moderate(19);
    g.resize(values.size(), 0.5);
    const TestTensor upstream(type, shape, g);
    request.upstream = upstream.view();
    request.quantities = {Quantity::kParameterGradient};
    const TestOutputs narrow = *EvaluateInCore(request);
    const TestTensor wide_x = widened(x.view()), wide_upstream = widened(upstream.view());
    request.inputs = {wide_x.view()};
    request.upstream = wide_upstream.view();
    ExpectSameBits(narrow, *EvaluateInCore(request), std::string(Name(type)));
    for (const auto& [name, output] : narrow) EXPECT_TRUE(std::isfinite(output.values[0])) << name;
  }
}

// Elements (rows, pairs) one at a time give what they give among others: no lane, body or tail is
// different. That holds for all outputs except sums over the elements.
TEST_P(BitsTest, DoNotDependOnPosition) {
  const bool elementwise = activation().kind() == Kind::kElementwise;
  const int64_t width = elementwise ? 1 : 10;
  for (int64_t rows = 1; rows <= 35; ++rows) {
    const std::vector<double> values = Inputs(static_cast<size_t>(rows * width), 4);
    for (ElementType type : kAllElementTypes) {
      const TestOutputs together = Evaluate(type, {rows, width}, values);
      const int64_t row = rows - 1;  // the last: in the tail, mostly
      const TestOutputs alone =
          Evaluate(type, {1, width}, {values.begin() + row * width, values.end()}, {}, row * width);
      for (const auto& [name, output] : alone) {
        if (name.rfind("d/", 0) == 0) continue;  // a sum
        const std::vector<std::byte>& all = together.at(name).bytes;
        const std::vector<std::byte> last(all.end() - static_cast<int64_t>(output.bytes.size()),
                                          all.end());
        EXPECT_EQ(output.bytes, last) << name << " " << Name(type) << " of " << rows;
      }
    }
  }
}

TEST_P(BitsTest, NothingIsWrittenForZeroSizedTensors) {
  for (const Shape& shape : {Shape{0}, Shape{0, 4}, Shape{3, 0}}) {
    const TestOutputs outputs = Evaluate(ElementType::kFloat32, shape, {});
    for (const auto& [name, output] : outputs) {
      // A sum or reduction over nothing has elements; all else has none.
      if (output.values.empty()) continue;
      EXPECT_NE(output.shape, shape) << name;
      for (double value : output.values) EXPECT_FALSE(std::isnan(value)) << name;
    }
  }
}

TEST_P(BitsTest, NaNInGivesNaNOut) {
  for (ElementType type : kAllElementTypes) {
    const TestOutputs outputs = Evaluate(type, {1, 2}, {kNaN, kNaN});
    for (const auto& [name, output] : outputs) {
      for (double value : output.values)
        EXPECT_TRUE(std::isnan(value)) << name << " " << Name(type);
    }
  }
}

TEST_P(BitsTest, SpecialValuesAreThoseOfTheSpec) {
  for (const SpecialValue& special : activation().spec->special_values) {
    for (ElementType type : kAllElementTypes) {
      const TestOutputs outputs = Evaluate(type, {}, {special.x}, {}, std::nullopt);
      const auto expect = [&](const std::string& name, double exact) {
        std::byte rounded[8];
        StoreElement(type, exact, rounded);
        const double expected = LoadElement(type, rounded);
        const double actual = outputs.at(name).values[0];
        EXPECT_EQ(actual, expected) << name << " at " << special.x << " in " << Name(type);
        EXPECT_EQ(std::signbit(actual), std::signbit(expected))
            << name << " at " << special.x << " in " << Name(type);
      };
      expect("value", special.value);
      expect("gradient", special.derivative);
    }
  }
}

TEST_P(BitsTest, UpstreamScalesEveryDerivative) {
  if (activation().kind() != Kind::kElementwise) return;  // rows contract it: see the golden rows
  const std::vector<double> x = {-3.5, -1, -0.25, 0.5, 1, 2.5};
  const std::vector<double> g = {2, -4, 0.5, 8, -1, 0.25};  // powers of two: exact products
  const TestTensor input(ElementType::kFloat64, x), upstream(ElementType::kFloat64, g);
  EvaluationRequest request{.activation = activation().spec->name,
                            .inputs = {input.view()},
                            .quantities = {Quantity::kGradient, Quantity::kSecondDerivative}};
  const TestOutputs plain = *EvaluateInCore(request);
  request.upstream = upstream.view();
  const TestOutputs scaled = *EvaluateInCore(request);
  for (const auto& [name, output] : plain) {
    for (size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(scaled.at(name).values[i], output.values[i] * g[i]) << name << " at " << x[i];
    }
  }
}

// The gradient is held against the product of float64's derivative and upstream, with upstreams of
// all sizes, which may take it past either end of float32.
TEST_P(BitsTest, ProductsWithUpstreamAreWithinAUnitInFloat32) {
  if (activation().kind() != Kind::kElementwise) return;
  const auto to_float = [](std::vector<double> numbers) {
    for (double& number : numbers) number = static_cast<float>(number);
    return numbers;
  };
  const std::vector<double> x = to_float(Inputs(2000, 16)), g = to_float(Inputs(2000, 17));
  const TestTensor wide(ElementType::kFloat64, x), input(ElementType::kFloat32, x),
      upstream(ElementType::kFloat32, g);
  EvaluationRequest request{.activation = activation().spec->name,
                            .inputs = {wide.view()},
                            .quantities = {Quantity::kGradient}};
  const std::vector<double> slopes = EvaluateInCore(request)->at("gradient").values;
  request.inputs = {input.view()};
  request.upstream = upstream.view();
  const std::vector<double> actual = EvaluateInCore(request)->at("gradient").values;
  for (size_t i = 0; i < x.size(); ++i) {
    // 0 times infinity may be a small or large number times it in the other type.
    if (std::isinf(g[i]) || std::isinf(slopes[i])) continue;
    const double exact = slopes[i] * g[i];
    SCOPED_TRACE(absl::StrCat("at ", x[i], ", upstream ", g[i], ", exact ", exact));
    if (std::isnan(exact)) {
      EXPECT_TRUE(std::isnan(actual[i]));
    } else if (std::isinf(actual[i]) || std::isinf(exact)) {
      EXPECT_EQ(actual[i], static_cast<float>(exact));
    } else if (exact == 0) {
      EXPECT_EQ(actual[i], 0);
      EXPECT_EQ(std::signbit(actual[i]), std::signbit(exact));
    } else {
      const double unit = std::ldexp(1, std::max(std::ilogb(exact), -126) - 23);
      EXPECT_LE(std::abs(actual[i] - exact), unit);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Catalogue, BitsTest, ::testing::ValuesIn(AllNames()),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace rectifier::testing
