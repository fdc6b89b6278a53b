// The recurrences against Arb's own power series.
#include "tests/numerics/prove/series.h"

#include "arb_hypgeom.h"
#include "arb_poly.h"
#include "gtest/gtest.h"
#include "tests/numerics/prove/evaluate.h"
#include "tests/numerics/prove/expression.h"

namespace rectifier::prove {
namespace {

constexpr Working kWorking = {.length = 12, .precision = 200};

class Poly {
 public:
  Poly() { arb_poly_init(value_); }
  ~Poly() { arb_poly_clear(value_); }
  Poly(const Poly&) = delete;
  Poly& operator=(const Poly&) = delete;
  arb_poly_struct* get() { return value_; }

 private:
  arb_poly_t value_;
};

// 0.3 + 0.7 t - 0.2 t^2
Series Argument() {
  Series a(3);
  arb_set_d(a[0], 0.3);
  arb_set_d(a[1], 0.7);
  arb_set_d(a[2], -0.2);
  return a;
}

using ArbFunction = void (*)(arb_poly_t, const arb_poly_t, slong, slong);

void ExpectSame(const Series& ours, ArbFunction function) {
  const Series a = Argument();
  Poly argument;
  for (size_t k = 0; k < a.size(); ++k) {
    arb_poly_set_coeff_arb(argument.get(), static_cast<slong>(k), a[k]);
  }
  Poly theirs;
  function(theirs.get(), argument.get(), kWorking.length, kWorking.precision);
  ASSERT_EQ(ours.size(), kWorking.length);
  for (size_t k = 0; k < ours.size(); ++k) {
    Ball coefficient;
    arb_poly_get_coeff_arb(coefficient.get(), theirs.get(), static_cast<slong>(k));
    EXPECT_TRUE(arb_overlaps(coefficient.get(), ours[k])) << "coefficient " << k;
    EXPECT_GT(arb_rel_accuracy_bits(ours[k]), 150) << "coefficient " << k;
  }
}

TEST(SeriesTest, FunctionsAreArbs) {
  ExpectSame(Exp(Argument(), kWorking), arb_poly_exp_series);
  ExpectSame(Log(Argument(), kWorking), arb_poly_log_series);
  ExpectSame(Sqrt(Argument(), kWorking), arb_poly_sqrt_series);
  ExpectSame(Inverse(Argument(), kWorking), arb_poly_inv_series);
  ExpectSame(Sin(Argument(), kWorking), arb_poly_sin_series);
  ExpectSame(Cos(Argument(), kWorking), arb_poly_cos_series);
  ExpectSame(Sinh(Argument(), kWorking), arb_poly_sinh_series);
  ExpectSame(Cosh(Argument(), kWorking), arb_poly_cosh_series);
  ExpectSame(Atan(Argument(), kWorking), arb_poly_atan_series);
  ExpectSame(Erf(Argument(), kWorking), arb_hypgeom_erf_series);
  ExpectSame(Erfc(Argument(), kWorking), arb_hypgeom_erfc_series);
}

// Two ways to write one function, wherever the argument lies.
void ExpectEqual(const char* ours, const char* definition) {
  const std::vector<std::string> symbols = {"x"};
  const Expression left = *ParseExpression(ours, symbols);
  const Expression right = *ParseExpression(definition, symbols);
  for (double x : {-20.25, -1.5, 0.0, 0.75, 30.5}) {
    Evaluator a(&left, {});
    Evaluator b(&right, {});
    const Ball x0(x);
    ASSERT_EQ(a.Evaluate(x0.get(), 1, kWorking), Outcome::kDone);
    ASSERT_EQ(b.Evaluate(x0.get(), 1, kWorking), Outcome::kDone);
    for (size_t k = 0; k < kWorking.length; ++k) {
      EXPECT_TRUE(arb_overlaps(a.result()[k], b.result()[k])) << ours << " " << x << " " << k;
    }
  }
}

TEST(SeriesTest, StableFormsAreTheirDefinitions) {
  ExpectEqual("$x logistic", "1 -1 $x * exp + -1 pow");
  ExpectEqual("$x softplus", "1 $x exp + log");
  ExpectEqual("$x tanh", "$x sinh $x cosh -1 pow *");
  ExpectEqual("$x 5/4 rootsum", "$x $x 2 pow 5/4 + 1/2 pow +");
  ExpectEqual("$x 5/4 rootshare", "1 $x $x 2 pow 5/4 + -1/2 pow * +");
}

TEST(SeriesTest, AWideBallEnclosesItsPoints) {
  const Expression gelu =
      *ParseExpression("1/2 $x * -1/2 $x * 2 1/2 pow * erfc *", std::vector<std::string>{"x"});
  Ball wide(-3);
  mag_set_d(arb_radref(wide.get()), 0.5);
  Evaluator over(&gelu, {});
  ASSERT_EQ(over.Evaluate(wide.get(), 0.5, kWorking), Outcome::kDone);
  for (double x : {-3.5, -3.1, -2.75, -2.5}) {
    Evaluator at(&gelu, {});
    const Ball x0(x);
    ASSERT_EQ(at.Evaluate(x0.get(), 0.5, kWorking), Outcome::kDone);
    for (size_t k = 0; k < kWorking.length; ++k) {
      EXPECT_TRUE(arb_contains(over.result()[k], at.result()[k])) << x << " " << k;
    }
  }
}

TEST(ExpressionTest, WordsThatAreNoneAreNamed) {
  const std::vector<std::string> symbols = {"x"};
  EXPECT_EQ(ParseExpression("$y", symbols).status().message(), "no such symbol: y");
  EXPECT_EQ(ParseExpression("$x gamma", symbols).status().message(), "not a word: gamma");
  EXPECT_EQ(ParseExpression("$x +", symbols).status().message(), "too few operands: +");
  EXPECT_FALSE(ParseExpression("$x $x", symbols).ok());
  EXPECT_EQ(ParseExpression("$x exp $x exp +", symbols)->size(), 3) << "equal parts are one node";
}

}  // namespace
}  // namespace rectifier::prove
