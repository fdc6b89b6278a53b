// Products of doubles modulo pi/2, of any size. Integer arithmetic, the same on every CPU.
#ifndef RECTIFIER_CORE_FUNCTIONS_REDUCTION_H_
#define RECTIFIER_CORE_FUNCTIONS_REDUCTION_H_

namespace rectifier {

// A number u as u = quadrant pi/2 + r with |r| <= pi/4 (and a little); quadrants count modulo 4.
struct Reduced {
  double r;
  double r_low;  // r + r_low is good to 2^-100 relative to it
  unsigned quadrant;
};

// The exact product a * b. Infinity gives NaN.
Reduced ReduceProduct(double a, double b);

}  // namespace rectifier

#endif  // RECTIFIER_CORE_FUNCTIONS_REDUCTION_H_
