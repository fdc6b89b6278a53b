#include "tests/numerics/prove/reference.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/numerics/prove/format.h"
#include "tests/numerics/prove/range.h"

namespace rectifier::prove {
namespace {

constexpr ElementType kType = ElementType::kFloat32;
// Beyond 2^128 float32 results are infinite: these two are not told apart from what is larger.
constexpr slong kOverflow = 129;
constexpr double kBeyond = 0x1p129;
// Stands for a result that certainly rounds to zero, and has a sign.
constexpr double kTiny = 0x1p-300;
constexpr double kUnderflow = 0x1p-168;  // below kTolerance of the least float32
// Plateaus are looked for on lines as long as this; next to their ends a polynomial does as well.
constexpr size_t kPlateau = size_t{1}
                            << 10;  // not more: Float32Sweep::IsTooDear tries lines like that
constexpr slong kBallPrecision = 96;
constexpr slong kLastPrecision = 4096;
// Absorbs the roundings in sums of bounds.
constexpr double kSlack = 1 + 0x1p-20;

double RadiusOf(const arb_t x) { return mag_get_d(arb_radref(x)); }

// For each n this is the remainder of the polynomial with n terms, best[n], where terms that the
// center has but the polynomial has not count too.
struct Remainders {
  std::array<double, kMaxTerms + 1> of = {};
};

Remainders RemaindersOf(const Series& over_line, const std::array<double, kMaxTerms>& magnitude) {
  Remainders remainders;
  const auto lagrange = [&](size_t n) {
    return n < over_line.size() ? UpperBound(over_line[n]) : 0;
  };
  remainders.of[kMaxTerms] = lagrange(kMaxTerms);
  for (size_t n = kMaxTerms; n-- > 0;) {
    const double dropped = (magnitude[n] + remainders.of[n + 1]) * kSlack;
    remainders.of[n] = std::min(lagrange(n), dropped);
  }
  return remainders;
}

double Horner(const Reference& reference, double t) {
  double sum = 0;
  for (size_t k = reference.terms; k-- > 0;) sum = sum * t + reference.coefficients[k];
  return sum;
}

// The least magnitude of the polynomial at a few points: what the line's inputs will about meet.
double LeastMagnitude(const Reference& polynomial) {
  double least = std::numeric_limits<double>::infinity();
  for (int i = -4; i <= 4; ++i) least = std::min(least, std::abs(Horner(polynomial, i / 4.0)));
  return least;
}

}  // namespace

double ReferenceAt(const Reference& reference, size_t i) {
  if (reference.terms == 0) return reference.points[i];
  const double half = static_cast<double>(reference.count) / 2;
  return Horner(reference, (static_cast<double>(i) - half) / half);
}

Planner::Planner(const Expression* expression, absl::Span<const double> arguments)
    : expression_(expression),
      arguments_(arguments.begin(), arguments.end()),
      evaluator_(expression, arguments),
      oracle_(expression, arguments) {}

void Planner::Refine(const Line& line, const Reference& reference,
                     std::vector<Reference>* references) {
  const Line part = {line.at(reference.begin), line.step, reference.count};
  PlanHalves(part, reference.begin, references);
}

void Planner::PlanFrom(const Line& line, size_t begin, std::vector<Reference>* references) {
  std::optional<Reference> reference;
  if (line.count <= kShortLine) reference = Points(line);
  if (!reference && line.count >= kPlateau) reference = Constant(line);
  if (!reference) reference = Polynomial(line);
  if (!reference) return PlanHalves(line, begin, references);
  reference->begin = begin;
  reference->count = line.count;
  references->push_back(*reference);
}

void Planner::PlanHalves(const Line& line, size_t begin, std::vector<Reference>* references) {
  PlanFrom(line.Half(0), begin, references);
  PlanFrom(line.Half(1), begin + line.count / 2, references);
}

std::optional<Reference> Planner::Constant(const Line& line) {
  const double last = line.at(line.count - 1);
  const std::optional<Range> range =
      RangeOf(*expression_, arguments_, std::min(line.first, last), std::max(line.first, last));
  ++evaluations_;
  if (!range.has_value()) return std::nullopt;
  Reference reference{.terms = 1};
  const int low_sign = arf_sgn(range->low.get());
  const int high_sign = arf_sgn(range->high.get());
  if (low_sign == 0 && high_sign == 0) return reference;
  if (low_sign * high_sign > 0 && arf_cmpabs_2exp_si(range->low.get(), kOverflow) >= 0 &&
      arf_cmpabs_2exp_si(range->high.get(), kOverflow) >= 0) {
    reference.coefficients[0] = low_sign * kBeyond;
    return reference;
  }
  const double low = arf_get_d(range->low.get(), ARF_RND_DOWN);
  const double high = arf_get_d(range->high.get(), ARF_RND_DOWN);
  if (std::max(std::abs(low), std::abs(high)) < kUnderflow / 2) {
    const std::optional<int> sign = low_sign * high_sign > 0 ? low_sign : CommonSign(line);
    if (!sign.has_value()) return std::nullopt;
    reference.coefficients[0] = *sign * kTiny;
    reference.error = kUnderflow;
    return reference;
  }
  reference.coefficients[0] = low + (high - low) / 2;
  reference.error = ((high - low) + 0x1p-50 * std::abs(high)) * kSlack;
  reference.sign_from = reference.error;
  const double unit = UnitInTheLastPlace(kType, reference.coefficients[0]);
  if (reference.error > unit * kTolerance / 4) return std::nullopt;
  return reference;
}

// The sign of a result that underflows all along the line, read off at its ends and its middle. 0
// where it was not found at any.
std::optional<int> Planner::CommonSign(const Line& line) {
  const int sign = oracle_.At(line.first, 1).sign;
  for (size_t i : {line.count / 2, line.count - 1}) {
    if (oracle_.At(line.at(i), 1).sign != sign) return std::nullopt;
  }
  return sign;
}

std::optional<Reference> Planner::Polynomial(const Line& line) {
  const double radius = line.step * (static_cast<double>(line.count) / 2);
  const Ball center(line.first + radius);
  Ball whole = center;
  mag_set_d(arb_radref(whole.get()), std::abs(radius));
  ++evaluations_;
  const Outcome outcome = evaluator_.Evaluate(
      whole.get(), radius, {.length = kMaxTerms + 1, .precision = kBallPrecision});
  if (outcome == Outcome::kUndefined) {
    return Reference{.terms = 1, .coefficients = {std::numeric_limits<double>::quiet_NaN()}};
  }
  if (outcome != Outcome::kDone) return std::nullopt;
  const Series over_line = evaluator_.result();
  const double most = UpperBound(over_line[0]);
  const double generous = kTolerance * UnitInTheLastPlace(kType, std::min(most, 0x1p128));
  double least_remainder = std::numeric_limits<double>::infinity();
  for (size_t n = 1; n <= kMaxTerms; ++n) {
    const double remainder = n < over_line.size() ? UpperBound(over_line[n]) : 0;
    least_remainder = std::min(least_remainder, remainder);
  }
  if (least_remainder > generous) return std::nullopt;

  for (slong precision = 96; precision <= kLastPrecision; precision *= 2) {
    ++evaluations_;
    if (evaluator_.Evaluate(center.get(), radius, {.length = kMaxTerms, .precision = precision}) !=
        Outcome::kDone) {
      return std::nullopt;
    }
    const Series& at_center = evaluator_.result();
    Reference reference{.terms = std::min(at_center.size(), kMaxTerms)};
    std::array<double, kMaxTerms> magnitude = {};
    double radii = 0;
    for (size_t k = 0; k < reference.terms; ++k) {
      reference.coefficients[k] = arf_get_d(arb_midref(at_center[k]), ARF_RND_NEAR);
      magnitude[k] = UpperBound(at_center[k]);
      radii += RadiusOf(at_center[k]);
    }
    if (!(magnitude[0] < 0x1p140)) return std::nullopt;
    const double unit = UnitInTheLastPlace(kType, std::min(LeastMagnitude(reference), 0x1p127));
    const double tolerance = unit * kTolerance / 4;
    if (radii > tolerance / 4) continue;
    const Remainders remainders = RemaindersOf(over_line, magnitude);
    size_t terms = 1;
    while (terms < reference.terms && remainders.of[terms] > tolerance) ++terms;
    double rounding = 0;
    for (size_t k = 0; k < terms; ++k) rounding += magnitude[k];
    // Horner's rule is off by (1 + 2^-53)^(2 n) - 1, and by each coefficient once; the products may
    // be subnormal.
    rounding *= 0x1.01p-53 * static_cast<double>(2 * terms + 1);
    reference.terms = terms;
    reference.error = (remainders.of[terms] + radii + rounding + 0x1p-1060) * kSlack;
    reference.sign_from = reference.error;
    if (!(reference.error <= 2 * tolerance)) return std::nullopt;
    return reference;
  }
  return std::nullopt;
}

Reference Planner::Points(const Line& line) {
  Reference reference;
  for (size_t i = 0; i < line.count; ++i) {
    ++evaluations_;
    const PointResult result = oracle_.At(line.at(i));
    double& point = reference.points[i];
    if (!result.defined || !result.decided) {
      point = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    point = arf_get_d(result.middle.get(), ARF_RND_NEAR);
    if (std::abs(point) < kTiny) point = result.sign * kTiny;
    if (std::abs(point) > kBeyond) point = std::copysign(kBeyond, point);
  }
  return reference;
}

}  // namespace rectifier::prove
