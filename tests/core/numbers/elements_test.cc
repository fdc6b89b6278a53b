// Elements of every type in and out of numbers, on every CPU target: widened exactly, and rounded
// once, to nearest even. What is nearest is found without arithmetic that rounds.
#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/element_type.h"
#include "core/numbers/bounds.h"
#include "gtest/gtest.h"
#include "hwy/targets.h"
#include "tests/core/numbers/elements_on_targets.h"
#include "tests/numerics/binary_format.h"

namespace rectifier {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// An element type that is narrower than double, as an IEEE 754 format.
struct Format {
  std::string name;
  ElementType type;
  testing::BinaryFormat binary = testing::FormatOf(type);
  int fraction = binary.digits - 1;  // its bits

  uint64_t Sign() const { return uint64_t{1} << (8 * SizeOf(type) - 1); }
  uint64_t Infinity() const { return Sign() - (uint64_t{1} << fraction); }
  uint64_t QuietNaN() const { return Infinity() | uint64_t{1} << (fraction - 1); }

  // The number that bits without a sign stand for. Infinity's are those of the number that would
  // come next, which is how IEEE 754 rounds to it.
  double Value(uint64_t bits) const {
    const int biased = static_cast<int>(bits >> fraction);
    const double significand = static_cast<double>(bits & ((uint64_t{1} << fraction) - 1));
    const double hidden = biased == 0 ? 0 : std::ldexp(1, fraction);
    const int above_least = std::max(biased, 1) - 1;
    return std::ldexp(significand + hidden, binary.least_exponent + above_least - fraction);
  }
  // Halfway between a number and the next one.
  double Tie(uint64_t bits) const { return (Value(bits) + Value(bits + 1)) / 2; }

  // Whether `element` is `number` rounded once, to nearest even.
  bool IsRounded(double number, uint64_t element) const {
    if (std::isnan(number)) return element == QuietNaN();
    const uint64_t bits = element & (Sign() - 1);
    if ((element != bits) != std::signbit(number) || bits > Infinity()) return false;
    const double size = std::abs(number);
    const bool even = bits % 2 == 0;
    const double low = bits == 0 ? 0 : Tie(bits - 1);
    const double high = bits == Infinity() ? kInfinity : Tie(bits);
    return (low < size && size < high) || (even && (size == low || size == high)) ||
           (size == 0 && bits == 0);
  }
};

const Format kFloat = {"float32", ElementType::kFloat32};
const Format kHalf = {"float16", ElementType::kFloat16};
const Format kBrain = {"bfloat16", ElementType::kBFloat16};

// Elements without a sign: all of a 16-bit type that are finite; of float32 every so many.
std::vector<uint64_t> Sizes(const Format& format) {
  std::vector<uint64_t> sizes;
  const uint64_t step = format.fraction == 23 ? 65521 : 1;
  for (uint64_t bits = 0; bits < format.Infinity(); bits += step) sizes.push_back(bits);
  for (uint64_t bits : {uint64_t{1}, uint64_t{1} << format.fraction, format.Infinity() - 1}) {
    sizes.push_back(bits);
    sizes.push_back(bits - 1);
  }
  return sizes;
}

class ElementsTest : public ::testing::TestWithParam<Format> {};

TEST_P(ElementsTest, AreWidenedExactly) {
  const Format& format = GetParam();
  ElementBits elements;
  std::vector<double> numbers;
  for (uint64_t bits : Sizes(format)) {
    elements.insert(elements.end(), {bits, bits | format.Sign()});
    numbers.insert(numbers.end(), {format.Value(bits), -format.Value(bits)});
  }
  elements.insert(elements.end(), {format.Infinity(), format.Infinity() | format.Sign()});
  numbers.insert(numbers.end(), {kInfinity, -kInfinity});
  for (int64_t target : TargetsHere()) {
    const std::vector<double> loaded = LoadedOn(target, format.type, elements);
    for (size_t i = 0; i < elements.size(); ++i) {
      EXPECT_EQ(std::bit_cast<uint64_t>(loaded[i]), std::bit_cast<uint64_t>(numbers[i]))
          << hwy::TargetName(target) << " at " << elements[i];
    }
    for (double number : LoadedOn(target, format.type,
                                  {format.QuietNaN(), format.Infinity() + 1, format.Sign() - 1}))
      EXPECT_TRUE(std::isnan(number)) << hwy::TargetName(target);
  }
}

// Every element, every tie, and what is next to them as a double and as a float; and any doubles.
std::vector<double> NumbersToRound(const Format& format) {
  std::vector<double> numbers;
  const auto add = [&](double number) {
    for (double x : {number, std::nextafter(number, kInfinity), std::nextafter(number, 0.0),
                     number * (1 + 0x1p-24), number * (1 - 0x1p-24), number * (1 + 0x1p-40),
                     number * (1 - 0x1p-40)})
      numbers.insert(numbers.end(), {x, -x});
  };
  for (uint64_t bits : Sizes(format)) {
    add(format.Value(bits));
    add(format.Tie(bits));
  }
  std::mt19937_64 generator(20240229);
  std::uniform_int_distribution<int> exponents(-1074, 1023);
  std::uniform_real_distribution<double> significands(-2, 2);
  for (int i = 0; i < 20000; ++i) {
    numbers.push_back(std::ldexp(significands(generator), exponents(generator)));
    numbers.push_back(std::ldexp(significands(generator), exponents(generator) % 20));
  }
  add(format.Value(format.Infinity()));
  const double signaling = std::bit_cast<double>(0x7ff0000000000001);
  numbers.insert(numbers.end(), {0.0, -0.0, kInfinity, -kInfinity, kNaN, -kNaN, signaling});
  return numbers;
}

TEST_P(ElementsTest, AreRoundedOnceToNearestEven) {
  const Format& format = GetParam();
  const std::vector<double> numbers = NumbersToRound(format);
  for (int64_t target : TargetsHere()) {
    const ElementBits elements = StoredOn(target, format.type, numbers);
    for (size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_TRUE(format.IsRounded(numbers[i], elements[i]))
          << hwy::TargetName(target) << " at " << std::hexfloat << numbers[i] << ": " << std::hex
          << elements[i];
    }
  }
}

TEST_P(ElementsTest, AreTheSameNaNWhereOneIsGiven) {
  const Format& format = GetParam();
  for (int64_t target : TargetsHere()) {
    EXPECT_EQ(StoredBesideOn(target, format.type, {1, kInfinity, 0, 2}, {kNaN, -kNaN, kNaN, 1}),
              (ElementBits{format.QuietNaN(), format.QuietNaN(), format.QuietNaN(),
                           StoredOn(target, format.type, {2})[0]}))
        << hwy::TargetName(target);
  }
}

TEST_P(ElementsTest, AtTheEndOfMemoryAreTheFirstOfAVector) {
  const Format& format = GetParam();
  const std::vector<double> numbers = {1, -2, 3, kInfinity, -0.5, kNaN, 7};
  for (int64_t target : TargetsHere()) {
    const ElementBits elements = StoredOn(target, format.type, numbers);
    const ElementBits before(8, 0x1234);
    for (size_t count = 0; count < LanesOn(target); ++count) {
      ElementBits first = elements;
      first.resize(count);
      const std::vector<double> loaded = LoadedSomeOn(target, format.type, first, count, -9);
      std::vector<double> padded = numbers;
      padded.resize(8);
      const ElementBits stored = StoredSomeOn(target, format.type, padded, count, before);
      for (size_t i = 0; i < loaded.size(); ++i) {
        const double expected = i < count ? numbers[i] : -9;
        EXPECT_TRUE(loaded[i] == expected || (std::isnan(loaded[i]) && std::isnan(expected)))
            << hwy::TargetName(target) << ", element " << i << " of " << count;
      }
      for (size_t i = 0; i < before.size(); ++i) {
        EXPECT_EQ(stored[i], i < count ? elements[i] : before[i])
            << hwy::TargetName(target) << ", element " << i << " of " << count;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, ElementsTest, ::testing::Values(kFloat, kHalf, kBrain),
                         [](const auto& info) { return info.param.name; });

TEST(Float64ElementsTest, AreTheNumbers) {
  const std::vector<double> numbers = {0.0, -0.0, 1.5, -0x1p-1074, 1e308, kInfinity, -kInfinity};
  ElementBits bits;
  for (double number : numbers) bits.push_back(std::bit_cast<uint64_t>(number));
  const uint64_t nan = std::bit_cast<uint64_t>(kNaN);
  const double signaling = std::bit_cast<double>(0x7ff0000000000001);
  for (int64_t target : TargetsHere()) {
    EXPECT_EQ(StoredOn(target, ElementType::kFloat64, numbers), bits) << hwy::TargetName(target);
    EXPECT_EQ(LoadedOn(target, ElementType::kFloat64, bits), numbers) << hwy::TargetName(target);
    EXPECT_EQ(StoredOn(target, ElementType::kFloat64, {kNaN, -kNaN, signaling}),
              (ElementBits{nan, nan, nan}))
        << hwy::TargetName(target);
  }
}

class HalfwayTest : public ::testing::TestWithParam<Format> {};

TEST_P(HalfwayTest, NumbersNextToATieAreFound) {
  const Format& format = GetParam();
  const bool is_float = format.type == ElementType::kFloat32;
  // Of float32 at that distance itself the tie is an end of the interval, which rounds as it
  // should.
  const double near =
      is_float ? std::exp2(bounds::kDoubleLanes) * 0.999 : std::exp2(bounds::kHalfway);
  std::vector<double> numbers;
  for (uint64_t bits : Sizes(format)) {
    const double tie = format.Tie(bits);
    for (double x : {tie, tie * (1 + near), tie * (1 - near), tie * (1 + near / 1000),
                     std::nextafter(tie, 0.0)})
      numbers.insert(numbers.end(), {x, -x});
  }
  for (int64_t target : TargetsHere()) {
    const std::vector<double> halfway = HalfwayOn(target, format.type, numbers);
    for (size_t i = 0; i < numbers.size(); ++i) {
      ASSERT_EQ(halfway[i], 1) << hwy::TargetName(target) << " at " << std::hexfloat << numbers[i];
    }
  }
}

// Else every result would be computed twice.
TEST_P(HalfwayTest, ElementsAreNotHalfway) {
  const Format& format = GetParam();
  std::vector<double> numbers = {kInfinity, -kInfinity};
  for (uint64_t bits : Sizes(format)) numbers.push_back(format.Value(bits));
  for (int64_t target : TargetsHere()) {
    EXPECT_EQ(HalfwayOn(target, format.type, numbers), std::vector<double>(numbers.size()))
        << hwy::TargetName(target);
  }
}

INSTANTIATE_TEST_SUITE_P(All, HalfwayTest, ::testing::Values(kHalf, kBrain, kFloat),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace rectifier
