#include "tests/numerics/prove/float64_sample.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <random>
#include <utility>

#include "core/accuracy.h"
#include "tests/numerics/prove/format.h"

namespace rectifier::prove {
namespace {

constexpr double kWrong = std::numeric_limits<double>::infinity();
constexpr double kLargest = std::numeric_limits<double>::max();
constexpr size_t kTerms = 8;
constexpr slong kPrecision = 192;
constexpr slong kLastPrecision = 3072;
constexpr slong kGoodBits = 120;  // of the leading coefficient
// The radius of a cluster is at most 2^this, relative to its center.
constexpr int kRelativeRadius = -11;
constexpr int kRadii = 3;  // that are tried, each 2^-kRadiusStep of the one before
constexpr int kRadiusStep = 3;
// The radius of a cluster that is evaluated point by point.
constexpr int kFallbackRadius = -44;
// The least exponent of a radius whose inverse is a double.
constexpr int kLeastRadius = -1000;
// The reference is within this of the exact result, relatively: less than 2^-8 ULP.
constexpr double kTolerance64 = 0x1p-61;
// All terms but the first are below this, relatively: then doubles carry them.
constexpr double kSmallTerms = 0x1p-13;
// 2^this is less than 2^-8 of the least double.
constexpr slong kUnderflow64 = -1083;
// A landmark this small is zero, or beside it: distances from it run through all exponents.
constexpr double kNearZero = 0x1p-900;
constexpr int kPowersNearZero = 19;
// Points of a cluster that are evaluated one by one.
constexpr size_t kFallback = 32;

bool IsBelow(const arb_t x, slong exponent) {
  mag_t bound;
  mag_init(bound);
  arb_get_mag(bound, x);
  const bool below = mag_cmp_2exp_si(bound, exponent) < 0;
  mag_clear(bound);
  return below;
}

bool IsZero(const Series& series) {
  for (size_t k = 0; k < series.size(); ++k) {
    if (!arb_is_zero(series[k])) return false;
  }
  return true;
}

uint64_t BitsOf(double x) { return std::bit_cast<uint64_t>(x); }

}  // namespace

// 2^scale f(center + radius t) = hi + (lo + t (rest[0] + t (rest[1] + ...))); `radius` is a power
// of two.
struct Float64Sample::Polynomial {
  double center = 0;
  double radius = 0;
  int scale = 1074;
  int sign = 0;  // of the result, where a zero must have it
  double hi = 0;
  double lo = 0;
  std::array<double, kTerms - 1> rest = {};
};

ClusterPlan::ClusterPlan(std::vector<double> landmarks, size_t count)
    : landmarks_(std::move(landmarks)), spread_(count) {}

double ClusterPlan::Center(size_t index) const {
  if (index >= spread_) {
    const size_t which = (index - spread_) % kDistances;
    const double landmark = landmarks_[(index - spread_) / kDistances];
    const auto power = static_cast<int>(which / 2);
    const double distance = std::abs(landmark) < kNearZero
                                ? std::ldexp(1.0, power * kPowersNearZero - 1074)
                                : std::ldexp(std::abs(landmark), power - 52);
    return landmark + (which % 2 == 0 ? distance : -distance);
  }
  std::mt19937_64 generator(index * 0x9e3779b97f4a7c15u + 1);
  const auto uniform = [&generator](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(generator);
  };
  const double sign = (index & 8) == 0 ? 1 : -1;
  switch (index % 8) {
    case 0:
    case 1:
    case 2:
      return uniform(-40, 40);
    case 3:
      return sign * std::exp2(uniform(-30, 10));
    case 4:
      return sign * uniform(20, 45);
    case 5:
      return sign * uniform(690, 760);
    default: {
      const auto exponent = static_cast<int>(index / 8 % 2098) - 1074;
      return sign * std::min(std::ldexp(uniform(1, 2), exponent), kLargest);
    }
  }
}

Float64Sample::Float64Sample(const Subject* subject, size_t column)
    : subject_(*subject),
      kernel_((subject_.columns = {subject->columns[column]}, &subject_), ElementType::kFloat64,
              kClusterSize),
      evaluator_(subject_.columns[0].expression, subject_.arguments),
      oracle_(subject_.columns[0].expression, subject_.arguments) {}

Finding Float64Sample::Cluster(double center, uint64_t seed) {
  std::mt19937_64 generator(seed);
  Polynomial polynomial;
  int exponent = WidestRadius(center);
  bool expanded = false;
  for (int i = 0; i < kRadii && !expanded; ++i, exponent -= kRadiusStep) {
    expanded = Expand(center, exponent, &polynomial);
  }
  const double radius = expanded ? polynomial.radius : std::ldexp(center, kFallbackRadius);
  std::uniform_real_distribution<double> uniform(-1, 1);
  x_.clear();
  for (size_t i = 0; i < (expanded ? kClusterSize : kFallback); ++i) {
    const double x = center + radius * uniform(generator);
    x_.push_back(std::isfinite(x) && std::abs(x - center) <= std::abs(radius) ? x : center);
  }
  kernel_.Run(x_.data(), x_.size());
  return expanded ? MeetPolynomial(polynomial, x_.size()) : MeetPoints(x_.size());
}

// The exponent of a radius on which the slope changes the result by less than kSmallTerms.
int Float64Sample::WidestRadius(double center) {
  const int widest = std::ilogb(center) + kRelativeRadius;
  if (center == 0 || evaluator_.Evaluate(Ball(center).get(), 1, {.length = 2, .precision = 64}) !=
                         Outcome::kDone) {
    return widest;
  }
  const Series& series = evaluator_.result();
  if (series.size() < 2 || arb_contains_zero(series[0]) || arb_contains_zero(series[1])) {
    return widest;
  }
  Ball share;
  arb_div(share.get(), series[0], series[1], 64);
  if (arf_cmpabs_2exp_si(arb_midref(share.get()), widest + 16) > 0) return widest;
  if (arf_cmpabs_2exp_si(arb_midref(share.get()), kLeastRadius) < 0) return kLeastRadius - 1;
  return static_cast<int>(fmpz_get_si(ARF_EXPREF(arb_midref(share.get())))) - 15;
}

Finding Float64Sample::Specials() {
  x_ = {-kWrong, kWrong, -0.0, std::numeric_limits<double>::quiet_NaN()};
  kernel_.Run(x_.data(), x_.size());
  return MeetPoints(x_.size());
}

Finding Float64Sample::Neighbours(double center, size_t count) {
  count = std::min(count, kClusterSize);
  double x = center;
  for (size_t i = 0; i < count / 2; ++i) x = std::nextafter(x, -kWrong);
  x_.clear();
  for (size_t i = 0; i < count; ++i, x = std::nextafter(x, kWrong)) x_.push_back(x);
  kernel_.Run(x_.data(), count);
  return MeetPoints(count);
}

// False where the cluster is too wide for the accuracy wanted, or the result leaves the doubles.
bool Float64Sample::Expand(double center, int exponent, Polynomial* polynomial) {
  if (exponent < kLeastRadius || std::abs(center) > kLargest / 2) return false;
  const double radius = std::ldexp(1.0, exponent);
  *polynomial = {.center = center, .radius = radius};
  Ball whole(center);
  mag_set_d(arb_radref(whole.get()), radius);
  if (evaluator_.Evaluate(whole.get(), radius, {.length = kTerms + 1, .precision = kPrecision}) !=
      Outcome::kDone) {
    return false;
  }
  const Series over_cluster = evaluator_.result();
  if (IsZero(over_cluster)) return true;
  if (IsBelow(over_cluster[0], kUnderflow64)) {
    polynomial->sign = oracle_.At(center, 1).sign;
    return true;
  }
  for (slong precision = kPrecision; precision <= kLastPrecision; precision *= 4) {
    if (evaluator_.Evaluate(Ball(center).get(), radius,
                            {.length = kTerms, .precision = precision}) != Outcome::kDone) {
      return false;
    }
    if (arb_rel_accuracy_bits(evaluator_.result()[0]) < kGoodBits) continue;
    return Round(evaluator_.result(), over_cluster, polynomial);
  }
  return false;
}

// Scales the series to a leading coefficient in [1, 2), and rounds it to doubles.
bool Float64Sample::Round(Series at_center, const Series& over_cluster, Polynomial* polynomial) {
  if (arf_cmpabs_2exp_si(arb_midref(at_center[0]), 1020) > 0 ||
      arf_cmpabs_2exp_si(arb_midref(at_center[0]), -1120) < 0) {
    return false;
  }
  const slong scale = 1 - fmpz_get_si(ARF_EXPREF(arb_midref(at_center[0])));
  polynomial->scale = static_cast<int>(scale);
  polynomial->sign = arf_sgn(arb_midref(at_center[0]));
  Ball remainder;
  if (over_cluster.size() > kTerms) {
    arb_mul_2exp_si(remainder.get(), over_cluster[kTerms], scale);
  }
  double error = UpperBound(remainder.get());
  double small = 0;
  for (size_t k = 0; k < at_center.size(); ++k) {
    arb_mul_2exp_si(at_center[k], at_center[k], scale);
    error += mag_get_d(arb_radref(at_center[k]));
    const double coefficient = arf_get_d(arb_midref(at_center[k]), ARF_RND_NEAR);
    if (k > 0) {
      polynomial->rest[k - 1] = coefficient;
      small += UpperBound(at_center[k]);
    } else {
      polynomial->hi = coefficient;
    }
  }
  arb_sub(at_center[0], at_center[0], Ball(polynomial->hi).get(), ARF_PREC_EXACT);
  polynomial->lo = arf_get_d(arb_midref(at_center[0]), ARF_RND_NEAR);
  // The error includes, besides, that of lo and its rounding, each term's, and that of Horner's
  // rule.
  error += 0x1p-105 + small * 0x1.1p-53 * (2 * kTerms + 2);
  return small <= kSmallTerms && error <= kTolerance64;
}

Finding Float64Sample::MeetPolynomial(const Polynomial& polynomial, size_t count) {
  const auto* const results = static_cast<const double*>(kernel_.results(0));
  const int half_scale = polynomial.scale / 2;
  const double scale_1 = std::ldexp(1.0, half_scale);
  const double scale_2 = std::ldexp(1.0, polynomial.scale - half_scale);
  const double least_unit = std::ldexp(1.0, polynomial.scale - 1074);
  const double inverse_radius = 1 / polynomial.radius;
  Finding finding{.inputs = count};
  for (size_t i = 0; i < count; ++i) {
    const double t = (x_[i] - polynomial.center) * inverse_radius;
    double sum = polynomial.rest[kTerms - 2];
    for (size_t k = kTerms - 2; k-- > 0;) sum = sum * t + polynomial.rest[k];
    const double low = polynomial.lo + sum * t;
    const double result = results[i] * scale_1 * scale_2;
    const double difference = (result - polynomial.hi) - low;
    const double exact = std::abs(polynomial.hi + low);  // in [1/2, 4)
    const double unit = std::max(exact < 1 ? 0x1p-53 : exact < 2 ? 0x1p-52 : 0x1p-51, least_unit);
    double error = std::abs(difference) / unit;
    if (std::isnan(error)) error = kWrong;
    const bool lost_sign = polynomial.sign != 0 && std::signbit(result) != (polynomial.sign < 0);
    if (result == 0 && lost_sign) error = kWrong;
    finding.correct += error <= 0.5 ? 1 : 0;
    if (error < finding.worst_ulp) continue;
    finding.Meet(Counted(error, std::ldexp(std::abs(difference), -polynomial.scale), x_[i]),
                 BitsOf(x_[i]));
  }
  return finding;
}

double Float64Sample::Counted(double ulp, double absolute, double x) const {
  if (ulp <= 0.5 || !std::isfinite(absolute)) return ulp;
  const Spec& spec = *subject_.spec;
  for (const HardSpot& spot : spec.accuracy.hard_spots) {
    if (spot.quantity != subject_.columns[0].quantity) continue;
    double at = x;
    for (size_t i = 0; i < spec.parameters.size(); ++i) {
      if (spec.parameters[i].name == spot.times) at *= subject_.arguments[i];
    }
    if (at < spot.low || at > spot.high) continue;
    const double promised = PromisedUlp(ElementType::kFloat64);
    ulp = std::min(ulp, promised * (absolute / spot.absolute_error));
  }
  return ulp;
}

Finding Float64Sample::MeetPoints(size_t count) {
  Finding finding;
  const auto* const results = static_cast<const double*>(kernel_.results(0));
  for (size_t i = 0; i < count; ++i) MeetPoint(x_[i], results[i], &finding);
  return finding;
}

void Float64Sample::MeetPoint(double x, double result, Finding* finding) {
  ++finding->inputs;
  if (std::isnan(x)) {
    finding->Meet(std::isnan(result) ? 0 : kWrong, BitsOf(x));
    finding->correct += std::isnan(result) ? 1 : 0;
    return;
  }
  const PointResult exact = oracle_.At(x);
  if (!exact.defined || !exact.decided) {
    ++finding->undecided;
    return;
  }
  double error = 0;
  if (exact.infinite) {
    error = result == exact.sign * kWrong ? 0 : kWrong;
  } else {
    error = UlpError(ElementType::kFloat64, result, exact.middle.get());
    const bool lost_sign = exact.sign != 0 && std::signbit(result) != (exact.sign < 0);
    if (result == 0 && lost_sign) error = kWrong;
  }
  finding->correct += error <= 0.5 ? 1 : 0;
  const double nearest = arf_get_d(exact.middle.get(), ARF_RND_NEAR);
  finding->Meet(exact.infinite ? error : Counted(error, std::abs(result - nearest), x), BitsOf(x));
}

}  // namespace rectifier::prove
