// Functions of power series with ball coefficients, to a common length and working precision.
//
// Every one is a plain recurrence (A. Griewank and A. Walther, Evaluating Derivatives, section 13):
// on wide balls, where the coefficients bound a Lagrange remainder, Newton iteration would enclose
// nothing.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_SERIES_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_SERIES_H_

#include <cstddef>

#include "tests/numerics/prove/ball.h"

namespace rectifier::prove {

// What the coefficients are computed to.
struct Working {
  size_t length = 1;     // coefficients kept
  slong precision = 64;  // bits
};

Series Add(const Series& a, const Series& b, Working working);
Series Subtract(const Series& a, const Series& b, Working working);
Series Multiply(const Series& a, const Series& b, Working working);
Series Negate(const Series& a);
Series Inverse(const Series& a, Working working);
Series Sqrt(const Series& a, Working working);
Series Exp(const Series& a, Working working);
Series Log(const Series& a, Working working);
Series Erf(const Series& a, Working working);
Series Erfc(const Series& a, Working working);
Series Sin(const Series& a, Working working);
Series Cos(const Series& a, Working working);
Series Atan(const Series& a, Working working);
Series Sinh(const Series& a, Working working);
Series Cosh(const Series& a, Working working);
Series Tanh(const Series& a, Working working);
Series Logistic(const Series& a, Working working);
Series Softplus(const Series& a, Working working);
Series RootSum(const Series& u, const Series& b, Working working);
Series RootShare(const Series& u, const Series& b, Working working);

// a^q. Other than for halves of integers, `a` must be positive.
Series Power(const Series& a, const fmpq_t q, Working working);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_SERIES_H_
