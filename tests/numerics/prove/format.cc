#include "tests/numerics/prove/format.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace rectifier::prove {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

class Integer {
 public:
  Integer() { fmpz_init(value_); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  ~Integer() { fmpz_clear(value_); }
  fmpz* get() { return value_; }

 private:
  fmpz_t value_;
};

// The exponent of the last place of `type` at `value`, which is within its range or below it.
slong LastPlace(const testing::BinaryFormat& format, const arf_t value) {
  slong exponent = format.least_exponent;
  if (!arf_is_zero(value) && arf_cmpabs_2exp_si(value, exponent) >= 0) {
    exponent = fmpz_get_si(ARF_EXPREF(value)) - 1;
  }
  return std::min<slong>(exponent, format.greatest_exponent) - (format.digits - 1);
}

}  // namespace

double UnitInTheLastPlace(ElementType type, double value) {
  const testing::BinaryFormat format = FormatOf(type);
  int exponent = format.least_exponent;
  if (value != 0 && std::isfinite(value)) exponent = std::max(exponent, std::ilogb(value));
  if (std::isinf(value)) exponent = format.greatest_exponent;
  return std::ldexp(1.0, std::min(exponent, format.greatest_exponent) - (format.digits - 1));
}

double RoundTo(ElementType type, const arf_t value) {
  const testing::BinaryFormat format = FormatOf(type);
  if (arf_is_zero(value)) return 0;
  const double sign = arf_sgn(value);
  if (arf_cmpabs_2exp_si(value, format.least_exponent - format.digits - 1) < 0) {
    return std::copysign(0.0, sign);
  }
  if (arf_cmpabs_2exp_si(value, format.greatest_exponent + 1) >= 0) return sign * kInfinity;
  const slong last_place = LastPlace(format, value);
  Exact scaled;
  Integer digits;
  arf_mul_2exp_si(scaled.get(), value, -last_place);
  arf_get_fmpz(digits.get(), scaled.get(), ARF_RND_NEAR);
  const double whole = fmpz_get_d(digits.get());  // at most 2^53: exact
  const double limit = std::ldexp(1.0, format.digits);
  if (std::abs(whole) >= limit && last_place == format.greatest_exponent - (format.digits - 1)) {
    return sign * kInfinity;
  }
  return std::copysign(std::ldexp(whole, static_cast<int>(last_place)), sign);
}

double UlpError(ElementType type, double result, const arf_t exact) {
  if (std::isnan(result)) return kInfinity;
  const testing::BinaryFormat format = FormatOf(type);
  Exact beyond(1);
  arf_mul_2exp_si(beyond.get(), beyond.get(), format.greatest_exponent + 1);
  const auto bounded = [&](Exact number) {
    if (arf_cmpabs(number.get(), beyond.get()) <= 0) return number;
    Exact limit = beyond;
    if (arf_sgn(number.get()) < 0) arf_neg(limit.get(), limit.get());
    return limit;
  };
  Exact exact_copy;
  arf_set(exact_copy.get(), exact);
  const Exact reference = bounded(exact_copy);
  Exact difference;
  arf_sub(difference.get(), bounded(Exact(result)).get(), reference.get(), 64, ARF_RND_NEAR);
  arf_mul_2exp_si(difference.get(), difference.get(), -LastPlace(format, reference.get()));
  return std::abs(arf_get_d(difference.get(), ARF_RND_NEAR));
}

}  // namespace rectifier::prove
