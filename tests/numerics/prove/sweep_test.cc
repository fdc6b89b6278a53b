// Sweeps must catch wrong kernels, and give the same whenever and wherever they run.
#include "tests/numerics/prove/sweep.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "gtest/gtest.h"
#include "tests/numerics/prove/fixture.h"
#include "tests/numerics/prove/float32_sweep.h"
#include "tests/numerics/prove/float64_sample.h"
#include "tests/numerics/prove/half_sweep.h"
#include "tests/numerics/prove/point.h"
#include "tests/numerics/prove/row.h"

namespace rectifier::prove {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Replaces the value at the input `x` by `spoiled` of it.
template <class T>
auto SpoilAt(T x, std::function<T(T)> spoiled) {
  return [x, spoiled](const ElementwiseOperands& operands) {
    const auto* const inputs = static_cast<const T*>(operands.x);
    auto* const values = static_cast<T*>(operands.value);
    for (size_t i = 0; i < operands.count; ++i) {
      if (std::memcmp(&inputs[i], &x, sizeof(T)) == 0) values[i] = spoiled(values[i]);
    }
  };
}

Finding ValueAround(const Subject& subject, float x) {
  Float32Sweep sweep(&subject);
  constexpr uint32_t kPart = 1 << 12;
  return sweep.Part(std::bit_cast<uint32_t>(x) / kPart * kPart, kPart)[0];
}

TEST(Float32SweepTest, CatchesTwoUlpAtOneInput) {
  Subject subject = SubjectOf("gelu");
  const float x = 1.2345678f;
  const SpoiledKernels spoiled(&subject, SpoilAt<float>(x, [](float y) {
    return std::nextafter(std::nextafter(y, 9.0f), 9.0f);
  }));
  const Finding finding = ValueAround(subject, x);
  EXPECT_EQ(InputOf(ElementType::kFloat32, finding.worst_bits), x);
  EXPECT_NEAR(finding.worst_ulp, 2, 0.51);
  EXPECT_EQ(finding.correct, finding.inputs - 1);
  EXPECT_EQ(RowOf(subject, 0, ElementType::kFloat32, finding).x, x);
}

TEST(Float32SweepTest, CatchesWhatIsNoNumberOrHasTheWrongSign) {
  const auto worst = [](float x, std::function<float(float)> spoil) {
    Subject subject = SubjectOf("gelu");
    const SpoiledKernels spoiled(&subject, SpoilAt<float>(x, std::move(spoil)));
    return ValueAround(subject, x);
  };
  const float nan = std::nanf("");
  const auto is_wrong_at = [&](float x, std::function<float(float)> spoil) {
    const Finding finding = worst(x, std::move(spoil));
    return finding.worst_ulp == kInfinity && finding.worst_bits == std::bit_cast<uint32_t>(x);
  };
  EXPECT_TRUE(is_wrong_at(0.75f, [nan](float) { return nan; }));
  EXPECT_TRUE(is_wrong_at(nan, [](float) { return 0.0f; })) << "NaN must stay NaN";
  EXPECT_TRUE(is_wrong_at(-20.5f, [](float) { return 0.0f; })) << "gelu underflows to -0";
  EXPECT_TRUE(is_wrong_at(-1e30f, [](float) { return 0.0f; }));
  EXPECT_TRUE(is_wrong_at(-static_cast<float>(kInfinity), [](float) { return 0.0f; }));
  EXPECT_EQ(worst(-20.5f, [](float) { return -0.0f; }).worst_ulp < 1, true);
  EXPECT_GT(worst(3.0f, [](float) { return static_cast<float>(kInfinity); }).worst_ulp, 1e9);
}

TEST(Float32SweepTest, FindsTheWorstErrorOfAWholeSegment) {
  Subject subject = SubjectOf("silu");
  Restrict(Quantity::kValue, &subject);
  const float x = -0x1.5c0002p+1f;
  const SpoiledKernels spoiled(&subject,
                               SpoilAt<float>(x, [](float y) { return std::nextafter(y, 0.0f); }));
  Float32Sweep sweep(&subject);
  const Finding finding = sweep.Segment(std::bit_cast<uint32_t>(x) >> kSegmentBits)[0];
  EXPECT_EQ(finding.inputs, size_t{1} << kSegmentBits);
  EXPECT_EQ(InputOf(ElementType::kFloat32, finding.worst_bits), x);
  EXPECT_GT(finding.worst_ulp, 0.51);
}

// Puts the correctly rounded value in place of the kernel's, but for the input `spoiled`, which
// gets the neighbour on the other side of the tie.
Finding RoundedBut(const std::string& activation, Quantity quantity, float first, float spoiled) {
  Subject subject = SubjectOf(activation);
  Restrict(quantity, &subject);
  const SpoiledKernels kernels(&subject, [&](const ElementwiseOperands& operands) {
    PointOracle oracle(subject.columns[0].expression, subject.arguments);
    auto* const results = static_cast<float*>(
        quantity == Quantity::kValue ? operands.value : operands.second_derivative);
    for (size_t i = 0; i < operands.count; ++i) {
      const float x = static_cast<const float*>(operands.x)[i];
      const RoundedResult exact = oracle.RoundedAt(x, ElementType::kFloat32);
      results[i] = static_cast<float>(exact.low);
      if (x != spoiled) continue;
      const double middle = arf_get_d(exact.exact.middle.get(), ARF_RND_NEAR);
      results[i] = std::nextafter(results[i], middle > results[i] ? 1.0f : -1.0f);
    }
  });
  Float32Sweep sweep(&subject);
  return sweep.Part(std::bit_cast<uint32_t>(first), 1 << 12)[0];
}

TEST(Float32SweepTest, CatchesATieThatIsBrokenTheWrongWay) {
  struct Place {
    const char* activation;
    Quantity quantity;
    float first;    // the sweep begins here
    float spoiled;  // an input whose result lies at a tie, but for a term that doubles lose
  };
  constexpr auto kValue = Quantity::kValue;
  constexpr auto kSecond = Quantity::kSecondDerivative;
  for (const Place& place :
       {Place{"silu", kValue, 0x1p-130f, 0x1p-130f + 0x1p-149f},     // x/2 + x^2/4
        Place{"hard_swish", kValue, -0x1p-127f, -0x1.000004p-127f},  // x/2 + x^2/6
        Place{"isru", kSecond, 0x1p-60f, 0x1.000002p-60f},           // -3 x + 15/2 x^3
        Place{"gcu", kSecond, -0x1p-90f, -0x1.00000ap-90f},          // -3 x + 5/6 x^3
        Place{"isrlu", kSecond, -0x1p-50f, -0x1.000006p-50f}}) {
    SCOPED_TRACE(place.activation);
    const Finding right = RoundedBut(place.activation, place.quantity, place.first, 1);
    EXPECT_EQ(right.correct, right.inputs);
    EXPECT_LE(right.worst_ulp, 0.5);
    EXPECT_EQ(right.undecided, 0);
    const Finding wrong = RoundedBut(place.activation, place.quantity, place.first, place.spoiled);
    EXPECT_EQ(wrong.correct, wrong.inputs - 1);
    EXPECT_GT(wrong.worst_ulp, 0.5);
    EXPECT_LT(wrong.worst_ulp, 0.5001) << "not a tie";
    EXPECT_EQ(InputOf(ElementType::kFloat32, wrong.worst_bits), place.spoiled);
  }
}

TEST(Float32SweepTest, DecidesWhatNoPrecisionDecides) {
  // xielu's derivative by alpha_n is -1 - x + e^x, which for even x is halfway except for e^x; and
  // so it is for x = -2^25 alone of its segment.
  for (float first : {-0x1.8p24f, -0x1p25f}) {
    Subject subject = SubjectOf("xielu");
    Restrict(Quantity::kParameterGradient, &subject);
    Float32Sweep sweep(&subject);
    const std::vector<Finding> findings =
        sweep.Part(std::bit_cast<uint32_t>(first), size_t{1} << 13);
    EXPECT_EQ(findings[1].undecided, 0);
    EXPECT_EQ(findings[1].correct, size_t{1} << 13);
    EXPECT_EQ(findings[1].inputs, size_t{1} << 13);
  }
}

TEST(HalfSweepTest, CatchesATieThatIsBrokenTheWrongWay) {
  Subject subject = SubjectOf("leaky_relu", {{"negative_slope", 0.5}});
  Restrict(Quantity::kValue, &subject);
  const std::vector<uint16_t> inputs = EveryHalf(0, 1);
  const Finding right = SweepHalves(subject, ElementType::kFloat16, inputs)[0];
  EXPECT_EQ(right.correct, right.inputs) << "halves of subnormal numbers are exact ties";
  // -3 * 2^-25, half of the third subnormal number, lies between -1 and -2 units.
  const SpoiledKernels spoiled(&subject, [](const ElementwiseOperands& operands) {
    static_cast<uint16_t*>(operands.value)[0x8003] = 0x8001;
  });
  const Finding finding = SweepHalves(subject, ElementType::kFloat16, inputs)[0];
  EXPECT_EQ(finding.worst_bits, 0x8003u);
  EXPECT_GT(finding.worst_ulp, 0.5);
  EXPECT_EQ(finding.correct, finding.inputs - 1);
}

TEST(Float64SampleTest, CatchesOneUlpAnywhereInACluster) {
  Subject subject = SubjectOf("gelu");
  Restrict(Quantity::kValue, &subject);
  for (size_t at : {size_t{0}, size_t{200}, kClusterSize - 1}) {
    double spoiled_x = 0;
    const SpoiledKernels spoiled(&subject, [&](const ElementwiseOperands& operands) {
      double* const value = static_cast<double*>(operands.value) + at;
      *value = std::nextafter(std::nextafter(*value, 1e300), 1e300);
      *value = std::nextafter(std::nextafter(*value, 1e300), 1e300);
      spoiled_x = static_cast<const double*>(operands.x)[at];
    });
    Float64Sample sample(&subject, 0);
    const Finding finding = sample.Cluster(1.7, 5);
    EXPECT_EQ(finding.inputs, kClusterSize) << "no polynomial was accepted";
    EXPECT_EQ(InputOf(ElementType::kFloat64, finding.worst_bits), spoiled_x);
    EXPECT_GT(finding.worst_ulp, 3);
  }
}

TEST(Float64SampleTest, PolynomialsAgreeWithPoints) {
  for (const char* activation : {"gelu", "softplus", "mish"}) {
    const Subject subject = SubjectOf(activation);
    for (size_t column = 0; column < subject.columns.size(); ++column) {
      Float64Sample sample(&subject, column);
      for (double center : {-39.7, -3.3, -0.77, 0.4, 5.6, 31.0, -708.3}) {
        const Finding finding = sample.Cluster(center, 7);
        if (finding.worst_ulp == 0 || finding.inputs < kClusterSize) continue;
        const Row row = RowOf(subject, column, ElementType::kFloat64, finding);
        EXPECT_NEAR(row.worst_ulp, finding.worst_ulp, 0x1p-8) << Describe(row);
      }
    }
  }
}

Sweep Counting(std::vector<int>* runs) {
  return {50, [runs]() -> Worker {
            return [runs](size_t task) {
              ++(*runs)[task];
              const double ulp = task % 7 == 3 ? 2 : 1;
              return std::vector<Finding>{{.worst_ulp = ulp, .worst_bits = task, .inputs = 1}};
            };
          }};
}

Finding Total(const TaskFindings& findings) {
  Finding total;
  for (const std::vector<Finding>& finding : findings) total.Add(finding[0]);
  return total;
}

TEST(SweepTest, RunsWhatIsNotDoneOnAnyNumberOfThreads) {
  for (size_t threads : {1, 3}) {
    std::vector<int> runs(50);
    TaskFindings findings(50);
    findings[10] = {{.worst_ulp = 2, .worst_bits = 10, .inputs = 1}};
    size_t finished = 0;
    RunSweep(Counting(&runs), threads, &findings, [&](size_t, double) { ++finished; });
    EXPECT_EQ(finished, 49);
    EXPECT_EQ(runs[10], 0);
    EXPECT_EQ(std::count(runs.begin(), runs.end(), 1), 49);
    EXPECT_EQ(Total(findings).worst_bits, 3) << "the first of the worst";
    EXPECT_EQ(Total(findings).inputs, 50);
  }
}

}  // namespace
}  // namespace rectifier::prove
