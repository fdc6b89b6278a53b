// The leading coefficients of series.h: functions of one ball, tight on wide balls too.
#ifndef RECTIFIER_TESTS_NUMERICS_PROVE_SCALAR_H_
#define RECTIFIER_TESTS_NUMERICS_PROVE_SCALAR_H_

#include "arb.h"

namespace rectifier::prove {

using ScalarFunction = void (*)(arb_t result, const arb_t x, slong precision);

// `function` must be monotonic. A wide ball is mapped by its two ends.
void Monotonic(ScalarFunction function, arb_t result, const arb_t x, slong precision);

// exp(x). Where x < -2^1499 it is no more than a bound: within 2^-2^1499.
void ScalarExp(arb_t result, const arb_t x, slong precision);

// tanh(x), by the same bound where |x| is huge.
void ScalarTanh(arb_t result, const arb_t x, slong precision);

// log(1 + exp(x)) and 1/(1 + exp(-x)), without overflow.
void ScalarSoftplus(arb_t result, const arb_t x, slong precision);
void ScalarLogistic(arb_t result, const arb_t x, slong precision);

}  // namespace rectifier::prove

#endif  // RECTIFIER_TESTS_NUMERICS_PROVE_SCALAR_H_
