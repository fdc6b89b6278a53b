// RAII around Arb: numbers that know how wrong they may be, with rigorous bounds.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_BALL_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_BALL_H_

#include <cstddef>
#include <utility>

#include "arb.h"

namespace rectifier::prove {

// An exact floating-point number with unlimited exponent.
class Exact {
 public:
  Exact() { arf_init(value_); }
  explicit Exact(double value) : Exact() { arf_set_d(value_, value); }
  Exact(const Exact& other) : Exact() { arf_set(value_, other.value_); }
  Exact(Exact&& other) noexcept : Exact() { arf_swap(value_, other.value_); }
  Exact& operator=(Exact other) {
    arf_swap(value_, other.value_);
    return *this;
  }
  ~Exact() { arf_clear(value_); }
  arf_ptr get() { return value_; }
  arf_srcptr get() const { return value_; }

 private:
  arf_t value_;
};

// A set of real numbers: midpoint and radius.
class Ball {
 public:
  Ball() { arb_init(value_); }
  explicit Ball(double value) : Ball() { arb_set_d(value_, value); }
  Ball(const Ball& other) : Ball() { arb_set(value_, other.value_); }
  Ball(Ball&& other) noexcept : Ball() { arb_swap(value_, other.value_); }
  Ball& operator=(Ball other) {
    arb_swap(value_, other.value_);
    return *this;
  }
  ~Ball() { arb_clear(value_); }
  arb_ptr get() { return value_; }
  arb_srcptr get() const { return value_; }

 private:
  arb_t value_;
};

// An upper bound of |x|, infinite where it is no double.
inline double UpperBound(const arb_t x) {
  mag_t bound;
  mag_init(bound);
  arb_get_mag(bound, x);
  const double result = mag_get_d(bound);
  mag_clear(bound);
  return result;
}

// A power series whose coefficients are balls; those beyond the last are zero.
class Series {
 public:
  Series() = default;
  explicit Series(size_t size) : data_(_arb_vec_init(Length(size))), size_(size) {}
  Series(Series&& other) noexcept { Swap(other); }
  Series& operator=(Series&& other) noexcept {
    Swap(other);
    return *this;
  }
  Series(const Series& other) : Series(other.size_) {
    _arb_vec_set(data_, other.data_, Length(size_));
  }
  Series& operator=(const Series& other) {
    Series copy(other);
    Swap(copy);
    return *this;
  }
  ~Series() {
    if (data_ != nullptr) _arb_vec_clear(data_, Length(size_));
  }

  // The same number for every t.
  static Series Constant(arb_srcptr value) {
    Series series(1);
    arb_set(series[0], value);
    return series;
  }

  size_t size() const { return size_; }
  arb_ptr operator[](size_t i) { return data_ + i; }
  arb_srcptr operator[](size_t i) const { return data_ + i; }

 private:
  static slong Length(size_t size) { return static_cast<slong>(size); }
  void Swap(Series& other) {
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

  arb_ptr data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_BALL_H_
