#include "tests/numerics/prove/compare.h"

#include <algorithm>
#include <bit>
#include <cmath>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "tests/numerics/prove/compare.cc"
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

// The same where the exact result is normal and no result is infinite; a NaN gives a NaN.
HWY_INLINE Vector PlainErrorOf(Vector reference, Vector results) {
  const Words words;
  const auto exponent = hn::And(hn::BitCast(words, reference), hn::Set(words, kExponentMask));
  const Vector inverse_ulp = hn::BitCast(Doubles(), hn::Sub(hn::Set(words, kInverseUlp), exponent));
  return hn::Mul(hn::Abs(hn::Sub(results, reference)), inverse_ulp);
}

// References, and the results that they are for, from input `i` of the part on.
template <size_t kVectors>
struct Step {
  Vector reference[kVectors];
  Vector results[kVectors];

  HWY_INLINE Step(const Reference& r, size_t i, const float* stored) {
    const double half = static_cast<double>(r.count) / 2;
    const Vector lane = hn::Iota(Doubles(), 0);
    Vector t[kVectors];
#pragma GCC unroll 4
    for (size_t v = 0; v < kVectors; ++v) {
      const double first = static_cast<double>(i + v * kLanes) - half;
      t[v] = hn::Mul(hn::Add(lane, Number(first)), Number(1 / half));
      reference[v] = Number(r.coefficients[r.terms - 1]);
      results[v] = hn::PromoteTo(Doubles(), hn::LoadU(Floats(), stored + v * kLanes));
    }
    for (size_t k = r.terms - 1; k-- > 0;) {
      const Vector coefficient = Number(r.coefficients[k]);
#pragma GCC unroll 4
      for (size_t v = 0; v < kVectors; ++v) {
        reference[v] = hn::MulAdd(reference[v], t[v], coefficient);
      }
    }
  }
};

class Sums {
 public:
  HWY_INLINE Sums() {
    worst_ = hn::Zero(Words());
    below_ = hn::Zero(Doubles());
    reached_ = hn::Zero(Doubles());
    least_ = Number(std::numeric_limits<double>::infinity());
  }

  HWY_INLINE void Meet(Vector reference, Vector error) {
    // They are compared as integers, for a NaN to count as more than infinity.
    worst_ = hn::Max(worst_, hn::BitCast(Words(), error));
    least_ = hn::Min(least_, hn::Abs(reference));
    below_ = hn::Add(below_, hn::IfThenElseZero(hn::Lt(error, Number(0.5 - kClose)), Number(1)));
    reached_ =
        hn::Add(reached_, hn::IfThenElseZero(hn::Le(error, Number(0.5 + kClose)), Number(1)));
  }

  HWY_INLINE Tally Total() const {
    const Doubles d;
    const int64_t worst = hn::GetLane(hn::MaxOfLanes(Words(), worst_));
    const auto count = [](Vector counts) HWY_ATTR {
      return static_cast<uint64_t>(hn::GetLane(hn::SumOfLanes(Doubles(), counts)));
    };
    return {std::bit_cast<double>(worst), count(below_), count(reached_) - count(below_),
            hn::GetLane(hn::MinOfLanes(d, least_))};
  }

 private:
  hn::Vec<Words> worst_;
  // Results whose error is below what is close to a tie, and below or close.
  Vector below_;
  Vector reached_;
  Vector least_;
};

// Calls meet(reference, results) for each vector.
template <class Meet>
HWY_INLINE void ForEach(const Reference& reference, size_t begin, const float* results,
                        size_t count, const Meet& meet) {
  size_t i = 0;
  for (; i + kChains * kLanes <= count; i += kChains * kLanes) {
    const Step<kChains> step(reference, begin + i, results + i);
#pragma GCC unroll 4
    for (size_t v = 0; v < kChains; ++v) meet(step.reference[v], step.results[v]);
  }
  for (; i < count; i += kLanes) {
    const Step<1> step(reference, begin + i, results + i);
    meet(step.reference[0], step.results[0]);
  }
}

Tally ComparePlainly(const Reference& reference, size_t begin, const float* results, size_t count) {
  Sums sums;
  ForEach(reference, begin, results, count, [&sums](Vector exact, Vector result) HWY_ATTR {
    sums.Meet(exact, PlainErrorOf(exact, result));
  });
  return sums.Total();
}

Tally CompareCarefully(const Reference& reference, size_t begin, const float* results,
                       size_t count) {
  Sums sums;
  const Vector sign_from = Number(reference.sign_from);
  ForEach(reference, begin, results, count, [&](Vector exact, Vector result) HWY_ATTR {
    sums.Meet(exact, ErrorOf(exact, result, sign_from));
  });
  return sums.Total();
}

Tally ComparePolynomial(const Reference& reference, size_t begin, const float* results,
                        size_t count) {
  double most = 0;
  for (size_t k = 0; k < reference.terms; ++k) most += std::abs(reference.coefficients[k]);
  if (most < 0x1p127) {
    const Tally tally = ComparePlainly(reference, begin, results, count);
    if (std::isfinite(tally.worst) && tally.least >= 0x1p-126) return tally;
  }
  return CompareCarefully(reference, begin, results, count);
}

void ErrorsOfPolynomial(const Reference& reference, size_t begin, const float* results,
                        size_t count, double* errors) {
  for (size_t i = 0; i < count; i += kLanes) {
    const Step<1> step(reference, begin + i, results + i);
    const Vector error = ErrorOf(step.reference[0], step.results[0], Number(reference.sign_from));
    hn::StoreU(error, Doubles(), errors + i);
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
    tally.correct += errors[i] < 0.5 - kClose ? 1 : 0;
    tally.close += IsClose(errors[i]) ? 1 : 0;
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
