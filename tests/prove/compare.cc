#include "tests/prove/compare.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/prove/compare.cc"
#include "hwy/foreach_target.h"

#include "hwy/highway.h"

HWY_BEFORE_NAMESPACE();
namespace rectifier::prove {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Doubles = hn::ScalableTag<double>;
using Floats = hn::Rebind<float, Doubles>;
using Words = hn::Rebind<int64_t, Doubles>;
using Vector = hn::Vec<Doubles>;
constexpr size_t kLanes = hn::MaxLanes(Doubles());
// Horner's rule is a chain: this many of them keep the multipliers busy.
constexpr size_t kChains = 4;

constexpr int64_t kExponentMask = int64_t{0x7ff} << 52;
constexpr int64_t kLeastExponent = int64_t{1023 - 126} << 52;
constexpr int64_t kGreatestExponent = int64_t{1023 + 127} << 52;
constexpr int64_t kInverseUlp = int64_t{2 * 1023 + 23} << 52;

HWY_INLINE Vector Number(double number) { return hn::Set(Doubles(), number); }

// The error of `results` where `reference` is exact.
HWY_INLINE Vector ErrorOf(Vector reference, Vector results, Vector sign_from) {
  const Words words;
  const auto exponent = hn::And(hn::BitCast(words, reference), hn::Set(words, kExponentMask));
  const auto clamped =
      hn::Min(hn::Max(exponent, hn::Set(words, kLeastExponent)), hn::Set(words, kGreatestExponent));
  const Vector inverse_ulp = hn::BitCast(Doubles(), hn::Sub(hn::Set(words, kInverseUlp), clamped));
  const Vector beyond = Number(0x1p128);
  const auto bounded = [beyond](Vector v) { return hn::Min(hn::Max(v, hn::Neg(beyond)), beyond); };
  const Vector difference = hn::Sub(bounded(results), bounded(reference));
  const Vector error = hn::Mul(hn::Abs(difference), inverse_ulp);
  const Vector zero = hn::Zero(Doubles());
  const auto lost_sign =
      hn::And(hn::And(hn::Eq(results, zero), hn::Gt(hn::Abs(reference), sign_from)),
              hn::Lt(hn::Mul(hn::CopySign(Number(1), results), reference), zero));
  const auto wrong = hn::Or(lost_sign, hn::IsNaN(results));
  const Vector infinity = Number(std::numeric_limits<double>::infinity());
  return hn::IfThenElse(wrong, infinity, error);
}

// References and errors for kVectors vectors of results from input `i` of the part on.
template <size_t kVectors>
struct Step {
  Vector reference[kVectors];
  Vector error[kVectors];

  HWY_INLINE Step(const Reference& r, size_t i, const float* results) {
    const double half = static_cast<double>(r.count) / 2;
    const Vector lane = hn::Iota(Doubles(), 0);
    Vector t[kVectors];
    for (size_t v = 0; v < kVectors; ++v) {
      const double first = static_cast<double>(i + v * kLanes) - half;
      t[v] = hn::Mul(hn::Add(lane, Number(first)), Number(1 / half));
      reference[v] = Number(r.coefficients[r.terms - 1]);
    }
    for (size_t k = r.terms - 1; k-- > 0;) {
      const Vector coefficient = Number(r.coefficients[k]);
      for (size_t v = 0; v < kVectors; ++v) {
        reference[v] = hn::MulAdd(reference[v], t[v], coefficient);
      }
    }
    for (size_t v = 0; v < kVectors; ++v) {
      const Vector wide = hn::PromoteTo(Doubles(), hn::LoadU(Floats(), results + v * kLanes));
      error[v] = ErrorOf(reference[v], wide, Number(r.sign_from));
    }
  }
};

struct Sums {
  Vector worst;
  Vector correct;
  Vector least;

  HWY_INLINE Sums() {
    worst = correct = hn::Zero(Doubles());
    least = Number(std::numeric_limits<double>::infinity());
  }

  template <size_t kVectors>
  HWY_INLINE void Meet(const Step<kVectors>& step) {
    for (size_t v = 0; v < kVectors; ++v) {
      worst = hn::Max(worst, step.error[v]);
      least = hn::Min(least, hn::Abs(step.reference[v]));
      correct = hn::Add(correct, hn::IfThenElseZero(hn::Le(step.error[v], Number(0.5)), Number(1)));
    }
  }
};

Tally ComparePolynomial(const Reference& reference, size_t begin, const float* results,
                        size_t count) {
  Sums sums;
  size_t i = 0;
  for (; i + kChains * kLanes <= count; i += kChains * kLanes) {
    sums.Meet(Step<kChains>(reference, begin + i, results + i));
  }
  for (; i < count; i += kLanes) sums.Meet(Step<1>(reference, begin + i, results + i));
  const Doubles d;
  return {hn::GetLane(hn::MaxOfLanes(d, sums.worst)),
          static_cast<uint64_t>(hn::GetLane(hn::SumOfLanes(d, sums.correct))),
          hn::GetLane(hn::MinOfLanes(d, sums.least))};
}

void ErrorsOfPolynomial(const Reference& reference, size_t begin, const float* results,
                        size_t count, double* errors) {
  for (size_t i = 0; i < count; i += kLanes) {
    const Step<1> step(reference, begin + i, results + i);
    hn::StoreU(step.error[0], Doubles(), errors + i);
  }
}

void ErrorsOfPoints(const double* points, const float* results, size_t count, double* errors) {
  for (size_t i = 0; i < count; ++i) {
    const Vector error = ErrorOf(Number(points[i]), Number(results[i]), hn::Zero(Doubles()));
    errors[i] = points[i] == points[i] ? hn::GetLane(error) : 0;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace rectifier::prove
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace rectifier::prove {

HWY_EXPORT(ComparePolynomial);
HWY_EXPORT(ErrorsOfPolynomial);
HWY_EXPORT(ErrorsOfPoints);

Tally Compare(const Reference& reference, size_t begin, const float* results, size_t count) {
  if (reference.terms > 0) {
    return HWY_DYNAMIC_DISPATCH(ComparePolynomial)(reference, begin, results, count);
  }
  double errors[kShortLine];
  Errors(reference, begin, results, count, errors);
  Tally tally;
  for (size_t i = 0; i < count; ++i) {
    tally.worst = std::max(tally.worst, errors[i]);
    tally.correct += errors[i] <= 0.5 ? 1 : 0;
  }
  return tally;
}

void Errors(const Reference& reference, size_t begin, const float* results, size_t count,
            double* errors) {
  if (reference.terms > 0) {
    HWY_DYNAMIC_DISPATCH(ErrorsOfPolynomial)(reference, begin, results, count, errors);
  } else {
    HWY_DYNAMIC_DISPATCH(ErrorsOfPoints)(reference.points.data() + begin, results, count, errors);
  }
}

}  // namespace rectifier::prove
#endif  // HWY_ONCE
