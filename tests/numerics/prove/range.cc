#include "tests/numerics/prove/range.h"

#include <cmath>
#include <utility>

#include "arb_hypgeom.h"
#include "tests/numerics/prove/order.h"
#include "tests/numerics/prove/scalar.h"

namespace rectifier::prove {
namespace {

constexpr slong kPrecision = 96;

Range Of(const arb_t ball) {
  if (!arb_is_finite(ball)) throw Undecided();
  Range range;
  arb_get_interval_arf(range.low.get(), range.high.get(), ball, kPrecision);
  return range;
}

Ball BallOf(const Exact& number) {
  Ball ball;
  arb_set_arf(ball.get(), number.get());
  return ball;
}

Ball Hull(const Range& range) {
  Ball ball;
  arb_set_interval_arf(ball.get(), range.low.get(), range.high.get(), kPrecision);
  return ball;
}

bool IsPoint(const Range& range) { return arf_equal(range.low.get(), range.high.get()) != 0; }
int SignOfLow(const Range& range) { return arf_sgn(range.low.get()); }
int SignOfHigh(const Range& range) { return arf_sgn(range.high.get()); }

// `function` rises, and no value of it is below 0 where `at_least_zero`.
Range Rising(ScalarFunction function, const Range& range, bool at_least_zero = false) {
  Ball low;
  Ball high;
  function(low.get(), BallOf(range.low).get(), kPrecision);
  function(high.get(), BallOf(range.high).get(), kPrecision);
  Range result{Of(low.get()).low, Of(high.get()).high};
  if (at_least_zero && SignOfLow(result) < 0) arf_zero(result.low.get());
  return result;
}

Range Reciprocal(const Range& a) {
  if (SignOfLow(a) <= 0 && SignOfHigh(a) >= 0) throw Undecided();
  Range result;
  arf_ui_div(result.low.get(), 1, a.high.get(), kPrecision, ARF_RND_FLOOR);
  arf_ui_div(result.high.get(), 1, a.low.get(), kPrecision, ARF_RND_CEIL);
  return result;
}

Range Magnitude(const Range& a) {
  if (SignOfLow(a) >= 0) return a;
  if (SignOfHigh(a) <= 0) return Negative(a);
  const Range negative = Negative(a);
  Range result{Exact(), arf_cmp(negative.high.get(), a.high.get()) > 0 ? negative.high : a.high};
  return result;
}

Range RootOf(const Range& a) {
  if (SignOfLow(a) < 0) throw Undecided();
  Range result;
  arf_sqrt(result.low.get(), a.low.get(), kPrecision, ARF_RND_FLOOR);
  arf_sqrt(result.high.get(), a.high.get(), kPrecision, ARF_RND_CEIL);
  return result;
}

Range WholePower(const Range& a, ulong exponent) {
  Range result{Exact(1), Exact(1)};
  const Range base = exponent % 2 == 0 ? Magnitude(a) : a;
  for (ulong i = 0; i < exponent; ++i) result = Product(result, base);
  return result;
}

Range RaisedTo(const Range& a, const fmpq_t q) {
  const bool whole = fmpz_is_one(fmpq_denref(q)) != 0;
  const bool half = fmpz_equal_ui(fmpq_denref(q), 2) != 0;
  if ((!whole && !half) || fmpz_bits(fmpq_numref(q)) > 6) throw Undecided();
  const slong count = fmpz_get_si(fmpq_numref(q));
  const Range power =
      WholePower(half ? RootOf(a) : a, static_cast<ulong>(count < 0 ? -count : count));
  return count < 0 ? Reciprocal(power) : power;
}

// A function that neither rises nor falls is evaluated by Arb's ball.
Range ByBall(ScalarFunction function, const Range& range) {
  Ball result;
  function(result.get(), Hull(range).get(), kPrecision);
  return Of(result.get());
}

Range RootSumOf(const Range& u, const Range& b) {
  const Range root = RootOf(Sum(Product(Magnitude(u), Magnitude(u)), b));
  if (SignOfHigh(u) >= 0) return Sum(u, root);
  return Product(b, Reciprocal(Sum(root, Negative(u))));
}

// erfc falls.
Range Complement(const Range& a) {
  const Range rising = Rising(
      [](arb_t result, const arb_t x, slong precision) {
        Ball negative;
        arb_neg(negative.get(), x);
        arb_hypgeom_erfc(result, negative.get(), precision);
      },
      Negative(a), true);
  return rising;
}

int OrderOf(const Range& a, const Range& b) {
  const std::optional<int> order = Order((IsPoint(a) ? BallOf(a.low) : Hull(a)).get(),
                                         (IsPoint(b) ? BallOf(b.low) : Hull(b)).get());
  if (!order.has_value()) throw Undecided();
  return *order;
}

}  // namespace

Range Sum(const Range& a, const Range& b) {
  Range result;
  arf_add(result.low.get(), a.low.get(), b.low.get(), kPrecision, ARF_RND_FLOOR);
  arf_add(result.high.get(), a.high.get(), b.high.get(), kPrecision, ARF_RND_CEIL);
  return result;
}

Range Product(const Range& a, const Range& b) {
  Range result;
  Exact product;
  bool first = true;
  for (const Exact* x : {&a.low, &a.high}) {
    for (const Exact* y : {&b.low, &b.high}) {
      arf_mul(product.get(), x->get(), y->get(), kPrecision, ARF_RND_FLOOR);
      if (first || arf_cmp(product.get(), result.low.get()) < 0) result.low = product;
      arf_mul(product.get(), x->get(), y->get(), kPrecision, ARF_RND_CEIL);
      if (first || arf_cmp(product.get(), result.high.get()) > 0) result.high = product;
      first = false;
    }
  }
  return result;
}

Range Negative(const Range& range) {
  Range result{range.high, range.low};
  arf_neg(result.low.get(), result.low.get());
  arf_neg(result.high.get(), result.high.get());
  return result;
}

Range LogisticOf(const Range& a) { return Rising(ScalarLogistic, a, true); }

Range SoftplusOf(const Range& a) { return Rising(ScalarSoftplus, a, true); }

const Range& RangeEvaluator::Value(size_t node) {
  if (!values_[node].has_value()) values_[node] = Compute(expression_[node]);
  return *values_[node];
}

Range RangeEvaluator::Compute(const Node& node) {
  const auto operand = [&](size_t i) -> const Range& { return Value(node.operands[i]); };
  Ball constant;
  switch (node.operation) {
    case Operation::kNumber:
      arb_set_fmpq(constant.get(), node.number.get(), kPrecision);
      return Of(constant.get());
    case Operation::kPi:
      arb_const_pi(constant.get(), kPrecision);
      return Of(constant.get());
    case Operation::kSymbol: {
      if (node.symbol == 0) return x_;
      const double argument = arguments_[node.symbol - 1];
      if (std::isinf(argument)) return {Exact(argument), Exact(argument)};
      SetArgument(constant.get(), node, argument, kPrecision);
      return Of(constant.get());
    }
    case Operation::kAdd:
      return Sum(operand(0), operand(1));
    case Operation::kMultiply:
      return Product(operand(0), operand(1));
    case Operation::kPower:
      return RaisedTo(operand(0), expression_[node.operands[1]].number.get());
    case Operation::kExp:
      return Rising(ScalarExp, operand(0), true);
    case Operation::kLog:
      return Rising(arb_log, operand(0));
    case Operation::kErf:
      return Rising(arb_hypgeom_erf, operand(0));
    case Operation::kErfc:
      return Complement(operand(0));
    case Operation::kSin:
      return ByBall(arb_sin, operand(0));
    case Operation::kCos:
      return ByBall(arb_cos, operand(0));
    case Operation::kAtan:
      return Rising(arb_atan, operand(0));
    case Operation::kSinh:
      return Rising(arb_sinh, operand(0));
    case Operation::kCosh:
      return Rising(arb_cosh, Magnitude(operand(0)));
    case Operation::kTanh:
      return Rising(ScalarTanh, operand(0));
    case Operation::kLogistic:
      return LogisticOf(operand(0));
    case Operation::kSoftplus:
      return SoftplusOf(operand(0));
    case Operation::kRootSum:
      return RootSumOf(operand(0), operand(1));
    case Operation::kRootShare:
      return Product(RootSumOf(operand(0), operand(1)),
                     Reciprocal(RootOf(
                         Sum(Product(Magnitude(operand(0)), Magnitude(operand(0))), operand(1)))));
    case Operation::kAbs:
      return Magnitude(operand(0));
    case Operation::kSign: {
      const Exact sign(OrderOf(operand(0), {Exact(), Exact()}));
      return {sign, sign};
    }
    case Operation::kPiecewise:
      return Choose(node);
    default:
      throw Undecided();
  }
}

Range RangeEvaluator::Choose(const Node& node) {
  for (size_t i = 0; i + 1 < node.operands.size(); i += 2) {
    if (Condition(expression_[node.operands[i + 1]])) return Value(node.operands[i]);
  }
  throw Undecided();
}

bool RangeEvaluator::Condition(const Node& node) {
  const auto operand = [&](size_t i) -> const Node& { return expression_[node.operands[i]]; };
  switch (node.operation) {
    case Operation::kTrue:
      return true;
    case Operation::kNot:
      return !Condition(operand(0));
    case Operation::kAnd:
      return Condition(operand(0)) && Condition(operand(1));
    case Operation::kOr:
      return Condition(operand(0)) || Condition(operand(1));
    default:
      return Holds(node.operation, OrderOf(Value(node.operands[0]), Value(node.operands[1])));
  }
}

std::optional<Range> RangeOf(const Expression& expression, absl::Span<const double> arguments,
                             double low, double high) {
  try {
    RangeEvaluator evaluator(expression, arguments, low, high);
    return evaluator.Value(expression.size() - 1);
  } catch (const Undecided&) {
    return std::nullopt;
  }
}

}  // namespace rectifier::prove
